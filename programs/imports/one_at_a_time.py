"""Two files of one kind are not written at once: each would wait for the other's rows, and neither would end."""

import zlib

from django.db import connection

LOCK = 7_411_020  # with the kind beside it: PostgreSQL's pair of advisory numbers


def wait_for_turn(slug: str) -> None:
    """Until this transaction ends nobody else writes a file of that kind."""
    # SQLite's write transactions already exclude each other (transaction_mode IMMEDIATE).
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, zlib.crc32(slug.encode()) >> 1])

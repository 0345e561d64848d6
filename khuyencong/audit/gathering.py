"""Events of a long transaction, kept beside it until its end."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from khuyencong.audit.models import AuditEvent

_IN_MEMORY = 4 * 1024 * 1024  # bytes; more goes to a file of the process's own
_open: ContextVar["Gathered | None"] = ContextVar("gathered_events", default=None)


class Gathered:
    """Events in the order in which they came, without their place in the chain."""

    def __init__(self) -> None:
        self._spool: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `close`

    def add(self, event: AuditEvent) -> None:
        names = [column.attname for column in AuditEvent._meta.concrete_fields]
        pickle.dump({name: getattr(event, name) for name in names}, self._spool)

    def events(self) -> Iterator[AuditEvent]:
        self._spool.seek(0)
        while True:
            try:
                values: dict[str, Any] = pickle.load(self._spool)  # what this process wrote a moment ago
            except EOFError:
                return
            yield AuditEvent(**values)

    def close(self) -> None:
        self._spool.close()


def gathered() -> Gathered | None:
    """Where events go at present; None when each goes into the chain at once."""
    return _open.get()


@contextmanager
def gathering(into: Gathered) -> Iterator[None]:
    """What is recorded inside goes to `into`."""
    token = _open.set(into)
    try:
        yield
    finally:
        _open.reset(token)

"""Writing and verifying the audit chain."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from khuyencong.audit.gathering import Gathered, gathered, gathering
from khuyencong.audit.models import AuditEvent

CHAIN_LOCK = 7_411_002  # any number of our own: the PostgreSQL advisory lock that keeps the chain in one line
FIRST_HASH = "0" * 64
MANY_AT_ONCE = 1000
Changes = Mapping[str, tuple[Any, Any]]
HASHED_FIELDS = (
    "at",
    "actor_id",
    "actor_name",
    "actor_role",
    "organisation_name",
    "action",
    "action_label",
    "object_type",
    "object_id",
    "object_label",
    "subject",
    "place_id",
    "changes",
    "reason",
    "document_number",
    "document_date",
    "previous_hash",
)


@dataclass(frozen=True)
class Entry:
    """What one event tells; the fields are those of `record`."""

    action: str
    action_label: str
    obj: models.Model
    changes: Changes = field(default_factory=dict)
    subject: str = ""
    place_id: int | None = None
    reason: str = ""
    document_number: str = ""
    document_date: datetime.date | None = None


def record(
    *,
    by: Any,
    action: str,
    action_label: str,
    obj: models.Model,
    changes: Changes | None = None,
    subject: str = "",
    place_id: int | None = None,
    reason: str = "",
    document_number: str = "",
    document_date: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> AuditEvent:
    """Add one event in the transaction of the change that it tells of.

    `changes` maps a Vietnamese field name to (before, after). `subject` names the file it belongs to ("project:12");
    by default the object itself. `by` is the acting user, or None for the system. Errors: TransactionManagementError
    outside a transaction, since an event that can outlive its change, or be lost without it, is worth nothing.
    """
    entry = Entry(
        action=action,
        action_label=action_label,
        obj=obj,
        changes=changes or {},
        subject=subject,
        place_id=place_id,
        reason=reason,
        document_number=document_number,
        document_date=document_date,
    )
    event = _event(entry, _actor(by), at or timezone.now())
    if (later := gathered()) is not None:
        later.add(event)
    else:
        _linked(event, _open_chain()).save(force_insert=True)
    return event


def record_many(entries: Iterable[Entry], *, by: Any, at: datetime.datetime | None = None) -> int:
    """Add an event for each entry, in order, as `record` does; returns how many. For many objects at once.

    The entries may come one by one: no more than MANY_AT_ONCE events are held. Errors: as for `record`.
    """
    actor, moment = _actor(by), at or timezone.now()
    events = (_event(entry, actor, moment) for entry in entries)
    later = gathered()
    if later is None:
        return _append(events)
    return sum(1 for _ in map(later.add, events))


@contextmanager
def events_at_the_end() -> Iterator[None]:
    """Events recorded inside go into the chain when the block is left, in the order in which they came.

    For a transaction that writes for long: whoever adds an event keeps all others out until his transaction ends, and
    one who held a row and waited for the chain, while the chain's holder waited for that row, would never end. So rows
    come first and the chain last. What fails inside must fail the whole block: nothing takes an event back.
    Errors: TransactionManagementError outside a transaction.
    """
    _check_in_transaction()
    with closing(Gathered()) as later:
        with gathering(later):
            yield
        _append(later.events())


def _append(events: Iterable[AuditEvent]) -> int:
    """Into the chain, in order; how many."""
    previous = _open_chain()
    count = 0
    waiting: list[AuditEvent] = []
    for event in events:
        waiting.append(_linked(event, previous))
        previous = event.hash
        if len(waiting) == MANY_AT_ONCE:
            count += len(AuditEvent.objects.bulk_create(waiting))
            waiting = []
    return count + len(AuditEvent.objects.bulk_create(waiting))


def _open_chain() -> str:
    """The hash that the next event follows; nobody else adds one until this transaction ends."""
    _check_in_transaction()
    _lock_chain()
    return _last_hash()


def _check_in_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit event must be written in the transaction of its change.")


def _linked(event: AuditEvent, previous: str) -> AuditEvent:
    """The event in its place of the chain."""
    event.previous_hash = previous
    event.hash = event_hash(event)
    return event


def _event(entry: Entry, actor: Mapping[str, Any], at: datetime.datetime) -> AuditEvent:
    obj = entry.obj
    return AuditEvent(
        at=at,
        **actor,
        action=entry.action,
        action_label=entry.action_label,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=str(obj)[:300],
        subject=entry.subject or subject_of(obj),
        place_id=entry.place_id,
        changes=_plain(entry.changes),
        reason=entry.reason,
        document_number=entry.document_number,
        document_date=entry.document_date,
    )


def subject_of(obj: models.Model) -> str:
    """The name of the file that an object's events are kept under, for instance `project:12`."""
    return f"{obj._meta.model_name}:{obj.pk}"


def snapshot(obj: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """Readable values of the named fields now, keyed by their Vietnamese names, to be compared after the change."""
    values: dict[str, Any] = {}
    for name in fields:
        column: Any = obj._meta.get_field(name)
        label = str(column.verbose_name)
        if column.choices:
            values[label] = getattr(obj, f"get_{name}_display")()
        elif column.is_relation:
            related = getattr(obj, name)
            values[label] = str(related) if related is not None else None
        else:
            values[label] = getattr(obj, name)
    return values


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields whose values differ, with both values."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def event_hash(event: AuditEvent) -> str:
    """SHA-256 over every field of the event and the hash of the one before."""
    content = {name: getattr(event, name) for name in HASHED_FIELDS}
    content["at"] = event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links(events: Iterable[AuditEvent]) -> Iterable[tuple[int, str]]:
    """(event id, what is wrong) for each event, in id order, that was changed or stands after a missing one."""
    previous = FIRST_HASH
    for event in events:
        if event.previous_hash != previous:
            yield event.pk, "không nối với sự kiện đứng trước: có dòng bị xóa hoặc chèn"
        if event_hash(event) != event.hash:
            yield event.pk, "nội dung đã bị sửa"
        previous = event.hash


def _actor(by: Any) -> dict[str, Any]:
    if by is None:
        return {"actor_id": None, "actor_name": "Hệ thống"}
    return {
        "actor_id": by.pk,
        "actor_name": str(by),
        "actor_role": by.role_label,
        "organisation_name": str(by.organisation or ""),
    }


def _plain(changes: Changes) -> dict[str, list[Any]]:
    """Changes as JSON will give them back, so that the hash is the same before and after storing."""
    pairs = {key: [before, after] for key, (before, after) in changes.items()}
    plain: dict[str, list[Any]] = json.loads(json.dumps(pairs, cls=DjangoJSONEncoder))
    return plain


def _lock_chain() -> None:
    # SQLite's write transactions already exclude each other (transaction_mode IMMEDIATE).
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _last_hash() -> str:
    return AuditEvent.objects.order_by("-pk").values_list("hash", flat=True).first() or FIRST_HASH

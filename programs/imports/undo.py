"""Taking back what an import wrote to registers: exactly as it was, and only while nothing hangs on it."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, ProtectedError

from khuyencong.accounts.models import User
from khuyencong.audit.personal import without_personal_numbers
from khuyencong.audit.record import Entry, differences, record_many, snapshot, subject_of
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.models import ImportBatch, ImportedObject
from khuyencong.localities.models import covered_unit_ids
from programs.imports.columns import as_json, set_columns, update_many
from programs.imports.places import OUTSIDE

AT_ONCE = 1000  # below what one query of SQLite takes
MOST_TOLD = 50
CHANGED_SINCE = "đã được sửa hoặc xóa sau khi nhập; không hoàn lại được cả lần nhập"


@dataclass(frozen=True)
class Restored:
    """One model that a kind writes. `owner`: the object under which its events are kept; `place`: where that lies."""

    model: type[models.Model]
    name: str  # "cơ sở thụ hưởng"
    fields: Sequence[str]  # those that the audit trail tells
    owner: Callable[[Any], Any]
    related: Sequence[str] = ()
    place: Callable[[Any], int] = lambda owner: owner.place_id


@dataclass(frozen=True)
class Once:
    """What a batch did to one object, from the first row that touched it to the last."""

    object_id: int
    row_number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def dependants_of(kinds: Sequence[Restored], written: Sequence[ImportedObject], words: Mapping[str, str]) -> list[str]:
    """A line for each new object that rows of other tables point to; the batch's own rows do not count.

    `words`: accessor of a relation → "đang tham gia {count} đề án".
    """
    own = {kind.model: _once(kind.model, written) for kind in kinds}
    ids = {model: {one.object_id for one in rows} for model, rows in own.items()}
    lines = []
    for kind in kinds:
        new = {one.object_id: one for one in own[kind.model] if not one.before}
        for pk, relation, count in _pointing(kind.model, list(new), ids):
            told = words.get(
                relation.get_accessor_name() or "", "{count} " + str(relation.related_model._meta.verbose_name)
            )
            title = new[pk].after.get("name", f"{kind.name} {pk}")
            lines.append(f"Dòng {new[pk].row_number}: {title} {told.format(count=count)}.")
    rest = len(lines) - MOST_TOLD
    return lines if rest <= 0 else [*lines[:MOST_TOLD], f"Và {rest} trường hợp khác."]


def take_back(
    kinds: Sequence[Restored],
    written: Sequence[ImportedObject],
    *,
    batch: ImportBatch,
    by: User,
) -> int:
    """Remove and restore, the first of `kinds` first; returns the number of objects.

    Errors: NotAllowed outside the user's area; Refused when an object is no longer as the batch left it, or is in use.
    """
    count, covered = 0, set(covered_unit_ids(by.area_id).values_list("unit_id", flat=True))
    for kind in kinds:
        once = _once(kind.model, written)
        for start in range(0, len(once), AT_ONCE):
            count += _take_back_some(kind, once[start : start + AT_ONCE], batch, by, covered)
    return count


def _take_back_some(kind: Restored, some: Sequence[Once], batch: ImportBatch, by: User, covered: Container[int]) -> int:
    rows = kind.model._default_manager.filter(pk__in=[one.object_id for one in some]).order_by("pk")
    objects = {obj.pk: obj for obj in rows.select_related(*kind.related).select_for_update(of=("self",))}
    entries = []
    for one in some:
        obj = objects.get(one.object_id)
        if obj is None or as_json(obj) != dict(one.after):
            raise Refused(f"Dòng {one.row_number}: {obj or kind.name} {CHANGED_SINCE}.")
        if kind.place(kind.owner(obj)) not in covered:
            raise NotAllowed(f"Dòng {one.row_number}: {OUTSIDE}")
        entries.append(_restore(kind, obj, one, batch))
    gone = [one.object_id for one in some if not one.before]
    try:
        kind.model._default_manager.filter(pk__in=gone).delete()
    except ProtectedError as error:
        raise Refused("Có bản ghi của lần nhập này đang được dùng ở nơi khác; không hoàn lại được.") from error
    update_many(kind.model, [objects[one.object_id] for one in some if one.before])
    return record_many(entries, by=by)


def _restore(kind: Restored, obj: models.Model, one: Once, batch: ImportBatch) -> Entry:
    before = snapshot(obj, kind.fields)
    owner = kind.owner(obj)
    subject, place_id = subject_of(owner), kind.place(owner)
    if one.before:
        set_columns(obj, one.before)
    after = snapshot(obj, kind.fields) if one.before else {}
    verb, word = ("restore", "khôi phục") if one.before else ("remove", "xóa")
    return Entry(
        action=f"{obj._meta.model_name}_import_{verb}",
        action_label=f"Hoàn lại nhập từ Excel: {word} {kind.name}",
        obj=obj,
        subject=subject,
        place_id=place_id,
        changes=without_personal_numbers(type(obj), differences(before, after)),
        reason=f"Hoàn lại lần nhập {batch.pk}: {batch.original_name}",
    )


def _once(model: type[models.Model], written: Iterable[ImportedObject]) -> list[Once]:
    """By object, in the order in which the batch first wrote it."""
    found: dict[int, Once] = {}
    for row in written:
        if apps.get_model(row.model) is model:
            first = found.get(row.object_id)
            before, number = (first.before, first.row_number) if first else (row.before, row.row_number)
            found[row.object_id] = Once(row.object_id, number, before, row.after)
    return list(found.values())


def _pointing(
    model: type[models.Model], pks: Sequence[int], own: Mapping[type[models.Model], set[int]]
) -> Iterator[tuple[int, Any, int]]:
    """(object, relation, number of rows) for each relation that points to one of these objects."""
    for relation in model._meta.related_objects:
        if not (relation.one_to_many or relation.one_to_one):
            continue
        related, column = relation.related_model, relation.field.attname
        counts: dict[int, int] = defaultdict(int)
        for start in range(0, len(pks), AT_ONCE):
            rows = related._base_manager.filter(**{f"{column}__in": pks[start : start + AT_ONCE]}).order_by()
            if own.get(related):
                for row_pk, pk in rows.values_list("pk", column):
                    counts[pk] += row_pk not in own[related]
            else:
                counts.update(rows.values_list(column).annotate(rows=Count("pk")).values_list(column, "rows"))
        yield from ((pk, relation, count) for pk, count in counts.items() if count)

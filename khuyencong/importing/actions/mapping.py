"""Which column is what, and how the table is to be read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.importing import policies
from khuyencong.importing.actions.common import audit, lock_batch
from khuyencong.importing.fields import ImportField
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.models import BatchState, ImportBatch, ImportLayout, ImportRow
from khuyencong.importing.settled import Settled


@transaction.atomic
def settle_columns(
    *, batch_id: int, kind: ImportKind, columns: Mapping[int, str], chosen: Mapping[str, Any], version: int, by: User
) -> ImportBatch:
    """`columns`: column → field. `chosen`: unit, dated_by, day, default_place, default_year, as `Settled` names them.

    What was typed in place of cells stays where the column still is the same field. The office's next file of this
    look begins with these columns. Errors: NotAllowed, Overtaken; Refused once the batch was written.
    """
    batch = lock_batch(batch_id, version)
    policies.check_can_map(by, batch)
    fields = {one.name: one for one in kind.file_fields(by)}
    before = batch.columns
    batch.columns = {str(place): name for place, name in sorted(columns.items()) if name in fields}
    batch.options = replace(Settled.from_json(batch.options), **chosen).as_json()
    batch.state, batch.version = BatchState.READ, batch.version + 1
    batch.save()
    _drop_fixes(batch, before)
    _remember(batch, by)
    told = {"Ghép cột": (_told(batch, before, fields) or None, _told(batch, batch.columns, fields))}
    audit(batch, by=by, action="import_columns", label="Ghép cột của tệp nhập dữ liệu", changes=told)
    return batch


def _told(batch: ImportBatch, columns: Mapping[str, str], fields: Mapping[str, ImportField]) -> str:
    return "; ".join(
        f"{batch.headers[int(place)]} → {fields[name].label}" for place, name in columns.items() if name in fields
    )


def _drop_fixes(batch: ImportBatch, before: Mapping[str, str]) -> None:
    """Corrections of fields whose column is another one now."""
    was = {name: place for place, name in before.items()}
    now = {name: place for place, name in batch.columns.items()}
    changed = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    if not changed:
        return
    for row in batch.rows.exclude(fixes={}):
        kept = {name: fix for name, fix in row.fixes.items() if name not in changed}
        if kept != row.fixes:
            ImportRow.objects.filter(pk=row.pk).update(fixes=kept)


def _remember(batch: ImportBatch, by: User) -> None:
    assert by.organisation is not None  # the policy has seen to it
    ImportLayout.objects.update_or_create(
        kind=batch.kind,
        layout=batch.layout,
        organisation=by.organisation,
        defaults={
            "columns": batch.columns,
            "options": Settled.from_json(batch.options).remembered(),
            "used_at": timezone.now(),
        },
    )

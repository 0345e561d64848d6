"""Rows as the reader hands them to a kind, and a batch that takes over what a kind has written."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.importing.fields import Understood
from khuyencong.importing.kinds import ImportKind, Verdict, Written
from khuyencong.importing.models import ImportBatch, ImportedObject, RowVerdict

WRITABLE = (RowVerdict.NEW, RowVerdict.CHANGED)


def understood(*rows: Mapping[str, Any], first: int = 2) -> list[Understood]:
    return [Understood(number, dict(values)) for number, values in enumerate(rows, start=first)]


def checked(kind: ImportKind, user: User, rows: Sequence[Understood]) -> list[Verdict]:
    return kind.importer(user, {}).check(rows)


def verdicts(kind: ImportKind, user: User, rows: Sequence[Understood]) -> list[str]:
    return [str(one.verdict) for one in checked(kind, user, rows)]


def problems(verdict: Verdict) -> dict[str, str]:
    return {problem.field: problem.message for problem in verdict.problems}


def written(kind: ImportKind, user: User, rows: Sequence[Understood]) -> list[Written]:
    """What the flow does: check, then write the rows that are new or changed with a run of their own."""
    found = zip(rows, checked(kind, user, rows), strict=True)
    with transaction.atomic():
        return kind.importer(user, {}).write([row for row, one in found if one.verdict in WRITABLE])


def batch_of(kind: ImportKind, user: User, objects: Iterable[Written]) -> tuple[ImportBatch, list[ImportedObject]]:
    batch = ImportBatch.objects.create(
        kind=kind.slug,
        file="imports/tep",
        original_name="danh-sach.xlsx",
        size_bytes=1,
        sha256="0" * 64,
        area_id=user.area_id,
        uploaded_by=user,
        uploaded_at=timezone.now(),
    )
    rows = [ImportedObject(batch=batch, **dataclasses.asdict(one)) for one in objects]
    ImportedObject.objects.bulk_create(rows)
    return batch, list(ImportedObject.objects.filter(batch=batch))


def taken_back(kind: ImportKind, user: User, objects: Iterable[Written]) -> int:
    batch, rows = batch_of(kind, user, objects)
    with transaction.atomic():
        return kind.take_back(rows, batch=batch, by=user)


def stored(model: type[models.Model]) -> list[dict[str, Any]]:
    """Every column of every row."""
    return list(model._default_manager.order_by("pk").values())

"""Rows of the database as JSON and back, every column of them: what taking back an import needs to be exact."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from khuyencong.importing.fields import Understood


def as_json(obj: models.Model) -> dict[str, Any]:
    """Column → value, for every column of the row."""
    return {field.attname: _plain(getattr(obj, field.attname)) for field in obj._meta.concrete_fields}


def set_columns(obj: models.Model, stored: Mapping[str, Any]) -> None:
    """The object with the columns that `as_json` gave."""
    for field in obj._meta.concrete_fields:
        if field.attname in stored:
            setattr(obj, field.attname, field.to_python(stored[field.attname]))


def update_many(model: type[models.Model], objects: Sequence[Any]) -> None:
    """Store every column of rows that exist already, in sets, with their derived columns; `auto_now_add` ones stay."""
    if not objects:
        return
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    kept = [field.attname for field in fields if getattr(field, "auto_now_add", False)]
    before = [{name: getattr(one, name) for name in kept} for one in objects]
    model._default_manager.bulk_create(
        objects,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[field.name for field in fields if field.attname not in kept],
    )
    for one, values in zip(objects, before, strict=True):
        for name, value in values.items():
            setattr(one, name, value)


def given(row: Understood, names: Iterable[str]) -> dict[str, Any]:
    """The values of the row among `names`: a blank cell says nothing, so it changes nothing."""
    return {name: row.values[name] for name in names if row.values.get(name) not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value

"""Personal numbers in the audit trail: it is kept for ever, and says that one changed with its last digits only."""

from typing import Any

from django.db import models

from khuyencong.audit.record import Changes
from khuyencong.vietnamese.codes import mask

PERSONAL_FIELDS = frozenset({"owner_citizen_id", "phone"})


def without_personal_numbers(model: type[models.Model], changes: Changes) -> Changes:
    """The changes of a row of `model` with its personal numbers masked."""
    columns: list[Any] = [field for field in model._meta.concrete_fields if field.name in PERSONAL_FIELDS]
    labels = {str(column.verbose_name) for column in columns}
    return {
        label: (mask(before or ""), mask(after or "")) if label in labels else (before, after)
        for label, (before, after) in changes.items()
    }

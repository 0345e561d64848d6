"""A row that the database refuses, because somebody else was a moment faster, is a refusal and not a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models, transaction

from khuyencong.errors import Refused


@contextmanager
def refusing_duplicates(model: type[models.Model], **fields: str) -> Iterator[None]:
    """Turns the violation of a unique constraint of `model` into Refused with the constraint's own message.

    `fields`: constraint name → the form field to show it at. A check before writing tells the person the same thing;
    this is for two people who pass that check at the same moment. Other errors of the database pass through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for constraint in model._meta.constraints:
            if constraint.name in fields and _is_violated(constraint, model, str(error)):
                message = str(constraint.get_violation_error_message())
                raise Refused(message, field=fields[constraint.name]) from error
        raise


def _is_violated(constraint: models.BaseConstraint, model: type[models.Model], text: str) -> bool:
    """PostgreSQL names the constraint; SQLite names its columns, as in "UNIQUE constraint failed: table.column"."""
    fields: list[Any] = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
    columns = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
    return f'"{constraint.name}"' in text or text.endswith(f"UNIQUE constraint failed: {columns}")

"""What the registers (establishments, craft villages, products) share: seeing that a row is still as it was shown."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from khuyencong.audit.record import differences, snapshot
from khuyencong.errors import Overtaken
from khuyencong.uniqueness import refusing_duplicates

NEW = 0  # the key of a row that is not stored yet: no row has it


def fingerprint(obj: models.Model, fields: Iterable[str]) -> str:
    """A short mark of the named fields as they are now; the form carries it as its `version`."""
    text = json.dumps(snapshot(obj, fields), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_unchanged(obj: models.Model, fields: Iterable[str], version: str) -> None:
    """Errors: Overtaken when somebody has changed the row since `version` was shown."""
    if fingerprint(obj, fields) != version:
        raise Overtaken("Thông tin đã được người khác sửa sau khi bạn mở trang. Hãy tải lại trang rồi sửa.")


def set_values(obj: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(obj, name, value)


def save_values(
    obj: models.Model, values: dict[str, Any], fields: Iterable[str], unique: Mapping[str, str]
) -> dict[str, tuple[Any, Any]]:
    """Store `values`; returns what has changed of the named fields, for the audit trail.

    `unique`: constraint name → form field. Errors: Refused at that field when another row has the same.
    """
    before = snapshot(obj, fields)
    set_values(obj, values)
    with refusing_duplicates(type(obj), **unique):
        obj.save()
    return differences(before, snapshot(obj, fields))

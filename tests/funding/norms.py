"""Dated norms for tests. They are invented: amounts are small so that nobody takes them for the law."""

import datetime
from decimal import Decimal
from typing import Any

from funding.models import Norm
from programs.models import SupportItem
from programs.workflow import Track
from tests.funding.makers import MILLION

CHANGED = datetime.date(2025, 7, 15)
BEFORE, AFTER = CHANGED - datetime.timedelta(1), CHANGED


def make_norm(**values: Any) -> Norm:
    """A confirmed norm of local machine projects, 50 % up to 100 million, in force since 2020."""
    defaults: dict[str, Any] = {
        "name": "Máy thử",
        "track": Track.LOCAL.value,
        "rate_percent": Decimal(50),
        "cap_vnd": 100 * MILLION,
        "per": "cơ sở",
        "valid_from": datetime.date(2020, 1, 1),
        "legal_basis": "Nghị quyết thử",
        "certainty": "confirmed",
    }
    item = values.pop("support_item", None) or SupportItem.objects.get(row=10)
    return Norm.objects.create(support_item=item, **{**defaults, **values})


def change_of_norm() -> tuple[Norm, Norm]:
    """The same norm twice: 100 million until the day before CHANGED, 60 million from then on."""
    old = make_norm(valid_to=BEFORE, legal_basis="Nghị quyết cũ")
    new = make_norm(valid_from=AFTER, cap_vnd=60 * MILLION, legal_basis="Nghị quyết mới")
    return old, new

"""That somebody took figures of money out of the portal."""

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.record import record


@transaction.atomic
def record_money_export(*, by: User, action: str, label: str, row_count: int, condition: str) -> None:
    """That the person took `row_count` rows into a workbook, and how they were chosen."""
    record(
        by=by,
        action=action,
        action_label=label,
        obj=by,
        place_id=by.area_id,
        changes={"Số dòng": (None, row_count), "Điều kiện lọc": (None, condition)},
    )

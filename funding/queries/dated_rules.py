"""Dated rows of one rule must not rule on the same day."""

from typing import Any

from django.db.models import Q, QuerySet

from funding.models import AdvanceLimit, Norm
from funding.queries.norm_wording import days_text
from khuyencong.vietnamese.dates import format_date


def period_problem(row: Norm | AdvanceLimit) -> str:
    """Why the days of a row cannot stand, naming the other row; "" when they can.

    A row without any day is left alone: it is known not to be known, and never binds.
    """
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        return f"Ngày hết áp dụng {format_date(row.valid_to)} trước ngày áp dụng {format_date(row.valid_from)}."
    other = _overlapping(row)
    if other is None:
        return ""
    return (
        f"Trùng thời gian với dòng số {other.pk} “{other}” ({days_text(other)}; {other.legal_basis}). "
        "Hãy ghi ngày hết áp dụng của dòng trước rồi ghi dòng mới từ ngày kế tiếp."
    )


def _overlapping(row: Norm | AdvanceLimit) -> Any:
    if row.valid_from is None and row.valid_to is None:
        return None
    others = _same_rule(row).exclude(pk=row.pk).exclude(valid_from=None, valid_to=None)
    if row.valid_to is not None:
        others = others.filter(Q(valid_from=None) | Q(valid_from__lte=row.valid_to))
    if row.valid_from is not None:
        others = others.filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from))
    return others.order_by("pk").first()


def _same_rule(row: Norm | AdvanceLimit) -> QuerySet[Any]:
    if isinstance(row, AdvanceLimit):
        return AdvanceLimit.objects.filter(applies_to=row.applies_to)
    return Norm.objects.filter(
        support_item=row.support_item_id, name=row.name, track=row.track, province=row.province_id
    )

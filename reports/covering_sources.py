"""What the covering report says beside figures: the law in force, and what offices wrote in their own reports."""

import datetime
from typing import Any

from django.db.models import Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.vietnamese.dates import format_long_date
from programs.models import LegalDocument
from reports.models import AreaReport
from reports.parameters import PeriodParameters

MOST_BASES, MOST_PROPOSALS = 10, 100


def bases_of(day: datetime.date) -> list[dict[str, str]]:
    """Legal documents that are known to be in force on the day: those whose first day is on record. One query."""
    known = LegalDocument.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return [{"ten": _named(one)} for one in known.order_by("valid_from", "number")[:MOST_BASES]]


def _named(document: LegalDocument) -> str:
    """ "Nghị định số 235/2025/NĐ-CP ngày … của Chính phủ: Sửa đổi …"; what is not on record is left out."""
    issued = f" {format_long_date(document.issued_date)}" if document.issued_date else ""
    issuer = f" của {document.issuer}" if document.issuer else ""
    return f"{document.get_kind_display()} số {document.number}{issued}{issuer}: {document.title}"


def proposals_of(parameters: PeriodParameters) -> list[dict[str, Any]]:
    """What offices of the area wrote in the round of exactly this period, each office's last report. One query."""
    period = parameters.period
    reports = AreaReport.objects.filter(
        round__start=period.start,
        round__end=period.end,
        organisation__area__in=covered_unit_ids(parameters.area.pk),
    )
    reports = reports.filter(organisation__area__in=covered_unit_ids(parameters.user.area_id))
    latest: dict[int, AreaReport] = {}
    for report in reports.select_related("organisation").order_by("organisation__name", "organisation", "pk"):
        latest[report.organisation_id] = report
    written = [one for one in latest.values() if one.note]
    return [{"don_vi": one.organisation.name, "noi_dung": " ".join(one.note.split())} for one in written][
        :MOST_PROPOSALS
    ]

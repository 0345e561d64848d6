"""What is still missing in a period: projects without a progress report, results or yearly figures not entered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from funding.models import Contract
from khuyencong.vietnamese.dates import format_date
from programs.models import CraftVillageEventKind, CraftVillageYear, IndicatorValue, ProgressReport, Project
from programs.workflow import Status
from reports.definitions.base import ACCEPTED_ON
from reports.definitions.craft_villages import villages_of
from reports.definitions.opened import decided_by
from reports.parameters import PeriodParameters

RUNNING = (Status.CONTRACTED.value, Status.IN_PROGRESS.value)
ENDED_VILLAGES = (CraftVillageEventKind.FADED, CraftVillageEventKind.WITHDRAWN)


@dataclass(frozen=True)
class MissingLine:
    """One thing that is missing: its name with the page where it is put right, and what else tells it apart."""

    label: str
    url: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class MissingKind:
    """One sort of gap. `advice`: who does what about it; `headings` stand over the cells of its lines."""

    key: str
    title: str
    basis: str
    advice: str
    noun: str
    first_heading: str
    headings: tuple[str, ...]
    rows: Callable[[PeriodParameters], QuerySet[Any]]
    line: Callable[[Any], MissingLine]


def under_way(parameters: PeriodParameters) -> QuerySet[Project]:
    """Projects that had a contract by the period's end and were not accepted by then; stopped ones left out.

    Where no contract was recorded, those decided by the period's end count.
    """
    period = parameters.period
    signed = Contract.objects.filter(project=OuterRef("pk")).order_by("signed_date", "pk").values("signed_date")[:1]
    projects = Project.objects.filter(parameters.within("place_id")).annotate(signed_on=Subquery(signed))
    begun = Q(signed_on__lte=period.end) | (Q(signed_on__isnull=True) & decided_by(period))
    accepted_later = Q(status__in=ACCEPTED_ON, accepted_date__gt=period.end)
    return projects.filter(begun, Q(status__in=RUNNING) | accepted_later)


def without_progress(parameters: PeriodParameters) -> QuerySet[Any]:
    reports = ProgressReport.objects.filter(project=OuterRef("pk"))
    last = reports.order_by("-report_date", "-pk")
    projects = under_way(parameters).filter(~Exists(reports.filter(report_date__range=parameters.period.days)))
    return (
        projects.annotate(
            last_report_date=Subquery(last.values("report_date")[:1]),
            last_percent=Subquery(last.values("percent_done")[:1]),
        )
        .select_related("place", "implementer")
        .order_by("code", "pk")
    )


def without_results(parameters: PeriodParameters) -> QuerySet[Any]:
    entered = IndicatorValue.objects.filter(project=OuterRef("pk"), achieved_value__isnull=False)
    projects = Project.objects.filter(
        parameters.within("place_id"),
        ~Exists(entered),
        status__in=ACCEPTED_ON,
        accepted_date__range=parameters.period.days,
    )
    return projects.select_related("place", "implementer").order_by("code", "pk")


def without_village_figures(parameters: PeriodParameters) -> QuerySet[Any]:
    villages = villages_of(parameters).filter(year_id__isnull=True)
    villages = villages.filter(Q(kind__isnull=True) | ~Q(kind__in=ENDED_VILLAGES))
    last = CraftVillageYear.objects.filter(village=OuterRef("pk")).order_by("-year", "-pk").values("year")[:1]
    return villages.annotate(last_year=Subquery(last)).select_related("place").order_by("sort_key", "pk")


def _progress_line(one: Any) -> MissingLine:
    last = f"{format_date(one.last_report_date)}: {one.last_percent} %" if one.last_report_date else "Chưa có lần nào"
    cells = (one.name, str(one.place), str(one.implementer), one.get_status_display(), last)
    return MissingLine(one.code, reverse("programs:project-progress", args=[one.pk]), cells)


def _results_line(one: Any) -> MissingLine:
    cells = (one.name, str(one.place), str(one.implementer), format_date(one.accepted_date))
    return MissingLine(one.code, reverse("programs:project-indicators", args=[one.pk]), cells)


def _village_line(one: Any) -> MissingLine:
    last = str(one.last_year) if one.last_year else "Chưa có năm nào"
    return MissingLine(
        one.name, reverse("programs:craft-village-detail", args=[one.pk]), (one.craft, str(one.place), last)
    )


_KINDS = (
    MissingKind(
        key="tien-do",
        title="Đề án đang thực hiện chưa có báo cáo tiến độ trong kỳ",
        basis="Đề án đã ký hợp đồng và chưa nghiệm thu đến hết kỳ, không có báo cáo tiến độ nào ghi ngày trong kỳ. "
        "Đề án nghiệm thu trong kỳ coi như đã báo cáo; không tính đề án ngừng triển khai.",
        advice="Đơn vị thực hiện gửi báo cáo, cán bộ Trung tâm Khuyến công ghi ở mục “Tiến độ” của đề án.",
        noun="đề án",
        first_heading="Mã đề án",
        headings=("Tên đề án", "Địa bàn", "Đơn vị thực hiện", "Trạng thái", "Báo cáo gần nhất"),
        rows=without_progress,
        line=_progress_line,
    ),
    MissingKind(
        key="ket-qua",
        title="Đề án nghiệm thu trong kỳ chưa ghi kết quả",
        basis="Đề án có ngày nghiệm thu trong kỳ mà chưa có chỉ tiêu nào ghi giá trị thực hiện.",
        advice="Cán bộ Trung tâm Khuyến công ghi giá trị thực hiện của từng chỉ tiêu khi nghiệm thu.",
        noun="đề án",
        first_heading="Mã đề án",
        headings=("Tên đề án", "Địa bàn", "Đơn vị thực hiện", "Ngày nghiệm thu"),
        rows=without_results,
        line=_results_line,
    ),
    MissingKind(
        key="lang-nghe",
        title="Làng nghề chưa có số liệu của năm",
        basis="Làng nghề chưa có số liệu của năm báo cáo; không tính làng nghề mai một hoặc bị thu hồi đến hết kỳ.",
        advice="Cán bộ xã mở làng nghề, bấm “Ghi số liệu năm”.",
        noun="làng nghề",
        first_heading="Làng nghề",
        headings=("Nghề", "Địa bàn", "Năm có số liệu gần nhất"),
        rows=without_village_figures,
        line=_village_line,
    ),
)
MISSING: Mapping[str, MissingKind] = MappingProxyType({one.key: one for one in _KINDS})

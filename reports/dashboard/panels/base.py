"""What a panel of the dashboard is made of."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from khuyencong.charts.series import Look, Series
from khuyencong.charts.svg import Part
from khuyencong.excel.table import Column, Kind, Table
from khuyencong.excel.table import Sum as SumOf
from programs.models import BudgetSide
from reports.dashboard.figures import Figures
from reports.dashboard.parameters import DashboardParameters
from reports.definitions.base import SIDES, rows_links
from reports.definitions.funding import FUNDING, TOTAL
from reports.parameters import Basis, Parameters
from reports.periods import Period

PLAN, APPROVED, DISBURSED = "plan", "approved", "disbursed"
BASES = {APPROVED: Basis.APPROVED, DISBURSED: Basis.DISBURSED}
MONEY_NOTE = (
    "Được duyệt: theo ngày quyết định phê duyệt, số có hiệu lực ngày cuối năm. Đã giải ngân: tạm ứng + thanh toán − "
    "thu hồi, đã trừ bút toán hủy, theo ngày chứng từ; gồm cả tiền chi cho đề án duyệt từ năm trước. Hai nguồn: KCQG "
    "và KCĐP."
)
PLAN_NOTE = "Dự toán: tổng các quyết định giao, điều chỉnh dự toán của năm ngân sách cho hai nguồn."
NO_PLAN_NOTE = "Dự toán giao cho cả tỉnh, không chia theo địa bàn nhỏ hơn, nên không có ở đây."


@dataclass(frozen=True)
class Panel:
    """One chart and its tables. `chart` draws the tables at a width; a part without a body when there is nothing."""

    key: str
    title: str
    explanation: str
    unit: str
    tables: Callable[[Figures], list[Table]]
    chart: Callable[[Figures, list[Table], float], Part]
    told: Callable[[list[Table]], str]  # the figures in words, for those who hear the chart
    nothing: str  # what to say instead of an empty chart
    form_label: str
    form_url: Callable[[DashboardParameters], str]
    has_links: bool = False


def plan_note(parameters: DashboardParameters) -> str:
    return PLAN_NOTE if parameters.has_plan else NO_PLAN_NOTE


def money_series(parameters: DashboardParameters, suffix: str = "") -> list[Series]:
    plan = [Series(PLAN + suffix, "Dự toán", Look.HOLLOW)] if parameters.has_plan else []
    return [
        *plan,
        Series(APPROVED + suffix, "Được duyệt", Look.HATCHED),
        Series(DISBURSED + suffix, "Đã giải ngân", Look.SOLID),
    ]


def side_key(what: str, side: str) -> str:
    return f"{what}_{side}"


def side_label(side: str) -> str:
    return str(BudgetSide(side).label)


def sum_of_sides(what: str) -> SumOf:
    return SumOf(tuple(side_key(what, side) for side in SIDES))


def money_columns(what: str, heading: str, total: str = "Cộng") -> list[Column]:
    """KCQG, KCĐP and their sum under one heading."""
    sides = [
        Column(side_key(what, side), side_label(side), Kind.MONEY_MILLION, groups=(heading,), width=13)
        for side in SIDES
    ]
    return [*sides, Column(what, total, Kind.MONEY_MILLION, groups=(heading,), width=13, formula=sum_of_sides(what))]


def form_total_links(
    parameters: DashboardParameters, what: str, period: Period, year: int, figures: dict[str, int]
) -> dict[str, str]:
    """Side → the rows behind the total of the form Kinh phí khuyến công over the period, for figures that are not 0."""
    asked = parameters.during(period, year, BASES[what])
    links = rows_links(FUNDING.slug, asked, TOTAL, figures)
    return {side_key(what, side): link for side, link in links.items()}


def form_url(slug: str, parameters: Parameters) -> str:
    return f"{reverse('reports:form-page', args=[slug])}?{parameters.querystring}"

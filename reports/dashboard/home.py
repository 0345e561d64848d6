"""The year so far on the leaders' first page, with the way to the whole picture."""

from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.vietnamese.money import format_million, format_percent
from programs.home_parts import HomePart, add_home_part
from reports.dashboard.board import KeyFigure
from reports.dashboard.figures import Figures
from reports.dashboard.parameters import DashboardForm


@dataclass(frozen=True)
class YearAtHome:
    span: str
    figures: list[KeyFigure]


def year_at_home(user: User) -> YearAtHome | None:
    """The money of the report year in đồng, as on the dashboard; for those who approve."""
    if not (user.has_permission(Permission.PROJECT_APPROVE) and user.has_permission(Permission.REPORT_VIEW)):
        return None
    parameters = DashboardForm({}, user=user).defaults()
    figures, year = Figures(parameters), parameters.year
    approved = sum(figures.approved(year).values())
    disbursed = sum(figures.disbursed(parameters.period).values())
    plan = [_money("Dự toán năm", figures.plan(year))] if parameters.has_plan else []
    rate = format_percent(disbursed, approved) + "%" if approved else "–"
    shown = [
        *plan,
        _money("Được duyệt trong năm", approved),
        _money("Đã giải ngân trong năm", disbursed),
        KeyFigure("Giải ngân so với được duyệt", rate),
    ]
    return YearAtHome(parameters.span, shown)


def _money(label: str, vnd: int) -> KeyFigure:
    return KeyFigure(label, format_million(vnd), "triệu đồng")


add_home_part(HomePart("year", "reports/_home_year.html", year_at_home))

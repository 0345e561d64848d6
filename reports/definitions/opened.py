"""What several forms share: which projects a period counts, and the rows that open behind their figures."""

from typing import Any

from django.db.models import Q, QuerySet, Sum

from funding.queries.as_known import ApprovedMoney
from programs.models import Project
from reports.definitions.base import Breakdown, Line
from reports.periods import Period, year_of


def plan_years(period: Period) -> range:
    """The plan years of a period: 2026 for 15/12/2025–14/12/2026, for all of 2026 and for a quarter of it."""
    first = year_of(period.start)
    return range(first, max(first, period.end.year) + 1)


def decided_by(period: Period, project: str = "") -> Q:
    """Projects decided by the period's last day; where no day is known at all, those of a plan year reached by then.

    `project`: the path to the project, such as "project__".
    """
    decided = Q(**{f"{project}approval__decision_date__lte": period.end})
    unsigned = Q(**{f"{project}approval__isnull": True})  # came without the decision itself
    dated = Q(**{f"{project}approved_date__lte": period.end})
    undated = Q(**{f"{project}approved_date__isnull": True, f"{project}year__lte": plan_years(period)[-1]})
    return decided | (unsigned & (dated | undated))


def opened_entries(title: str, basis: str, entries: QuerySet[Any], *, sign: int = 1) -> Breakdown:
    """Ledger entries `with_effect`; `sign` −1 where the figure counts what came back as a positive number."""
    return Breakdown(
        title=title,
        basis=basis,
        rows=entries.select_related("project__place", "source").order_by("voucher_date", "pk"),
        line=lambda entry: _entry_line(entry, sign),
        total=sign * entries.aggregate(total=Sum("effect_vnd", default=0))["total"],
        amount_label="Số tiền (đồng)",
        text_label="Chứng từ",
        day_label="Ngày chứng từ",
        is_money=True,
    )


def _entry_line(entry: Any, sign: int) -> Line:
    reversal = " (hủy bút toán)" if entry.reverses_id else ""
    text = f"{entry}{reversal}, {entry.source}"
    return Line(sign * entry.effect_vnd, text, str(entry.project.place), entry.voucher_date, entry.project)


def opened_lines(title: str, basis: str, lines: QuerySet[Any], field: str = "approved_vnd") -> Breakdown:
    """Amounts of projects per source, approved or (`field`) requested."""
    total = lines.aggregate(total=Sum(field, default=0))["total"]
    return _opened_amounts(title, basis, _in_order(lines, "project__code"), field, total)


def opened_money(title: str, basis: str, money: ApprovedMoney, *order: str) -> Breakdown:
    """Approved amounts as of the day that was asked for."""
    rows = _in_order(money.rows, *order or ("project__code",))
    return _opened_amounts(title, basis, rows, "known_vnd", money.total_vnd)


def _in_order(rows: Any, *order: str) -> Any:
    return rows.select_related("project__place", "project__approval", "source").order_by(*order, "pk")


def _opened_amounts(title: str, basis: str, rows: Any, field: str, total: int) -> Breakdown:
    return Breakdown(
        title=title,
        basis=basis,
        rows=rows,
        line=lambda line: _amount_line(line, field),
        total=total,
        amount_label="Số tiền (đồng)",
        text_label="Nguồn vốn",
        day_label="Ngày quyết định",
        is_money=True,
    )


def _amount_line(line: Any, field: str) -> Line:
    project = line.project
    return Line(getattr(line, field) or 0, str(line.source), str(project.place), decision_day(project), project)


def opened_projects(title: str, basis: str, projects: QuerySet[Project]) -> Breakdown:
    return Breakdown(
        title=title,
        basis=basis,
        rows=projects.select_related("place", "approval").order_by("year", "code", "pk"),
        line=lambda one: Line(1, one.get_status_display(), str(one.place), decision_day(one), one),
        total=projects.count(),
        amount_label="Số đề án",
        text_label="Trạng thái hiện nay",
        day_label="Ngày quyết định",
    )


def decision_day(project: Any) -> Any:
    """The day of the project's approval, or None; load `approval` first."""
    approval = getattr(project, "approval", None)
    return approval.decision_date if approval else project.approved_date


def numbers_of(text: str) -> tuple[int, ...] | None:
    """ "3.17" → (3, 17); None for what is not whole numbers with full stops between them."""
    parts = text.split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else None

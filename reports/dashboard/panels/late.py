"""What is overdue today: things owed by how late they are, the projects by their oldest, and the oldest of all."""

import datetime
from collections import Counter
from urllib.parse import urlencode

from django.urls import reverse

from khuyencong.charts.bars import bars
from khuyencong.charts.series import Look, Series, legend, stacked
from khuyencong.charts.svg import Part
from khuyencong.excel.table import Column, Kind, Row, RowStyle, Sum, Table, TotalOf, Value
from khuyencong.vietnamese.dates import format_date
from programs.models import DeadlineRule, Project
from programs.queries.deadlines import deadline_rules, owed_pairs
from programs.rules.deadlines import Standing, days_left
from reports.dashboard.drawing import amount, groups, said
from reports.dashboard.figures import Figures
from reports.dashboard.panels.base import Panel
from reports.dashboard.parameters import DashboardParameters
from reports.definitions.base import official_table

# Column → longest delay in days, and its name; None: no end.
DELAYS: dict[str, tuple[int | None, str]] = {
    "week": (7, "1–7 ngày"),
    "month": (30, "8–30 ngày"),
    "quarter": (90, "31–90 ngày"),
    "more": (None, "Trên 90 ngày"),
}
OLDEST_SHOWN = 5
Pair = tuple[int, int, datetime.date]
"""(project id, rule id, due day)"""
SERIES = [Series("owed", "Việc quá hạn", Look.DOTTED), Series("projects", "Đề án, theo việc trễ lâu nhất", Look.SOLID)]
TODAY_NOTE = "Tính đến ngày {}, mọi năm kế hoạch; một đề án có thể trễ nhiều việc."
OWN_AREA_NOTE = "Danh sách mở ra từ số liệu gồm các đề án trong phạm vi của đơn vị bạn, rộng hơn địa bàn đã chọn."


def delay_of(due_date: datetime.date, today: datetime.date) -> str:
    """The column of a delay."""
    late = -days_left(due_date, today)
    return next(key for key, (longest, _) in DELAYS.items() if longest is None or late <= longest)


def tables(figures: Figures) -> list[Table]:
    parameters, today = figures.parameters, figures.today
    rules = deadline_rules()
    projects = Project.objects.filter(parameters.within("place_id"))
    pairs = owed_pairs(projects, rules, today, only=Standing.OVERDUE).order_by("due_date", "id", "owed_rule")
    found = [(pair["id"], pair["owed_rule"], pair["due_date"]) for pair in pairs]
    is_own = parameters.area.pk == parameters.user.area_id
    notes = (TODAY_NOTE.format(format_date(today)), "" if is_own else OWN_AREA_NOTE)
    counted = official_table(
        parameters,
        title="VIỆC QUÁ HẠN THEO THỜI GIAN TRỄ",
        columns=_columns(),
        rows=_rows(found, rules, today),
        notes=notes,
        sheet_name="Quá hạn",
    )
    return [counted, _oldest(parameters, found[:OLDEST_SHOWN], rules, today)]


def _columns() -> list[Column]:
    delays = [Column(key, label, Kind.INTEGER, groups=("Trễ",), width=12) for key, (_, label) in DELAYS.items()]
    return [
        Column("name", "Việc phải làm", width=44),
        *delays,
        Column("every", "Cộng", Kind.INTEGER, width=12, formula=Sum(tuple(DELAYS))),
    ]


def _rows(found: list[Pair], rules: list[DeadlineRule], today: datetime.date) -> list[Row]:
    """A row per thing to be done, its dated rules together; the total; the projects, each by its oldest thing."""
    key_of, names = {rule.pk: rule.key for rule in rules}, {rule.key: rule.name for rule in rules}
    counts: dict[str, Counter[str]] = {}
    oldest: dict[int, str] = {}
    for project, rule, due in found:  # the oldest first
        delay = delay_of(due, today)
        counts.setdefault(key_of[rule], Counter())[delay] += 1
        oldest.setdefault(project, delay)
    rows = []
    for key, of_delay in sorted(counts.items(), key=lambda one: (-one[1].total(), one[0])):
        cells: dict[str, Value] = {"name": names[key], **{delay: of_delay[delay] for delay in DELAYS}}
        rows.append(Row(cells, links={"every": _list_url(viec=key)}))
    links = {"every": _list_url()} if found else {}
    of_projects = Counter(oldest.values())
    shown: dict[str, Value] = {"name": "Số đề án, theo việc trễ lâu nhất"}
    return [
        *rows,
        Row({"name": "Tổng số việc"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links),
        Row(shown | {delay: of_projects[delay] for delay in DELAYS}, RowStyle.SUB),
    ]


def _list_url(**chosen: str) -> str:
    return f"{reverse('programs:deadline-list')}?{urlencode({'tinh_trang': 'qua-han', **chosen})}"


def _oldest(
    parameters: DashboardParameters, first: list[Pair], rules: list[DeadlineRule], today: datetime.date
) -> Table:
    names = {rule.pk: rule.name for rule in rules}
    # 0 is nobody's: the query is made when nothing is late, too.
    projects = Project.objects.select_related("place").filter(pk__in=[0, *(project for project, *_ in first)])
    known = {project.pk: project for project in projects}
    rows = [
        Row(
            {
                "project": str(known[project]),
                "owed": names[rule],
                "due": due,
                "days": -days_left(due, today),
                "place": str(known[project].place),
            },
            links={"project": reverse("programs:project-detail", args=[project])},
        )
        for project, rule, due in first
    ]
    return official_table(
        parameters,
        title="VIỆC TRỄ LÂU NHẤT",
        columns=(
            Column("project", "Đề án", width=46),
            Column("owed", "Việc phải làm", width=34),
            Column("due", "Hạn", Kind.DATE, width=12),
            Column("days", "Trễ (ngày)", Kind.INTEGER, width=10, summed=False),
            Column("place", "Địa bàn", width=22),
        ),
        rows=rows,
        notes=(TODAY_NOTE.format(format_date(today)),),
        sheet_name="Trễ lâu nhất",
    )


def chart(figures: Figures, found: list[Table], width: float) -> Part:
    """Upright in the table, lying here: a group for each delay."""
    upright = turned(found[0])
    if not any(amount(upright, place, "owed") for place in range(len(upright.rows))):
        return Part("", 0)
    drawn = bars(groups(upright, range(len(upright.rows)), "name", SERIES), SERIES, width)
    return stacked(legend(SERIES, width), drawn, gap=10)


def turned(table: Table) -> Table:
    """Delay → things and projects, of the last two rows."""
    total, projects = len(table.rows) - 2, len(table.rows) - 1
    rows = [
        Row({"name": label, "owed": amount(table, total, key), "projects": amount(table, projects, key)})
        for key, (_, label) in DELAYS.items()
    ]
    columns = (Column("name", "Trễ"), *(Column(one.key, one.label, Kind.INTEGER) for one in SERIES))
    return Table(table.title, columns, rows)


def told(found: list[Table]) -> str:
    upright = turned(found[0])
    figures = said(upright, range(len(upright.rows)), "name", [one.key for one in SERIES])
    return f"Số việc quá hạn; số đề án theo việc trễ lâu nhất. {figures}."


LATE = Panel(
    key="qua-han",
    title="Việc quá hạn, tính đến hôm nay",
    explanation="Các việc có thời hạn đã qua mà chưa làm, và đề án theo việc trễ lâu nhất, của mọi năm kế hoạch.",
    unit="việc, đề án",
    tables=tables,
    chart=chart,
    told=told,
    nothing="Không có việc nào quá hạn trong địa bàn đã chọn.",
    form_label="Mở danh sách thời hạn",
    form_url=lambda parameters: _list_url(),
)

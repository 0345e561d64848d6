"""What the portal holds of an area in the period of a round, as the forms count it: shown, confirmed, kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.excel.table import Table
from khuyencong.vietnamese.money import format_vnd
from programs.models import BudgetSide
from reports.definitions import funding, results, standings
from reports.definitions.base import SIDES, Definition
from reports.definitions.craft_villages import SLUG as VILLAGES_SLUG
from reports.definitions.craft_villages import villages_of
from reports.definitions.place_groups import PlaceParameters
from reports.definitions.plan_year import PlanYearParameters
from reports.models import AreaReport, ReportingRound
from reports.parameters import Basis, Parameters, PeriodParameters
from reports.rounds.missing import MISSING
from reports.rounds.queries import round_parameters
from reports.snapshot import canonical, sha256_of

MONEY_LABELS = {Basis.APPROVED: "Kinh phí được duyệt trong kỳ", Basis.DISBURSED: "Kinh phí đã giải ngân trong kỳ"}


@dataclass(frozen=True)
class Figure:
    """A figure of the area in words, and the page of the rows that it counts."""

    label: str
    text: str
    url: str


def office_figures(asked: ReportingRound, user: User) -> list[Figure]:
    """The figures of the user's own office; a fixed number of queries."""
    assert user.organisation is not None, "only an office reports"
    parameters = round_parameters(asked, user, user.organisation.area)
    return [
        *_projects(parameters),
        *_results(parameters),
        *_money(parameters),
        *_villages(parameters),
        *_missing(asked, parameters),
    ]


def pairs_of(figures: Iterable[Figure]) -> list[list[str]]:
    """As they are kept with a report: [label, text] in the order in which they were shown."""
    return [[one.label, one.text] for one in figures]


def mark_of(figures: Iterable[Figure], last: AreaReport | None) -> str:
    """What a person was looking at when confirming: these figures, and no report later than `last`."""
    return sha256_of(canonical({"figures": pairs_of(figures), "last": last.pk if last else 0}))


def _projects(parameters: PeriodParameters) -> list[Figure]:
    """How the projects of the plan year stand today: the totals of the yearly summary."""
    asked = PlanYearParameters(parameters.user, parameters.area, parameters.year)
    table, total, page = *_total_of(standings.STANDINGS_OF_YEAR, asked), _page(standings.SLUG, asked)
    every = table.value(total, "every") or 0
    figures = [Figure(f"Đề án của năm kế hoạch {asked.year}", _count(every), page)]
    for key, one in standings.STANDINGS.items():
        column = key + standings.NUMBER
        number = table.value(total, column)
        if number:
            url = table.rows[total].links.get(column, page)
            figures.append(Figure(f"Trong đó: {one.label.lower()}", _count(number), url))
    return figures


def _results(parameters: PeriodParameters) -> list[Figure]:
    """Every figure of the results form that is not zero."""
    (table,) = results.build(parameters)
    figures = [
        Figure(
            f"{row.cells['number']}. {row.cells['name']} – {BudgetSide(side).label}",
            f"{format_vnd(row.cells[side])} {'đồng' if row.kinds else str(row.cells['unit']).lower()}",  # type: ignore[arg-type]
            row.links[side],
        )
        for row in table.rows
        for side in SIDES
        if row.cells[side]
    ]
    page = _page(results.SLUG, parameters)
    return figures or [Figure("Kết quả của đề án nghiệm thu trong kỳ", "Chưa có", page)]


def _money(parameters: PeriodParameters) -> list[Figure]:
    """The totals of the funding form, approved and disbursed."""
    figures = []
    for basis, label in MONEY_LABELS.items():
        asked = replace(parameters, basis=basis)
        table, total = _total_of(funding.FUNDING, asked)
        for side in SIDES:
            vnd = table.value(total, side) or 0
            url = table.rows[total].links.get(side) or _page(funding.SLUG, asked)
            figures.append(Figure(f"{label} – {BudgetSide(side).label}", f"{format_vnd(vnd)} đồng", url))  # type: ignore[arg-type]
    return figures


def _villages(parameters: PeriodParameters) -> list[Figure]:
    asked = PlaceParameters(parameters.user, parameters.area, parameters.year, parameters.period)
    counts = villages_of(asked).aggregate(every=Count("pk"), filled=Count("year_id"))
    page = _page(VILLAGES_SLUG, asked)
    return [
        Figure("Làng nghề trong địa bàn", f"{format_vnd(counts['every'])} làng nghề", page),
        Figure(f"Làng nghề đã có số liệu năm {asked.year}", f"{format_vnd(counts['filled'])} làng nghề", page),
    ]


def _missing(asked: ReportingRound, parameters: PeriodParameters) -> list[Figure]:
    return [
        Figure(
            kind.title,
            f"{format_vnd(kind.rows(parameters).count())} {kind.noun}",
            reverse("reports:round-missing", args=[asked.pk, kind.key]),
        )
        for kind in MISSING.values()
    ]


def _total_of(form: Definition, parameters: Parameters) -> tuple[Table, int]:
    """The first table of a form and the place of its last row, the total."""
    table = form.build(parameters)[0]
    return table, len(table.rows) - 1


def _count(number: Any) -> str:
    return f"{format_vnd(number)} đề án"


def _page(slug: str, parameters: Parameters) -> str:
    return f"{reverse('reports:form-page', args=[slug])}?{urlencode(parameters.as_query())}"

"""What every official form is made of."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from khuyencong.accounts.signatories import signed_by
from khuyencong.excel.table import Column, Kind, Row, Table
from programs.models import ILLUSTRATION_NOTE, BudgetSide, Project
from programs.workflow import Status
from reports.areas import area_note, place_name
from reports.forms import ParametersForm
from reports.parameters import Parameters

MONEY_UNIT = "ĐVT: triệu đồng"
# From acceptance on a result is a result; a project that is only planned or under way has none to report.
ACCEPTED_ON = frozenset({Status.ACCEPTED, Status.LIQUIDATED, Status.SETTLED})
SIDES = tuple(BudgetSide.values)
MONEY_KINDS = frozenset({Kind.MONEY_MILLION, Kind.MONEY_VND})
# Rows of a breakdown that belong to no project.
WITHOUT_PROJECT = frozenset(
    {
        "programs.Product",
        "programs.Beneficiary",
        "programs.CraftVillage",
        "programs.CraftVillageYear",
        "funding.BudgetEntry",
    }
)
ILLUSTRATED = f"Có số liệu minh họa: trong các đề án được tính có đề án ghi chú “{ILLUSTRATION_NOTE}”."


@dataclass(frozen=True)
class Line:
    """One of the rows that a figure adds up."""

    amount: int
    text: str
    place: str
    day: datetime.date | None = None
    project: Project | None = None


@dataclass(frozen=True)
class Breakdown:
    """The rows that a figure of a form was added up from; `total` is their sum."""

    title: str
    basis: str  # what is counted, by which date
    rows: QuerySet[Any]  # in order; paged by the view
    line: Callable[[Any], Line]
    total: int
    amount_label: str
    text_label: str
    day_label: str = "Ngày"
    is_money: bool = False

    @property
    def has_projects(self) -> bool:
        return self.rows.model._meta.label not in WITHOUT_PROJECT


@dataclass(frozen=True)
class Definition:
    """One official form: the page, the workbook and the breakdown come from the same queries."""

    slug: str
    title: str
    explanation: str
    file_stem: str
    form_class: type[ParametersForm[Any]]
    build: Callable[[Any], list[Table]]
    # (parameters, row, column) → the rows behind the figure; None when the form has no such figure.
    break_down: Callable[[Any, str, str], Breakdown | None] | None = None
    # Column of figures that do not open → why; every other figure that is not zero does.
    not_opened: Mapping[str, str] = field(default_factory=dict)

    def filename(self, parameters: Parameters) -> str:
        return f"{self.file_stem}-{parameters.file_part}.xlsx"


def official_table(
    parameters: Parameters,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    notes: Sequence[str],
    unit_note: str = "",
    sheet_name: str = "",
    is_illustrated: bool = False,
    is_public_money: bool = True,
) -> Table:
    """A table with the header block, notes and signatures of the office that draws it up, as they are today.

    `is_illustrated`: some project that it counts was invented to show the portal, and a note must say so.
    `is_public_money`: False where the money of the table is nobody's budget, and no accountant answers for it.
    """
    user = parameters.user
    office = user.organisation
    assert office is not None, "a user without an organisation has no permission to be here"
    is_money = is_public_money and any(column.kind in MONEY_KINDS for column in columns)
    return Table(
        title=title,
        subtitle=parameters.subtitle,
        unit_note=unit_note,
        columns=columns,
        rows=rows,
        organisation=tuple(name.upper() for name in (office.parent_name, office.name) if name),
        notes=tuple(note for note in (*notes, area_note(parameters.area), ILLUSTRATED * is_illustrated) if note),
        signatures=signed_by(user, parameters.signatories, is_money=is_money),
        place_and_date=f"{place_name(office.area)}, ngày …… tháng …… năm ………",
        sheet_name=sheet_name,
    )


def has_illustration(rows: QuerySet[Any]) -> bool:
    """Whether any of the rows behind the figures belongs to an invented project; one query."""
    return rows.filter(project__note=ILLUSTRATION_NOTE).exists()


def side_columns(group: str, kind: Kind) -> tuple[Column, Column]:
    """KCQG and KCĐP under one heading, the two columns of the yearly forms."""
    central, provincial = (Column(side.value, str(side.label), kind, groups=(group,), width=15) for side in BudgetSide)
    return central, provincial


def rows_links(slug: str, parameters: Parameters, row: str, figures: dict[str, int]) -> dict[str, str]:
    """For each figure that is not zero, the page of the rows behind it."""
    address = reverse("reports:form-rows", args=[slug])
    return {
        column: f"{address}?{parameters.querystring}&{urlencode({'row': row, 'column': column})}"
        for column, figure in figures.items()
        if figure
    }

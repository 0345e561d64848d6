"""Báo cáo công tác khuyến công: the report that goes with the forms. Every figure in it is read from their tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from funding.models import Budget
from funding.models.budget import BUDGETED_KINDS
from khuyencong.accounts.models import Signatory, SigningRole
from khuyencong.accounts.signatories import signatories_on, title_lines
from khuyencong.excel.html import cell_text
from khuyencong.excel.table import RowStyle, Table
from khuyencong.localities.models import covered_unit_ids
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_million, format_percent, format_vnd
from khuyencong.vietnamese.words import in_words
from programs.models import BudgetSide
from programs.word.project_context import AGENCY_SIGNS
from reports.areas import area_note, place_name
from reports.covering_figures import CoveringFigures, covering_figures
from reports.covering_sources import bases_of, proposals_of
from reports.definitions.base import SIDES
from reports.definitions.place_groups import PlaceParameters
from reports.definitions.standings import NUMBER, STANDINGS

# Indicators that the text names beside the table, by their number in the results form.
KEY_INDICATORS = ("1", "2", "8", "9", "10", "12", "14")
SIDE_NAMES = {"central": "kcqg", "provincial": "kcdp"}
NO_PLAN = "–"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Covering:
    """`values`: what the template prints; `figures`: the forms that it was read from.

    `signatory`: the head of the office today, None while nobody is named.
    """

    values: Mapping[str, Any]
    signatory: Signatory | None
    figures: CoveringFigures


def covering_report(parameters: PlaceParameters) -> Covering:
    """The report of the user's office; a fixed number of queries."""
    figures = covering_figures(parameters)
    approved, disbursed = figures.approved.table, figures.disbursed.table
    office = parameters.user.organisation
    assert office is not None, "a user without an organisation has no permission to be here"
    head = signatories_on(office.pk, timezone.localdate()).get(SigningRole.HEAD)
    notes = [note for note in (area_note(parameters.area), *figures.notes) if note]
    values = {
        **_heading(parameters),
        "can_cu": bases_of(parameters.period.end),
        **_standings(figures.standings.table),
        **_results(figures.results.table),
        **_money(parameters, approved, disbursed),
        **_items(approved, disbursed),
        **_places(figures.places.table),
        "kien_nghi": proposals_of(parameters),
        "ghi_chu": [{"ten": note} for note in notes],
        **_signer(head),
    }
    return Covering(values, head, figures)


def planned_by_side(parameters: PlaceParameters) -> dict[str, int]:
    """Budget → đồng of the year's plans within the area; budgets that have no plan there are missing. One query."""
    budgets = Budget.objects.filter(
        year=parameters.year,
        source__kind__in=BUDGETED_KINDS,
        province__in=covered_unit_ids(parameters.area.pk),
    )
    budgets = budgets.filter(province__in=covered_unit_ids(parameters.user.area_id))
    return dict(budgets.order_by().values_list("source__kind").annotate(total=Sum("entries__amount_vnd", default=0)))


def shown(table: Table, place: int, key: str) -> str:
    """A cell of a form as its page and its workbook show it."""
    column = next(column for column in table.columns if column.key == key)
    return cell_text(table.column_at(place, column), table.value(place, key))


def total_row(table: Table) -> int:
    return next(place for place, row in enumerate(table.rows) if row.style is RowStyle.TOTAL)


def _heading(parameters: PlaceParameters) -> dict[str, Any]:
    office: Any = parameters.user.organisation
    label, period = parameters.period.label, parameters.period
    return {
        "co_quan_chu_quan": office.parent_name.upper(),
        "co_quan": office.name.upper(),
        "co_quan_ten": office.name,
        "dia_danh": place_name(office.area),
        "so_ky_hieu": f"……/BC-{AGENCY_SIGNS.get(office.kind, '……')}",
        "ky": label[:1].lower() + label[1:],
        "nam": str(parameters.year),
        "tu_ngay": format_date(period.start),
        "den_ngay": format_date(period.end),
        "dia_ban": str(parameters.area),
        "cach_gop": parameters.grouping.label.lower(),
        "noi_nhan": office.parent_name,
    }


def _standings(table: Table) -> dict[str, Any]:
    """The columns of the form become rows: a status a row, a track a column."""
    tracks = [place for place, row in enumerate(table.rows) if row.style is RowStyle.GROUP]
    places = dict(zip(("quoc_gia", "dia_phuong", "cong"), (*tracks, total_row(table)), strict=True))
    rows = [
        {"tinh_trang": one.label, **{name: shown(table, place, key + NUMBER) for name, place in places.items()}}
        for key, one in STANDINGS.items()
        if table.value(places["cong"], key + NUMBER)
    ]
    national, local, every = (shown(table, place, "every") for place in places.values())
    return {"tinh_trang": rows, "so_de_an_quoc_gia": national, "so_de_an_dia_phuong": local, "so_de_an": every}


def _results(table: Table) -> dict[str, Any]:
    found = [place for place in range(len(table.rows)) if any(_figures(table, place, SIDES))]
    rows = [
        {
            "tt": table.value(place, "number"),
            "ten": table.value(place, "name"),
            "don_vi_tinh": table.value(place, "unit"),
            **{SIDE_NAMES[side]: shown(table, place, side) for side in SIDES},
        }
        for place in found
    ]
    key_rows = [
        {"ten": row["ten"], "gia_tri": _with_parts(sum(_figures(table, place, SIDES)), row)}
        for place, row in zip(found, rows, strict=True)
        if row["tt"] in KEY_INDICATORS
    ]
    return {"ket_qua": rows, "ket_qua_chinh": key_rows, "so_chi_tieu": str(len(rows))}


def _with_parts(total: int, row: Mapping[str, Any]) -> str:
    return f"{format_vnd(total)} (KCQG: {row['kcqg']}; KCĐP: {row['kcdp']})"


def _money(parameters: PlaceParameters, approved_form: Table, disbursed_form: Table) -> dict[str, Any]:
    planned = planned_by_side(parameters)
    approved = dict(zip(SIDES, _figures(approved_form, total_row(approved_form), SIDES), strict=True))
    disbursed = dict(zip(SIDES, _figures(disbursed_form, total_row(disbursed_form), SIDES), strict=True))
    sources = [
        {"ten": str(BudgetSide(side).label), **_of_plan(planned.get(side, 0), approved[side], disbursed[side])}
        for side in SIDES
    ]
    every = _of_plan(sum(planned.values()), sum(approved.values()), sum(disbursed.values()))
    return {
        "nguon_von": sources,
        **every,
        "co_du_toan": "có" if sum(planned.values()) else "",
        "duyet_chu": _words(sum(approved.values())),
        "giai_ngan_chu": _words(sum(disbursed.values())),
    }


def _of_plan(planned: int, approved: int, disbursed: int) -> dict[str, str]:
    """In triệu đồng; the share is that of the disbursed in the year's plan."""
    return {
        "du_toan": format_million(planned) if planned else NO_PLAN,
        "duyet": format_million(approved),
        "giai_ngan": format_million(disbursed),
        "ty_le": format_percent(disbursed, planned) if planned else NO_PLAN,
    }


def _words(vnd: int) -> str:
    words = in_words(vnd)
    return words[:1].upper() + words[1:]


def _items(approved: Table, disbursed: Table) -> dict[str, Any]:
    """Items that have money approved or disbursed, and the totals of all; the two forms may list different items."""
    rows: dict[str, dict[str, Any]] = {}
    for prefix, table in (("duyet", approved), ("giai_ngan", disbursed)):
        for place, row in enumerate(table.rows):
            if row.style is RowStyle.NORMAL and any(_figures(table, place, SIDES)):
                number = str(table.value(place, "number"))
                item = rows.setdefault(number, {"tt": number, "ten": table.value(place, "name"), **_NO_MONEY})
                item.update(_sides(prefix, table, place))
    totals = _sides("duyet", approved, total_row(approved))
    totals |= _sides("giai_ngan", disbursed, total_row(disbursed))
    return {"noi_dung_chi": sorted(rows.values(), key=lambda row: int(row["tt"])), **totals}


_NO_MONEY = {f"{prefix}_{name}": format_million(0) for prefix in ("duyet", "giai_ngan") for name in SIDE_NAMES.values()}


def _sides(prefix: str, table: Table, place: int) -> dict[str, str]:
    return {f"{prefix}_{SIDE_NAMES[side]}": shown(table, place, side) for side in SIDES}


PLACE_COLUMNS = {
    "so_de_an": "projects",
    "so_co_so": "beneficiaries",
    "duyet": "approved_total",
    "giai_ngan": "disbursed_total",
}


def _places(table: Table) -> dict[str, Any]:
    found = [
        place
        for place, row in enumerate(table.rows)
        if row.style is RowStyle.NORMAL and any(_figures(table, place, PLACE_COLUMNS.values()))
    ]
    rows = [
        {"stt": str(number), "ten": table.value(place, "name"), **_of_place(table, place)}
        for number, place in enumerate(found, start=1)
    ]
    totals = {f"dia_ban_{name}": text for name, text in _of_place(table, total_row(table)).items()}
    return {"theo_dia_ban": rows, **totals}


def _of_place(table: Table, place: int) -> dict[str, str]:
    return {name: shown(table, place, key) for name, key in PLACE_COLUMNS.items()}


def _figures(table: Table, place: int, keys: Iterable[str]) -> list[int]:
    values = (table.value(place, key) for key in keys)
    return [value if isinstance(value, int) else 0 for value in values]


def _signer(head: Signatory | None) -> dict[str, str]:
    if head is None:
        return {}
    *authority, title = title_lines(head)
    return {"nguoi_ky_tham_quyen": "".join(authority), "nguoi_ky_chuc_vu": title, "nguoi_ky_ten": head.full_name}

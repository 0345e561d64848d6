"""The bare sums of each form, written by hand: the least that the database has to do for its figures.

Columns named f… are figures; the others are what they are grouped by. Everything generated lies in one province, so
that the area of the reader, which every form asks for, is left out here. A form whose sums differ is measured wrongly,
and the bench says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from funding.models import SourceKind
from funding.models.budget import BUDGETED_KINDS, LEDGER_KINDS
from programs.workflow import APPROVED_ON
from reports.definitions.base import ACCEPTED_ON
from reports.definitions.standings import STANDINGS


@dataclass(frozen=True)
class Bare:
    """`keys`: the columns of the form that the queries sum up too; `first`, `last`: in which of its tables."""

    queries: tuple[str, ...]
    keys: tuple[str, ...]
    first: int = 0
    last: int = 99
    one_year: bool = False  # the form is of one year, whatever is asked for


def _in(values: Iterable[object]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in sorted(str(getattr(one, "value", one)) for one in values)) + ")"


EFFECT = (
    "SUM(CASE WHEN e.kind = 'recovery' THEN -e.amount_vnd ELSE e.amount_vnd END"
    " * CASE WHEN e.reverses_id IS NULL THEN 1 ELSE -1 END)"
)
LEDGER = (
    "FROM funding_ledgerentry e JOIN programs_project p ON p.id = e.project_id"
    " JOIN funding_source s ON s.id = e.source_id"
    f" WHERE p.status IN {_in(APPROVED_ON)} AND s.kind IN "
)
LINES = (
    "FROM funding_fundingline l JOIN programs_project p ON p.id = l.project_id"
    " JOIN funding_source s ON s.id = l.source_id"
    f" WHERE p.status IN {_in(APPROVED_ON)} AND s.kind IN "
)
DECIDED = " AND p.id IN (SELECT project_id FROM funding_approval WHERE decision_date BETWEEN %(start)s AND %(end)s)"
APPROVED = f"FROM programs_project p WHERE p.status IN {_in(APPROVED_ON)}"
SIDES = _in(BUDGETED_KINDS)
PERIOD = " AND e.voucher_date BETWEEN %(start)s AND %(end)s"
YEARS = " AND p.year BETWEEN %(first)s AND %(last)s"
RESULTS = (
    "SELECT v.indicator_id, v.budget, SUM(v.achieved_value) AS f FROM programs_indicatorvalue v"
    f" JOIN programs_project p ON p.id = v.project_id WHERE p.status IN {_in(ACCEPTED_ON)}"
    " AND v.achieved_date BETWEEN %(start)s AND %(end)s GROUP BY 1, 2"
)
ITEM_MONEY = f"SELECT p.support_item_id, s.kind, {EFFECT} AS f {LEDGER}{SIDES}{PERIOD} GROUP BY 1, 2"
AWARDS = (
    "SELECT r.{group}, a.level, a.kind, COUNT(DISTINCT a.product_id) AS f FROM programs_productawardevent a"
    " JOIN programs_product r ON r.id = a.product_id WHERE a.event_date BETWEEN %(start)s AND %(end)s"
    " AND a.kind <> 'withdrawn' GROUP BY 1, 2, 3"
).format(group='"group"')
VILLAGE_YEAR = (
    "SELECT v.place_id, SUM(y.households) AS f1, SUM(y.craft_households) AS f2, SUM(y.workers) AS f3"
    " FROM programs_craftvillageyear y JOIN programs_craftvillage v ON v.id = y.village_id WHERE y.year = %(last)s"
    " GROUP BY 1"
)
COUNTED = _in(status for one in STANDINGS.values() for status in one.statuses)
ASKED = _in(status for one in STANDINGS.values() if one.money == "requested_vnd" for status in one.statuses)
STANDING_MONEY = (
    f"SELECT p.track, p.support_item_id, p.status, SUM(CASE WHEN p.status IN {ASKED} THEN l.requested_vnd"
    " ELSE COALESCE(l.approved_vnd, 0) END) AS f FROM funding_fundingline l"
    " JOIN programs_project p ON p.id = l.project_id"
    f" JOIN funding_source s ON s.id = l.source_id WHERE p.year = %(last)s AND p.status IN {COUNTED}"
    f" AND s.kind IN {SIDES} GROUP BY 1, 2, 3"
)
PROJECT_KINDS = _in([*BUDGETED_KINDS, SourceKind.COUNTERPART])

BARE: MappingProxyType[str, Bare] = MappingProxyType(
    {
        "ket-qua": Bare((RESULTS,), ("central", "provincial")),
        "kinh-phi": Bare((ITEM_MONEY,), ("central", "provincial")),
        "so-sanh": Bare((ITEM_MONEY, RESULTS), ("now",), one_year=True),
        "binh-chon": Bare((AWARDS,), ("central", "province", "district")),
        "du-an": Bare(
            (f"SELECT l.project_id, s.kind, SUM(l.approved_vnd) AS f {LINES}{PROJECT_KINDS}{DECIDED} GROUP BY 1, 2",),
            ("central", "provincial", "counterpart"),
        ),
        "nhieu-nam": Bare(
            (
                f"SELECT p.year, s.kind, SUM(l.approved_vnd) AS f {LINES}{SIDES}{YEARS} GROUP BY 1, 2",
                f"SELECT p.year, COUNT(*) AS f {APPROVED}{YEARS} GROUP BY 1",
                f"SELECT e.year, {EFFECT} AS f {LEDGER}{SIDES} AND e.year BETWEEN %(first)s AND %(last)s GROUP BY 1",
            ),
            ("provincial", "central", "projects", "disbursed"),
        ),
        "giai-ngan": Bare(
            (
                f"SELECT l.source_id, l.project_id, SUM(l.approved_vnd) AS f {LINES}{_in(LEDGER_KINDS)}{YEARS}{DECIDED}"
                " GROUP BY 1, 2",
                f"SELECT e.source_id, e.project_id, e.kind, {EFFECT} AS f {LEDGER}{_in(LEDGER_KINDS)}{PERIOD}"
                " GROUP BY 1, 2, 3",
            ),
            ("approved", "advanced", "paid"),
        ),
        "dia-ban": Bare(
            (
                f"SELECT p.place_id, COUNT(*) AS f {APPROVED}{DECIDED} GROUP BY 1",
                f"SELECT p.place_id, s.kind, SUM(l.approved_vnd) AS f {LINES}{SIDES}{DECIDED} GROUP BY 1, 2",
                f"SELECT p.place_id, s.kind, {EFFECT} AS f {LEDGER}{SIDES}{PERIOD} GROUP BY 1, 2",
            ),
            (
                "projects",
                *(f"{what}_{side}" for what in ("approved", "disbursed") for side in ("central", "provincial")),
            ),
        ),
        "chuong-trinh": Bare(
            (
                f"SELECT p.programme_id, COUNT(*) AS f {APPROVED}{DECIDED} GROUP BY 1",
                f"SELECT p.programme_id, s.kind, SUM(l.approved_vnd) AS f {LINES}{SIDES}{DECIDED} GROUP BY 1, 2",
                f"SELECT p.programme_id, {EFFECT} AS f {LEDGER}{SIDES}{PERIOD} GROUP BY 1",
            ),
            ("projects", "central", "provincial", "paid_now"),
            first=1,
        ),
        "lang-nghe": Bare((VILLAGE_YEAR,), ("households", "craft_households", "workers"), one_year=True),
        "tong-hop-de-an": Bare(
            (
                "SELECT p.track, p.support_item_id, p.status, COUNT(*) AS f FROM programs_project p"
                f" WHERE p.year = %(last)s AND p.status IN {COUNTED} GROUP BY 1, 2, 3",
                STANDING_MONEY,
            ),
            tuple(f"{key}{part}" for key in STANDINGS for part in (".so", ".tien")),
            one_year=True,
        ),
    }
)

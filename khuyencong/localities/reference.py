"""Bạc Liêu and Cà Mau before and after 01/07/2025, from the files beside this module."""

import csv
import datetime
from pathlib import Path

from django.db import transaction

from khuyencong.localities.covers import rebuild_covers
from khuyencong.localities.models import AdministrativeUnit, Succession

DATA = Path(__file__).parent / "data"
MERGER_DATE = datetime.date(2025, 7, 1)
MERGER_BASIS = "Nghị quyết 1655/NQ-UBTVQH15"


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _find_parent(code: str, row: dict[str, str], units: list[AdministrativeUnit]) -> AdministrativeUnit:
    """The unit of that code that existed when the row's unit began (or, for old units, before the merger)."""
    day = _day(row["valid_from"]) or (_day(row["valid_to"]) or MERGER_DATE)
    return next(
        unit
        for unit in units
        if unit.code == code
        and (unit.valid_from is None or unit.valid_from <= day)
        and (unit.valid_to is None or unit.valid_to >= day)
    )


@transaction.atomic
def load_units() -> str:
    """Units, successions and covers; rows already present are left as an administrator may have corrected them."""
    units = list(AdministrativeUnit.objects.all())
    known = {(unit.code, unit.valid_from) for unit in units}
    for level in ("province", "district", "commune"):
        for row in _read("administrative_units.csv"):
            if row["level"] != level or (row["code"], _day(row["valid_from"])) in known:
                continue
            parent = _find_parent(row["parent_code"], row, units) if row["parent_code"] else None
            units.append(
                AdministrativeUnit.objects.create(
                    code=row["code"],
                    name=row["name"],
                    level=level,
                    parent=parent,
                    valid_from=_day(row["valid_from"]),
                    valid_to=_day(row["valid_to"]),
                )
            )
    created = _load_successions(units)
    covers = rebuild_covers()
    return f"{len(units)} đơn vị hành chính, {created} quan hệ sáp nhập mới, {covers} quan hệ địa bàn"


def _load_successions(units: list[AdministrativeUnit]) -> int:
    before = {unit.code: unit for unit in units if unit.valid_to and unit.valid_to < MERGER_DATE}
    after = {unit.code: unit for unit in units if not unit.valid_to or unit.valid_to >= MERGER_DATE}
    known = set(Succession.objects.values_list("old_id", "new_id"))
    rows = [
        Succession(
            old=before[row["old_code"]],
            new=after[row["new_code"]],
            part=row["part"],
            effective_date=MERGER_DATE,
            legal_basis=MERGER_BASIS,
        )
        for row in _read("administrative_unit_successions.csv")
        if (before[row["old_code"]].pk, after[row["new_code"]].pk) not in known
    ]
    Succession.objects.bulk_create(rows)
    return len(rows)

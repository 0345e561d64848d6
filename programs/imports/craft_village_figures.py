"""Yearly figures of craft villages: what is stored, what the file has said, and what a further row comes to."""

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from khuyencong.importing.fields import Problem
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.actions.craft_village import YEAR_FIELDS
from programs.models import CraftVillageYear
from programs.rules.register_values import (
    MAX_COUNT,
    craft_figure_problems,
    figures_year_problem,
    reported_date_problem,
)

FIGURES = YEAR_FIELDS[3:]
NEEDED = ("households", "craft_households", "workers")
LABELS = {name: str(CraftVillageYear._meta.get_field(name).verbose_name) for name in YEAR_FIELDS}  # type: ignore[union-attr]
SOURCE = "Nhập từ Excel"
MAX_VND = 10**14  # as in the form


@dataclass(frozen=True)
class Snapshot:
    """Figures of a year as reported on a day. `row`: the row of the file that says so, 0 for the database."""

    year: int
    day: datetime.date
    figures: Mapping[str, int]
    row: int = 0


@dataclass(frozen=True)
class YearResult:
    """What becomes of the figures of a row. `earlier`: what they correct; it stays."""

    verdict: RowVerdict
    problem: Problem | None = None
    earlier: Snapshot | None = None


class YearBook:
    """By village: its figures in the database and those that rows of the file bring."""

    def __init__(self) -> None:
        self._stored: dict[Hashable, list[Snapshot]] = {}
        self._said: dict[Hashable, list[Snapshot]] = defaultdict(list)

    def load(self, village_ids: Iterable[int]) -> None:
        """One query, made anew for each portion: somebody may have written meanwhile."""
        found: dict[Hashable, list[Snapshot]] = defaultdict(list)
        rows = CraftVillageYear.objects.filter(village__in=list(village_ids)).order_by("pk")
        for pk, year, day, *figures in rows.values_list("village_id", "year", "reported_date", *FIGURES):
            found[pk].append(Snapshot(year, day, dict(zip(FIGURES, figures, strict=True))))
        self._stored = dict(found)

    def judge(self, keys: Iterable[Hashable], said: Snapshot, *, is_dated: bool) -> YearResult:
        """Figures once recorded are never overwritten. `is_dated`: the row itself says when they were reported."""
        of_year = self._of_year(keys, said)
        same_day = of_year.get(said.day)
        latest = max(of_year.values(), key=lambda one: one.day, default=None)
        against = same_day or latest
        if against is None:
            return YearResult(RowVerdict.NEW)
        is_same = all(against.figures[name] == value for name, value in said.figures.items())
        if against.row and (is_same or same_day):
            return YearResult(RowVerdict.DUPLICATE, Problem("", f"Cùng làng nghề, cùng năm với dòng {against.row}."))
        if is_same:
            return YearResult(RowVerdict.EQUAL)
        if same_day is None and is_dated and said.day > against.day:
            return YearResult(RowVerdict.NEW, earlier=against)
        return YearResult(RowVerdict.REFUSED, _clash(said, against))

    def remember(self, key: Hashable, said: Snapshot) -> None:
        if all(one.row != said.row for one in self._said[key]):
            self._said[key].append(said)

    def _of_year(self, keys: Iterable[Hashable], said: Snapshot) -> dict[datetime.date, Snapshot]:
        """By day; what the file says stands before what its own rows have become in the database."""
        found: dict[datetime.date, Snapshot] = {}
        for book in (self._stored, self._said):
            for key in keys:
                for one in book.get(key, []):
                    if one.year == said.year and (not one.row or one.row != said.row):
                        found[one.day] = one
        return found


def snapshot_of(values: Mapping[str, Any], number: int) -> Snapshot | None:
    """The figures of a row; None for a row without a year."""
    if values.get("year") in (None, ""):
        return None
    day = values.get("reported_date")
    figures = {name: int(values[name]) for name in FIGURES if values.get(name) not in (None, "")}
    read = datetime.date.fromisoformat(str(day)) if day else timezone.localdate()
    return Snapshot(int(values["year"]), read, figures, number)


def figure_problems(values: Mapping[str, Any]) -> list[Problem]:
    """What the form would not take."""
    said, today = snapshot_of(values, 0), timezone.localdate()
    if said is None:
        has_figures = any(values.get(name) not in (None, "") for name in FIGURES)
        return [Problem("year", "Chưa có năm của số liệu.")] if has_figures else []
    told = {name: f"Chưa có {LABELS[name].lower()}; ghi 0 nếu không có." for name in NEEDED if name not in said.figures}
    told |= craft_figure_problems(said.figures)
    if message := figures_year_problem(said.year, today):
        told["year"] = message
    if message := reported_date_problem(said.day, today):
        told["reported_date"] = message
    for name, value in said.figures.items():
        if value > (MAX_VND if name.endswith("_vnd") else MAX_COUNT):
            told[name] = f"{LABELS[name]} quá lớn, hãy kiểm tra lại."
    return [Problem(name, message) for name, message in told.items()]


def model_values(said: Snapshot, values: Mapping[str, Any]) -> dict[str, Any]:
    """As the table stores them; what the file leaves blank is the table's default, 0."""
    source = str(values.get("source") or SOURCE)
    return {"year": said.year, "reported_date": said.day, "source": source, **said.figures}


def _clash(said: Snapshot, against: Snapshot) -> Problem:
    pairs = [
        f"{LABELS[name].removesuffix(' (đồng)').lower()} {_read(name, against.figures[name])} ↔ {_read(name, value)}"
        for name, value in said.figures.items()
        if against.figures[name] != value
    ]
    where = f"dòng {against.row} của tệp" if against.row else f"báo cáo ngày {format_date(against.day)}"
    return Problem(
        "year",
        f"Năm {said.year} đã có số liệu khác ({where} ↔ tệp này): {'; '.join(pairs)}. Số đã ghi không bị ghi đè; "
        f"nếu là số đính chính, hãy ghi ngày báo cáo sau {format_date(against.day)}.",
    )


def _read(name: str, value: int) -> str:
    return f"{format_vnd(value)} đồng" if name.endswith("_vnd") else str(value)

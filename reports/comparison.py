"""A locked report beside the same report today: which cells differ, and how many are equal."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from khuyencong.excel.columns import Column, Computed, Kind
from khuyencong.excel.html import cell_text
from khuyencong.excel.table import RowStyle, Table, TotalOf
from khuyencong.vietnamese.money import format_percent

NOTHING = "–"
HALF_A_TENTH = Fraction(5, 10_000)  # 0,05 %
RowKey = tuple[str, str, int]  # heading above, name of the row, which of several rows of that name


@dataclass(frozen=True)
class Difference:
    table: str
    row: str
    column: str
    locked: str
    today: str
    difference: str


@dataclass(frozen=True)
class Comparison:
    differences: Sequence[Difference]
    equal: int  # cells that hold something and hold the same in both


def compare(locked: Sequence[Table], today: Sequence[Table]) -> Comparison:
    """Tables are paired by their order, columns by key, rows by the heading above them and their name."""
    differences: list[Difference] = []
    equal = 0
    for place in range(max(len(locked), len(today))):
        before = locked[place] if place < len(locked) else None
        after = today[place] if place < len(today) else None
        for one in _cells(before, after):
            if isinstance(one, Difference):
                differences.append(one)
            else:
                equal += 1
    return Comparison(differences, equal)


def _cells(locked: Table | None, today: Table | None) -> Iterator[Difference | None]:
    """For each cell that holds something in one of the tables: what differs, or None."""
    title = next(table.title for table in (locked, today) if table is not None)
    before, after = _rows(locked), _rows(today)
    columns = {column.key: column for table in (today, locked) if table is not None for column in table.columns}
    for key in [*before, *(key for key in after if key not in before)]:
        for column in columns.values():
            old, new = _cell(locked, before.get(key), column), _cell(today, after.get(key), column)
            if old.value == new.value:
                yield from [] if old.value is None else [None]
            else:
                yield Difference(title, _row_name(key), column.full_label, str(old), str(new), _minus(new, old))


@dataclass(frozen=True)
class _Cell:
    column: Column
    value: Computed

    def __str__(self) -> str:
        """Money to the đồng: a difference that triệu đồng would round away must show."""
        if self.value is None:
            return NOTHING
        is_money = self.column.kind is Kind.MONEY_MILLION
        text = cell_text(replace(self.column, kind=Kind.MONEY_VND) if is_money else self.column, self.value)
        return f"{text} đồng" if self.column.kind in (Kind.MONEY_MILLION, Kind.MONEY_VND) else text


def _cell(table: Table | None, place: int | None, column: Column) -> _Cell:
    if table is None or place is None or column.key not in {one.key for one in table.columns}:
        return _Cell(column, None)
    return _Cell(table.column_at(place, column), table.value(place, column.key))


def _minus(new: _Cell, old: _Cell) -> str:
    """The difference of two numbers; a number that is missing on one side counts as zero, words have none."""
    values = [one.value for one in (new, old) if one.value is not None]
    if not all(isinstance(value, int | Fraction) for value in values):
        return NOTHING
    change = Fraction(new.value or 0) - Fraction(old.value or 0)  # type: ignore[arg-type]
    column = new.column if new.value is not None else old.column
    text = _points(change) if column.kind is Kind.PERCENT else str(_Cell(column, int(change)))
    return f"+{text}" if change > 0 and text[0].isdigit() else text


def _points(change: Fraction) -> str:
    """Percentage points; of a change that one decimal does not show, that there is one."""
    if abs(change) < HALF_A_TENTH:
        return "dưới 0,05 điểm %"
    return f"{format_percent(change.numerator, change.denominator)} điểm %"


def _rows(table: Table | None) -> Mapping[RowKey, int]:
    """Row key → place. A list numbers its rows anew when one is added, so the number is not the name of a row."""
    places: dict[RowKey, int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    heading = ""
    for place in range(len(table.rows) if table else 0):
        assert table is not None
        name = _name(table, place)
        if table.rows[place].style is RowStyle.GROUP:
            heading = name
        of_all = table.rows[place].total_of is TotalOf.NORMAL_ROWS
        named = ("" if of_all else heading, name)
        seen[named] += 1
        places[(*named, seen[named])] = place
    return places


def _name(table: Table, place: int) -> str:
    """The text that heads the row, and its code where there is one; the first text of a row without either."""
    lead = table.lead
    keys = [one.key for one in table.columns if one.key == "code"] + ([lead.key] if lead else [])
    texts = [str(table.value(place, key)) for key in keys if table.value(place, key)]
    others = (value for one in table.columns if isinstance(value := table.value(place, one.key), str) and value)
    return " ".join(texts) or next(others, "")


def _row_name(key: RowKey) -> str:
    heading, name, number = key
    text = f"{heading}: {name}" if heading and heading != name else name
    return f"{text} (dòng thứ {number})" if number > 1 else text

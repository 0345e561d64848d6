"""One definition of a report, from which both the page and the workbook are drawn. Pure Python.

Table(
    title="KINH PHÍ KHUYẾN CÔNG", subtitle="Năm 2025", unit_note="ĐVT: triệu đồng",
    columns=(
        Column("item", "Nội dung", width=40),
        Column("central", "TW", Kind.MONEY_MILLION, groups=("Nguồn vốn",)),
        Column("provincial", "Địa phương", Kind.MONEY_MILLION, groups=("Nguồn vốn",)),
        Column("total", "Cộng", Kind.MONEY_MILLION, formula=Sum(("central", "provincial"))),
    ),
    rows=(
        Row({"item": "Đào tạo nghề", "central": 120_000_000}, links={"central": "/de-an/?noi-dung=1"}),
        Row({"item": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS),
    ),
)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum

from khuyencong.excel.columns import (
    SUMMABLE,
    Align,
    Column,
    Computed,
    Kind,
    Ratio,
    Sum,
    TableError,
    Value,
    check_columns,
    checked,
)

__all__ = [
    "Align",
    "Column",
    "Computed",
    "Kind",
    "Ratio",
    "Row",
    "RowStyle",
    "Signature",
    "Sum",
    "Table",
    "TableError",
    "TotalOf",
    "Value",
]

BLANK_PLACE_AND_DATE = "…………, ngày …… tháng …… năm ………"


class RowStyle(StrEnum):
    NORMAL = "normal"
    SUB = "sub"  # "trong đó": indented, never part of a total unless named
    GROUP = "group"  # bold heading
    TOTAL = "total"


class TotalOf(Enum):
    NORMAL_ROWS = "every NORMAL row of the table"
    SINCE_GROUP = "the NORMAL rows above, back to the last GROUP row"
    GROUP_BELOW = "the NORMAL rows below, down to the next GROUP or TOTAL row"


@dataclass(frozen=True)
class Row:
    cells: Mapping[str, Value]
    style: RowStyle = RowStyle.NORMAL
    total_of: TotalOf | tuple[int, ...] | None = None  # or the places of the rows that it adds, from 0
    links: Mapping[str, str] = field(default_factory=dict)  # column key → the page that lists what the figure counts
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # where a cell holds another kind of number than its column


@dataclass(frozen=True)
class Signature:
    title: str
    name: str = ""
    hint: str = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True)
class Table:
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row] = ()
    subtitle: str = ""
    unit_note: str = ""
    organisation: Sequence[str] = ()  # from the superior body down to the one that issues the report
    notes: Sequence[str] = ()
    signatures: Sequence[Signature] = ()
    place_and_date: str = BLANK_PLACE_AND_DATE  # drawn above the last signature
    number_row: bool = True
    sheet_name: str = ""  # the title unless given
    _known: dict[tuple[int, str], Computed] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Computes every cell once, so that a contradiction fails where the table is defined and not in a download."""
        check_columns(self.columns)
        for place in range(len(self.rows)):
            self._check_row(place)
        for place in range(len(self.rows)):
            for column in self.columns:
                self._compute(place, column.key, frozenset())

    def value(self, row: int, key: str) -> Computed:
        """What the cell is worth: money in whole đồng, a percent as a Fraction, None when blank."""
        return self._known[row, key]

    def column_at(self, row: int, column: Column) -> Column:
        """The column as it is in that row: its kind is the row's own where the row names one."""
        kind = self.rows[row].kinds.get(column.key)
        return replace(column, kind=kind) if kind else column

    def is_total(self, row: int, column: Column) -> bool:
        """Whether the cell adds cells above or below it (and is not computed from its own row)."""
        return self.rows[row].total_of is not None and column.has_total

    def sources(self, row: int) -> tuple[int, ...]:
        """The places of the rows that a total adds, ascending."""
        total_of = self.rows[row].total_of
        if total_of is TotalOf.NORMAL_ROWS:
            return self._normal(range(len(self.rows)), but=row)
        if total_of is TotalOf.SINCE_GROUP:
            return self._normal(range(self._group_above(row) + 1, row), but=row)
        if total_of is TotalOf.GROUP_BELOW:
            return self._normal(range(row + 1, self._end_of_group(row)), but=row)
        return tuple(sorted(total_of or ()))

    @property
    def lead(self) -> Column | None:
        """The column that names the row: it is indented in SUB rows and heads the row on the page."""
        texts = (column for column in self.columns if column.kind is Kind.TEXT and column.alignment is Align.LEFT)
        return next(texts, None)

    def _normal(self, places: range, *, but: int) -> tuple[int, ...]:
        return tuple(place for place in places if self.rows[place].style is RowStyle.NORMAL and place != but)

    def _group_above(self, row: int) -> int:
        groups = (place for place in range(row - 1, -1, -1) if self.rows[place].style is RowStyle.GROUP)
        return next(groups, -1)

    def _end_of_group(self, row: int) -> int:
        ends = (RowStyle.GROUP, RowStyle.TOTAL)
        return next(
            (place for place in range(row + 1, len(self.rows)) if self.rows[place].style in ends), len(self.rows)
        )

    def _check_row(self, place: int) -> None:
        row, by_key = self.rows[place], {column.key: column for column in self.columns}
        unknown = (row.cells.keys() | row.links.keys() | row.kinds.keys()) - by_key.keys()
        if unknown:
            raise TableError(f"Row {place} names unknown columns {sorted(unknown)}")
        computed = [key for key in row.cells if by_key[key].formula is not None or self.is_total(place, by_key[key])]
        if computed:
            raise TableError(f"Row {place} gives a value for computed cells {sorted(computed)}")
        if isinstance(row.total_of, tuple) and not set(row.total_of) <= set(range(len(self.rows))) - {place}:
            raise TableError(f"Row {place} adds rows that are not in the table, or itself")
        if isinstance(row.total_of, tuple) and len(set(row.total_of)) != len(row.total_of):
            raise TableError(f"Row {place} adds a row twice")
        self._check_kinds(place)

    def _check_kinds(self, place: int) -> None:
        """A kind of its own is a given number's, and whatever reads it still divides like by like or adds one kind."""
        row = self.rows[place]
        for column in self.columns:
            if column.key in row.kinds and (
                column.formula is not None
                or not {column.kind, row.kinds[column.key]} <= SUMMABLE
                or not self._may_read(place, column)
            ):
                raise TableError(f"Row {place} cannot have a kind of its own in column {column.key!r}")
            added = self.sources(place) if self.is_total(place, column) else ()
            if {self.column_at(one, column).kind for one in added} - {self.column_at(place, column).kind}:
                raise TableError(f"Row {place} adds cells of several kinds in column {column.key!r}")

    def _may_read(self, place: int, column: Column) -> bool:
        """Whether every formula that reads the cell can: a ratio of two numbers of one kind, never a sum."""
        readers = [one.formula for one in self.columns if one.formula and column.key in one.formula.keys]
        by_key = {one.key: self.column_at(place, one) for one in self.columns}
        return all(
            isinstance(formula, Ratio) and len({by_key[key].kind for key in formula.keys}) == 1 for formula in readers
        )

    def _compute(self, row: int, key: str, asking: frozenset[tuple[int, str]]) -> Computed:
        cell = (row, key)
        if cell in asking:
            raise TableError(f"Column {key!r} of row {row} is computed from itself")
        if cell not in self._known:
            self._known[cell] = self._worth(row, key, asking | {cell})
        return self._known[cell]

    def _worth(self, row: int, key: str, asking: frozenset[tuple[int, str]]) -> Computed:
        column = next(column for column in self.columns if column.key == key)
        if column.formula is not None:
            return column.formula.value(lambda operand: self._compute(row, operand, asking))
        if self.is_total(row, column):
            return _added([self._compute(source, key, asking) for source in self.sources(row)])
        return checked(self.column_at(row, column), self.rows[row].cells.get(key))


def _added(values: Sequence[Computed]) -> int:
    return sum(value for value in values if isinstance(value, int))

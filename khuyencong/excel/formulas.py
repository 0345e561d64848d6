"""The workbook's formula for a computed cell, in A1 notation."""

from collections.abc import Callable, Sequence
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from khuyencong.excel.columns import Column, Ratio, Sum
from khuyencong.excel.table import Table

FORMULA_LIMIT = 8_000  # Excel refuses a formula of more than 8.192 characters
ARGUMENT_LIMIT = 250  # and SUM takes 255 arguments
SHORT = 6  # up to here =C5+C9 reads better than =SUM(C5,C9)


def row_formula(column: Column, columns: Sequence[Column], sheet_row: int) -> str:
    """=C7+D7 for a sum; =IF(D7=0,"",C7/D7) for a percent, =IF(OR(C7="",D7<=0),"–",C7/D7) for one that says so."""
    places = {other.key: place for place, other in enumerate(columns)}

    def address(key: str) -> str:
        return xl_rowcol_to_cell(sheet_row, places[key])

    if isinstance(column.formula, Ratio):
        return _ratio_formula(column.formula, address)
    assert isinstance(column.formula, Sum)
    return f"={column.formula.text(address)}"


def _ratio_formula(ratio: Ratio, address: Callable[[str], str]) -> str:
    above, below = address(ratio.numerator), address(ratio.denominator)
    nothing = f'OR({above}="",{below}<=0)' if ratio.empty else f"{below}=0"
    empty = ratio.empty.replace('"', '""')
    return f'=IF({nothing},"{empty}",{above}/{below})'


def total_formula(table: Table, row: int, column_place: int, first_row: int) -> str:
    """=SUM(C5:C9), =C5+C9 or =SUM(C5:C7,C9:C10); "" where no formula can say it, and the figure itself is written.

    That is a total over no rows at all, or over so many separate ones that Excel would not read the formula.
    """
    name = xl_col_to_name(column_place)
    runs = [(name, first_row + start + 1, first_row + end + 1) for start, end in _runs(table.sources(row))]
    if not runs:
        return ""
    if len(runs) <= SHORT and all(start == end for _, start, end in runs):
        return "=" + "+".join(f"{column}{start}" for column, start, _ in runs)
    texts = [f"{column}{start}:{column}{end}" if start < end else f"{column}{start}" for column, start, end in runs]
    sums = (texts[place : place + ARGUMENT_LIMIT] for place in range(0, len(texts), ARGUMENT_LIMIT))
    formula = "=" + "+".join(f"SUM({','.join(part)})" for part in sums)
    return formula if len(formula) <= FORMULA_LIMIT else ""


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """[1, 2, 3, 7] → [(1, 3), (7, 7)]"""
    runs = []
    for _, members in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in members]
        runs.append((run[0], run[-1]))
    return runs

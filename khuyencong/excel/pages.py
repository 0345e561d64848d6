"""Where a printed report breaks into pages, so that no signature stands alone on the last one. Pure Python."""

from collections.abc import Sequence

KEPT_ROWS = 3  # of the table, on the page of the signatures
# Programs draw rows a little higher or lower than they are asked to: a break must be right for all of them.
LEEWAYS = (0.95, 0.97, 0.99, 1.0, 1.01, 1.03)


def last_page_start(heights: Sequence[float], *, repeated: float, page: float) -> int:
    """The first row of the last page; `repeated` points of header stand again on every page but the first."""
    start, used = 0, 0.0
    for row, height in enumerate(heights):
        if used and used + height > page:
            start, used = row, repeated
        used += height
    return start


def break_before_signatures(
    heights: Sequence[float], *, first_data: int, table_end: int, repeated: float, page: float
) -> int | None:
    """The row above which to break, so that the last rows of the table share a page with the signatures.

    `heights`: of every row from the top, signatures included, in the points of `page`; `table_end`: the row below the
    table. None where the pages fall well by themselves.
    """
    kept = max(first_data, table_end - KEPT_ROWS)
    while kept < table_end - 1 and repeated + sum(heights[kept:]) > page * LEEWAYS[0]:
        kept += 1
    starts = [last_page_start(heights, repeated=repeated, page=page * leeway) for leeway in LEEWAYS]
    return kept if kept > first_data and any(start > kept for start in starts) else None

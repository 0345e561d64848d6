"""Random tables for hypothesis: every kind of cell, every style of row, every sort of total."""

from datetime import date

from hypothesis import strategies as st

from khuyencong.excel.table import Column, Kind, Ratio, Row, RowStyle, Sum, Table, TotalOf

COLUMNS = (
    Column("name", "Tên đề án", width=30),
    Column("jobs", "Lao động", Kind.INTEGER),
    Column("central", "TW", Kind.MONEY_MILLION, groups=("Nguồn vốn",)),
    Column("provincial", "Địa phương", Kind.MONEY_MILLION, groups=("Nguồn vốn",)),
    Column("total", "Cộng", Kind.MONEY_MILLION, formula=Sum(("central", "provincial"))),
    Column("rest", "Còn lại", Kind.MONEY_MILLION, formula=Sum(("total",), minus=("provincial",))),
    Column("share", "Tỷ lệ", Kind.PERCENT, formula=Ratio("central", "total")),
    Column("of_last_year", "So với năm trước", Kind.PERCENT, formula=Ratio("central", "provincial", empty="–")),
    Column("paid", "Đã chi", Kind.MONEY_VND),
    Column("given", "Tỷ lệ giao", Kind.PERCENT),
    Column("day", "Ngày", Kind.DATE),
)

vnd = st.one_of(st.none(), st.integers(-(10**10), 10**13))
texts = st.one_of(
    st.sampled_from(["", "=1+1", "+84", "-x", "@SUM(A1)", "Xã Vĩnh Phước", "<b>đậm</b>", "{=1}", "https://example.vn"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12),
)
cells = st.fixed_dictionaries(
    {
        "name": texts,
        "jobs": st.one_of(st.none(), st.integers(-10, 10**6)),
        "central": vnd,
        "provincial": vnd,
        "paid": vnd,
        "given": st.one_of(st.none(), st.decimals(0, 200, places=2)),
        "day": st.one_of(st.none(), st.dates(date(1890, 1, 1), date(2100, 1, 1))),
    }
)
plain_rows = st.builds(Row, cells, st.sampled_from([RowStyle.NORMAL, RowStyle.NORMAL, RowStyle.SUB]))
group_rows = st.builds(lambda name: Row({"name": name}, RowStyle.GROUP, TotalOf.GROUP_BELOW), texts)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows = draw(st.lists(st.one_of(plain_rows, plain_rows, group_rows), max_size=12))
    if rows:
        chosen = draw(st.sets(st.integers(0, len(rows) - 1)))
        rows.append(Row({"name": "Trong đó"}, RowStyle.TOTAL, total_of=tuple(chosen)))
    rows.append(Row({"name": "Nhóm cuối"}, RowStyle.TOTAL, total_of=TotalOf.SINCE_GROUP))
    rows.append(Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS))
    return Table(title="Bảng", columns=COLUMNS, rows=rows)

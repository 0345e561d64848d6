"""Tables go into JSON and come back as they were, to the last đồng."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.excel.table import Align, Column, Kind, Ratio, Row, RowStyle, Signature, Sum, Table, TotalOf
from reports.definitions import DEFINITIONS
from reports.snapshot import SnapshotError, canonical, dump_tables, fingerprint, load_tables
from tests.reports.locking import parameters_of
from tests.reports.world import make_world

COLUMNS = (
    Column("name", "Nội dung", width=40.5, number="A"),
    Column("a", "TW", Kind.MONEY_MILLION, groups=("Nguồn",)),
    Column("b", "ĐP", Kind.MONEY_MILLION, groups=("Nguồn",), align=Align.CENTER, wrap=False),
    Column("sum", "Cộng", Kind.MONEY_MILLION, formula=Sum(("a", "b"))),
    Column("share", "Tỷ lệ", Kind.PERCENT, formula=Ratio("a", "sum")),
    Column("before", "Năm trước", Kind.PERCENT, formula=Ratio("a", "b", empty="–")),
    Column("given", "Cho sẵn", Kind.PERCENT),
    Column("day", "Ngày", Kind.DATE),
    Column("rank", "Hạng", Kind.INTEGER, summed=False),
)
MONEY = st.none() | st.integers(-(10**17), 10**17)
PERCENTS = st.none() | st.decimals(0, 100, places=3) | st.fractions(0, 100)
ROWS = st.builds(
    lambda name, a, b, given, day, links: Row(
        {"name": name, "a": a, "b": b, "given": given, "day": day}, links={"a": "/x/"} if links else {}
    ),
    st.text(st.characters(exclude_categories=["Cs"])),
    MONEY,
    MONEY,
    PERCENTS,
    st.none() | st.dates(),
    st.booleans(),
)


def stored_and_read(tables):
    return load_tables(json.loads(canonical(dump_tables(tables))))


def worth(table):
    return [[table.value(place, column.key) for column in table.columns] for place in range(len(table.rows))]


@given(st.lists(ROWS, max_size=6))
def test_whatever_a_table_holds_comes_back(rows):
    total = Row({"name": "Cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS)
    table = Table("T", COLUMNS, (*rows, total), notes=("một",), signatures=(Signature("K", "Ô"),), number_row=False)
    (back,) = stored_and_read([table])
    assert worth(back) == worth(table)
    assert back.columns == table.columns
    assert [row.links for row in back.rows] == [{} for _ in table.rows]
    assert canonical(dump_tables([back])) == canonical(dump_tables([table]))


def test_exact_values_are_spelled_out():
    row = Row({"a": 10**17 + 1, "given": Decimal("66.7"), "day": date(2026, 2, 5)})
    other = Row({"given": Fraction(2, 3)}, kinds={"rank": Kind.MONEY_VND})
    added = Row({}, RowStyle.TOTAL, total_of=(0,), kinds={"rank": Kind.INTEGER})
    data = dump_tables([Table("T", COLUMNS, (row, other, added))])[0]["rows"]
    assert data[0]["cells"] == {"a": 10**17 + 1, "given": {"decimal": "66.7"}, "day": {"date": "2026-02-05"}}
    assert data[1]["cells"] == {"given": {"fraction": [2, 3]}}
    assert (data[1]["kinds"], data[2]["total_of"]) == ({"rank": "money-vnd"}, [0])


def test_a_figure_that_its_own_sums_contradict_is_refused():
    data = dump_tables([Table("T", COLUMNS, (Row({"a": 1, "b": 2}),))])
    data[0]["rows"][0]["cells"]["a"] = 5
    with pytest.raises(SnapshotError, match="no longer adds up"):
        load_tables(data)


def test_what_stands_for_an_empty_ratio_is_kept_and_only_where_there_is_such_a_text():
    data = dump_tables([Table("T", COLUMNS, (Row({"a": 1, "b": 0}),))])
    formulas = {one["key"]: one["formula"] for one in data[0]["columns"]}
    assert formulas["share"] == {"ratio": ["a", "sum"]}  # as reports were locked before there was such a text
    assert formulas["before"] == {"ratio": ["a", "b"], "empty": "–"}
    assert data[0]["rows"][0]["worth"][4:6] == [{"fraction": [1, 1]}, "–"]
    (back,) = load_tables(data)
    assert back.value(0, "before") == "–"


@pytest.mark.parametrize("empty", ["", "0%", 5, ["–"], None])
def test_another_text_for_an_empty_ratio_than_the_stored_one_is_refused(empty):
    data = dump_tables([Table("T", COLUMNS, (Row({"a": 1, "b": 0}),))])
    next(one for one in data[0]["columns"] if one["key"] == "before")["formula"]["empty"] = empty
    with pytest.raises(SnapshotError):
        load_tables(data)


def test_a_ratio_of_a_row_with_its_own_kinds_comes_back_and_of_mixed_kinds_is_refused():
    columns = (
        Column("done", "TH", Kind.INTEGER),
        Column("plan", "KH", Kind.INTEGER),
        Column("share", "%", Kind.PERCENT, formula=Ratio("done", "plan", empty="–")),
    )
    money = dict.fromkeys(("done", "plan"), Kind.MONEY_MILLION)
    table = Table("T", columns, (Row({"done": 1, "plan": 3}), Row({"done": 10**17, "plan": 3 * 10**17}, kinds=money)))
    data = dump_tables([table])
    (back,) = stored_and_read([table])
    assert worth(back) == worth(table)
    assert back.column_at(1, columns[0]).kind is Kind.MONEY_MILLION
    del data[0]["rows"][1]["kinds"]["plan"]
    with pytest.raises(SnapshotError, match="kind of its own"):
        load_tables(data)


@pytest.mark.parametrize("data", [[{}], [1], ["x"], [{"title": "T"}]])
def test_what_holds_no_table_is_refused(data):
    with pytest.raises(SnapshotError):
        load_tables(data)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", list(DEFINITIONS))
def test_every_form_comes_back_as_it_was(slug, department_officer):
    make_world(1, department_officer)
    tables = DEFINITIONS[slug].build(parameters_of(slug, department_officer))
    back = stored_and_read(tables)
    assert [worth(one) for one in back] == [worth(one) for one in tables]
    assert fingerprint(back) == fingerprint(tables)

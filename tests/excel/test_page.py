from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings

from khuyencong.excel.html import page_table
from khuyencong.excel.table import Column, Kind, Row, Table
from khuyencong.vietnamese.money import format_million, format_percent, format_vnd
from tests.excel.samples import project_report, read, written
from tests.excel.tables import tables


class Page(HTMLParser):
    """The cells of the drawn table, row by row: (tag, attributes, text)."""

    def __init__(self, report: Table) -> None:
        super().__init__()
        self.source = render_to_string("components/_report_table.html", {"report": page_table(report)})
        self.rows: list[list[tuple[str, dict[str, str | None], str]]] = []
        self.links: dict[str, str] = {}
        self._link = ""
        self._open = False
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append((tag, dict(attrs), ""))
            self._open = True
        if tag == "a":
            self._link = dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in ("td", "th")
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data: str) -> None:
        if self._open:
            tag, attrs, text = self.rows[-1][-1]
            self.rows[-1][-1] = (tag, attrs, text + data)
        if self._link:
            self.links[data] = self._link


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(project_report())


def test_headers_span_as_in_the_workbook(page: Page) -> None:
    tag, attrs, text = page.rows[0][5]
    assert (tag, attrs, text) == ("th", {"scope": "colgroup", "colspan": "5"}, "Nguồn vốn (triệu đồng)")
    assert page.rows[0][0] == ("th", {"scope": "col", "rowspan": "3"}, "STT")
    assert [text for _, _, text in page.rows[3]][-1] == "(11=8/10)"


def test_figures_are_vietnamese(page: Page) -> None:
    total = [text for _, _, text in page.rows[10]]
    assert total[1] == "TỔNG CỘNG"
    assert total[5:8] == ["4.020,0", "2.768,9", "6.788,9"]
    assert [text for _, _, text in page.rows[5]][3] == "20/11/2012"
    assert total[10] == "29,2%"


def test_rows_are_headed_by_their_name_and_sub_rows_indented(page: Page) -> None:
    tag, attrs, _ = page.rows[6][1]
    assert (tag, attrs) == ("th", {"scope": "row", "class": "kc-indent"})
    assert 'class="kc-row-group"' in page.source
    assert page.rows[6][5][1] == {"class": "kc-num"}


def test_a_figure_opens_the_rows_that_it_counts(page: Page) -> None:
    assert page.links["1.500,0"] == "/de-an/1/?nguon=trung-uong&nam=2011"


def test_nothing_inline_and_a_caption(page: Page) -> None:
    assert "style=" not in page.source
    assert "<caption" in page.source
    assert "ĐVT: triệu đồng" in page.source


def test_text_is_escaped() -> None:
    source = Page(
        Table(title="<b>", columns=(Column("a", "<i>"),), rows=[Row({"a": "<script>"}, links={"a": '"><x'})])
    ).source
    assert "<script>" not in source
    assert "<x" not in source
    assert "<b>" not in source


def test_an_empty_report_says_so() -> None:
    page = Page(Table(title="T", columns=project_report().columns))
    assert page.rows[-1] == [("td", {"colspan": "11", "class": "text-center"}, "Không có số liệu trong kỳ")]


def shown(column: Column, stored: object) -> str:
    """How Vietnamese Excel shows what the workbook stores; reached without the table."""
    if stored is None:
        return ""
    if isinstance(stored, str):
        return stored
    if hasattr(stored, "strftime"):
        return stored.strftime("%d/%m/%Y")
    assert isinstance(stored, int | float)
    if column.kind is Kind.MONEY_MILLION:
        return format_million(round(stored * 1_000_000))
    if column.kind is Kind.PERCENT:
        return format_percent(round(stored * 10**12), 10**12) + "%"
    return format_vnd(int(stored))


@settings(max_examples=40)
@given(tables())
def test_the_page_shows_what_the_workbook_holds(table: Table) -> None:
    sheet = read(written(table), values=True).worksheets[0]
    for row, drawn in enumerate(page_table(table).rows):
        stored = [sheet.cell(row + 6, place + 1).value for place in range(len(table.columns))]
        assert [cell.text for cell in drawn.cells] == [
            shown(column, value) for column, value in zip(table.columns, stored, strict=True)
        ]

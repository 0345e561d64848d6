"""The parts of an administrative document. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (thể thức, trình bày)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
BODY_PT, AGENCY_PT, MOTTO_PT, TABLE_PT = 14, 12, 13, 13
RECIPIENT_TITLE_PT, RECIPIENT_PT = 12, 11
A4_MM = (210, 297)
# Top, bottom, left, right; the decree allows 20–25, 20–25, 30–35 and 15–20.
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 20, 20, 30, 15
TEXT_WIDTH_MM = A4_MM[0] - LEFT_MM - RIGHT_MM
FIRST_LINE_MM = 10
AGENCY_WIDTH_MM, MOTTO_WIDTH_MM = 72, 93
AGENCY_LINE_MM, MOTTO_LINE_MM, TITLE_LINE_MM = 24, 57, 40
SIGNING_LINES = 6  # of the body's size: about 30 mm, for a signature with a seal on it
FIRST_SEEN = datetime.datetime(2020, 3, 5)  # the decree's own day: a file made again is the same file


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, what its cells print, width; numbers stand on the right."""

    heading: str
    text: str
    width_mm: int
    align: ALIGN = ALIGN.LEFT


def new_document(title: str, *, landscape: bool = False) -> DocxDocument:
    """An empty A4 sheet with the decree's margins and font; pages are numbered above, from the second on."""
    document = Document()
    width, height = reversed(A4_MM) if landscape else A4_MM
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    _set_style(document)
    _number_pages(section.header.paragraphs[0])
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.language = title, "", "", "vi-VN"
    properties.created = properties.modified = FIRST_SEEN
    return document


def heading_block(document: DocxDocument) -> None:
    """Agency and number on the left; country, motto, place and date on the right; each with its line."""
    table = _bare_table(document, (AGENCY_WIDTH_MM, MOTTO_WIDTH_MM))
    left, right = table.rows[0].cells
    _lines(left, [("{{ co_quan_chu_quan }}", AGENCY_PT, ""), ("{{ co_quan }}", AGENCY_PT, "b")])
    _line_below(left, AGENCY_WIDTH_MM, AGENCY_LINE_MM)
    _centred(left, "Số: {{ so_ky_hieu }}", MOTTO_PT, "")
    country, motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
    _lines(right, [(country, AGENCY_PT, "b"), (motto, MOTTO_PT, "b")])
    _line_below(right, MOTTO_WIDTH_MM, MOTTO_LINE_MM)
    _centred(right, "{{ dia_danh }}, {{ ngay_thang_nam }}", MOTTO_PT, "i")


def title_block(
    document: DocxDocument, name: str, subject: str, *, note: str = "", width_mm: int = TEXT_WIDTH_MM
) -> None:
    """The kind of document in capitals, what it is about, for an annex the decision it belongs to, and a line below."""
    _styled(document.add_paragraph(), name, BODY_PT, "b", before=12, after=0)
    _styled(document.add_paragraph(), subject, BODY_PT, "b", after=4)
    if note:
        _styled(document.add_paragraph(), note, BODY_PT, "i", after=4)
    _line(document.add_paragraph(), width_mm, TITLE_LINE_MM)


def centred(document: DocxDocument, text: str, style: str = "", size: int = BODY_PT) -> Paragraph:
    return _styled(document.add_paragraph(), text, size, style, after=6)


def text(document: DocxDocument, content: str, style: str = "", *, indent: bool = True) -> Paragraph:
    """A paragraph of the body: justified, first line indented. `style`: b(old), i(talic)."""
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(FIRST_LINE_MM)
    _run(paragraph, content, BODY_PT, style)
    return paragraph


def block(document: DocxDocument, content: str) -> Paragraph:
    """Text of several lines, each of which begins where a paragraph does; not justified, or all would be stretched."""
    paragraph = text(document, content, indent=False)
    paragraph.alignment, paragraph.paragraph_format.left_indent = ALIGN.LEFT, Mm(FIRST_LINE_MM)
    return paragraph


def headed(document: DocxDocument, heading: str) -> Paragraph:
    """The heading of an article or part; it stays with what follows."""
    paragraph = text(document, heading, "b")
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def lines(document: DocxDocument, *contents: str) -> None:
    """Paragraphs; one that ends in a tab ends in dots to write on."""
    for content in contents:
        (to_fill_in if "\t" in content else text)(document, content)


def to_fill_in(document: DocxDocument, content: str, *stops_mm: int) -> None:
    """A line with dots to write on: each tab runs in dots to its stop, the last one to the right margin."""
    paragraph = text(document, content)
    paragraph.alignment = ALIGN.LEFT
    stops = paragraph.paragraph_format.tab_stops
    for stop in stops_mm:
        stops.add_tab_stop(Mm(stop), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS)
    stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def table_of(document: DocxDocument, columns: Sequence[Column], loop: str, *, totals: Sequence[str] = ()) -> Table:
    """A ruled table with one row for each of `loop` ("dong in co_so"); its heading repeats on every page."""
    table = document.add_table(rows=0, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _row(table, columns, [column.heading for column in columns], "b", heading=True)
    _tag_row(table, columns, "{%tr for " + loop + " %}")
    _row(table, columns, [column.text for column in columns])
    _tag_row(table, columns, "{%tr endfor %}")
    if totals:
        _row(table, columns, totals, "b")
    for place, column in enumerate(columns):
        table.columns[place].width = Mm(column.width_mm)
    _styled(document.add_paragraph(), "", 6, "", after=0)
    return table


def signatures(document: DocxDocument, *signers: str) -> None:
    """The signers beside each other, kept together on one page, with room to sign; the last one stands on the right."""
    _styled(document.add_paragraph(), "", 6, "", after=0)
    table = _bare_table(document, [TEXT_WIDTH_MM // len(signers)] * len(signers))
    for cell, signer in zip(table.rows[0].cells, signers, strict=True):
        _lines(cell, [(signer, BODY_PT, "b"), ("(Ký, ghi rõ họ tên)", AGENCY_PT, "i")])
        for _ in range(SIGNING_LINES):
            _centred(cell, "", BODY_PT, "").paragraph_format.keep_with_next = True


def signed(document: DocxDocument, titles: Sequence[str], name: str, recipient: str) -> None:
    """ "Nơi nhận" on the left; on the right the lines of who signs, room for signature and seal, and the name."""
    left, right = _bare_table(document, (AGENCY_WIDTH_MM, MOTTO_WIDTH_MM)).rows[0].cells
    _styled(left.paragraphs[0], "Nơi nhận:", RECIPIENT_TITLE_PT, "bi", align=ALIGN.LEFT)
    for line in (f"- {recipient};", "- Lưu: VT."):
        _styled(left.add_paragraph(), line, RECIPIENT_PT, "", align=ALIGN.LEFT)
    _lines(right, [(title, BODY_PT, "b") for title in titles])
    for content in [""] * SIGNING_LINES + [name]:
        _centred(right, content, BODY_PT, "b").paragraph_format.keep_with_next = True


def recipients(document: DocxDocument, *names: str) -> None:
    """ "Nơi nhận" with its list."""
    title = _styled(document.add_paragraph(), "Nơi nhận:", RECIPIENT_TITLE_PT, "bi", after=0, align=ALIGN.LEFT)
    title.paragraph_format.keep_with_next = True
    for name in names:
        end = "." if name == names[-1] else ";"
        _styled(document.add_paragraph(), f"- {name}{end}", RECIPIENT_PT, "", after=0, align=ALIGN.LEFT)


def _set_style(document: DocxDocument) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY_PT)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(0), Pt(6), 1.0


def _number_pages(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    for kind, content in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _run(paragraph, "", BODY_PT, "")
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = content
        run._r.append(part)


def _run(paragraph: Paragraph, content: str, size: int, style: str) -> Run:
    run = paragraph.add_run(content)
    run.font.size, run.bold, run.italic = Pt(size), "b" in style, "i" in style
    return run


def _styled(
    paragraph: Paragraph,
    content: str,
    size: int,
    style: str,
    *,
    before: int = 0,
    after: int = 0,
    align: ALIGN = ALIGN.CENTER,
) -> Paragraph:
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    if content:
        _run(paragraph, content, size, style)
    else:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(size)
    return paragraph


def _centred(cell: _Cell, content: str, size: int, style: str) -> Paragraph:
    return _styled(cell.add_paragraph(), content, size, style)


def _lines(cell: _Cell, contents: Sequence[tuple[str, int, str]]) -> None:
    """The first of them takes the paragraph that every cell is born with."""
    for place, (content, size, style) in enumerate(contents):
        paragraph = cell.add_paragraph() if place else cell.paragraphs[0]
        _styled(paragraph, content, size, style).paragraph_format.keep_with_next = True


def _line_below(cell: _Cell, width_mm: int, length_mm: int) -> None:
    _line(cell.add_paragraph(), width_mm, length_mm)


def _line(paragraph: Paragraph, width_mm: int, length_mm: int) -> None:
    """A thin line of that length in the middle: the upper border of a paragraph two points high."""
    _styled(paragraph, "", 6, "")
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm((width_mm - length_mm) / 2)
    paragraph.paragraph_format.space_before = Pt(2)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _bare_table(document: DocxDocument, widths_mm: Sequence[int]) -> Table:
    """A table without rules or inner margins, for things that stand beside each other."""
    table = document.add_table(rows=1, cols=len(widths_mm))
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), "0")
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    table._tbl.tblPr.append(margins)
    for place, width in enumerate(widths_mm):
        table.columns[place].width = table.rows[0].cells[place].width = Mm(width)
    _keep_whole(table.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
    return table


def _row(
    table: Table, columns: Sequence[Column], contents: Sequence[str], style: str = "", *, heading: bool = False
) -> None:
    row = table.add_row()
    _keep_whole(row._tr.get_or_add_trPr(), "w:cantSplit", *(["w:tblHeader"] if heading else []))
    for cell, column, content in zip(row.cells, columns, contents, strict=True):
        cell.width = Mm(column.width_mm)
        align = ALIGN.CENTER if heading else column.align
        paragraph = _styled(cell.paragraphs[0], "", TABLE_PT, "", before=2, after=2, align=align)
        paragraph.paragraph_format.line_spacing = 1.0
        _run(paragraph, content, TABLE_PT, style)


def _tag_row(table: Table, columns: Sequence[Column], tag: str) -> None:
    """A row that holds a tag of the template engine and is gone once it has been read."""
    row = table.add_row()
    row.cells[0].paragraphs[0].add_run(tag)
    for cell, column in zip(row.cells, columns, strict=True):
        cell.width = Mm(column.width_mm)


def _keep_whole(properties: BaseOxmlElement, *names: str) -> None:
    for name in names:
        properties.append(OxmlElement(name))

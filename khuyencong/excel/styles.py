"""Cell formats of every workbook: Times New Roman, thin borders, numbers as the reader's Excel writes them."""

from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from khuyencong.excel.columns import Column, Kind
from khuyencong.excel.table import RowStyle
from khuyencong.excel.textfit import BODY_SIZE

FONT = "Times New Roman"
PAPER_A4 = 9
# English notation inside the file; an Excel set to Vietnamese shows 2.768,9.
NUMBER_FORMATS = {
    Kind.INTEGER: "#,##0",
    Kind.MONEY_MILLION: "#,##0.0",
    Kind.MONEY_VND: "#,##0",
    Kind.DATE: "dd/mm/yyyy",
    Kind.PERCENT: "0.0%",
}
HEADER = {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "bg_color": "#E7EEF7"}
SHADES = {RowStyle.GROUP: "#F3F6FA", RowStyle.TOTAL: "#E7EEF7"}

# Text must stay text whatever it begins with; the default style sets the unit of column widths (8 px a digit).
OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": BODY_SIZE},
    "default_column_width": 72,
    "default_row_height": 21,
}


def open_workbook(stream: IO[bytes], **options: Any) -> Workbook:
    return Workbook(stream, OPTIONS | options)


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        wanted = {"font_name": FONT, "font_size": BODY_SIZE, "valign": "vcenter"} | properties
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(wanted)
        return self._made[key]

    def header(self) -> Format:
        return self.get(**HEADER)

    def cell(self, column: Column, style: RowStyle = RowStyle.NORMAL, *, lead: bool = False) -> Format:
        properties: dict[str, Any] = {"border": 1, "align": column.alignment.value, "text_wrap": column.wrap}
        if column.kind in NUMBER_FORMATS:
            properties["num_format"] = NUMBER_FORMATS[column.kind]
            properties["text_wrap"] = False
        if style in SHADES:
            properties |= {"bold": True, "bg_color": SHADES[style]}
        if style is RowStyle.SUB:
            properties |= {"italic": True} | ({"indent": 1} if lead else {})
        return self.get(**properties)

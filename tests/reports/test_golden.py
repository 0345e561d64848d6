"""The workbooks of a small province against the ones worked out by hand, cell by cell, and reckoned by LibreOffice."""

import shutil
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from reports.definitions import DEFINITIONS
from tests.reports.golden.dataset import make_officer, make_province
from tests.reports.golden.reading import HERE, expected, found
from tests.reports.test_exports import ASKED, expected_cells, recalculate, sheet_cells
from tests.responses import content_of

pytestmark = pytest.mark.django_db
# What is asked for beside the year; the other expected files are the forms as they open.
ASKED_TOO = {"dia-ban": {"grouping": "district"}, "kinh-phi-duoc-duyet": {"basis": "approved"}}
FILES = [*DEFINITIONS, "kinh-phi-duoc-duyet"]


def slug_of(file):
    return file if file in DEFINITIONS else "kinh-phi"


@pytest.fixture
def officer(client, reference):
    officer = make_officer()
    make_province(officer)
    client.force_login(officer)
    return officer


def download(client, file):
    asked = {**ASKED, **ASKED_TOO.get(file, {})}
    return content_of(client.get(reverse("reports:form-export", args=[slug_of(file)]), asked))


def test_every_form_has_an_expected_workbook():
    assert {path.stem for path in HERE.glob("*.txt")} == set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_the_workbook_is_the_expected_one(file, client, officer):
    content = download(client, file)
    sheets, wanted = found(BytesIO(content), BytesIO(content)), expected(file)
    assert [one.name for one in sheets] == [one.name for one in wanted]
    for one, other in zip(sheets, wanted, strict=True):
        assert one.cells == other.cells
        assert (one.printed, one.repeated, one.merged) == (other.printed, other.repeated, other.merged)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("file", FILES)
def test_libreoffice_reckons_what_the_page_shows(file, client, officer, tmp_path):
    """The results that were stored are thrown away first; every formula is reckoned anew."""
    content = download(client, file)
    reckoned = recalculate(content, tmp_path)
    sheets = found(BytesIO(content), reckoned)
    assert [one.cells for one in sheets] == [one.cells for one in expected(file)]
    asked = {**ASKED, **ASKED_TOO.get(file, {})}
    page = client.get(reverse("reports:form-page", args=[slug_of(file)]), asked)
    check_page(reckoned, DEFINITIONS[slug_of(file)].build(page.context["parameters"]))


def check_page(reckoned, tables):
    """What LibreOffice reckoned is what the page shows, cell by cell; a blank cell is no zero."""
    for sheet, table in zip(load_workbook(reckoned, data_only=True).worksheets, tables, strict=True):
        cells, wanted = sheet_cells(sheet, table), expected_cells(table)
        assert [list(map(blank, row)) for row in cells] == [list(map(blank, row)) for row in wanted]


def blank(value):
    return "" if value is None else value

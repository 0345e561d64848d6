"""The documents as LibreOffice prints them; paper and pictures go to .local/artefacts for a person to look at."""

import re
import shutil
import subprocess
import unicodedata

import pytest
from django.conf import settings

from programs.models import WordKind
from programs.word.documents import DOCUMENTS
from tests.programs.word import ROLE_OF, STATUS_OF, address, full_project, sign
from tests.responses import content_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(
        not all(shutil.which(tool) for tool in ("pdftoppm", "pdfinfo", "pdftotext", "pdffonts")),
        reason="poppler (pdftoppm, pdfinfo, pdftotext, pdffonts) is not installed",
    ),
]
# The stand-ins where Times New Roman itself is not installed: as wide, letter by letter.
SERIFS = ("TimesNewRoman", "Tinos", "LiberationSerif")
PORTRAIT, LANDSCAPE = r"59[56][.\d]* x 84[12]", r"84[12][.\d]* x 59[56]"
PAGES = {WordKind.APPROVAL_LIST: 1}  # the others fill two
HEADING = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: ")
SAID = {
    WordKind.APPRAISAL: (*HEADING, "BIÊN BẢN", "Thẩm định đề án khuyến công năm 2026", "CHỦ TRÌ"),
    WordKind.APPROVAL_LIST: ("Phụ lục", "ĐƯỢC PHÊ DUYỆT NĂM 2026", "Ba trăm năm mươi triệu đồng"),
    WordKind.CONTRACT: (*HEADING, "HỢP ĐỒNG", "Hợp tác xã Bánh tráng Hồng Dân", "ĐẠI DIỆN BÊN A"),
    WordKind.ACCEPTANCE: (*HEADING, "BIÊN BẢN", "Nghiệm thu đề án khuyến công năm 2026", "BÊN NGHIỆM THU"),
    WordKind.LIQUIDATION: (*HEADING, "BIÊN BẢN", "Một trăm triệu đồng", "ĐẠI DIỆN BÊN B"),
}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, timeout=180, text=True).stdout


def artefacts(kind):
    """Where this document's paper and pictures lie; those of an earlier run are gone."""
    folder = settings.BASE_DIR / ".local" / "artefacts" / "word"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{kind.value}[-.]*"):
        old.unlink()
    return folder


@pytest.fixture(params=list(DOCUMENTS))
def printed(request, client, cast, tmp_path):
    """(kind, path of the PDF) of a document with everything in it."""
    kind = request.param
    person = cast[ROLE_OF[kind]]
    project = full_project(person, STATUS_OF[kind])
    if kind in (WordKind.ACCEPTANCE, WordKind.LIQUIDATION):
        sign(project, person)
    client.force_login(person)
    source = tmp_path / f"{kind.value}.docx"
    source.write_bytes(content_of(client.get(address(project, kind))))
    folder = artefacts(kind)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source))
    return kind, folder / f"{kind.value}.pdf"


def test_the_document_prints_on_a4_with_vietnamese_letters(printed):
    kind, pdf = printed
    run("pdftoppm", "-r", "80", "-png", str(pdf), str(pdf.with_suffix("")))
    info, pages = run("pdfinfo", str(pdf)), PAGES.get(kind, 2)
    size = LANDSCAPE if kind is WordKind.APPROVAL_LIST else PORTRAIT
    assert re.search(rf"Page size:\s+{size}", info), info
    assert re.search(rf"Pages:\s+{pages}\n", info), info
    pictures = list(pdf.parent.glob(f"{kind.value}-*.png"))
    assert len(pictures) == pages
    assert all(picture.stat().st_size > 5_000 for picture in pictures)
    text = unicodedata.normalize("NFC", re.sub(r"\s+", " ", run("pdftotext", "-layout", str(pdf), "-")))
    for wanted in ("Ứng dụng máy sấy tự động", *SAID[kind]):
        assert wanted in text
    assert "�" not in text
    assert "{{" not in text
    check_fonts(run("pdffonts", str(pdf)).splitlines()[2:])


def check_fonts(lines):
    """Every font is inside the file and knows its letters; one other than Times may draw the box to tick."""
    for line in lines:
        embedded, _, readable = re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s", line).groups()
        assert (embedded, readable) == ("yes", "yes"), line
    others = [line for line in lines if not any(serif in line for serif in SERIFS)]
    assert len(others) < len(lines)
    assert len(others) <= 1, others

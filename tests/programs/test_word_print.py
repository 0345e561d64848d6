"""The documents as LibreOffice prints them; pictures go to .local/artefacts for a person to look at."""

import re
import shutil
import subprocess

import pytest
from django.conf import settings

from programs.models import WordKind
from tests.programs.word import ROLE_OF, STATUS_OF, address, full_project, sign
from tests.responses import content_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler (pdftoppm, pdfinfo) is not installed"),
]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, timeout=180, text=True).stdout


@pytest.mark.parametrize("kind", list(WordKind))
def test_the_document_prints_on_a4_with_vietnamese_letters(client, cast, tmp_path, kind):
    person = cast[ROLE_OF[kind]]
    project = full_project(person, STATUS_OF[kind])
    if kind in (WordKind.ACCEPTANCE, WordKind.LIQUIDATION):
        sign(project, person)
    client.force_login(person)
    source = tmp_path / f"{kind.value}.docx"
    source.write_bytes(content_of(client.get(address(project, kind))))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source))
    pdf = str(source.with_suffix(".pdf"))
    folder = settings.BASE_DIR / ".local" / "artefacts" / "word"
    folder.mkdir(parents=True, exist_ok=True)
    run("pdftoppm", "-r", "70", "-png", pdf, str(folder / kind.value))
    info = run("pdfinfo", pdf)
    landscape = kind is WordKind.APPROVAL_LIST
    assert re.search(
        r"Page size:\s+84[12][.\d]* x 59[56]" if landscape else r"Page size:\s+59[56][.\d]* x 84[12]", info
    )
    assert re.search(r"Pages:\s+[123]\n", info)
    assert "Ứng dụng máy sấy tự động" in re.sub(r"\s+", " ", run("pdftotext", "-layout", pdf, "-"))

"""The covering report's page and downloads, and the PDF of forms and locked reports."""

import shutil

import pytest
from django.urls import reverse

from khuyencong.accounts.models import Signatory
from khuyencong.accounts.permissions import Permission, Role, permissions_of
from khuyencong.audit.models import AuditEvent
from khuyencong.pdf import PdfError
from reports.definitions import DEFINITIONS
from tests.factories import MERGER, unit
from tests.programs.word import text_of
from tests.reports.asking import ASKED
from tests.reports.locking import lock
from tests.reports.world import make_world
from tests.responses import content_of

pytestmark = pytest.mark.django_db
PAGE, WORD, PDF = (reverse(f"reports:covering-{name}") for name in ("page", "export", "pdf"))
FORM = reverse("reports:form-page", args=["kinh-phi"])
FORM_PDF = reverse("reports:form-pdf", args=["kinh-phi"])
PRINTED = b"%PDF-1.7 ..."


@pytest.fixture
def officer(client, department_officer):
    client.force_login(department_officer)
    return department_officer


@pytest.fixture
def printer(monkeypatch):
    """A server with an office suite; what it was given to print."""
    given = []

    def to_pdf(source, suffix):
        given.append((source, suffix))
        return PRINTED

    for module in ("reports.exports", "reports.covering_exports"):
        monkeypatch.setattr(f"{module}.to_pdf", to_pdf)
    for module in ("reports.views", "reports.locked_views", "reports.covering_views"):
        monkeypatch.setattr(f"{module}.is_available", lambda: True)
    return given


def out_of_order(monkeypatch):
    def to_pdf(source, suffix):
        raise PdfError("Máy chủ đang tạo các tệp PDF khác.")

    for module in ("reports.exports", "reports.covering_exports"):
        monkeypatch.setattr(f"{module}.to_pdf", to_pdf)


def test_the_page_names_the_figures_with_their_forms(client, officer):
    make_world(1, officer)
    page = client.get(PAGE, ASKED).content.decode()
    for slug in ("tong-hop-de-an", "ket-qua", "kinh-phi", "dia-ban"):
        assert f"{reverse('reports:form-page', args=[slug])}?" in page
    assert "basis=approved" in page
    assert "Chưa ghi người ký của đơn vị" in page
    assert "chưa có đơn vị nào ghi cho đúng kỳ này" in page
    assert f"{WORD}?year=2026" in page
    Signatory.objects.create(
        organisation=officer.organisation, role="head", job_title="Giám đốc", full_name="Trần Văn Bé", valid_from=MERGER
    )
    assert "Người ký: Trần Văn Bé, Giám đốc." in client.get(PAGE, ASKED).content.decode()


def test_what_was_typed_wrong_is_kept_and_told(client, officer):
    page = client.get(PAGE, {**ASKED, "start": "31/02/2026"}).content.decode()
    assert 'value="31/02/2026"' in page
    assert "Có điều kiện chưa đúng" in page
    for address in (WORD, PDF):
        assert client.get(address, {**ASKED, "start": "31/02/2026"}).url.startswith(f"{PAGE}?")
    assert not AuditEvent.objects.exists()


def test_the_document_and_its_event(client, officer):
    response = client.get(WORD, {**ASKED, "grouping": "district"})
    assert 'filename="bao-cao-cong-tac-khuyen-cong-2026.docx"' in response["Content-Disposition"]
    assert "Tình hình thực hiện công tác khuyến công năm 2026" in text_of(content_of(response))
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.place_id) == ("covering_report_export", officer.pk, officer.area_id)
    told = {name: after for name, (_, after) in event.changes.items()}
    assert (told["Địa bàn"], told["Mẫu"], told["Nhóm theo"]) == ("Tỉnh Cà Mau", "Mẫu của hệ thống", "Theo huyện cũ")
    assert "15/12/2025" in told["Kỳ"]
    assert client.post(WORD).status_code == 405


def test_a_template_of_the_administrator_is_used(client, officer, system_admin):
    from programs.actions.word_template import replace_template
    from programs.models import WordKind
    from tests.programs.test_word_template import docx, upload

    mine = upload(docx("Riêng: {{ ky }}, {{ so_de_an }} đề án"))
    replace_template(kind=WordKind.YEARLY_REPORT, upload=mine, by=system_admin)
    assert text_of(content_of(client.get(WORD, ASKED))).strip() == "Riêng: năm 2026, 0 đề án"
    client.force_login(system_admin)
    page = reverse("programs:word-template-replace", args=["yearly_report"])
    assert "so_de_an_quoc_gia" in client.get(page).content.decode()
    refused = client.post(page, {"file": upload(docx("{{ ten_de_an }}"))})
    assert refused.status_code == 422  # a field of a project's documents


def test_it_is_no_document_of_a_project(client, cast):
    client.force_login(cast[Role.DEPARTMENT_OFFICER])
    assert client.get(reverse("programs:word-document", args=[1, "yearly_report"])).status_code == 404


def test_areas_elsewhere_are_not_asked_for(client, local_officer):
    client.force_login(local_officer)
    elsewhere = {**ASKED, "area": str(unit("31972").pk)}
    assert "không thuộc phạm vi" in client.get(PAGE, elsewhere).content.decode()
    assert client.get(WORD, elsewhere).status_code == 302
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_take_it(client, cast, role, printer):
    client.force_login(cast[role])
    may = Permission.REPORT_EXPORT in permissions_of(role)
    for address in (PAGE, WORD, PDF, FORM_PDF):
        response = client.get(address, ASKED)
        content_of(response)
        assert response.status_code == (200 if may else 403), address


def test_pdf_of_the_report_of_a_form_and_of_a_locked_one(client, officer, printer):
    report = lock(officer)
    locked = reverse("reports:locked-report-pdf", args=[report.pk])
    names = {
        PDF: "bao-cao-cong-tac-khuyen-cong-2026.pdf",
        FORM_PDF: "kinh-phi-khuyen-cong-2026.pdf",
        locked: f"{report.slug}-da-khoa-{report.code}.pdf",
    }
    for address, name in names.items():
        response = client.get(address, ASKED)
        assert content_of(response) == PRINTED
        assert (response["Content-Type"], f'"{name}"' in response["Content-Disposition"]) == ("application/pdf", True)
    assert [(source[:2], suffix) for source, suffix in printer] == [
        (b"PK", ".docx"),
        (b"PK", ".xlsx"),
        (b"PK", ".xlsx"),
    ]
    labels = AuditEvent.objects.order_by("pk").values_list("action_label", flat=True)
    assert [label for label in labels if "PDF" in label] == [
        "Soạn báo cáo công tác khuyến công ra PDF",
        "Tải báo cáo ra PDF",
        "Tải báo cáo đã khóa ra PDF",
    ]


@pytest.mark.parametrize("slug", list(DEFINITIONS))
def test_every_form_offers_its_pdf(client, officer, printer, slug):
    address = reverse("reports:form-pdf", args=[slug])
    assert f"{address}?" in client.get(reverse("reports:form-page", args=[slug]), ASKED).content.decode()
    assert content_of(client.get(address, ASKED)) == PRINTED


def test_without_an_office_suite_nobody_is_offered_one(client, officer):
    report = lock(officer)
    for address in (PAGE, FORM, reverse("reports:locked-report-detail", args=[report.pk])):
        assert "Tải PDF" not in client.get(address, ASKED).content.decode()
    page = client.get(FORM_PDF, ASKED, follow=True).content.decode()
    assert "chưa cài LibreOffice" in page


def test_a_failure_is_told_on_the_page_and_leaves_no_event(client, officer, monkeypatch):
    report = lock(officer)
    before = AuditEvent.objects.count()
    out_of_order(monkeypatch)
    for address in (PDF, FORM_PDF, reverse("reports:locked-report-pdf", args=[report.pk])):
        response = client.get(address, {**ASKED, "area": str(officer.area_id)}, follow=True)
        assert "Máy chủ đang tạo các tệp PDF khác." in response.content.decode()
        if "da-khoa" not in address:
            assert response.context["parameters"].year == 2026
    assert AuditEvent.objects.count() == before


def test_a_locked_report_elsewhere_is_not_found(client, department_officer, stranger, printer):
    report = lock(department_officer)
    client.force_login(stranger)
    assert client.get(reverse("reports:locked-report-pdf", args=[report.pk])).status_code == 404
    assert printer == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_the_real_thing(client, officer, settings):
    settings.LIBREOFFICE = ""
    make_world(1, officer)
    for address in (PDF, FORM_PDF):
        assert content_of(client.get(address, ASKED)).startswith(b"%PDF-")

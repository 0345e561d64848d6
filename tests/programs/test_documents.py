"""Documents: what is taken, where it is kept, who gets it."""

import datetime
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions import document as document_actions
from programs.actions.document import attach_document
from programs.models import Document
from programs.rules.attachments import DOCX, JPEG, PDF, PNG, XLSX, AttachmentError, identify, safe_name
from programs.workflow import ENDED, Status
from tests.factories import make_project

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG_BYTES = b"\xff\xd8\xff\xe0" + b"\0" * 20
VALUES = {"kind": "contract", "number": "", "document_date": None, "issuer": ""}


def office(*parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            # Dated: a zip made now would give each test process another name for the same test.
            archive.writestr(zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0)), "<x/>")
    return out.getvalue()


DOCX_BYTES = office("[Content_Types].xml", "word/document.xml")
XLSX_BYTES = office("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


def adding(project):
    return reverse("programs:document-add", args=[project.pk])


def tab(project):
    return reverse("programs:project-documents", args=[project.pk])


def send(client, project, content=PDF_BYTES, name="hop-dong.pdf", content_type="application/pdf", **changes):
    form = {"kind": "contract", "number": "12/HĐ-KC", "document_date": "05/02/2026", "issuer": "Trung tâm Khuyến công"}
    return client.post(adding(project), form | changes | {"file": SimpleUploadedFile(name, content, content_type)})


def files_under(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()] if Path(folder).exists() else []


def test_a_document_is_kept_with_its_number_and_comes_back_whole(client, local_officer, project, files_in_tmp):
    client.force_login(local_officer)
    assert send(client, project, name="Hợp đồng số 12.pdf").url == tab(project)
    document = project.documents.get()
    assert document.document_date.isoformat() == "2026-02-05"
    assert (document.original_name, document.content_type) == ("Hợp đồng số 12.pdf", "application/pdf")
    assert document.size_bytes == len(PDF_BYTES)
    (stored,) = files_under(files_in_tmp)
    assert stored.suffix == ""  # nothing of the given name reaches the disk
    assert stored.stat().st_mode & 0o077 == 0
    response = client.get(reverse("programs:document-download", args=[project.pk, document.pk]))
    assert b"".join(response.streaming_content) == PDF_BYTES
    assert response["Content-Disposition"].startswith("attachment;")
    assert "filename*=utf-8''H%E1%BB%A3p%20%C4%91%E1%BB%93ng%20s%E1%BB%91%2012.pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert (event.action, event.changes["Mã SHA-256"]) == ("attach_document", [None, document.sha256])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", PDF_BYTES, PDF),
        ("A.PDF", PDF_BYTES, PDF),
        ("a.png", PNG_BYTES, PNG),
        ("a.jpg", JPEG_BYTES, JPEG),
        ("a.jpeg", JPEG_BYTES, JPEG),
        ("a.docx", DOCX_BYTES, DOCX),
        ("a.xlsx", XLSX_BYTES, XLSX),
    ],
)
def test_the_type_is_told_from_the_content(name, content, expected):
    stream = BytesIO(content)
    assert identify(name, stream) is expected
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trang.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("anh.png", b"GIF89a" + b"\0" * 20),
        ("a.pdf", b"\n\n<html>%PDF-1.7"),
        ("a.docx", PDF_BYTES),
        ("a.pdf", PNG_BYTES),
        ("a.xlsx", DOCX_BYTES),
        ("a", PDF_BYTES),
        ("a.pdf.html", PDF_BYTES),
        ("a.docx", office("word/document.xml")),
        ("a.docx", office("[Content_Types].xml", "readme.txt")),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "xl/workbook.xml")),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", DOCX_BYTES[:40]),
        ("a.zip", office("a.txt")),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.pdf", b""),
    ],
)
def test_everything_else_is_refused(name, content):
    with pytest.raises(AttachmentError):
        identify(name, BytesIO(content))


def test_a_zip_of_very_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr("programs.rules.attachments.MAX_ZIP_ENTRIES", 1)
    with pytest.raises(AttachmentError, match="quá nhiều"):
        identify("a.docx", BytesIO(DOCX_BYTES))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\Biên bản.docx", "Biên bản.docx"),
        ('a"b\r\nX-Y: 1.pdf', "a_b X-Y_ 1.pdf"),
        ("\u202egnp.exe.pdf", "gnp.exe.pdf"),
        ("...", "tai-lieu"),
        ("con.pdf", "_con.pdf"),
        ("Bie\u0302n ba\u0309n.pdf", "Biên bản.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert safe_name(given) == kept


def test_a_page_named_pdf_is_refused_with_what_was_typed_kept(client, local_officer, project, files_in_tmp):
    client.force_login(local_officer)
    response = send(client, project, b"<html><script>alert(1)</script></html>", "hop-dong.pdf")
    assert response.status_code == 422
    assert "không thuộc loại được nhận" in str(response.context["form"].errors["file"])
    assert 'value="12/HĐ-KC"' in response.content.decode()
    assert not Document.objects.exists()
    assert files_under(files_in_tmp) == []


@pytest.mark.parametrize(("content", "words"), [(b"", "Tệp rỗng"), (PDF_BYTES + b"\0" * 2_000_000, "Tệp lớn hơn 1 MB")])
def test_the_size_is_limited(client, local_officer, project, settings, content, words):
    settings.MAX_DOCUMENT_BYTES = 1024 * 1024
    client.force_login(local_officer)
    response = send(client, project, content)
    assert response.status_code == 422
    assert words in str(response.context["form"].errors["file"])
    assert not Document.objects.exists()


def test_the_fields_are_checked(client, local_officer, project):
    client.force_login(local_officer)
    response = client.post(adding(project), {"kind": "", "document_date": "31/02/2026"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"kind", "document_date", "file"}
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).strftime("%d/%m/%Y")
    response = send(client, project, document_date=tomorrow)
    assert "không thể sau hôm nay" in str(response.context["form"].errors["document_date"])


def test_a_second_press_keeps_one_copy(client, local_officer, project, files_in_tmp):
    client.force_login(local_officer)
    send(client, project)
    response = send(client, project)
    assert response.status_code == 422
    assert "đã được đính kèm với tên “hop-dong.pdf”" in response.content.decode()
    assert project.documents.count() == 1
    assert len(files_under(files_in_tmp)) == 1


def test_a_file_whose_row_was_not_committed_is_gone(local_officer, project, files_in_tmp, monkeypatch):
    def fail(*args, **kwargs):
        assert len(files_under(files_in_tmp)) == 1  # written by now
        raise RuntimeError("the audit trail is closed")

    monkeypatch.setattr(document_actions, "audit", fail)
    upload = SimpleUploadedFile("a.pdf", PDF_BYTES)
    with pytest.raises(RuntimeError):
        attach_document(project_id=project.pk, upload=upload, values=VALUES, by=local_officer)
    assert files_under(files_in_tmp) == []
    assert not Document.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
def test_strangers_find_nothing(request, client, local_officer, project, who):
    client.force_login(local_officer)
    send(client, project)
    document = project.documents.get()
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("programs:document-download", args=[project.pk, document.pk])).status_code == 404
    assert client.get(tab(project)).status_code == 404
    assert send(client, project, PNG_BYTES, "a.png").status_code == 404
    upload = SimpleUploadedFile("a.pdf", PDF_BYTES)
    with pytest.raises(NotAllowed):
        attach_document(project_id=project.pk, upload=upload, values=VALUES, by=request.getfixturevalue(who))
    assert project.documents.count() == 1


def test_a_document_is_not_reached_through_another_project(client, local_officer, other_local_officer, project):
    client.force_login(local_officer)
    send(client, project)
    document = project.documents.get()
    own = make_project(created_by=other_local_officer, place=other_local_officer.organisation.area)
    client.force_login(other_local_officer)
    assert client.get(reverse("programs:document-download", args=[own.pk, document.pk])).status_code == 404


def test_a_visitor_is_sent_to_the_login_page(client, local_officer, project):
    client.force_login(local_officer)
    send(client, project)
    document = project.documents.get()
    client.logout()
    response = client.get(reverse("programs:document-download", args=[project.pk, document.pk]))
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_readers_download_and_do_not_attach(client, auditor, local_officer, project):
    client.force_login(local_officer)
    send(client, project)
    document = project.documents.get()
    client.force_login(auditor)
    response = client.get(reverse("programs:document-download", args=[project.pk, document.pk]))
    assert b"".join(response.streaming_content) == PDF_BYTES
    assert "form" not in client.get(tab(project)).context
    assert send(client, project, PNG_BYTES, "a.png").status_code == 403


@pytest.mark.parametrize("status", list(Status))
def test_documents_are_attached_until_the_end(client, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    client.force_login(local_officer)
    response = send(client, project)
    if status in ENDED:
        assert response.status_code == 422
        assert status.label in response.content.decode()
    else:
        assert response.status_code == 302
    assert project.documents.exists() is (status not in ENDED)


def test_the_action_asks_about_the_state_itself(local_officer):
    project = make_project(created_by=local_officer, status=Status.SETTLED.value)
    upload = SimpleUploadedFile("a.pdf", PDF_BYTES)
    with pytest.raises(Refused):
        attach_document(project_id=project.pk, upload=upload, values=VALUES, by=local_officer)


def test_the_number_of_queries_does_not_grow(client, local_officer, project):
    client.force_login(local_officer)
    counts = []
    for more in (20, 180):
        Document.objects.bulk_create(
            Document(
                project=project,
                kind="photo",
                file="projects/x",
                original_name=f"{number}.png",
                content_type="image/png",
                size_bytes=1,
                sha256="0",
                uploaded_by=local_officer,
                uploaded_at=timezone.now(),
            )
            for number in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(tab(project)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 22

"""Looking at documents: who may, what is shown in the page, what only ever comes as a download."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed
from programs.actions.document_opening import note_opening
from programs.models import Document, DocumentKind
from programs.queries.documents import STEPS, by_step
from tests.factories import make_project
from tests.responses import content_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
POLYGLOT = b"%PDF-1.7\n<html><script>fetch('/de-an/')</script></html>\n%%EOF\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGES = ("document-preview", "document-view", "document-download")


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


def add(project, content=PDF, content_type="application/pdf", name="bien-ban.pdf", kind="appraisal"):
    document = Document(
        project=project,
        kind=kind,
        number="7/BB",
        document_date=datetime.date(2026, 2, 5),
        original_name=name,
        content_type=content_type,
        size_bytes=len(content),
        sha256="0" * 64,
        uploaded_by=project.created_by,
        uploaded_at=timezone.now(),
    )
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    return document


def address(name, project, document):
    return reverse(f"programs:{name}", args=[project.pk, document.pk])


def openings(document):
    return list(AuditEvent.objects.about(f"document:{document.pk}").order_by("pk").values_list("action", "actor_id"))


@pytest.mark.parametrize(
    ("content", "content_type", "name"), [(PDF, "application/pdf", "a.pdf"), (PNG, "image/png", "a.png")]
)
def test_a_pdf_or_a_picture_is_shown_and_nothing_in_it_may_run(
    client, local_officer, project, files_in_tmp, content, content_type, name
):
    document = add(project, content, content_type, name)
    client.force_login(local_officer)
    response = client.get(address("document-view", project, document))
    assert content_of(response) == content
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy
    assert "script-src" not in policy
    assert {"private", "no-store"} <= {part.strip() for part in response["Cache-Control"].split(",")}
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("stored", "sent"),
    [(DOCX, DOCX), ("text/html", "application/octet-stream"), ("image/svg+xml", "application/octet-stream")],
)
def test_everything_else_is_a_download_whatever_the_row_says(
    client, local_officer, project, files_in_tmp, stored, sent
):
    document = add(project, b"<svg onload='alert(1)'/>", stored, "a.docx")
    client.force_login(local_officer)
    response = client.get(address("document-view", project, document))
    content_of(response)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == sent
    assert response["Content-Security-Policy"].startswith("sandbox")
    page = client.get(address("document-preview", project, document)).content.decode()
    assert "không xem được trong trang" in page
    assert "<iframe" not in page
    assert "kc-picture" not in page


def test_a_polyglot_is_a_pdf_in_a_sandbox(client, local_officer, project, files_in_tmp):
    client.force_login(local_officer)
    upload = SimpleUploadedFile("hop-dong.pdf", POLYGLOT, "text/html")
    client.post(reverse("programs:document-add", args=[project.pk]), {"kind": "contract", "file": upload})
    document = project.documents.get()
    response = client.get(address("document-view", project, document))
    assert content_of(response) == POLYGLOT
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox;")


def test_a_page_named_pdf_never_comes_in(client, local_officer, project, files_in_tmp):
    client.force_login(local_officer)
    upload = SimpleUploadedFile("trang.pdf", b"<html><script>alert(1)</script></html>", "application/pdf")
    response = client.post(reverse("programs:document-add", args=[project.pk]), {"kind": "contract", "file": upload})
    assert response.status_code == 422
    assert not Document.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
@pytest.mark.parametrize("page", PAGES)
def test_another_areas_document_is_not_there(request, client, project, files_in_tmp, who, page):
    document = add(project)
    client.force_login(request.getfixturevalue(who))
    assert client.get(address(page, project, document)).status_code == 404
    assert openings(document) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_document_is_not_reached_through_another_project(client, local_officer, project, files_in_tmp, page):
    document, own = add(project), make_project(created_by=local_officer)
    client.force_login(local_officer)
    assert client.get(address(page, own, document)).status_code == 404
    assert openings(document) == []


def test_the_action_asks_about_the_area_itself(stranger, project, files_in_tmp):
    with pytest.raises(NotAllowed):
        note_opening(document=add(project), by=stranger, taken=False)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_changed_by_looking(client, auditor, project, files_in_tmp, page):
    client.force_login(auditor)
    assert client.post(address(page, project, add(project))).status_code == 405


def test_a_reader_may_not_attach(client, auditor, project, files_in_tmp):
    client.force_login(auditor)
    upload = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    response = client.post(reverse("programs:document-add", args=[project.pk]), {"kind": "contract", "file": upload})
    assert response.status_code == 403
    assert not Document.objects.exists()


def test_each_download_and_the_first_look_of_a_day_are_noted(client, auditor, leader, project, files_in_tmp):
    document = add(project)
    for user in (auditor, leader):
        client.force_login(user)
        for page in ("document-view", "document-view", "document-download", "document-download"):
            content_of(client.get(address(page, project, document)))
    expected = [("document_view", 0), ("document_download", 0), ("document_download", 0)]
    assert openings(document) == [(action, user.pk) for user in (auditor, leader) for action, _ in expected]
    event = AuditEvent.objects.about(f"document:{document.pk}").first()
    assert event.changes["Đề án"] == [None, project.code]
    assert event.place_id == project.place_id
    # The project's own history tells of changes only.
    assert not AuditEvent.objects.about(f"project:{project.pk}").exists()


def test_the_tab_groups_by_step_and_shows_pictures_small(client, local_officer, project, files_in_tmp):
    picture = add(project, PNG, "image/png", "xuong.png", "photo")
    minutes = add(project)
    word = add(project, b"PK", DOCX, "don.docx", "application")
    client.force_login(local_officer)
    response = client.get(reverse("programs:project-documents", args=[project.pk]))
    groups = response.context["groups"]
    assert [(group.label, group.documents) for group in groups] == [
        ("Đăng ký đề án", [word]),
        ("Thẩm định", [minutes]),
        ("Thực hiện, kiểm tra", [picture]),
    ]
    html = response.content.decode()
    assert f'src="{address("document-view", project, picture)}"' in html
    assert f'href="{address("document-preview", project, minutes)}"' in html
    assert address("document-preview", project, word) not in html
    assert address("document-download", project, word) in html
    for text in ("7/BB", "05/02/2026", str(local_officer)):
        assert text in html


def test_the_viewer_page_shows_what_is_known(client, local_officer, project, files_in_tmp):
    minutes = add(project)
    picture = add(project, PNG, "image/png", "xuong.png", "photo")
    client.force_login(local_officer)
    page = client.get(address("document-preview", project, minutes)).content.decode()
    assert f'<iframe src="{address("document-view", project, minutes)}"' in page
    assert "Biên bản thẩm định: bien-ban.pdf" in page
    page = client.get(address("document-preview", project, picture)).content.decode()
    assert 'class="kc-picture"' in page


def test_every_kind_belongs_to_one_step():
    kinds = [kind for _, kinds in STEPS for kind in kinds]
    assert sorted(kinds) == sorted(DocumentKind.values)


def test_steps_without_documents_are_left_out():
    assert by_step([]) == []

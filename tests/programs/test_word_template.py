"""Templates: the portal's own are what their modules make; another one is taken only when it can be filled."""

import zipfile
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from docx import Document

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions.word_document import draft_document
from programs.actions.word_template import replace_template, reset_template
from programs.models import WordKind, WordTemplate
from programs.word.build import FOLDER, default_path, write_templates
from programs.word.context import known_fields
from programs.word.documents import DOCUMENTS
from programs.word.render import MAX_TEMPLATE_BYTES, check_template
from programs.workflow import Status
from tests.programs.word import full_project, text_of

pytestmark = pytest.mark.django_db
LIST = "programs:word-template-list"


def docx(*paragraphs):
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def upload(content, name="mau.docx"):
    return SimpleUploadedFile(name, content)


def replace(by, content, name="mau.docx", kind=WordKind.CONTRACT):
    return replace_template(kind=kind, upload=upload(content, name), by=by)


def page(name, kind=WordKind.CONTRACT):
    return reverse(f"programs:word-template-{name}", args=[kind.value])


def stored(folder):
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def part(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def test_the_committed_templates_are_what_the_modules_make(tmp_path):
    made = write_templates(tmp_path)
    assert sorted(path.name for path in made) == sorted(path.name for path in FOLDER.glob("*.docx"))
    for path in made:
        for name in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
            assert part(path, name) == part(FOLDER / path.name, name), (path.name, name)


def test_the_command_writes_them(monkeypatch, tmp_path):
    monkeypatch.setattr(write_templates, "__defaults__", (tmp_path,))
    call_command("build_word_templates", stdout=StringIO())
    assert len(list(tmp_path.glob("*.docx"))) == len(WordKind)


@pytest.mark.parametrize("kind", list(WordKind))
def test_our_own_templates_would_be_accepted(kind):
    check_template(default_path(kind).read_bytes(), kind)


@pytest.mark.parametrize("kind", list(WordKind))
def test_field_names_are_unique(kind):
    names = [field.name for field in known_fields(kind)]
    assert len(names) == len(set(names))


def test_a_replaced_template_is_used_until_it_is_reset(cast, files_in_tmp, django_capture_on_commit_callbacks):
    admin, officer = cast[Role.SYSTEM_ADMIN], cast[Role.CENTRE_OFFICER]
    project = full_project(officer, Status.APPROVED)
    with django_capture_on_commit_callbacks(execute=True):
        replace(admin, docx("Mẫu riêng: {{ ten_de_an }}, {{ hop_dong_kinh_phi }}"))
        replace(admin, docx("Mẫu thứ hai: {{ ten_de_an }}, {{ hop_dong_kinh_phi }}"), name="Mẫu 2.docx")
    template = WordTemplate.objects.get()
    assert (template.kind, template.original_name, template.uploaded_by) == ("contract", "Mẫu 2.docx", admin)
    (file,) = stored(files_in_tmp)  # the first is gone
    assert file.suffix == ""
    document = DOCUMENTS[WordKind.CONTRACT]
    text = text_of(draft_document(project=project, document=document, by=officer)[1])
    assert text.strip() == f"Mẫu thứ hai: {project.name}, 350.000.000"
    with django_capture_on_commit_callbacks(execute=True):
        reset_template(kind=WordKind.CONTRACT, by=admin)
    assert not WordTemplate.objects.exists()
    assert stored(files_in_tmp) == []
    assert "BÊN B" in text_of(draft_document(project=project, document=document, by=officer)[1])
    events = AuditEvent.objects.about("wordtemplate:contract").order_by("pk")
    assert [event.action for event in events] == ["replace_template", "replace_template", "reset_template"]
    with pytest.raises(Refused):
        reset_template(kind=WordKind.CONTRACT, by=admin)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.docx", "Tệp rỗng"),
        (b"x" * (MAX_TEMPLATE_BYTES + 1), "a.docx", "lớn hơn 2 MB"),
        (b"%PDF-1.7\n", "a.pdf", "phải là tệp Word"),
        (b"PK\x03\x04 hong", "a.docx", "bị hỏng"),
        (docx("{{ ten_de_an }}"), "a.xlsx", "không có đuôi"),
        (docx("{{ ten_du_an }}"), "a.docx", "“ten_du_an” (có phải “ten_de_an”?)"),
        (docx("{% if 1 == 2 %}{{ khong_he_co_zzz }}{% endif %}"), "a.docx", "“khong_he_co_zzz”"),
        (docx("{% for dong in chi_tieu %}{{ dong.ke_hoac }}{% endfor %}"), "a.docx", "“ke_hoac” (có phải “ke_hoach”?)"),
        (docx("{{ ten_de_an "), "a.docx", "sai cú pháp"),
        (docx("{% for x in chi_tieu %}"), "a.docx", "sai cú pháp"),
        (docx("{{ ten_de_an.__class__.__mro__ }}"), "a.docx", "Mẫu có"),
        (docx("{{ 'a' * 1000000000 }}"), "a.docx", "không được dùng trong mẫu"),
        (docx("{{ ten_de_an.khong_co() }}"), "a.docx", "Mẫu có"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(cast, files_in_tmp, content, name, reason):
    with pytest.raises(Refused) as refusal:
        replace(cast[Role.SYSTEM_ADMIN], content, name)
    assert reason in refusal.value.message
    assert refusal.value.field == "file"
    assert stored(files_in_tmp) == []
    assert not WordTemplate.objects.exists()


def test_a_bomb_is_refused_before_it_is_unpacked(cast):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"\0" * (21 * 1024 * 1024))
    with pytest.raises(Refused, match="quá lớn"):
        replace(cast[Role.SYSTEM_ADMIN], out.getvalue())


def test_a_file_that_is_no_word_document_inside_is_refused(cast):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "<x/>")
    with pytest.raises(Refused) as refusal:
        replace(cast[Role.SYSTEM_ADMIN], out.getvalue())
    assert refusal.value.field == "file"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_only_keepers_of_reference_data_replace_templates(cast, role):
    with pytest.raises(NotAllowed):
        replace(cast[role], docx("{{ ten_de_an }}"))
    with pytest.raises(NotAllowed):
        reset_template(kind=WordKind.CONTRACT, by=cast[role])


def test_the_pages(client, cast):
    client.force_login(cast[Role.SYSTEM_ADMIN])
    assert "Mẫu của hệ thống" in client.get(reverse(LIST)).content.decode()
    current = client.get(page("download"))
    assert b"".join(current.streaming_content) == default_path(WordKind.CONTRACT).read_bytes()
    assert "{{ ten_de_an }}" in client.get(page("replace")).content.decode()
    bad = client.post(page("replace"), {"file": upload(docx("{{ ten_du_an }}"))})
    assert bad.status_code == 422
    assert "có phải “ten_de_an”?" in bad.content.decode()
    assert client.post(page("replace"), {}).status_code == 422
    good = client.post(page("replace"), {"file": upload(docx("{{ ten_de_an }}"), "Hợp đồng mới.docx")})
    assert good.url == reverse(LIST)
    assert "Hợp đồng mới.docx" in client.get(reverse(LIST)).content.decode()
    assert client.get(page("reset")).status_code == 405
    assert client.post(page("reset")).url == reverse(LIST)
    again = client.post(page("reset"), follow=True)
    assert "đang dùng mẫu của hệ thống" in again.content.decode()

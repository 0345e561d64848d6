"""The dossier on the documents tab, in the checklist, on the page of a move; papers of one establishment."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.actions.document import attach_document
from programs.actions.participant import remove_participant
from programs.models import Certainty, DocumentKind, DossierRequirement
from programs.workflow import Action, Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.programs.test_documents import PDF_BYTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


@pytest.fixture
def party(project):
    return add_participant(project, make_beneficiary(name="Cơ sở A"))


def tab(project):
    return reverse("programs:project-documents", args=[project.pk])


def adding(project):
    return reverse("programs:document-add", args=[project.pk])


def moving(project, action):
    return reverse("programs:project-move", args=[project.pk, action.value])


def send(client, project, **changes):
    form = {"kind": "application", "number": "", "document_date": "", "issuer": "", "participant": ""}
    upload = SimpleUploadedFile("don.pdf", PDF_BYTES, "application/pdf")
    return client.post(adding(project), form | changes | {"file": upload})


def bind(kind):
    DossierRequirement.objects.filter(document_kind=kind).update(certainty=Certainty.CONFIRMED)


def test_the_tab_says_what_is_there_and_leads_to_attaching_the_rest(client, local_officer, project, party):
    client.force_login(local_officer)
    page = client.get(tab(project)).content.decode()
    assert "Nên bổ sung giấy tờ" in page
    assert "Chuẩn bị cho các bước sau: Văn bản xác nhận" in page
    assert "chưa đối chiếu điều khoản" in page
    link = f"{adding(project)}?loai=application&amp;co_so={party.pk}#dinh-kem"
    assert link in page
    send(client, project, participant=party.pk)
    page = client.get(tab(project)).content.decode()
    assert link not in page
    assert (
        "Hồ sơ quyết toán"
        not in page.partition("Soạn văn bản")[0].partition("Thành phần hồ sơ")[2].partition("</section>")[0]
    )


def test_the_link_chooses_kind_and_establishment_beforehand(client, local_officer, project, party):
    client.force_login(local_officer)
    form = client.get(adding(project), {"loai": "legal", "co_so": party.pk}).context["form"]
    assert (form["kind"].value(), form["participant"].value()) == ("legal", str(party.pk))
    assert "selected" in str(form["participant"])
    for wrong in ({"loai": "x", "co_so": "abc"}, {"co_so": "999999"}, {"loai": "\x00"}):
        assert client.get(adding(project), wrong).status_code == 200


def test_a_paper_is_kept_with_its_establishment(client, local_officer, project, party):
    client.force_login(local_officer)
    assert send(client, project, participant=party.pk).url == tab(project)
    document = project.documents.get()
    assert (document.kind, document.participant) == ("application", party)
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert "của Cơ sở A" in event.changes["Đơn đề nghị hỗ trợ"][1]
    assert "Cơ sở A" in client.get(tab(project)).content.decode()


def test_the_same_file_may_be_the_paper_of_two_establishments(client, local_officer, project, party):
    other = add_participant(project)
    client.force_login(local_officer)
    send(client, project, participant=party.pk)
    assert send(client, project, participant=other.pk).status_code == 302
    assert send(client, project, participant=other.pk).status_code == 422
    assert project.documents.count() == 2


def test_only_establishments_of_the_project_are_taken(client, local_officer, project, party):
    foreign = add_participant(make_project(created_by=local_officer))
    client.force_login(local_officer)
    response = send(client, project, participant=foreign.pk, number="12/ĐĐN")
    assert response.status_code == 422
    assert "không còn trong đề án" in response.content.decode()
    assert "12/ĐĐN" in response.content.decode()
    values = {"kind": "application", "number": "", "document_date": None, "issuer": "", "participant": foreign}
    with pytest.raises(Refused, match="không có trong đề án"):
        attach_document(
            project_id=project.pk, upload=SimpleUploadedFile("a.pdf", PDF_BYTES), values=values, by=local_officer
        )
    assert not project.documents.exists()


def test_readers_see_the_table_without_links(client, auditor, project, party):
    client.force_login(auditor)
    page = client.get(tab(project)).content.decode()
    assert "Thành phần hồ sơ" in page
    assert adding(project) not in page


def test_a_stranger_finds_nothing(client, stranger, project, party):
    client.force_login(stranger)
    assert client.get(tab(project)).status_code == 404
    assert client.get(adding(project), {"co_so": party.pk}).status_code == 404
    assert send(client, project, participant=party.pk).status_code == 404


def test_the_checklist_names_the_papers_that_are_missing(client, local_officer, project, party):
    client.force_login(local_officer)
    page = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
    assert "Nên bổ sung giấy tờ" in page
    assert "Phương án đầu tư (1 cơ sở)" in page
    bind(DocumentKind.INVESTMENT_PLAN)
    page = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
    assert "Thiếu “Phương án đầu tư” của Cơ sở A. Bên cung cấp: Cơ sở thụ hưởng." in page


def test_the_move_goes_through_with_a_warning_and_not_without_a_bound_paper(client, department_officer):
    project = make_project(created_by=department_officer, status=Status.CONFIRMED.value)
    client.force_login(department_officer)
    page = client.get(moving(project, Action.APPRAISE)).content.decode()
    assert "chỉ nhắc, không chặn" in page
    assert "Thiếu “Văn bản xác nhận”. Bên cung cấp: Cơ quan kinh tế huyện, xã." in page
    bind(DocumentKind.CONFIRMATION)
    sent = {"version": project.version, "document_number": "5/BB", "document_date": "05/01/2026", "reason": "Giữ lại"}
    response = client.post(moving(project, Action.APPRAISE), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Thiếu “Văn bản xác nhận”" in page
    assert "Giữ lại" in page
    DossierRequirement.objects.update(certainty=Certainty.UNVERIFIED)
    assert client.post(moving(project, Action.APPRAISE), sent).status_code == 302


def test_papers_of_an_establishment_that_is_taken_out_stay_but_count_no_more(client, local_officer, project, party):
    client.force_login(local_officer)
    send(client, project, participant=party.pk)
    add_participant(project)
    remove_participant(project_id=project.pk, participant_id=party.pk, by=local_officer)
    document = project.documents.get()
    assert (document.participant, document.kind) == (None, "other")
    event = AuditEvent.objects.about(f"project:{project.pk}").first()
    assert event.changes["Đơn đề nghị hỗ trợ: don.pdf"] == ["của Cơ sở A", "Khác"]


@pytest.mark.parametrize(("who", "status"), [("system_admin", 200), ("department_officer", 403)])
def test_an_administrator_keeps_the_rows(request, client, who, status):
    row = DossierRequirement.objects.get(document_kind="contract")
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("admin:programs_dossierrequirement_changelist")).status_code == 200
    assert client.get(reverse("admin:programs_dossierrequirement_add")).status_code == status
    address = reverse("admin:programs_dossierrequirement_change", args=[row.pk])
    values = {"document_kind": "contract", "before_action": "report_progress", "supplied_by": "centre"}
    values |= {"legal_basis": "TT 36/2013/TT-BCT", "certainty": "confirmed"}
    client.post(address, values)
    row.refresh_from_db()
    assert row.binds is (status == 200)
    assert AuditEvent.objects.filter(action="admin_change").exists() is (status == 200)

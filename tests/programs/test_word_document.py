"""Documents written for a project: what stands in them, who gets them, and that text is only ever text."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.models import Approval
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions.word_document import draft_document
from programs.models import WordKind
from programs.word.context import BLANK
from programs.word.documents import DOCUMENTS
from programs.word.policies import check_can_draft, documents_open_to
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.makers import add_line
from tests.programs.word import (
    MILLION,
    ROLE_OF,
    STATUS_OF,
    address,
    full_project,
    opened,
    sign,
    text_of,
)
from tests.responses import content_of

pytestmark = pytest.mark.django_db
WORDS = "Ba trăm năm mươi triệu đồng"
EXPECTED = {
    WordKind.APPRAISAL: ["BIÊN BẢN", "Thẩm định đề án", "……/BB-SCT", "07/XN-UBND ngày 05 tháng 02 năm 2026", WORDS],
    WordKind.APPROVAL_LIST: ["Phụ lục", "15/QĐ-UBND", "350,0", "400,0", "750,0", WORDS],
    WordKind.CONTRACT: ["HỢP ĐỒNG", "350.000.000 đồng", WORDS, "Trần Thị Sáu", "1900123456", "Ấp Nội Ô"],
    WordKind.ACCEPTANCE: ["Nghiệm thu", "05/HĐ-TTKC ngày 01 tháng 3 năm 2026", "1.250", "Nâng công suất."],
    WordKind.LIQUIDATION: ["Thanh lý Hợp đồng số 05/HĐ-TTKC", "Đã tạm ứng: 100.000.000", "Đã thu hồi: 0 đồng"],
}


@pytest.fixture
def written(client, cast):
    """`written(kind)` → the project and its document, asked for by whoever may."""

    def write(kind, **values):
        person = cast[ROLE_OF[kind]]
        project = full_project(person, STATUS_OF[kind], **values)
        if kind in (WordKind.ACCEPTANCE, WordKind.LIQUIDATION):
            sign(project, person)
        client.force_login(person)
        return project, content_of(client.get(address(project, kind)))

    return write


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_the_document_is_filled_from_the_project(written, kind):
    project, content = written(kind)
    text = text_of(content)
    assert "{{" not in text
    assert "{%" not in text
    for expected in (project.name, "Hợp tác xã Bánh tráng Hồng Dân", *EXPECTED[kind]):
        assert expected in text, expected


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_paper_margins_and_font_are_those_of_the_decree(written, kind):
    _, content = written(kind)
    document = opened(content)
    section = document.sections[0]
    size = sorted((round(section.page_width.mm), round(section.page_height.mm)))
    assert size == [210, 297]
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    assert document.styles["Normal"].font.name == "Times New Roman"
    body = [run.font.size.pt for p in document.paragraphs for run in p.runs if run.text.strip()]
    assert {size for size in body if size > 12} <= {13, 14}
    names = {run.font.name for p in document.paragraphs for run in p.runs}
    assert names == {None}  # all of them the style's own


def test_the_heading_has_country_motto_place_and_date(written):
    project, content = written(WordKind.CONTRACT)
    text = text_of(content)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in text
    assert "Cà Mau, ngày …… tháng …… năm " in text
    assert project.implementer.name.upper() in text


def test_a_recorded_document_carries_its_number_and_date(client, cast):
    leader = cast[Role.LEADER]
    project = full_project(leader, Status.APPROVED)
    document = DOCUMENTS[WordKind.APPROVAL_LIST]
    _, content = draft_document(project=project, document=document, by=leader)
    assert "Quyết định số 15/QĐ-UBND ngày 05 tháng 02 năm 2026" in text_of(content)


def test_what_is_not_known_is_a_dotted_line(cast):
    officer = cast[Role.CENTRE_OFFICER]
    project = make_project(created_by=officer, status=Status.APPROVED.value)
    _, content = draft_document(project=project, document=DOCUMENTS[WordKind.CONTRACT], by=officer)
    text = text_of(content)
    assert f"BÊN B: {BLANK}" in text
    assert f"{BLANK} đồng (Bằng chữ: {BLANK})" in text
    assert "None" not in text


@pytest.mark.parametrize(
    "name",
    [
        "Máy {{ 7 * 7 }} và {% for x in y %}",
        "Cơ sở <b>A & B</b>",
        "“Bánh tráng” ‘Hồng Dân’ \"x\" 'y'",
        "Dấu {_{ và }_} và {# ghi chú #}",
        "&lt;w:p/&gt; &#123;",
    ],
)
def test_text_of_people_comes_out_literally(written, name):
    _, content = written(WordKind.CONTRACT, name=name)
    assert f"- Tên đề án: {name}." in text_of(content)


def test_a_document_made_out_to_one_of_several_beneficiaries(client, cast):
    officer = cast[Role.CENTRE_OFFICER]
    project = full_project(officer, Status.APPROVED)
    second = add_participant(project, make_beneficiary(name="Cơ sở Thứ Hai"))
    add_line(project, "KCDP", 20 * MILLION, 20 * MILLION, second)
    client.force_login(officer)
    text = text_of(content_of(client.get(address(project, WordKind.CONTRACT, second))))
    assert "BÊN B: Cơ sở Thứ Hai" in text
    assert "20.000.000 đồng (Bằng chữ: Hai mươi triệu đồng)" in text
    assert f"BÊN B: {BLANK}" in text_of(content_of(client.get(address(project, WordKind.CONTRACT))))
    other = add_participant(make_project(created_by=officer))
    for address_of_other in (
        address(project, WordKind.CONTRACT, other),
        address(project, WordKind.CONTRACT) + "?co_so=x",
    ):
        response = client.get(address_of_other, follow=True)
        assert "Cơ sở này không còn trong đề án" in response.content.decode()


def test_the_list_holds_the_projects_of_the_same_decision(client, cast):
    leader = cast[Role.LEADER]
    first = full_project(leader, Status.APPROVED)
    other = make_project(created_by=leader, status=Status.CONTRACTED.value, name="Đề án cùng quyết định")
    apart = make_project(created_by=leader, status=Status.CONTRACTED.value, name="Đề án quyết định khác")
    add_line(other, "KCDP", 50 * MILLION, 50 * MILLION)
    approval = Approval.objects.get(project=first)
    for project, number in ((other, approval.decision_number), (apart, "99/QĐ-UBND")):
        Approval.objects.create(
            project=project,
            decision_number=number,
            decision_date=approval.decision_date,
            approved_by=leader,
            approved_at=approval.approved_at,
        )
    text = text_of(draft_document(project=first, document=DOCUMENTS[WordKind.APPROVAL_LIST], by=leader)[1])
    assert "Đề án cùng quyết định" in text
    assert "Đề án quyết định khác" not in text
    assert "800,0" in text
    assert "400.000.000 đồng (Bằng chữ: Bốn trăm triệu đồng)" in text


def test_each_document_leaves_an_event(client, written):
    project, _ = written(WordKind.CONTRACT)
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.action == "draft_document"
    assert event.changes["Văn bản"] == [None, "Hợp đồng thực hiện đề án, Hợp tác xã Bánh tráng Hồng Dân"]


def test_it_is_a_private_download(client, cast):
    officer = cast[Role.CENTRE_OFFICER]
    project = full_project(officer, Status.APPROVED, code="DP-2026-0009")
    client.force_login(officer)
    response = client.get(address(project, WordKind.CONTRACT))
    assert response["Content-Disposition"].startswith("attachment;")
    assert "DP-2026-0009.docx" in response["Content-Disposition"]
    assert "private" in response["Cache-Control"]
    content_of(response)
    assert client.post(address(project, WordKind.CONTRACT)).status_code == 405


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_who_may_have_it_written_and_when(cast, kind):
    document = DOCUMENTS[kind]
    project = make_project(created_by=cast[Role.DEPARTMENT_OFFICER])
    for role, status in product(Role, Status):
        person, project.status = cast[role], status.value
        has_right = bool(document.permissions & person.portal_permissions)
        may = has_right and status in document.statuses
        assert (document in documents_open_to(person, project)) is may, (role, status)
        reason = _reason_against(person, project, document)
        assert (reason is None) is may, (role, status)
        assert isinstance(reason, NotAllowed) is not has_right, (role, status)


def _reason_against(person, project, document):
    try:
        check_can_draft(person, project, document)
    except Refused as refusal:
        return refusal
    return None


def test_a_stranger_and_a_wrong_state_and_a_wrong_role(client, cast, stranger):
    project = full_project(cast[Role.CENTRE_OFFICER], Status.APPROVED)
    with pytest.raises(NotAllowed):
        check_can_draft(stranger, project, DOCUMENTS[WordKind.APPRAISAL])
    client.force_login(stranger)
    assert client.get(address(project, WordKind.APPRAISAL)).status_code == 404
    client.force_login(cast[Role.LEADER])
    assert client.get(address(project, WordKind.CONTRACT)).status_code == 403
    client.force_login(cast[Role.CENTRE_OFFICER])
    response = client.get(address(project, WordKind.LIQUIDATION), follow=True)
    assert "chưa hoặc không còn soạn" in response.content.decode()
    assert not AuditEvent.objects.about(f"project:{project.pk}").exists()


def test_the_documents_tab_offers_what_may_be_written(client, cast):
    project = full_project(cast[Role.CENTRE_OFFICER], Status.APPROVED)
    tab = reverse("programs:project-documents", args=[project.pk])
    client.force_login(cast[Role.CENTRE_OFFICER])
    page = client.get(tab).content.decode()
    assert address(project, WordKind.CONTRACT) in page
    assert address(project, WordKind.APPRAISAL) not in page
    add_participant(project)
    assert 'name="co_so"' in client.get(tab).content.decode()
    client.force_login(cast[Role.AUDITOR])
    assert "Soạn văn bản" not in client.get(tab).content.decode()


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_queries_do_not_grow_with_beneficiaries(client, cast, kind):
    person = cast[ROLE_OF[kind]]
    project = full_project(person, STATUS_OF[kind])
    client.force_login(person)
    content_of(client.get(address(project, kind)))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            content_of(client.get(address(project, kind)))
        return len(captured)

    add_participant(project)
    few = queries()
    for _ in range(20):
        add_line(project, "KCDP", MILLION, MILLION, add_participant(project))
    assert queries() == few
    assert few < 40

"""A return shows exactly what is asked; each point is answered before the project goes back."""

import datetime

import pytest
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs import checks, policies
from programs.actions.project import Paper, move
from programs.actions.supplement import POINT_LIMIT, Asked
from programs.actions.supplement_answer import answer_points
from programs.models import Project, Section, SupplementPoint
from programs.workflow import Action, Status
from tests.factories import make_project

pytestmark = pytest.mark.django_db
REASON = "Hồ sơ chưa đủ"
ASKED = (
    Asked(Section.MONEY.value, "Bổ sung báo giá máy"),
    Asked(Section.DOCUMENTS.value, "Nộp bản cam kết\nvốn đối ứng"),
)


@pytest.fixture
def confirmed(local_officer):
    return make_project(created_by=local_officer, status=Status.CONFIRMED.value)


@pytest.fixture
def returned(confirmed, department_officer, monkeypatch):
    """Returned with two points; nothing but the answers stands against submitting."""
    monkeypatch.setitem(checks.CHECKS, Action.SUBMIT, [checks.answers_what_was_asked])
    paper = Paper("12/SCT-KC", datetime.date(2026, 2, 5))
    return give_back(confirmed, department_officer, paper=paper, points=ASKED)


def give_back(project, by, **values):
    return move(project_id=project.pk, action=Action.RETURN, by=by, **{"reason": REASON, **values})


def answered(project, by, *texts):
    """The project with these answers to its points, in order."""
    points = SupplementPoint.objects.of_last_return(project.pk)
    answers = {point.pk: text for point, text in zip(points, texts, strict=False)}
    version = Project.objects.get(pk=project.pk).version
    return answer_points(project_id=project.pk, answers=answers, by=by, version=version)


def return_page(project):
    return reverse("programs:project-return", args=[project.pk])


def answer_page(project):
    return reverse("programs:supplement-answer", args=[project.pk])


def detail(client, project):
    return client.get(reverse("programs:project-detail", args=[project.pk]))


def sent(project, *rows, total=5, **changes):
    """What the page of a return sends; `rows` are (section, content)."""
    form = {"version": project.version, "reason": REASON, "document_number": "", "document_date": ""}
    form |= {"diem-TOTAL_FORMS": total, "diem-INITIAL_FORMS": 0, "diem-MIN_NUM_FORMS": 0, "diem-MAX_NUM_FORMS": 30}
    for place, (section, content) in enumerate(rows):
        form |= {f"diem-{place}-section": section, f"diem-{place}-content": content}
    return form | changes


def pairs(project):
    return [(point.section, point.content) for point in SupplementPoint.objects.of_last_return(project.pk)]


def test_a_return_asks_point_by_point(client, department_officer, confirmed):
    client.force_login(department_officer)
    assert len(client.get(return_page(confirmed)).context["formset"].forms) == 5
    form = sent(confirmed, ("money", "Bổ sung báo giá"), ("", ""), ("documents", "Nộp cam kết"))
    assert client.post(return_page(confirmed), form).status_code == 302
    assert pairs(confirmed) == [("money", "Bổ sung báo giá"), ("documents", "Nộp cam kết")]
    (event,) = AuditEvent.objects.about(f"project:{confirmed.pk}")
    assert (event.action, event.reason) == ("return", REASON)
    assert event.changes["Yêu cầu bổ sung 1 (Kinh phí)"] == [None, "Bổ sung báo giá"]
    assert event.changes["Trạng thái"] == ["Đã xác nhận", "Trả lại bổ sung"]


def test_without_points_the_reason_is_the_one_point(department_officer, confirmed):
    give_back(confirmed, department_officer)
    assert pairs(confirmed) == [("general", REASON)]


def test_a_return_of_many_asks_each_for_the_reason(client, local_officer, department_officer, confirmed):
    other = make_project(created_by=local_officer, status=Status.APPRAISED.value)
    client.force_login(department_officer)
    ticks = [f"{project.pk}-{project.version}" for project in (confirmed, other)]
    form = {"move": "return", "de_an": ticks, "do": "1", "document_number": "", "document_date": "", "reason": REASON}
    assert client.post(reverse("programs:project-bulk"), form).context["good"] == 2
    assert pairs(confirmed) == pairs(other) == [("general", REASON)]


@pytest.mark.parametrize(
    ("rows", "changes", "said"),
    [
        ([("money", "  ")], {}, "Ghi rõ cần bổ sung gì."),
        ([("", "Bổ sung báo giá")], {}, "Chọn phần của đề án."),
        ([("tien", "Bổ sung báo giá")], {}, "tien"),
        ([("money", "Bổ sung báo giá")], {"reason": " "}, "Bổ sung báo giá"),
        ([("money", "Bổ sung báo giá")], {"version": ""}, "Bổ sung báo giá"),
    ],
)
def test_a_wrong_row_is_named_and_the_typing_is_kept(client, department_officer, confirmed, rows, changes, said):
    client.force_login(department_officer)
    response = client.post(return_page(confirmed), sent(confirmed, *rows, **changes))
    assert response.status_code == 422
    text = response.content.decode()
    assert said in text
    assert rows[0][1].strip() in text
    assert not SupplementPoint.objects.exists()
    assert Project.objects.get(pk=confirmed.pk).state is Status.CONFIRMED


def test_more_rows_come_without_javascript_and_keep_what_was_typed(client, department_officer, confirmed):
    client.force_login(department_officer)
    rows = [("money", f"Yêu cầu {number}") for number in range(5)]
    response = client.post(return_page(confirmed), sent(confirmed, *rows, them_dong="1"))
    assert response.status_code == 200
    formset = response.context["formset"]
    assert len(formset.forms) == 10
    assert [form["content"].value() for form in formset.forms[:5]] == [content for _, content in rows]
    assert REASON in response.content.decode()
    assert not response.context["form"].errors
    more = [*rows, ("general", "Yêu cầu 5")]
    assert client.post(return_page(confirmed), sent(confirmed, *more, total=10)).status_code == 302
    assert len(pairs(confirmed)) == 6


def test_the_action_refuses_points_that_say_nothing(department_officer, confirmed):
    for points in ([Asked("money", " ")], [Asked("tien", "x")], [Asked("money", "x")] * (POINT_LIMIT + 1)):
        with pytest.raises(Refused):
            give_back(confirmed, department_officer, points=points)
    paper = Paper("1/SCT", datetime.date(2026, 2, 5))
    with pytest.raises(Refused, match="Chỉ khi trả lại"):
        move(project_id=confirmed.pk, action=Action.APPRAISE, by=department_officer, paper=paper, points=ASKED)
    assert not SupplementPoint.objects.exists()


def test_who_may_not_return_finds_no_page(client, local_officer, other_local_officer, accountant, stranger, confirmed):
    for user, status in ((local_officer, 403), (accountant, 403), (other_local_officer, 404), (stranger, 404)):
        client.force_login(user)
        assert client.get(return_page(confirmed)).status_code == status
        assert client.post(return_page(confirmed), sent(confirmed, ("money", "x"))).status_code == status
    assert not SupplementPoint.objects.exists()


def test_a_return_that_was_overtaken_keeps_the_rows(client, department_officer, confirmed):
    form = sent(confirmed, ("money", "Bổ sung báo giá"))
    Project.objects.filter(pk=confirmed.pk).update(version=9)
    client.force_login(department_officer)
    response = client.post(return_page(confirmed), form)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Bổ sung báo giá" in text
    assert 'name="version" value="9"' in text


def test_the_page_lists_the_points_with_their_tabs_and_boxes(client, local_officer, department_officer, returned):
    client.force_login(local_officer)
    text = detail(client, returned).content.decode()
    for words in (
        f"{department_officer} ({department_officer.organisation}) trả lại lúc",
        "văn bản số 12/SCT-KC ngày 05/02/2026",
        "Đã giải trình 0/2 yêu cầu",
        f"<p>{REASON}</p>",
        "<p>Bổ sung báo giá máy</p>",
        f'href="{reverse("programs:project-documents", args=[returned.pk])}">Tài liệu</a>',
        "Ghi giải trình",
    ):
        assert words in text, words
    assert text.count("Chưa giải trình:") == 2
    other_tab = client.get(reverse("programs:project-documents", args=[returned.pk])).content.decode()
    assert "Bổ sung báo giá máy" in other_tab
    assert answer_page(returned) not in other_tab


def test_answers_are_written_some_now_and_some_later(client, local_officer, returned):
    first, second = SupplementPoint.objects.of_last_return(returned.pk)
    client.force_login(local_officer)
    form = {"version": returned.version, f"tra_loi_{first.pk}": "Báo giá ngày 10/02", f"tra_loi_{second.pk}": ""}
    assert client.post(answer_page(returned), form).status_code == 302
    first.refresh_from_db()
    assert (first.answer, first.answered_by) == ("Báo giá ngày 10/02", local_officer)
    assert first.answered_at is not None
    event = AuditEvent.objects.about(f"project:{returned.pk}").first()
    assert event.action == "answer_points"
    assert event.changes == {"Giải trình 1 – Kinh phí: Bổ sung báo giá máy": [None, "Báo giá ngày 10/02"]}
    response = detail(client, returned)
    text = response.content.decode()
    assert text.count("Chưa giải trình:") == 1
    step = response.context["checklist"].steps[0]
    assert (step.label, step.done, step.note) == ("Giải trình yêu cầu bổ sung", False, "1/2 yêu cầu")
    assert "Tài liệu: Nộp bản cam kết vốn đối ứng" in " ".join(response.context["checklist"].problems)


def test_nothing_typed_is_said_and_an_overtaken_answer_is_kept(client, local_officer, returned):
    point = SupplementPoint.objects.of_last_return(returned.pk).first()
    client.force_login(local_officer)
    response = client.post(answer_page(returned), {"version": returned.version})
    assert response.status_code == 422
    assert "Chưa ghi giải trình nào mới." in response.content.decode()
    Project.objects.filter(pk=returned.pk).update(version=50)
    response = client.post(answer_page(returned), {"version": returned.version, f"tra_loi_{point.pk}": "Đã nộp"})
    assert response.status_code == 409
    assert "Đã nộp" in response.content.decode()
    assert not SupplementPoint.objects.exclude(answer="").exists()


def test_a_returned_project_is_not_submitted_before_every_answer(client, local_officer, returned):
    client.force_login(local_officer)
    address = reverse("programs:project-move", args=[returned.pk, Action.SUBMIT.value])
    form = {"version": returned.version, "document_number": "", "document_date": "", "reason": ""}
    response = client.post(address, form)
    assert response.status_code == 422
    text = response.content.decode()
    assert "Còn 2 yêu cầu bổ sung chưa có giải trình:" in text
    assert "– Kinh phí: Bổ sung báo giá máy" in text
    answered(returned, local_officer, "Đã có báo giá")
    with pytest.raises(Refused, match="Còn 1 yêu cầu"):
        move(project_id=returned.pk, action=Action.SUBMIT, by=local_officer)
    version = answered(returned, local_officer, "Đã có báo giá", "Đã nộp cam kết").version
    assert client.post(address, form | {"version": version}).status_code == 302
    assert Project.objects.get(pk=returned.pk).state is Status.CONFIRMED


def test_the_level_that_gets_it_back_reads_point_and_answer_side_by_side(
    client, local_officer, department_officer, returned
):
    answered(returned, local_officer, "Đã có báo giá", "Đã nộp cam kết")
    move(project_id=returned.pk, action=Action.SUBMIT, by=local_officer)
    client.force_login(department_officer)
    text = detail(client, returned).content.decode()
    assert "Yêu cầu bổ sung và giải trình" in text
    assert "<td>Bổ sung báo giá máy</td>\n                <td>Đã có báo giá</td>" in text
    assert str(local_officer) in text


def test_only_the_last_return_counts(client, local_officer, department_officer, returned):
    answered(returned, local_officer, "Đã có báo giá", "Đã nộp cam kết")
    move(project_id=returned.pk, action=Action.SUBMIT, by=local_officer)
    give_back(returned, department_officer, points=[Asked("general", "Sửa tên đề án")])
    assert pairs(returned) == [("general", "Sửa tên đề án")]
    old = SupplementPoint.objects.filter(section="money").get()
    version = Project.objects.get(pk=returned.pk).version
    with pytest.raises(Refused, match="không thuộc lần trả lại gần nhất"):
        answer_points(project_id=returned.pk, answers={old.pk: "x"}, by=local_officer, version=version)


def test_who_may_answer(client, local_officer, other_local_officer, accountant, stranger, returned):
    point = SupplementPoint.objects.of_last_return(returned.pk).first()
    form = {"version": returned.version, f"tra_loi_{point.pk}": "x"}
    for user, status in ((accountant, 403), (other_local_officer, 404), (stranger, 404)):
        client.force_login(user)
        assert client.post(answer_page(returned), form).status_code == status
    with pytest.raises(NotAllowed):
        answer_points(project_id=returned.pk, answers={point.pk: "x"}, by=stranger, version=returned.version)
    with pytest.raises(Overtaken):
        answer_points(project_id=returned.pk, answers={point.pk: "x"}, by=local_officer, version=1)
    client.force_login(accountant)
    text = detail(client, returned).content.decode()
    assert "Bổ sung báo giá máy" in text
    assert answer_page(returned) not in text


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.RETURNED])
def test_there_is_nothing_to_answer_in_another_state(client, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    with pytest.raises(Refused):
        policies.check_can_answer(local_officer, project)
    client.force_login(local_officer)
    assert client.post(answer_page(project), {"version": 1}).status_code == 422


def test_the_address_of_the_answers_leads_to_the_project(client, local_officer, returned):
    client.force_login(local_officer)
    assert client.get(answer_page(returned)).url == reverse("programs:project-detail", args=[returned.pk])

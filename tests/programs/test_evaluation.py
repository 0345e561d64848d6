"""Evaluation after support: who, when, what is asked back; one row per look, and a correction leaves a trace."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.vietnamese.dates import format_date
from programs.actions.evaluation import RECORDED_FIELDS, correct_evaluation, record_evaluation
from programs.evaluation_policies import EVALUATED_IN, check_can_correct_evaluation, check_can_evaluate
from programs.models import SupportEvaluation
from programs.workflow import Status
from tests.at_once import at_once, won_and_refused
from tests.factories import add_participant, make_organisation, make_project, make_province, make_user

pytestmark = pytest.mark.django_db
ACCEPTED = datetime.date(2024, 10, 8)
LOOKED = datetime.date(2025, 10, 15)


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, year=2024, status=Status.SETTLED.value, accepted_date=ACCEPTED)


@pytest.fixture
def part(project):
    return add_participant(project)


def tab(project):
    return reverse("programs:project-evaluations", args=[project.pk])


def adding(part):
    return reverse("programs:evaluation-add", args=[part.project_id, part.pk])


def editing(evaluation):
    return reverse("programs:evaluation-edit", args=[evaluation.participant.project_id, evaluation.pk])


def version_of(part):
    part.project.refresh_from_db()
    return part.project.version


def typed(part, **changes):
    return {
        "version": version_of(part),
        "evaluated_on": "15/10/2025",
        "product": "Khô cá sặc",
        "capacity_unit": "tấn/năm",
        "capacity_before": "800",
        "capacity_after": "1.200",
        "revenue_vnd_before": "850 triệu",
        "revenue_vnd_after": "1,2 tỷ",
        "workers_before": "8",
        "workers_after": "12",
        "mobilised_vnd": "",
        "source_note": "Phiếu khảo sát của xã",
    } | changes


def values(**changes):
    blank = dict.fromkeys(RECORDED_FIELDS) | {"product": "", "capacity_unit": ""}
    known = {"evaluated_on": LOOKED, "workers_before": 8, "workers_after": 12, "source_note": "Cơ sở báo cáo"}
    return blank | known | changes


def evaluate(part, by, **changes):
    given = {"values": values(**changes), "version": version_of(part)}
    return record_evaluation(project_id=part.project_id, participant_id=part.pk, by=by, **given)


def test_an_evaluation_is_recorded_with_one_event(client, local_officer, part):
    client.force_login(local_officer)
    assert client.get(adding(part)).status_code == 200
    response = client.post(adding(part), typed(part))
    assert response.status_code == 302
    assert response.url == tab(part.project)
    row = part.evaluations.get()
    assert (row.revenue_vnd_before, row.revenue_vnd_after) == (850_000_000, 1_200_000_000)
    assert (row.capacity_after, row.workers_after, row.mobilised_vnd) == (1200, 12, None)
    assert row.recorded_by == local_officer
    (event,) = AuditEvent.objects.about(f"project:{part.project_id}")
    assert event.action == "evaluation_record"
    assert event.changes["Cơ sở"] == [None, str(part)]
    assert event.changes["Doanh thu sau hỗ trợ (đồng/năm)"] == [None, "1.200.000.000"]
    assert "Vốn cơ sở huy động thêm (đồng)" not in event.changes


def test_the_tab_shows_change_and_its_denominator_and_keeps_blanks(client, auditor, local_officer, part):
    evaluate(part, local_officer, capacity_unit="tấn/năm", capacity_before=0, capacity_after=40, revenue_vnd_before=5)
    client.force_login(auditor)
    page = client.get(tab(part.project)).content.decode()
    assert "Thay đổi / trước hỗ trợ (%)" in page
    for text in ("Lao động (người)", "+4", "50,0", "Công suất (tấn/năm)", "+40", "chưa rõ", "Cơ sở báo cáo"):
        assert text in page
    assert "Giá trị gia tăng" not in page
    assert "Thêm đánh giá" not in page
    [(_, [(_, lines, may_correct)])] = client.get(tab(part.project)).context["parts"]
    assert not may_correct
    assert {line.name: line.percent for line in lines} == {"Công suất": "–", "Doanh thu": "", "Lao động": "50,0"}


def test_a_later_look_starts_from_the_earlier_figures_before_and_keeps_the_row(client, local_officer, part):
    first = evaluate(part, local_officer, product="Khô cá", capacity_unit="tấn/năm", capacity_before=800)
    client.force_login(local_officer)
    initial = client.get(adding(part)).context["form"].initial
    assert (initial["workers_before"], initial["product"], initial["capacity_before"]) == (8, "Khô cá", 800)
    assert "workers_after" not in initial
    assert client.post(adding(part), typed(part, evaluated_on="20/12/2025")).status_code == 302
    assert list(part.evaluations.values_list("evaluated_on", flat=True)) == [datetime.date(2025, 12, 20), LOOKED]
    first.refresh_from_db()
    assert first.workers_after == 12


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"evaluated_on": "07/10/2024"}, "evaluated_on"),
        ({"evaluated_on": "31/02/2025"}, "evaluated_on"),
        ({"evaluated_on": ""}, "evaluated_on"),
        ({"capacity_unit": ""}, "capacity_unit"),
        ({"capacity_after": "1,5"}, "capacity_after"),
        ({"capacity_after": "-3"}, "capacity_after"),
        ({"workers_after": "nhiều"}, "workers_after"),
        ({"workers_after": "9999999"}, "workers_after"),
        ({"revenue_vnd_after": "4.020"}, "revenue_vnd_after"),
        ({"revenue_vnd_after": "-1"}, "revenue_vnd_after"),
        ({"mobilised_vnd": "999999999 tỷ"}, "mobilised_vnd"),
        ({"source_note": " "}, "source_note"),
    ],
)
def test_wrong_entries_are_asked_back_with_what_was_typed(client, centre_officer, part, changes, field):
    client.force_login(centre_officer)
    response = client.post(adding(part), typed(part, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    assert "Khô cá sặc" in page
    assert "850 triệu" in page
    assert not SupportEvaluation.objects.exists()


def test_one_whole_pair_is_needed(client, centre_officer, part):
    client.force_login(centre_officer)
    half = typed(part, capacity_after="", revenue_vnd_before="", workers_after="", mobilised_vnd="2 tỷ")
    response = client.post(adding(part), half)
    assert response.status_code == 422
    assert "ít nhất một chỉ tiêu" in response.content.decode()
    assert not SupportEvaluation.objects.exists()


def test_zero_is_a_figure_and_blank_is_none(client, centre_officer, part):
    client.force_login(centre_officer)
    none = dict.fromkeys(("capacity_before", "capacity_after", "capacity_unit", "workers_before", "workers_after"), "")
    response = client.post(adding(part), typed(part, **none, revenue_vnd_before="0"))
    assert response.status_code == 302
    row = part.evaluations.get()
    assert (row.revenue_vnd_before, row.workers_before) == (0, None)


def test_a_look_from_tomorrow_is_refused(client, centre_officer, part):
    tomorrow = format_date(timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(centre_officer)
    response = client.post(adding(part), typed(part, evaluated_on=tomorrow))
    assert response.status_code == 422
    assert "không thể sau hôm nay" in str(response.context["form"].errors["evaluated_on"])


def test_a_day_is_recorded_once(client, centre_officer, part):
    evaluate(part, centre_officer)
    client.force_login(centre_officer)
    refused = client.post(adding(part), typed(part))
    assert refused.status_code == 422
    assert "đã được đánh giá vào ngày đó" in str(refused.context["form"].errors["evaluated_on"])
    assert part.evaluations.count() == 1


def test_a_correction_says_what_it_was_before(client, local_officer, part):
    row = evaluate(part, local_officer)
    client.force_login(local_officer)
    form = client.get(editing(row))
    assert form.status_code == 200
    assert form.context["form"].initial["workers_after"] == 12
    response = client.post(editing(row), typed(part, workers_after="11"))
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.workers_after, row.product) == (11, "Khô cá sặc")
    event = AuditEvent.objects.about(f"project:{part.project_id}").get(action="evaluation_correct")
    assert event.changes["Lao động sau hỗ trợ (người)"] == ["12", "11"]
    assert event.changes["Lần đánh giá"] == [f"{part}, 15/10/2025"] * 2
    assert "Lao động trước hỗ trợ (người)" not in event.changes


def test_a_correction_that_changes_nothing_is_no_event(local_officer, part):
    row, events = evaluate(part, local_officer), AuditEvent.objects.count()
    given = {"values": values(), "by": local_officer, "version": version_of(part)}
    correct_evaluation(project_id=part.project_id, evaluation_id=row.pk, **given)
    assert AuditEvent.objects.count() == events


def test_two_corrections_do_not_overwrite_each_other(client, local_officer, part):
    row = evaluate(part, local_officer)
    client.force_login(local_officer)
    first, second = typed(part, workers_after="11"), typed(part, workers_after="14")
    assert client.post(editing(row), first).status_code == 302
    late = client.post(editing(row), second)
    assert late.status_code == 409
    assert 'value="14"' in late.content.decode()
    row.refresh_from_db()
    assert row.workers_after == 11


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_the_same_moment(local_officer, part):
    row, version = evaluate(part, local_officer), version_of(part)

    def correcting(workers):
        given = {"values": values(workers_after=workers), "by": local_officer, "version": version}
        return lambda: correct_evaluation(project_id=part.project_id, evaluation_id=row.pk, **given)

    assert "đã được thay đổi" in won_and_refused(at_once(correcting(11), correcting(14)))
    assert AuditEvent.objects.filter(action="evaluation_correct").count() == 1


def test_another_office_writes_its_own_row_and_does_not_correct(client, local_officer, centre_officer, part):
    row = evaluate(part, local_officer)
    with pytest.raises(NotAllowed, match="chỉ người của đơn vị đó"):
        check_can_correct_evaluation(centre_officer, part.project, row)
    client.force_login(centre_officer)
    for response in (client.get(editing(row)), client.post(editing(row), typed(part, workers_after="99"))):
        assert response.status_code == 403
    page = client.get(tab(part.project)).content.decode()
    assert editing(row) not in page
    assert adding(part) in page
    row.refresh_from_db()
    assert row.workers_after == 12
    colleague = make_user(Role.LOCAL_OFFICER, local_officer.organisation)
    check_can_correct_evaluation(colleague, part.project, row)


@pytest.mark.parametrize("status", list(Status))
def test_evaluations_begin_with_the_acceptance(centre_officer, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    if status in EVALUATED_IN:
        check_can_evaluate(centre_officer, project)
    else:
        with pytest.raises(Refused, match="từ khi đề án nghiệm thu"):
            check_can_evaluate(centre_officer, project)


@pytest.mark.parametrize("who", ["local_officer", "department_officer", "centre_officer"])
def test_those_who_see_the_establishment_evaluate(request, project, who):
    check_can_evaluate(request.getfixturevalue(who), project)


@pytest.mark.parametrize("who", ["leader", "accountant", "auditor", "system_admin"])
def test_the_others_only_read(request, client, part, who):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        check_can_evaluate(person, part.project)
    client.force_login(person)
    assert client.get(tab(part.project)).status_code == 200
    assert client.get(adding(part)).status_code == 403
    assert client.post(adding(part), typed(part)).status_code == 403
    assert not SupportEvaluation.objects.exists()


def test_before_the_acceptance_the_reason_is_on_the_page(client, centre_officer, local_officer):
    project = make_project(created_by=local_officer, status=Status.IN_PROGRESS.value)
    part = add_participant(project)
    client.force_login(centre_officer)
    for response in (client.get(adding(part)), client.post(adding(part), typed(part))):
        assert response.status_code == 422
        assert "được ghi từ khi đề án nghiệm thu" in response.content.decode()
    assert "Chưa đến lúc đánh giá sau hỗ trợ" in client.get(tab(project)).content.decode()
    assert not SupportEvaluation.objects.exists()


def test_elsewhere_there_is_no_such_project(client, other_local_officer, part, local_officer):
    row = evaluate(part, local_officer)
    abroad = make_user(Role.CENTRE_OFFICER, make_organisation(make_province(), kind=OrganisationKind.CENTRE))
    for person in (other_local_officer, abroad):
        with pytest.raises(NotAllowed, match="phạm vi"):
            check_can_evaluate(person, part.project)
        client.force_login(person)
        for address in (tab(part.project), adding(part), editing(row)):
            assert client.get(address).status_code == 404
        assert client.post(adding(part), typed(part)).status_code == 404


def test_parts_and_rows_of_another_project_are_not_found(client, local_officer, part):
    other = make_project(created_by=local_officer, status=Status.SETTLED.value)
    row = evaluate(part, local_officer)
    client.force_login(local_officer)
    assert client.get(reverse("programs:evaluation-add", args=[other.pk, part.pk])).status_code == 404
    assert client.get(reverse("programs:evaluation-edit", args=[other.pk, row.pk])).status_code == 404
    with pytest.raises(Refused, match="không còn trong đề án"):
        record_evaluation(
            project_id=other.pk, participant_id=part.pk, values=values(), by=local_officer, version=other.version
        )
    with pytest.raises(Refused, match="không còn trong đề án"):
        correct_evaluation(
            project_id=other.pk, evaluation_id=row.pk, values=values(), by=local_officer, version=other.version
        )


def test_the_action_asks_for_itself(accountant, centre_officer, part):
    asked = {"project_id": part.project_id, "participant_id": part.pk}
    with pytest.raises(NotAllowed):
        record_evaluation(**asked, values=values(), by=accountant, version=1)
    with pytest.raises(Overtaken):
        record_evaluation(**asked, values=values(), by=centre_officer, version=9)
    for changes in ({"workers_after": -1}, {"workers_after": None}, {"source_note": ""}, {"capacity_after": 3}):
        with pytest.raises(Refused):
            record_evaluation(**asked, values=values(**changes), by=centre_officer, version=1)
    assert not SupportEvaluation.objects.exists()

"""What the Ministry answers: agreed, to be supplemented, refused; recorded once, put right while it can be."""

import datetime

import pytest
from django.db import transaction

from funding.checks import has_approved_money
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.ministry import Answer, correct_result, record_results, send_batch
from programs.actions.project import Paper, move
from programs.checks import problems_before
from programs.models import MinistryBatchProject, MinistryResult, Project
from programs.workflow import Action, Status, Track
from tests.at_once import at_once, won_and_refused
from tests.factories import make_project, send_to_ministry

SENT, ANSWERED = datetime.date(2026, 2, 5), datetime.date(2026, 3, 10)
LETTER, REPLY = Paper("12/TTr-SCT", SENT), Paper("345/BCT-CTĐP", ANSWERED)
AGREED = Answer(MinistryResult.AGREED, REPLY)
SUPPLEMENT = Answer(MinistryResult.SUPPLEMENT, REPLY, "Bổ sung báo giá")
REFUSED = Answer(MinistryResult.REFUSED, REPLY, "Ngoài danh mục")
TYPED = {"result": "agreed", "document_number": "345/BCT-CTĐP", "document_date": "10/03/2026", "reason": ""}
pytestmark = pytest.mark.django_db


def against_approval(project):
    """What speaks against approving, but for what the approval itself writes."""
    return problems_before(Action.APPROVE, project, asked_here=[has_approved_money])


def appraised(user, **values):
    values = {"track": Track.NATIONAL.value, "status": Status.APPRAISED.value} | values
    return make_project(created_by=user, **values)


@pytest.fixture
def sent(department_officer, local_officer):
    """Three projects with the Ministry, in one batch."""
    projects = [appraised(local_officer) for _ in range(3)]
    send_batch(versions={one.pk: one.version for one in projects}, by=department_officer, paper=LETTER)
    return fresh(*projects)


def fresh(*projects):
    return [Project.objects.get(pk=project.pk) for project in projects]


def entry_of(project):
    return MinistryBatchProject.objects.filter(project=project).order_by("-pk").first()


def answer(by, what, *projects):
    batch_id = entry_of(projects[0]).batch_id
    return record_results(batch_id=batch_id, versions={one.pk: one.version for one in projects}, answer=what, by=by)


def page_of(project):
    return f"/dot-gui-bo/{entry_of(project).batch_id}/"


def ticks(*projects):
    return [f"{project.pk}-{project.version}" for project in projects]


class TestAction:
    @pytest.mark.parametrize(
        ("what", "status"),
        [(AGREED, Status.SENT_TO_MINISTRY), (SUPPLEMENT, Status.RETURNED), (REFUSED, Status.REFUSED)],
    )
    def test_one_document_answers_for_several(self, department_officer, sent, what, status):
        answer(department_officer, what, *sent[:2])
        assert [project.state for project in fresh(*sent)] == [status, status, Status.SENT_TO_MINISTRY]
        for project in sent[:2]:
            entry = entry_of(project)
            assert (entry.result, entry.result_number, entry.result_date) == (what.result, REPLY.number, ANSWERED)
            assert (entry.result_by, entry.result_note) == (department_officer, what.note)
            event = AuditEvent.objects.about(f"project:{project.pk}").order_by("-pk").first()
            assert (event.document_number, event.document_date, event.reason) == (REPLY.number, ANSWERED, what.note)
        assert entry_of(sent[2]).result == ""
        event = AuditEvent.objects.about(f"ministrybatch:{entry_of(sent[0]).batch_id}").order_by("-pk").first()
        assert event.changes == {project.code: [None, what.result.label] for project in sent[:2]}

    def test_a_result_is_recorded_once_and_one_refusal_keeps_all_back(self, department_officer, sent):
        answer(department_officer, AGREED, sent[0])
        first, second, _ = fresh(*sent)
        with pytest.raises(Refused, match=f"{first.code} đã có kết quả"):
            answer(department_officer, SUPPLEMENT, second, first)
        assert entry_of(second).result == ""
        assert fresh(second)[0].state is Status.SENT_TO_MINISTRY

    def test_a_page_that_was_overtaken_records_nothing(self, department_officer, sent):
        Project.objects.filter(pk=sent[1].pk).update(version=9)
        with pytest.raises(Overtaken, match=sent[1].code):
            answer(department_officer, AGREED, *sent)
        assert not MinistryBatchProject.objects.exclude(result="").exists()

    def test_a_project_of_another_batch_is_refused(self, department_officer, sent):
        other = appraised(department_officer, status=Status.SENT_TO_MINISTRY.value)
        send_to_ministry(other, department_officer)
        with pytest.raises(Refused, match="không có trong đợt gửi này"):
            answer(department_officer, AGREED, sent[0], other)

    @pytest.mark.parametrize(
        ("what", "field"),
        [
            (Answer(MinistryResult.AGREED, Paper("", ANSWERED)), "document_number"),
            (Answer(MinistryResult.AGREED, Paper("1", None)), "document_date"),
            (Answer(MinistryResult.AGREED, Paper("1", datetime.date(2026, 2, 4))), "document_date"),
            (Answer(MinistryResult.AGREED, Paper("1", datetime.date(2199, 1, 1))), "document_date"),
            (Answer(MinistryResult.SUPPLEMENT, REPLY), "reason"),
            (Answer(MinistryResult.REFUSED, REPLY), "reason"),
        ],
    )
    def test_the_document_is_checked(self, department_officer, sent, what, field):
        with pytest.raises(Refused) as refusal:
            answer(department_officer, what, sent[0])
        assert refusal.value.field == field

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPARTMENT_OFFICER])
    def test_only_those_who_appraise_record(self, cast, sent, role):
        with pytest.raises(NotAllowed):
            answer(cast[role], AGREED, sent[0])

    def test_a_stranger_records_nothing(self, stranger, sent):
        with pytest.raises(NotAllowed):
            answer(stranger, AGREED, sent[0])

    def test_a_withdrawn_project_has_no_result(self, department_officer, local_officer, sent):
        move(project_id=sent[0].pk, action=Action.WITHDRAW, by=local_officer, reason="Tự đầu tư")
        with pytest.raises(Refused, match="Đã rút"):
            answer(department_officer, AGREED, *fresh(sent[0]))


class TestApproval:
    def test_a_national_project_waits_for_the_ministrys_agreement(self, department_officer, sent):
        (problem,) = against_approval(sent[0])
        assert "chưa có kết quả" in problem
        assert "“Đợt gửi Bộ”, công văn 12/TTr-SCT" in problem
        answer(department_officer, AGREED, sent[0])
        assert against_approval(*fresh(sent[0])) == []

    def test_a_project_without_a_batch_is_not_approved(self, department_officer):
        project = appraised(department_officer, status=Status.SENT_TO_MINISTRY.value)
        (problem,) = against_approval(project)
        assert "chưa nằm trong đợt gửi Bộ nào" in problem

    def test_a_local_project_needs_none(self, department_officer):
        local = appraised(department_officer, track=Track.LOCAL.value)
        assert not any("Bộ" in problem for problem in against_approval(local))

    def test_what_was_returned_goes_up_again_in_a_new_batch(self, department_officer, sent):
        project = sent[0]
        answer(department_officer, AGREED, project)
        (project,) = fresh(project)
        move(project_id=project.pk, action=Action.RETURN, by=department_officer, reason="Đổi thiết bị")
        Project.objects.filter(pk=project.pk).update(status=Status.APPRAISED.value)
        (project,) = fresh(project)
        send_batch(versions={project.pk: project.version}, by=department_officer, paper=LETTER)
        # The old agreement is worth nothing for what was sent anew.
        assert "chưa có kết quả" in against_approval(*fresh(project))[0]
        assert MinistryBatchProject.objects.filter(project=project).count() == 2

    def test_a_returned_project_resumes_before_the_letter(self, department_officer, sent):
        answer(department_officer, SUPPLEMENT, sent[0])
        (project,) = fresh(sent[0])
        assert (project.state, project.returned_from) == (Status.RETURNED, Status.APPRAISED.value)

    @pytest.mark.parametrize("action", [Action.RETURN, Action.REFUSE])
    def test_nothing_is_returned_or_refused_past_its_batch(self, department_officer, sent, action):
        with pytest.raises(Refused, match="công văn 12/TTr-SCT"):
            move(project_id=sent[0].pk, action=action, by=department_officer, paper=REPLY, reason="Thiếu")
        assert fresh(sent[0])[0].state is Status.SENT_TO_MINISTRY


class TestCorrection:
    def correct(self, by, project, what):
        (project,) = fresh(project)
        return correct_result(entry_id=entry_of(project).pk, version=project.version, answer=what, by=by)

    @pytest.mark.parametrize(("what", "status"), [(SUPPLEMENT, Status.RETURNED), (REFUSED, Status.REFUSED)])
    def test_a_wrong_agreement_is_put_right_and_both_are_kept(self, department_officer, sent, what, status):
        answer(department_officer, AGREED, sent[0])
        assert self.correct(department_officer, sent[0], what)
        assert fresh(sent[0])[0].state is status
        event = AuditEvent.objects.about(f"ministrybatch:{entry_of(sent[0]).batch_id}").order_by("-pk").first()
        assert event.action == "ministry_result_correct"
        before, after = event.changes[sent[0].code]
        assert before.startswith(MinistryResult.AGREED.label)
        assert after.startswith(what.result.label)

    def test_a_wrong_number_is_put_right(self, department_officer, sent):
        answer(department_officer, AGREED, sent[0])
        right = Answer(MinistryResult.AGREED, Paper("346/BCT-CTĐP", ANSWERED), "Ghi nhầm số")
        self.correct(department_officer, sent[0], right)
        assert entry_of(sent[0]).result_number == "346/BCT-CTĐP"
        assert fresh(sent[0])[0].state is Status.SENT_TO_MINISTRY

    def test_it_is_explained(self, department_officer, sent):
        answer(department_officer, AGREED, sent[0])
        with pytest.raises(Refused, match="vì sao") as refusal:
            self.correct(department_officer, sent[0], AGREED)
        assert refusal.value.field == "reason"

    @pytest.mark.parametrize("what", [SUPPLEMENT, REFUSED])
    def test_what_has_moved_the_project_on_stays(self, department_officer, sent, what):
        answer(department_officer, what, sent[0])
        with pytest.raises(Refused, match="không ghi kết quả"):
            self.correct(department_officer, sent[0], SUPPLEMENT)

    def test_an_approved_project_stays(self, department_officer, sent):
        answer(department_officer, AGREED, sent[0])
        Project.objects.filter(pk=sent[0].pk).update(status=Status.APPROVED.value)
        with pytest.raises(Refused, match="Đã phê duyệt"):
            self.correct(department_officer, sent[0], REFUSED)

    def test_an_older_entry_stays(self, department_officer, sent):
        answer(department_officer, AGREED, sent[0])
        old = entry_of(sent[0])
        send_to_ministry(sent[0], department_officer)
        (project,) = fresh(sent[0])
        with pytest.raises(Refused, match="đợt sau"):
            correct_result(entry_id=old.pk, version=project.version, answer=SUPPLEMENT, by=department_officer)

    def test_strangers_and_other_roles_correct_nothing(self, department_officer, leader, stranger, sent):
        answer(department_officer, AGREED, sent[0])
        for user in (leader, stranger):
            with pytest.raises(NotAllowed):
                self.correct(user, sent[0], SUPPLEMENT)


class TestPages:
    def test_the_ticked_projects_get_the_result(self, client, department_officer, sent):
        client.force_login(department_officer)
        address = page_of(sent[0])
        assert len(client.get(address).context["rows"]) == 3
        response = client.post(f"{address}ket-qua/", TYPED | {"de_an": ticks(*sent[:2])})
        assert response.url == address
        assert [entry_of(project).result for project in sent] == ["agreed", "agreed", ""]
        text = client.get(address).content.decode()
        assert "345/BCT-CTĐP ngày 10/03/2026" in text
        assert f"{address}ket-qua/{sent[0].pk}/sua/" in text
        assert f"{address}ket-qua/{sent[2].pk}/sua/" not in text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"result": ""}, "result"),
            ({"result": "la"}, "result"),
            ({"document_number": " "}, "document_number"),
            ({"document_date": "31/02/2026"}, "document_date"),
            ({"document_date": "01/01/2026"}, "document_date"),
            ({"result": "refused"}, "reason"),
        ],
    )
    def test_what_was_typed_and_ticked_is_kept(self, client, department_officer, sent, changes, field):
        client.force_login(department_officer)
        typed = TYPED | {"document_number": "77/BCT"} | changes | {"de_an": ticks(sent[1])}
        response = client.post(f"{page_of(sent[0])}ket-qua/", typed)
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert list(response.context["ticks"]) == [sent[1].pk]
        if "document_number" not in changes:
            assert 'value="77/BCT"' in response.content.decode()
        assert entry_of(sent[1]).result == ""

    def test_nothing_ticked(self, client, department_officer, sent):
        client.force_login(department_officer)
        response = client.post(f"{page_of(sent[0])}ket-qua/", TYPED)
        assert response.status_code == 422
        assert "Chưa chọn đề án nào" in response.content.decode()

    def test_readers_see_and_do_not_record(self, client, auditor, sent):
        client.force_login(auditor)
        response = client.get(page_of(sent[0]))
        assert response.context["form"] is None
        assert "Ghi kết quả của Bộ" not in response.content.decode()
        form = TYPED | {"de_an": ticks(sent[0])}
        assert client.post(f"{page_of(sent[0])}ket-qua/", form).status_code == 403
        assert client.get(f"{page_of(sent[0])}ket-qua/{sent[0].pk}/sua/").status_code == 403
        assert entry_of(sent[0]).result == ""

    def test_another_area_finds_nothing(self, client, stranger, sent):
        client.force_login(stranger)
        form = TYPED | {"de_an": ticks(sent[0])}
        assert client.post(f"{page_of(sent[0])}ket-qua/", form).status_code == 404
        assert client.get(f"{page_of(sent[0])}ket-qua/{sent[0].pk}/sua/").status_code == 404
        assert entry_of(sent[0]).result == ""

    def test_a_wrong_agreement_is_corrected_on_its_page(self, client, department_officer, sent):
        answer(department_officer, AGREED, sent[0])
        (project,) = fresh(sent[0])
        client.force_login(department_officer)
        address = f"{page_of(project)}ket-qua/{project.pk}/sua/"
        assert 'value="345/BCT-CTĐP"' in client.get(address).content.decode()
        form = TYPED | {"version": project.version, "result": "supplement", "reason": ""}
        assert client.post(address, form).status_code == 422
        stale = client.post(address, form | {"reason": "Ghi nhầm", "version": 1})
        assert stale.status_code == 409
        assert client.post(address, form | {"reason": "Ghi nhầm"}).url == page_of(project)
        assert fresh(project)[0].state is Status.RETURNED
        response = client.get(address)
        assert response.status_code == 422
        assert "không ghi kết quả của Bộ được" in response.content.decode()

    def test_a_project_that_is_not_in_the_batch_has_no_page(self, client, department_officer, sent):
        other = appraised(department_officer)
        client.force_login(department_officer)
        assert client.get(f"{page_of(sent[0])}ket-qua/{other.pk}/sua/").status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_recorded(department_officer, local_officer):
    with transaction.atomic():
        project = appraised(local_officer)
        batch = send_batch(versions={project.pk: project.version}, by=department_officer, paper=LETTER)
    (project,) = fresh(project)

    def record(what):
        record_results(batch_id=batch.pk, versions={project.pk: project.version}, answer=what, by=department_officer)

    refusal = won_and_refused(at_once(lambda: record(AGREED), lambda: record(REFUSED)))
    assert "đã có kết quả" in refusal or "đã được thay đổi" in refusal


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_batches_at_once_one_takes_the_project(department_officer, local_officer):
    with transaction.atomic():
        first, second = appraised(local_officer), appraised(local_officer)
    both = {first.pk: first.version, second.pk: second.version}

    def send(order):
        send_batch(versions={pk: both[pk] for pk in order}, by=department_officer, paper=LETTER)

    won_and_refused(at_once(lambda: send([first.pk, second.pk]), lambda: send([second.pk, first.pk])))
    assert MinistryBatchProject.objects.count() == 2

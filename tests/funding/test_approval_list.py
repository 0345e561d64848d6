"""A list of projects approved by one decision: what is shown, all or nothing, two lists at once."""

import datetime

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.actions.approval import approve
from funding.actions.approval_list import LIST_LIMIT, approve_list
from funding.models import Approval, Budget, FundingLine
from funding.queries.budget import budget_position
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper
from programs.models import MinistryResult, Project, Step
from programs.workflow import Status, Track
from tests.factories import send_to_ministry, unit
from tests.funding.makers import (
    DECIDED,
    MILLION,
    PAPER,
    YEAR,
    add_line,
    appraised_project,
    approved_project,
    give_budget,
    source,
)
from tests.funding.test_two_at_once import at_once, won_and_refused

LIST = "/kinh-phi/phe-duyet-danh-sach/"
HERE = f"{LIST}?nam={YEAR}"
DECISION = {"do": "1", "document_number": "15/QĐ-UBND", "document_date": "01/08/2025", "reason": ""}


def versions(*projects):
    return {project.pk: project.version for project in projects}


def seen(*projects):
    return [f"{project.pk}-{project.version}" for project in projects]


def nothing_was_approved():
    untouched = not FundingLine.objects.exclude(approved_vnd=None).exists()
    return untouched and not (Approval.objects.exists() or Step.objects.exists() or AuditEvent.objects.exists())


@pytest.mark.django_db
class TestAction:
    def test_all_are_approved_with_what_they_asked_for(self, leader, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        give_budget(accountant, 300 * MILLION, "KCQG")
        local = appraised_project(local_officer, 150 * MILLION)
        add_line(local, "DOIUNG", 90 * MILLION)
        national = appraised_project(
            local_officer, 200 * MILLION, "KCQG", track=Track.NATIONAL.value, status=Status.SENT_TO_MINISTRY.value
        )
        send_to_ministry(national, leader, MinistryResult.AGREED)
        approve_list(versions=versions(local, national), by=leader, paper=PAPER, norm_reason="Định mức chưa rõ ngày")
        approved = set(FundingLine.objects.values_list("project_id", "source__code", "approved_vnd"))
        assert approved == {
            (local.pk, "KCDP", 150 * MILLION),
            (local.pk, "DOIUNG", 90 * MILLION),
            (national.pk, "KCQG", 200 * MILLION),
        }
        assert set(Approval.objects.values_list("decision_number", "decision_date")) == {("15/QĐ-UBND", DECIDED)}
        for project in (local, national):
            project.refresh_from_db()
            assert project.state is Status.APPROVED
            events = AuditEvent.objects.filter(subject=f"project:{project.pk}").order_by("pk")
            assert list(events.values_list("action", flat=True)) == ["approve_money", "approve"]

    def test_two_hundred_in_one_go(self, leader, local_officer, accountant):
        give_budget(accountant, LIST_LIMIT * 10)
        projects = [appraised_project(local_officer, 10) for _ in range(LIST_LIMIT)]
        approve_list(versions=versions(*projects), by=leader, paper=PAPER)
        assert Project.objects.filter(status=Status.APPROVED.value).count() == Approval.objects.count() == 200
        assert FundingLine.objects.aggregate(sum=Sum("approved_vnd"))["sum"] == LIST_LIMIT * 10
        assert list(broken_links(AuditEvent.objects.order_by("pk"))) == []

    def test_one_that_does_not_fit_leaves_none(self, leader, local_officer, accountant):
        give_budget(accountant, 136 * 10)
        projects = [appraised_project(local_officer, 10) for _ in range(LIST_LIMIT)]
        with pytest.raises(Refused) as refusal:
            approve_list(versions=versions(*projects), by=leader, paper=PAPER)
        assert "\n" not in refusal.value.message
        why = f"{projects[136].code}: Vượt dự toán còn lại: còn 0 đồng, phê duyệt 10 đồng"
        assert refusal.value.message.startswith(why)
        assert nothing_was_approved()
        assert Project.objects.filter(status=Status.APPRAISED.value).count() == LIST_LIMIT

    @pytest.mark.parametrize(
        ("change", "error", "words"),
        [
            ({"version": 7}, Overtaken, "đã được thay đổi"),
            ({"status": Status.CONFIRMED.value}, Refused, "không thể phê duyệt ở bước này"),
            ({"track": Track.NATIONAL.value}, Refused, "không thể phê duyệt ở bước này"),
        ],
    )
    def test_one_that_may_not_be_approved_leaves_none(self, leader, local_officer, accountant, change, error, words):
        give_budget(accountant, 100)
        first, second = appraised_project(local_officer, 10), appraised_project(local_officer, 10)
        Project.objects.filter(pk=second.pk).update(**change)
        with pytest.raises(error, match=f"{second.code}: .*{words}"):
            approve_list(versions=versions(first, second), by=leader, paper=PAPER)
        assert nothing_was_approved()

    def test_one_without_state_money_leaves_none(self, leader, local_officer, accountant):
        give_budget(accountant, 100)
        first, second = appraised_project(local_officer, 10), appraised_project(local_officer, 10, "DOIUNG")
        with pytest.raises(Refused, match=f"{second.code}: Chưa có khoản ngân sách nào được duyệt"):
            approve_list(versions=versions(first, second), by=leader, paper=PAPER)
        assert nothing_was_approved()

    def test_another_provinces_project_is_not_named(self, leader, local_officer, stranger, accountant):
        give_budget(accountant, 100)
        own = appraised_project(local_officer, 10)
        foreign = appraised_project(stranger, 10, place=stranger.organisation.area)
        with pytest.raises(Refused) as refusal:
            approve_list(versions=versions(own, foreign), by=leader, paper=PAPER)
        assert refusal.value.message.startswith("Không tìm thấy 1 đề án")
        assert foreign.code not in refusal.value.message
        assert nothing_was_approved()

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
    def test_only_a_leader_approves(self, cast, role, local_officer):
        project = appraised_project(local_officer, 10)
        with pytest.raises(NotAllowed):
            approve_list(versions=versions(project), by=cast[role], paper=PAPER)

    @pytest.mark.parametrize("chosen", [{}, dict.fromkeys(range(1, LIST_LIMIT + 2), 1)])
    def test_an_empty_or_endless_list_is_refused(self, leader, chosen):
        with pytest.raises(Refused):
            approve_list(versions=chosen, by=leader, paper=PAPER)

    @pytest.mark.parametrize(
        ("paper", "field"),
        [
            (Paper("", DECIDED), "document_number"),
            (Paper("1/QĐ", None), "document_date"),
            (Paper("1/QĐ", datetime.date(2199, 1, 1)), "document_date"),
        ],
    )
    def test_the_decision_is_checked_once_for_all(self, leader, local_officer, paper, field):
        project = appraised_project(local_officer, 10)
        with pytest.raises(Refused) as refusal:
            approve_list(versions=versions(project), by=leader, paper=paper)
        assert refusal.value.field == field
        assert project.code not in refusal.value.message


@pytest.mark.django_db
class TestPage:
    def listed(self, response):
        return [row.project.code for row in response.context["table"].rows]

    def test_it_lists_what_waits_for_approval_and_nothing_else(self, client, leader, local_officer, stranger):
        local = appraised_project(local_officer, 10)
        national = appraised_project(
            local_officer, 10, "KCQG", track=Track.NATIONAL.value, status=Status.SENT_TO_MINISTRY.value
        )
        send_to_ministry(national, leader, MinistryResult.AGREED)
        appraised_project(local_officer, 10, "KCQG", track=Track.NATIONAL.value, status=Status.SENT_TO_MINISTRY.value)
        appraised_project(local_officer, 10, "KCQG", track=Track.NATIONAL.value)
        appraised_project(local_officer, 10, status=Status.CONFIRMED.value)
        appraised_project(local_officer, 10, year=YEAR - 1)
        appraised_project(stranger, 10, place=stranger.organisation.area)
        client.force_login(leader)
        assert self.listed(client.get(HERE)) == [local.code, national.code]
        assert self.listed(client.get(f"{HERE}&cap=national")) == [national.code]
        fragment = client.get(HERE, headers={"HX-Request": "true"})
        assert self.listed(fragment) == [local.code, national.code]
        assert "<html" not in fragment.content.decode()

    @pytest.mark.parametrize("query", ["", "?nam=", "?nam=abc", "?nam=1999"])
    def test_a_year_is_always_chosen(self, client, leader, local_officer, query):
        appraised_project(local_officer, 10, year=2030)
        client.force_login(leader)
        response = client.get(LIST + query)
        assert (response.status_code, response.url) == (302, f"{LIST}?nam=2030")

    def test_the_check_shows_amounts_and_what_is_left_after(self, client, leader, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        approved_project(local_officer, 100 * MILLION)
        first, second = appraised_project(local_officer, 150 * MILLION), appraised_project(local_officer, 30 * MILLION)
        add_line(first, "DOIUNG", 90 * MILLION)
        appraised_project(local_officer, 70 * MILLION)
        client.force_login(leader)
        response = client.post(HERE, {"de_an": seen(first, second)})
        assert response.status_code == 200
        assert self.listed(response) == [first.code, second.code]
        assert response.context["table"].sums == [180 * MILLION, 90 * MILLION]
        (plan,) = response.context["plans"]
        assert (plan.source.code, plan.year, plan.province) == ("KCDP", YEAR, unit("96"))
        assert (plan.position.remaining_vnd, plan.position.after_vnd) == (400 * MILLION, 220 * MILLION)
        assert plan.position == budget_position(Budget.objects.get(), 180 * MILLION)
        assert not Approval.objects.exists()
        text = response.content.decode()
        for tick in seen(first, second):
            assert f'value="{tick}"' in text

    def test_the_day_of_the_decision_says_whose_budget_pays(self, client, leader, local_officer, accountant):
        give_budget(accountant, 100, province=unit("95", old=True))
        early = approved_project(local_officer, 30, place=unit("31843", old=True))
        Project.objects.filter(pk=early.pk).update(approved_date=datetime.date(2025, 6, 1))
        project = appraised_project(local_officer, 90, place=unit("31843", old=True))
        client.force_login(leader)
        form = DECISION | {"de_an": seen(project), "document_date": "30/06/2025"}
        (plan,) = client.post(HERE, form).context["plans"]
        assert (plan.province.code, plan.position.used_vnd, plan.position.excess_vnd) == ("95", 30, 20)
        (plan,) = client.post(HERE, form | {"document_date": "01/07/2025"}).context["plans"]
        assert (plan.province.code, plan.is_planned) == ("96", False)

    def test_a_missing_budget_is_said(self, client, leader, local_officer):
        project = appraised_project(local_officer, 30)
        client.force_login(leader)
        response = client.post(HERE, {"de_an": seen(project)})
        assert "chưa giao" in response.content.decode()
        assert "Thiếu 30 đồng" in response.content.decode()

    def test_the_chosen_are_approved_and_the_others_left(self, client, leader, local_officer, accountant):
        give_budget(accountant, 100)
        first, second, other = (appraised_project(local_officer, 10) for _ in range(3))
        client.force_login(leader)
        response = client.post(HERE, DECISION | {"de_an": seen(first, second)}, follow=True)
        assert response.redirect_chain == [(f"{reverse('funding:budget-board')}?year={YEAR}", 302)]
        assert "Đã phê duyệt 2 đề án theo quyết định 15/QĐ-UBND" in response.content.decode()
        approved = Project.objects.filter(status=Status.APPROVED.value).values_list("pk", flat=True)
        assert set(approved) == {first.pk, second.pk}
        other.refresh_from_db()
        assert other.state is Status.APPRAISED

    def test_a_refusal_names_the_project_and_keeps_what_was_typed(self, client, leader, local_officer, accountant):
        give_budget(accountant, 15)
        first, second = appraised_project(local_officer, 10), appraised_project(local_officer, 10)
        client.force_login(leader)
        response = client.post(HERE, DECISION | {"de_an": seen(first, second), "reason": "Đồng ý"})
        assert response.status_code == 422
        text = response.content.decode()
        assert "Chưa phê duyệt đề án nào" in text
        assert f"{second.code}: Vượt dự toán còn lại: còn 5 đồng" in text
        assert 'value="15/QĐ-UBND"' in text
        assert "Đồng ý" in text
        assert nothing_was_approved()

    def test_a_list_that_was_overtaken_is_a_conflict(self, client, leader, local_officer, accountant):
        give_budget(accountant, 100)
        project = appraised_project(local_officer, 10)
        form = DECISION | {"de_an": seen(project)}
        Project.objects.filter(pk=project.pk).update(version=9)
        client.force_login(leader)
        response = client.post(HERE, form)
        assert response.status_code == 409
        assert f'value="{project.pk}-9"' in response.content.decode()

    def test_ticks_without_versions_approve_nothing(self, client, leader, local_officer, accountant):
        give_budget(accountant, 100)
        project = appraised_project(local_officer, 10)
        client.force_login(leader)
        assert client.post(HERE, DECISION | {"de_an": [str(project.pk)]}).status_code == 409
        assert client.post(HERE, DECISION | {"tat_ca": "1"}).status_code == 409
        assert nothing_was_approved()

    @pytest.mark.parametrize("field", ["document_number", "document_date"])
    def test_the_decision_is_asked_for_at_its_field(self, client, leader, local_officer, field):
        project = appraised_project(local_officer, 10)
        client.force_login(leader)
        response = client.post(HERE, DECISION | {"de_an": seen(project), field: ""})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]

    def test_the_whole_filtered_list_nothing_and_too_much(self, client, leader, local_officer):
        projects = [appraised_project(local_officer, 10) for _ in range(2)]
        client.force_login(leader)
        response = client.post(HERE, {"tat_ca": "1"})
        assert self.listed(response) == [project.code for project in projects]
        response = client.post(HERE, {"de_an": ["x"]}, follow=True)
        assert response.redirect_chain == [(HERE, 302)]
        assert "Chưa đánh dấu đề án nào" in response.content.decode()
        ticks = [str(number) for number in range(1, LIST_LIMIT + 2)]
        assert f"tối đa {LIST_LIMIT} đề án" in client.post(HERE, {"de_an": ticks}, follow=True).content.decode()

    def test_another_provinces_project_is_not_shown(self, client, leader, stranger, local_officer):
        own = appraised_project(local_officer, 10)
        foreign = appraised_project(stranger, 10, place=stranger.organisation.area)
        client.force_login(leader)
        response = client.post(HERE, {"de_an": seen(own, foreign)})
        assert self.listed(response) == [own.code]
        assert foreign.code not in response.content.decode()
        assert response.context["missing"] == 1

    def test_the_board_shows_the_way_to_those_who_may(self, client, leader, accountant):
        board = reverse("funding:budget-board")
        client.force_login(leader)
        assert LIST in client.get(board).content.decode()
        client.force_login(accountant)
        assert LIST not in client.get(board).content.decode()
        assert client.get(HERE).status_code == client.post(HERE, DECISION).status_code == 403

    @pytest.mark.parametrize("posted", [False, True])
    def test_the_questions_asked_do_not_grow_with_the_rows(self, client, leader, local_officer, accountant, posted):
        give_budget(accountant, 10**9)
        client.force_login(leader)
        projects, counts = [], []
        for more in (20, 180):
            projects += [appraised_project(local_officer, 10) for _ in range(more)]
            ask = client.post if posted else client.get
            data = {"de_an": seen(*projects)} if posted else {}
            ask(HERE, data) if posted else ask(HERE)
            with CaptureQueriesContext(connection) as queries:
                ask(HERE, data) if posted else ask(HERE)
            counts.append(len(queries))
        assert counts[0] == counts[1] < 30


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
class TestTwoAtOnce:
    def approving(self, leader, *projects):
        chosen = versions(*projects)
        return lambda: approve_list(versions=chosen, by=leader, paper=PAPER)

    def test_the_last_of_a_budget_goes_to_one_list(self, turn, leader, local_officer, accountant):
        give_budget(accountant, 150)
        projects = [appraised_project(local_officer, 10) for _ in range(20)]
        lists = [self.approving(leader, *reversed(projects[::2])), self.approving(leader, *projects[1::2])]
        refusal = won_and_refused(at_once(*lists))
        assert "còn 0 đồng, phê duyệt 10 đồng" in refusal
        assert FundingLine.objects.aggregate(sum=Sum("approved_vnd"))["sum"] == 100
        assert Approval.objects.count() == 10
        assert list(broken_links(AuditEvent.objects.order_by("pk"))) == []

    def test_lists_that_share_projects_and_budgets_do_not_deadlock(self, turn, leader, local_officer, accountant):
        give_budget(accountant, 1000)
        give_budget(accountant, 1000, "KCQG")
        projects = [appraised_project(local_officer, 10, code) for code in ("KCDP", "KCQG") * 8]
        lists = [self.approving(leader, *projects[:12]), self.approving(leader, *reversed(projects[4:]))]
        assert "đã được thay đổi" in won_and_refused(at_once(*lists))
        assert Approval.objects.count() == 12

    def test_a_list_and_a_single_approval_do_not_deadlock(self, turn, leader, local_officer, accountant):
        give_budget(accountant, 105)
        projects = [appraised_project(local_officer, 10) for _ in range(10)]
        single = appraised_project(local_officer, 10)

        def grant():
            amounts = {(None, source().pk): 10}
            approve(project_id=single.pk, amounts=amounts, by=leader, version=single.version, paper=PAPER)

        assert "Vượt dự toán còn lại" in won_and_refused(at_once(self.approving(leader, *projects), grant))
        assert Approval.objects.count() in (1, 10)

    def test_a_project_of_the_list_approved_singly(self, turn, leader, local_officer, accountant):
        give_budget(accountant, 1000)
        projects = [appraised_project(local_officer, 10) for _ in range(10)]

        def grant():
            amounts, last = {(None, source().pk): 10}, projects[-1]
            approve(project_id=last.pk, amounts=amounts, by=leader, version=last.version, paper=PAPER)

        assert "đã được thay đổi" in won_and_refused(at_once(self.approving(leader, *projects), grant))
        assert Approval.objects.count() in (1, 10)

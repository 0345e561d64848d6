"""Budget plans broken down by support item: decisions, what binds at approval, what is refused."""

import pytest
from django.urls import reverse

from funding.actions.amendment_checks import check_increase
from funding.actions.approval import approve
from funding.actions.approval_list import approve_list
from funding.actions.budget import Decision, record_budget_decision
from funding.actions.budget_checks import PlanRow
from funding.models import Budget, BudgetEntry, FundingLine
from funding.queries.approval_items import list_item_rows
from funding.queries.approval_list import waiting_for_approval
from funding.queries.budget_items import item_plan, item_position
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.forms.project_bulk import TICK
from programs.models import SupportItem
from programs.workflow import Status
from tests.factories import make_project, unit
from tests.funding.makers import (
    DECIDED,
    PAPER,
    YEAR,
    add_line,
    appraised_project,
    approved_project,
    give_budget,
    source,
)

pytestmark = pytest.mark.django_db
ADD = reverse("funding:budget-entry-add")


def item(row=10):
    return SupportItem.objects.get(row=row)


def decide(by, rows, code="KCDP", number="01/QĐ-UBND", **values):
    """`rows`: (row of the item or None, đồng)."""
    named = [PlanRow(item(row).pk if row else None, vnd) for row, vnd in rows]
    defaults = {"year": YEAR, "source_id": source(code).pk, "decision": Decision(number, DECIDED), "by": by}
    return record_budget_decision(rows=named, **{**defaults, **values})


def grant(project, by, vnd, code="KCDP"):
    key = (None, source(code).pk)
    return approve(project_id=project.pk, amounts={key: vnd}, by=by, version=project.version, paper=PAPER)


def plan():
    return item_plan(Budget.objects.get())


class TestDecision:
    def test_the_rows_of_one_decision_are_kept_together_with_one_event(self, accountant):
        before = AuditEvent.objects.count()
        entries = decide(accountant, [(10, 300), (2, 200), (None, 100)])
        assert [(entry.support_item and entry.support_item.row, entry.amount_vnd) for entry in entries] == [
            (10, 300),
            (2, 200),
            (None, 100),
        ]
        assert {entry.decision_number for entry in entries} == {"01/QĐ-UBND"}
        event = AuditEvent.objects.first()
        assert AuditEvent.objects.count() == before + 1
        assert (event.action, event.action_label) == ("add_budget_entry", "Giao dự toán")
        assert event.changes["Dự toán Khuyến công địa phương năm 2025"] == ["0 đồng", "600 đồng"]
        assert event.changes[f"Dự toán Khuyến công địa phương năm 2025, {item()}"] == ["0 đồng", "300 đồng"]

    def test_money_moves_between_items_with_a_sum_of_zero(self, accountant):
        decide(accountant, [(10, 300), (None, 100)])
        decide(accountant, [(10, -50), (2, 120), (None, -70)], number="02/QĐ")
        assert plan().planned == {item(10).pk: 250, item(2).pk: 120}
        assert plan().unallocated_vnd == 30
        assert AuditEvent.objects.first().action_label == "Điều chỉnh dự toán giữa các nội dung"

    @pytest.mark.parametrize(
        ("rows", "field", "reason"),
        [
            ([], "", "ít nhất một dòng"),
            ([(10, 5), (10, 6)], "rows-1-item", "dòng trên"),
            ([(10, 5), (2, 0)], "rows-1-amount_vnd", "khác 0"),
            ([(10, 10**15)], "rows-0-amount_vnd", "quá lớn"),
            ([(10, -5), (None, 5)], "rows-0-amount_vnd", "thiếu 5 đồng"),
            ([(10, 5), (None, -5)], "rows-1-amount_vnd", "thiếu 5 đồng"),
        ],
    )
    def test_one_bad_row_refuses_the_decision(self, rows, field, reason, accountant):
        with pytest.raises(Refused, match=reason) as refusal:
            decide(accountant, rows)
        assert refusal.value.field == field
        assert not Budget.objects.exists()

    def test_an_unknown_item_is_refused(self, accountant):
        with pytest.raises(Refused, match="danh mục") as refusal:
            record_budget_decision(
                year=YEAR,
                source_id=source().pk,
                rows=[PlanRow(987654, 5)],
                decision=Decision("1", DECIDED),
                by=accountant,
            )
        assert refusal.value.field == "rows-0-item"

    def test_an_item_is_not_lowered_below_what_is_approved(self, accountant, local_officer):
        decide(accountant, [(10, 300), (None, 500)])
        approved_project(local_officer, 280)
        with pytest.raises(Refused) as refusal:
            decide(accountant, [(2, 30), (10, -30)])
        for text in (str(item(10)), "270 đồng", "280 đồng", "thiếu 10 đồng"):
            assert text in refusal.value.message
        assert refusal.value.field == "rows-1-amount_vnd"
        decide(accountant, [(10, -20)])
        assert plan().planned[item(10).pk] == 280

    def test_what_items_took_of_the_unallocated_part_stays_there(self, accountant, local_officer):
        decide(accountant, [(10, 100), (None, 100)])
        approved_project(local_officer, 160)
        with pytest.raises(Refused, match=r"sau điều chỉnh 50 đồng, .* 60 đồng: thiếu 10 đồng"):
            decide(accountant, [(2, 50), (None, -50)])
        decide(accountant, [(10, 60), (None, -100), (2, 40)])
        assert plan().unallocated_vnd == 0

    def test_a_plan_in_deficit_may_get_better(self, accountant, local_officer):
        approved_project(local_officer, 500, "HUYEN")
        decide(accountant, [(None, 200)], code="HUYEN")
        decide(accountant, [(10, 100)], code="HUYEN", number="2/QĐ")
        with pytest.raises(Refused):
            decide(accountant, [(None, -1), (2, 1)], code="HUYEN", number="3/QĐ")

    def test_who_may(self, accountant, leader, local_officer, stranger):
        for user in (leader, local_officer):
            with pytest.raises(NotAllowed):
                decide(user, [(10, 5)])
        with pytest.raises(NotAllowed):
            decide(stranger, [(10, 5)], province_id=unit("96").pk)
        with pytest.raises(Refused, match="không giao dự toán"):
            decide(accountant, [(10, 5)], code="DOIUNG")


class TestApproval:
    def test_an_approval_within_item_and_unallocated_part(self, accountant, leader, local_officer):
        decide(accountant, [(10, 100), (2, 400), (None, 50)])
        first = appraised_project(local_officer, 150)
        position = item_position(Budget.objects.get(), item(), 150)
        assert (position.planned_vnd, position.committed_vnd, position.remaining_vnd) == (100, 0, 150)
        grant(first, leader, 150)
        second = appraised_project(local_officer, 20)
        with pytest.raises(Refused) as refusal:
            grant(second, leader, 20)
        for text in (str(item()), "dự toán 100 đồng", "đã phê duyệt 150 đồng", "0 đồng", "thiếu 20 đồng"):
            assert text in refusal.value.message
        assert grant(appraised_project(local_officer, 400, support_item=item(2)), leader, 400)

    def test_a_plan_that_is_not_broken_down_binds_as_a_whole(self, accountant, leader, local_officer):
        give_budget(accountant, 500)
        grant(appraised_project(local_officer, 500), leader, 500)
        with pytest.raises(Refused, match="Vượt dự toán còn lại"):
            grant(appraised_project(local_officer, 1), leader, 1)

    def test_the_rest_of_a_stopped_project_is_free_for_its_item(self, accountant, leader, local_officer):
        decide(accountant, [(10, 100), (2, 100)])
        approved_project(local_officer, 100, status=Status.STOPPED.value)
        assert grant(appraised_project(local_officer, 100), leader, 100)

    def test_district_money_binds_only_where_a_plan_exists(self, accountant, leader, local_officer):
        give_budget(accountant, 10**6)

        def project():
            made = appraised_project(local_officer, 10)
            add_line(made, "HUYEN", 100)
            return made

        both = {(None, source().pk): 10, (None, source("HUYEN").pk): 100}

        def approve_both(one):
            return approve(project_id=one.pk, amounts=both, by=leader, version=one.version, paper=PAPER)

        approve_both(project())
        decide(accountant, [(None, 150)], code="HUYEN")
        with pytest.raises(Refused, match="Vượt dự toán còn lại: còn 50 đồng"):
            approve_both(project())

    def test_the_page_shows_what_is_left_of_the_item(self, client, accountant, leader, local_officer):
        decide(accountant, [(10, 100), (None, 50)])
        project = appraised_project(local_officer, 120)
        client.force_login(leader)
        html = client.get(reverse("funding:project-approve", args=[project.pk])).content.decode()
        assert str(item()) in html
        assert "Dự toán của nội dung" in html

    def test_the_plan_of_an_amendment_is_that_of_the_item(self, accountant, leader, local_officer):
        decide(accountant, [(10, 100), (2, 400)])
        project = grant(appraised_project(local_officer, 100), leader, 60)
        check_increase(project, {source(): 40})
        with pytest.raises(Refused, match="thiếu 1 đồng"):
            check_increase(project, {source(): 41})


class TestList:
    def test_a_list_is_refused_whole_where_an_item_runs_out(self, accountant, leader, local_officer):
        decide(accountant, [(10, 100), (2, 400)])
        projects = [appraised_project(local_officer, 60), appraised_project(local_officer, 60)]
        versions = {one.pk: one.version for one in projects}
        with pytest.raises(Refused, match="Vượt dự toán của nội dung"):
            approve_list(versions=versions, by=leader, paper=PAPER)
        assert not FundingLine.objects.exclude(approved_vnd=None).exists()

    def test_what_the_list_leaves_of_each_item(self, accountant, leader, local_officer, django_assert_num_queries):
        decide(accountant, [(10, 100), (2, 400), (None, 30)])
        approved_project(local_officer, 20)
        for vnd in (60, 70):
            appraised_project(local_officer, vnd)
        appraised_project(local_officer, 5, support_item=item(2))
        waiting = waiting_for_approval(leader)
        with django_assert_num_queries(11):
            rows = list_item_rows(waiting, DECIDED)
        assert [(row.position.item.row, row.position.remaining_vnd, row.position.wanted_vnd) for row in rows] == [
            (2, 430, 5),
            (10, 110, 130),
        ]
        assert [row.position.fits for row in rows] == [True, False]

    def test_the_page_before_the_decision_tells_it(self, client, accountant, leader, local_officer):
        decide(accountant, [(10, 100), (2, 400)])
        one = appraised_project(local_officer, 60)
        client.force_login(leader)
        address = f"{reverse('funding:approval-list')}?nam={YEAR}"
        html = client.post(address, {TICK: f"{one.pk}-{one.version}"}).content.decode()
        assert "Dự toán của nội dung hỗ trợ" in html


class TestPage:
    def data(self, *rows, **values):
        data = {
            "year": YEAR,
            "source": source().pk,
            "province": unit("96").pk,
            "decision_number": "01/QĐ-UBND",
            "decision_date": "01/08/2025",
            "note": "",
            "rows-TOTAL_FORMS": str(len(rows)),
            "rows-INITIAL_FORMS": "0",
        }
        for place, (chosen, direction, amount) in enumerate(rows):
            data |= {
                f"rows-{place}-item": chosen,
                f"rows-{place}-direction": direction,
                f"rows-{place}-amount_vnd": amount,
            }
        return {**data, **values}

    def test_several_rows_blank_ones_left_out(self, client, accountant):
        client.force_login(accountant)
        rows = [(item(2).pk, "assign", "20 triệu"), ("", "assign", ""), ("", "assign", "5 triệu")]
        assert client.post(ADD, self.data(*rows)).status_code == 302
        assert list(BudgetEntry.objects.order_by("pk").values_list("support_item__row", "amount_vnd")) == [
            (2, 20_000_000),
            (None, 5_000_000),
        ]

    def test_a_refusal_stands_at_its_row_and_nothing_is_kept(self, client, accountant):
        client.force_login(accountant)
        rows = [(item(2).pk, "assign", "20 triệu"), ("", "assign", ""), (item(10).pk, "reduce", "1 triệu")]
        response = client.post(ADD, self.data(*rows))
        assert response.status_code == 422
        assert "thiếu 1.000.000 đồng" in response.context["formset"].forms[2].errors["amount_vnd"][0]
        assert 'value="20 triệu"' in response.content.decode()
        assert not BudgetEntry.objects.exists()

    def test_a_foreign_province_and_a_missing_right(self, client, accountant, leader, stranger):
        rows = [("", "assign", "5 triệu")]
        client.force_login(accountant)
        forged = self.data(*rows, province=stranger.organisation.area_id)
        assert client.post(ADD, forged).status_code == 422
        client.force_login(leader)
        assert client.post(ADD, self.data(*rows)).status_code == 403
        assert not BudgetEntry.objects.exists()


def test_a_draft_holds_nothing(accountant, local_officer):
    decide(accountant, [(10, 100)])
    add_line(make_project(created_by=local_officer, year=YEAR), "KCDP", 90)
    assert item_position(Budget.objects.get(), item()).remaining_vnd == 100

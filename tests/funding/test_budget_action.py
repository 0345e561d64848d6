import datetime

import pytest

from funding.actions.budget import add_budget_entry
from funding.models import Budget, BudgetEntry
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from tests.factories import unit
from tests.funding.makers import DECIDED, YEAR, approved_project, source

pytestmark = pytest.mark.django_db


def assign(by, vnd, **values):
    defaults = {
        "year": YEAR,
        "source_id": source().pk,
        "decision_number": "01/QĐ-UBND",
        "decision_date": DECIDED,
        "by": by,
    }
    return add_budget_entry(amount_vnd=vnd, **{**defaults, **values})


def planned(**key):
    return Budget.objects.with_planned().get(**key).planned_vnd


def test_entries_add_up_in_the_province_of_the_office(accountant):
    assign(accountant, 500)
    assign(accountant, 200, decision_number="02/QĐ-UBND")
    assign(accountant, -100, decision_number="03/QĐ-UBND")
    assert planned(year=YEAR, source=source(), province=unit("96")) == 600


def test_the_history_tells_the_plan_before_and_after(accountant):
    assign(accountant, 500_000)
    assign(accountant, -200_000)
    event = AuditEvent.objects.first()
    assert event.changes == {"Dự toán Khuyến công địa phương năm 2025": ["500.000 đồng", "300.000 đồng"]}
    assert (event.action_label, event.document_number, event.place_id) == ("Giảm dự toán", "01/QĐ-UBND", unit("96").pk)


def test_the_plan_stays_above_what_is_approved(accountant, local_officer):
    assign(accountant, 500)
    approved_project(local_officer, 380)
    with pytest.raises(Refused) as refusal:
        assign(accountant, -150)
    assert "Dự toán sau điều chỉnh 350 đồng" in refusal.value.message
    assert "đã phê duyệt cho các đề án 380 đồng: thiếu 30 đồng" in refusal.value.message
    assert refusal.value.field == "amount_vnd"
    assign(accountant, -120)
    assert planned(source=source()) == 380


def test_a_plan_is_never_below_zero(accountant):
    with pytest.raises(Refused, match="thiếu 5 đồng"):
        assign(accountant, -5)
    assert not Budget.objects.exists()


def test_the_budget_of_a_merged_province_is_recorded_for_the_time_of_its_own(accountant):
    bac_lieu = unit("95", old=True)
    assign(accountant, 70, province_id=bac_lieu.pk, decision_date=datetime.date(2025, 6, 30))
    assert planned(province=bac_lieu) == 70
    with pytest.raises(Refused, match="không còn vào ngày quyết định") as refusal:
        assign(accountant, 70, province_id=bac_lieu.pk)
    assert refusal.value.field == "province"


@pytest.mark.parametrize(
    ("vnd", "values", "field"),
    [
        (0, {}, "rows-0-amount_vnd"),
        (10**14 + 1, {}, "rows-0-amount_vnd"),
        (5, {"decision_number": " "}, "decision_number"),
        (5, {"decision_date": datetime.date(2199, 1, 1)}, "decision_date"),
        (5, {"source_id": 987654321}, "source"),
    ],
)
def test_a_decision_that_cannot_be(vnd, values, field, accountant):
    with pytest.raises(Refused) as refusal:
        assign(accountant, vnd, **values)
    assert refusal.value.field == field
    assert not BudgetEntry.objects.exists()


@pytest.mark.parametrize("code", ["DOIUNG"])
def test_the_establishments_own_money_has_no_yearly_plan(code, accountant):
    with pytest.raises(Refused, match="không giao dự toán"):
        assign(accountant, 5, source_id=source(code).pk)


def test_only_who_keeps_the_budget_and_only_at_home(leader, stranger):
    with pytest.raises(NotAllowed):
        assign(leader, 5)
    with pytest.raises(NotAllowed):
        assign(stranger, 5, province_id=unit("96").pk)

"""An advance against the limit in force on its day: what binds is kept, what only warns needs a reason."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from funding.actions.advance import Grounds
from funding.actions.ledger import record_entry, reverse_entry
from funding.models import AdvanceCheck, AdvanceLimit, LedgerEntry, LedgerKind
from funding.queries.advance import NO_LIMIT
from funding.queries.project_ledger import ledger_of
from funding.reference import load_funding_reference
from funding.rules.advance import Support, advance_ceiling
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.models import Certainty, SupportItem
from programs.workflow import Status
from tests.factories import add_participant
from tests.funding.limits import OVER, make_contract, make_limit
from tests.funding.makers import MILLION, PAID, VOUCHERS, add_line, approved_project, page, source

pytestmark = pytest.mark.django_db
ADVANCE, PAYMENT, RECOVERY = LedgerKind.ADVANCE, LedgerKind.PAYMENT, LedgerKind.RECOVERY
SEEN = Grounds(condition_note="Đã xem hợp đồng mua máy")
PASSED = Grounds(override_reason=OVER)


@pytest.fixture
def no_limits(reference):
    """Only the limits that a test makes hold for the machines of row 10."""
    for limit in AdvanceLimit.objects.all():
        limit.support_items.remove(*SupportItem.objects.filter(row=10))


@pytest.fixture
def running(centre_officer):
    return approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)


@pytest.fixture
def enter(running, accountant):
    def run(vnd, kind=ADVANCE, **values):
        defaults = {
            "project_id": running.pk,
            "source_id": source().pk,
            "participant_id": None,
            "voucher_number": f"UNC-{next(VOUCHERS)}",
            "voucher_date": PAID,
            "by": accountant,
        }
        return record_entry(kind=kind, amount_vnd=vnd, **{**defaults, **values})

    return run


class TestRule:
    def test_contracts_below_the_approval_are_shared_among_the_sources(self):
        assert Support(100, 100).support_vnd == 100
        assert Support(100, 100, 90).support_vnd == 90
        assert Support(100, 100, 120).support_vnd == 100
        assert Support(60, 100, 50).support_vnd == 30

    def test_the_share_is_rounded_down(self):
        ceiling = advance_ceiling(101, Decimal("70"), 60, 11)
        assert (ceiling.limit_vnd, ceiling.excess_vnd) == (70, 1)


class TestReference:
    def test_the_four_rows_know_their_items(self, reference):
        rows = {
            limit.applies_to[:7]: set(limit.support_items.values_list("row", flat=True))
            for limit in AdvanceLimit.objects.all()
        }
        assert rows == {
            "Hạ tầng": {22},
            "Đào tạo": {1, 2, 3, 4},
            "Tư vấn,": {5, 6, 7, 15, 16, 17, 20},
            "Mô hình": {9, 10, 11},
        }

    def test_what_an_administrator_chose_stays(self, reference):
        limit = AdvanceLimit.objects.get(applies_to__startswith="Hạ tầng")
        limit.support_items.set(SupportItem.objects.filter(row=23))
        load_funding_reference()
        assert [item.row for item in limit.support_items.all()] == [23]

    def test_rows_without_a_first_day_only_warn_and_say_so(self, reference, running):
        found = ledger_of(running).limit_on(PAID)
        assert not found.is_binding
        assert "chưa đối chiếu văn bản, chưa rõ ngày áp dụng" in found.rule
        assert found.conditions == ["hợp đồng mua", "chứng từ giao nhận"]


class TestBinding:
    def test_up_to_the_limit_and_not_a_dong_more(self, no_limits, enter):
        limit = make_limit()
        enter(40)
        with pytest.raises(
            Refused, match="tối đa 70 % của 100 đồng là 70 đồng, đã tạm ứng 40 đồng, lần này 31 đồng, vượt 1 đồng"
        ) as refusal:
            enter(31, grounds=PASSED)
        assert refusal.value.field == "amount_vnd"
        entry = enter(30)
        check = entry.advance_check
        assert (check.limit, check.is_binding, check.percent) == (limit, True, 70)
        assert (check.support_vnd, check.advanced_vnd, check.override_reason) == (100, 70, "")
        assert "Thông tư thử nghiệm" in check.rule

    def test_what_was_reversed_or_came_back_is_free_again(self, no_limits, enter, accountant):
        make_limit()
        entry = enter(70)
        reverse_entry(entry_id=entry.pk, reason="Nhầm", by=accountant, voucher_number="H-1", voucher_date=PAID)
        enter(70)
        enter(20, RECOVERY)
        assert enter(20).advance_check.advanced_vnd == 70
        with pytest.raises(Refused, match="vượt 1 đồng"):
            enter(1)

    def test_payments_are_not_advances(self, no_limits, enter):
        make_limit()
        enter(20, PAYMENT)
        assert enter(70).advance_check.advanced_vnd == 70

    def test_conditions_are_written_down(self, no_limits, enter):
        make_limit(condition="hợp đồng mua, chứng từ giao nhận")
        with pytest.raises(Refused, match="hợp đồng mua, chứng từ giao nhận") as refusal:
            enter(10)
        assert refusal.value.field == "condition_note"
        with pytest.raises(Refused):
            enter(10, grounds=Grounds(condition_note=" \n "))
        assert enter(10, grounds=SEEN).advance_check.condition_note == "Đã xem hợp đồng mua máy"

    @pytest.mark.parametrize(
        ("first", "last", "binds"),
        [
            (PAID, None, True),
            (PAID + datetime.timedelta(1), None, False),
            (datetime.date(2025, 1, 1), PAID, True),
            (datetime.date(2025, 1, 1), PAID - datetime.timedelta(1), False),
        ],
    )
    def test_the_limit_of_the_vouchers_day(self, no_limits, enter, first, last, binds):
        make_limit(valid_from=first, valid_to=last)
        if binds:
            with pytest.raises(Refused, match="Vượt mức tạm ứng"):
                enter(71)
        else:
            assert enter(71).advance_check.rule == NO_LIMIT

    def test_the_newest_of_two_that_bind_rules(self, no_limits, enter):
        make_limit(percent="90")
        make_limit(percent="50", valid_from=datetime.date(2025, 6, 1))
        with pytest.raises(Refused, match="tối đa 50 %"):
            enter(51)


class TestWarning:
    @pytest.mark.parametrize(
        ("values", "doubt"),
        [
            ({"certainty": Certainty.UNVERIFIED}, "chưa đối chiếu văn bản"),
            ({"valid_from": None}, "chưa rõ ngày áp dụng"),
        ],
    )
    def test_it_is_passed_with_a_reason(self, no_limits, enter, values, doubt):
        make_limit(condition="hợp đồng mua", **values)
        with pytest.raises(Refused, match=f"vượt 30 đồng.*{doubt}.*nêu lý do vượt") as refusal:
            enter(100)
        assert refusal.value.field == "override_reason"
        assert not LedgerEntry.objects.exists()
        check = enter(100, grounds=PASSED).advance_check
        assert (check.is_binding, check.override_reason) == (False, OVER)

    def test_a_reason_that_was_not_needed_is_not_kept(self, no_limits, enter):
        make_limit(valid_from=None)
        assert enter(10, grounds=PASSED).advance_check.override_reason == ""

    def test_without_any_limit_the_check_says_so(self, no_limits, enter):
        check = enter(100).advance_check
        assert (check.limit, check.percent, check.is_binding) == (None, None, False)


class TestSupport:
    def test_a_contract_of_the_payee_is_what_the_share_is_of(self, no_limits, enter, running, centre_officer):
        make_limit()
        payee = running.participants.get()
        add_line(running, "KCDP", 100, 100, payee)
        make_contract(running, centre_officer, 50, payee)
        with pytest.raises(Refused, match="70 % của 50 đồng là 35 đồng"):
            enter(36, participant_id=payee.pk)
        enter(35, participant_id=payee.pk)

    def test_each_source_has_its_own_limit(self, no_limits, enter, running):
        make_limit()
        add_line(running, "HUYEN", 50, 50)
        enter(70)
        with pytest.raises(Refused, match="70 % của 50 đồng là 35 đồng"):
            enter(36, source_id=source("HUYEN").pk)

    def test_those_who_draw_on_one_line_share_its_limit(self, no_limits, enter, running):
        make_limit()
        enter(40, participant_id=running.participants.get().pk)
        key = (add_participant(running).pk, source().pk)
        support, advanced = ledger_of(running).support(key)
        assert (support.support_vnd, advanced) == (100, 40)
        with pytest.raises(Refused, match="đã tạm ứng 40 đồng"):
            enter(31)


def test_the_database_keeps_the_check(no_limits, enter):
    enter(10)
    assert AdvanceCheck.objects.count() == 1
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM funding_advancecheck")


class TestPages:
    entry = {"participant": "", "voucher_number": "UNC-1", "voucher_date": "01/09/2025"}

    @pytest.fixture
    def big(self, centre_officer):
        return approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)

    def test_the_rule_and_its_conditions_are_shown(self, client, big, accountant, no_limits):
        make_limit(condition="hợp đồng mua, chứng từ giao nhận")
        client.force_login(accountant)
        html = client.get(page("ledger-add", big, "advance")).content.decode()
        assert "tạm ứng tối đa 70 %" in html
        assert "<li>chứng từ giao nhận</li>" in html
        assert 'name="condition_note"' in html
        assert 'name="condition_note"' not in client.get(page("ledger-add", big, "payment")).content.decode()

    def test_a_reason_is_asked_for_and_what_was_typed_stays(self, client, big, accountant, no_limits):
        make_limit(valid_from=None)
        client.force_login(accountant)
        data = {**self.entry, "source": source().pk, "amount_vnd": "80 triệu", "condition_note": "Đã xem"}
        response = client.post(page("ledger-add", big, "advance"), data)
        assert response.status_code == 422
        assert "vượt 10.000.000 đồng" in response.context["form"].errors["override_reason"][0]
        assert 'value="80 triệu"' in response.content.decode()
        assert "Đã xem</textarea>" in response.content.decode()
        assert client.post(page("ledger-add", big, "advance"), {**data, "override_reason": OVER}).status_code == 302
        html = client.get(page("project-money", big)).content.decode()
        assert "Vì sao được tạm ứng số này?" in html
        assert OVER in html

    def test_a_binding_limit_is_told_at_the_amount(self, client, big, accountant, no_limits):
        make_limit()
        client.force_login(accountant)
        data = {**self.entry, "source": source().pk, "amount_vnd": "71 triệu", "override_reason": OVER}
        response = client.post(page("ledger-add", big, "advance"), data)
        assert response.status_code == 422
        assert "vượt 1.000.000 đồng" in response.context["form"].errors["amount_vnd"][0]


def test_which_items_a_limit_rules_is_told_in_the_journal(client, system_admin):
    limit = AdvanceLimit.objects.get(applies_to__startswith="Hạ tầng")
    items = list(SupportItem.objects.filter(row__in=(22, 23)).values_list("pk", flat=True))
    data = {
        "applies_to": limit.applies_to,
        "first_advance_percent": "30",
        "condition": limit.condition,
        "legal_basis": limit.legal_basis,
        "certainty": limit.certainty,
        "support_items": items,
    }
    client.force_login(system_admin)
    assert client.post(reverse("admin:funding_advancelimit_change", args=[limit.pk]), data).status_code == 302
    event = AuditEvent.objects.get(action="admin_change", object_type="funding.advancelimit")
    assert event.changes == {"Nội dung hỗ trợ (TT)": ["22", "22, 23"]}

"""Vouchers of a file: every verdict, every refusal in the words of the form, each row with the ones before it."""

import pytest
from django.db import transaction
from django.utils import timezone

from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.year import close_year
from funding.models import AcceptedCost, AdvanceCheck, LedgerEntry, LedgerKind, RecoveryDemand
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.kinds import find_kind, kinds_for
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, unit
from tests.funding.limits import make_contract, make_limit
from tests.funding.makers import PAID, PAPER, YEAR, add_entry, add_line, approved_project, source
from tests.funding.vouchers import KIND, WHY, voucher
from tests.programs.importing import checked, problems, understood, verdicts, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(centre_officer):
    """In progress, 100 đồng approved for the whole project."""
    return approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)


def judged(user, *rows):
    return checked(KIND, user, understood(*rows))


def refusal(user, *rows):
    """What is wrong with the last row, which must be refused."""
    last = judged(user, *rows)[-1]
    assert last.verdict == "refused", last
    return problems(last)


def enter(project, by, kind, vnd, number, **values):
    return record_entry(
        project_id=project.pk,
        kind=LedgerKind(kind),
        source_id=source().pk,
        participant_id=None,
        amount_vnd=vnd,
        voucher_number=number,
        voucher_date=PAID,
        by=by,
        **values,
    )


def test_it_is_offered_to_those_who_keep_the_ledger(cast):
    assert find_kind("so-tien").label == "Sổ tạm ứng, thanh toán, thu hồi"
    holders = {role for role, user in cast.items() if any(one.slug == "so-tien" for one in kinds_for(user))}
    assert holders == {Role.ACCOUNTANT}


class TestWriting:
    def test_rows_are_entries_with_one_event_each(self, running, accountant):
        rows = understood(
            voucher(running, "UNC-1", 60, "advance", treasury_reference="KB-9", note="Đợt 1"),
            voucher(running, "UNC-2", 40, treasury_date="2025-09-03"),
            voucher(running, "GNT-3", 30, "recovery"),
        )
        found = checked(KIND, accountant, rows)
        assert [one.verdict for one in found] == ["new"] * 3
        assert [one.changes["Đã chi cho đề án"] for one in found] == [
            ("0 đồng", "60 đồng"),
            ("60 đồng", "100 đồng"),
            ("100 đồng", "70 đồng"),
        ]
        assert found[2].changes["Đã tính các dòng trước"] == ("", "dòng 2, 3")
        assert not LedgerEntry.objects.exists()
        made = written(KIND, accountant, rows)
        entries = list(LedgerEntry.objects.order_by("pk"))
        assert [one.object_id for one in made] == [entry.pk for entry in entries]
        assert [(one.kind, one.amount_vnd, one.year) for one in entries] == [
            ("advance", 60, YEAR),
            ("payment", 40, YEAR),
            ("recovery", 30, YEAR),
        ]
        assert (entries[0].treasury_reference, entries[0].note) == ("KB-9", "Đợt 1")
        assert entries[1].note == "Kho bạc hạch toán ngày 03/09/2025"
        events = list(AuditEvent.objects.order_by("pk"))
        assert [event.action for event in events] == ["record_advance", "record_payment", "record_recovery"]
        assert events[1].changes["Đã chi cho đề án"] == ["60 đồng", "100 đồng"]
        assert (events[0].subject, events[0].document_number) == (f"project:{running.pk}", "UNC-1")
        assert list(broken_links(events)) == []

    def test_an_advance_keeps_what_it_was_held_against(self, running, accountant):
        written(KIND, accountant, understood(voucher(running, "UNC-1", 80, "advance")))
        check = AdvanceCheck.objects.get()
        assert (check.entry.voucher_number, check.advanced_vnd, check.override_reason) == ("UNC-1", 80, WHY)

    def test_the_file_and_the_form_leave_the_same_row(self, running, accountant, centre_officer):
        other = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)
        enter(running, accountant, "payment", 40, "UNC-1", note="Đợt 1", treasury_reference="KB 1")
        written(
            KIND,
            accountant,
            understood(voucher(other, "UNC-1", 40, note="Đợt 1", treasury_reference="KB 1")),
        )
        mine, theirs = (LedgerEntry.objects.filter(project=one).values().get() for one in (running, other))
        for name in ("id", "project_id", "recorded_at"):
            assert mine.pop(name) != theirs.pop(name)
        assert mine == theirs
        events = AuditEvent.objects.order_by("pk").values_list("action", "changes", "reason", "document_number")
        assert events[0] == events[1]

    def test_the_largest_amounts_are_kept_to_the_dong(self, centre_officer, accountant):
        most = 99_999_000_000_000
        project = approved_project(centre_officer, most, status=Status.IN_PROGRESS.value)
        rows = [voucher(project, "UNC-1", most - 1), voucher(project, "UNC-2", 1), voucher(project, "UNC-3", 1)]
        assert verdicts(KIND, accountant, understood(*rows)) == ["new", "new", "refused"]
        written(KIND, accountant, understood(*rows[:2]))
        assert sum(LedgerEntry.objects.values_list("amount_vnd", flat=True)) == most
        assert list(refusal(accountant, voucher(project, "UNC-4", 10**14 + 1))) == ["amount_vnd"]

    def test_nothing_is_written_when_a_row_can_no_longer_be(self, running, accountant):
        rows = understood(voucher(running, "UNC-1", 30), voucher(running, "UNC-2", 60))
        assert verdicts(KIND, accountant, rows) == ["new", "new"]
        enter(running, accountant, "payment", 20, "UNC-9")
        with pytest.raises(Refused, match="Dòng 3: Vượt kinh phí"), transaction.atomic():
            KIND.importer(accountant, {}).write(rows)
        assert LedgerEntry.objects.count() == 1

    def test_the_right_is_asked_for_again(self, running, leader):
        for act in (KIND.importer(leader, {}).check, KIND.importer(leader, {}).write):
            with pytest.raises(NotAllowed), transaction.atomic():
                act(understood(voucher(running, "UNC-1", 10)))


class TestWhatStandsAlready:
    def test_the_same_voucher_is_equal(self, running, accountant):
        entry = enter(running, accountant, "payment", 40, "UNC-1")
        (verdict,) = judged(accountant, voucher(running, "unc-1", 40))
        assert (verdict.verdict, verdict.object_id) == ("equal", entry.pk)
        assert written(KIND, accountant, understood(voucher(running, "UNC-1", 40))) == []

    @pytest.mark.parametrize(
        "other", [{"amount_vnd": 41}, {"voucher_date": "2025-09-02"}, {"kind": "recovery"}, {"source": "KCQG"}]
    )
    def test_its_number_on_another_voucher_is_refused_with_both_shown(self, running, accountant, other):
        enter(running, accountant, "payment", 40, "UNC-1")
        message = refusal(accountant, {**voucher(running, "UNC-1", 40), **other})["voucher_number"]
        assert (
            "đã có trong sổ của đề án: Thanh toán 40 đồng ngày 01/09/2025 cho Chung cả đề án; dòng này ghi:" in message
        )
        assert "hủy bút toán đó" in message

    def test_another_payee_is_another_voucher(self, running, accountant):
        enter(running, accountant, "payment", 40, "UNC-1")
        payee = str(running.participants.get())
        message = refusal(accountant, voucher(running, "UNC-1", 40, payee=payee))["voucher_number"]
        assert f"dòng này ghi: Thanh toán 40 đồng ngày 01/09/2025 cho {payee}" in message

    def test_a_row_that_repeats_a_row(self, running, accountant):
        row = voucher(running, "UNC-1", 40)
        found = judged(accountant, row, row, {**row, "amount_vnd": 50})
        assert [one.verdict for one in found] == ["new", "duplicate", "refused"]
        assert "dòng 2 của tệp" in problems(found[1])[""]
        assert "ở dòng 2 của tệp: Thanh toán 40 đồng" in problems(found[2])["voucher_number"]

    def test_rows_of_another_portion_are_remembered(self, running, accountant):
        run = KIND.importer(accountant, {})
        assert [one.verdict for one in run.check(understood(voucher(running, "UNC-1", 60)))] == ["new"]
        later = understood(voucher(running, "UNC-1", 60), voucher(running, "UNC-2", 41), first=3)
        found = run.check(later)
        assert [one.verdict for one in found] == ["duplicate", "refused"]
        assert (
            "đã chi 60 đồng, chi thêm 41 đồng, vượt 1 đồng. Đã tính dòng 2 của tệp." in problems(found[1])["amount_vnd"]
        )

    def test_what_was_reversed_frees_its_number_for_the_form_and_the_file(self, running, accountant):
        entry = enter(running, accountant, "payment", 40, "UNC-1")
        reverse_entry(entry_id=entry.pk, reason="Sai", by=accountant, voucher_number="H-1", voucher_date=PAID)
        assert verdicts(KIND, accountant, understood(voucher(running, "UNC-1", 40))) == ["new"]
        assert "H-1 đã có" in refusal(accountant, voucher(running, "H-1", 40))["voucher_number"]
        enter(running, accountant, "payment", 45, "UNC-1")
        assert verdicts(KIND, accountant, understood(voucher(running, "UNC-1", 45))) == ["equal"]

    def test_what_is_settled_and_closed_still_comes_back_equal(self, running, accountant):
        enter(running, accountant, "payment", 40, "UNC-1")
        running.status = Status.SETTLED.value
        running.save()
        close_year(province_id=unit("96").pk, year=YEAR, by=accountant, version=0)
        assert verdicts(KIND, accountant, understood(voucher(running, "UNC-1", 40))) == ["equal"]


class TestSumsOverTheFile:
    def test_each_row_is_judged_with_the_ones_before_it(self, running, accountant):
        rows = [voucher(running, f"UNC-{number}", vnd) for number, vnd in enumerate((30, 30, 50, 40, 1))]
        found = judged(accountant, *rows)
        assert [one.verdict for one in found] == ["new", "new", "refused", "new", "refused"]
        message = problems(found[2])["amount_vnd"]
        assert (
            "được duyệt 100 đồng, đã chi 60 đồng, chi thêm 50 đồng, vượt 10 đồng. Đã tính dòng 2, 3 của tệp." in message
        )
        assert "Đã tính dòng 2, 3, 5 của tệp." in problems(found[4])["amount_vnd"]

    def test_money_must_be_out_before_it_comes_back(self, running, accountant):
        back, out = voucher(running, "GNT-1", 50, "recovery"), voucher(running, "UNC-1", 50)
        assert verdicts(KIND, accountant, understood(back, out)) == ["refused", "new"]
        assert verdicts(KIND, accountant, understood(out, back)) == ["new", "new"]

    def test_each_establishment_has_its_own_ceiling(self, centre_officer, accountant):
        project = approved_project(centre_officer, 0, status=Status.IN_PROGRESS.value)
        first = project.participants.get()
        second = add_participant(project)
        add_line(project, "KCQG", 60, 60, first)
        add_line(project, "KCQG", 40, 40, second)
        rows = [
            voucher(project, f"UNC-{vnd}-{name[-3:]}", vnd, source="KCQG", payee=name)
            for name in (str(first), str(second))
            for vnd in (35, 10)
        ]
        assert verdicts(KIND, accountant, understood(*rows)) == ["new", "new", "new", "refused"]

    def test_a_contract_and_its_ceiling(self, running, accountant, centre_officer):
        make_contract(running, centre_officer, 50)
        assert (
            "hợp đồng 01/HĐ: hợp đồng 50 đồng, đã chi 30 đồng"
            in refusal(accountant, voucher(running, "UNC-1", 30), voucher(running, "UNC-2", 30))["amount_vnd"]
        )

    def test_a_contract_that_has_to_be_chosen_is_offered(self, running, accountant, centre_officer):
        for number in ("01/HĐ", "02/HĐ"):
            make_contract(running, centre_officer, 50, number=number)
        (verdict,) = judged(accountant, voucher(running, "UNC-1", 30))
        (problem,) = verdict.problems
        assert (problem.field, list(problem.choices)) == ("contract", ["01/HĐ", "02/HĐ"])
        rows = understood(voucher(running, "UNC-1", 30, contract="02/hđ"))
        written(KIND, accountant, rows)
        assert LedgerEntry.objects.get().contract.number == "02/HĐ"
        assert list(refusal(accountant, voucher(running, "UNC-2", 30, contract="09/HĐ"))) == ["contract"]

    def test_the_advance_limit_counts_the_advances_of_the_file(self, running, accountant):
        make_limit()  # 70 %, binding
        rows = [voucher(running, f"UNC-{number}", 40, "advance") for number in (1, 2)]
        found = judged(accountant, *rows)
        assert [one.verdict for one in found] == ["new", "refused"]
        assert "đã tạm ứng 40 đồng, lần này 40 đồng, vượt 10 đồng" in problems(found[1])["amount_vnd"]

    def test_an_advance_limit_asks_for_its_conditions_and_reasons(self, running, accountant):
        assert list(refusal(accountant, voucher(running, "UNC-1", 80, "advance", override_reason=""))) == [
            "override_reason"
        ]
        make_limit(condition="hợp đồng mua")
        row = voucher(running, "UNC-1", 40, "advance")
        assert list(refusal(accountant, row)) == ["condition_note"]
        assert verdicts(KIND, accountant, understood({**row, "condition_note": "Đã xem hợp đồng"})) == ["new"]

    def test_after_acceptance_money_goes_out_up_to_what_is_due(self, running, accountant):
        AcceptedCost.objects.create(
            project=running, accepted_vnd=70, recorded_by=accountant, recorded_at=timezone.now()
        )
        running.status = Status.ACCEPTED.value
        running.save()
        found = judged(accountant, voucher(running, "UNC-1", 50), voucher(running, "UNC-2", 21))
        assert [one.verdict for one in found] == ["new", "refused"]
        assert "được hỗ trợ 70 đồng, đã chi 50 đồng, chi thêm 21 đồng" in problems(found[1])["amount_vnd"]

    def test_a_stopped_project_takes_back_what_it_demands(self, running, accountant):
        add_entry(running, accountant, 60)
        RecoveryDemand.objects.create(project=running, source=source(), out_vnd=60, kept_vnd=20)
        running.status = Status.STOPPED.value
        running.save()
        rows = [voucher(running, f"GNT-{number}", 30, "recovery") for number in (1, 2)]
        found = judged(accountant, *rows)
        assert [one.verdict for one in found] == ["new", "refused"]
        assert "còn phải thu 10 đồng, thu về 30 đồng" in problems(found[1])["amount_vnd"]

    def test_carried_money_counts_for_its_year(self, running, accountant, leader):
        carry_over(project_id=running.pk, amounts={source().pk: 70}, by=leader, version=running.version, paper=PAPER)
        found = judged(
            accountant,
            voucher(running, "UNC-1", 31, budget_year=YEAR),
            voucher(running, "UNC-2", 70),
            voucher(running, "UNC-3", 10, budget_year=YEAR),
            voucher(running, "UNC-4", 10, budget_year=YEAR - 1),
        )
        assert [one.verdict for one in found] == ["refused", "new", "new", "refused"]
        assert list(problems(found[0])) == list(problems(found[3])) == ["budget_year"]
        assert found[1].changes["Năm ngân sách"] == ("", str(YEAR + 1))


class TestRefusals:
    @pytest.mark.parametrize(
        ("values", "field", "message"),
        [
            ({"voucher_number": ""}, "voucher_number", "Chưa có số chứng từ"),
            ({"voucher_date": "2199-01-01"}, "voucher_date", "sau hôm nay"),
            ({"voucher_date": "2025-07-31"}, "voucher_date", "trước ngày phê duyệt 01/08/2025"),
            ({"voucher_date": None}, "voucher_date", "Chưa có ngày"),
            ({"amount_vnd": 0}, "amount_vnd", "lớn hơn 0"),
            ({"amount_vnd": -5}, "amount_vnd", "số âm"),
            ({"amount_vnd": None}, "amount_vnd", "Chưa có số tiền"),
            ({"source": "KCQG"}, "amount_vnd", "được duyệt 0 đồng"),
            ({"source": "DOIUNG"}, "source", "không có trong danh mục"),
            ({"kind": "gift"}, "kind", "không có trong danh mục"),
            ({"payee": "Cơ sở không quen"}, "payee", "Đề án không có cơ sở"),
            ({"treasury_date": "2199-01-01"}, "treasury_date", "sau hôm nay"),
            ({"note": "x" * 280, "treasury_date": "2025-09-01"}, "note", "nhiều nhất 300"),
            ({"note": "x" * 301}, "note", "nhiều nhất 300"),
        ],
    )
    def test_at_its_field_in_plain_words(self, running, accountant, values, field, message):
        found = refusal(accountant, {**voucher(running, "UNC-1", 10), **values})
        assert list(found) == [field]
        assert message in found[field]

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (Status.CONTRACTED, "payment"),
            (Status.ACCEPTED, "advance"),
            (Status.SETTLED, "payment"),
            (Status.APPROVED, "recovery"),
        ],
    )
    def test_at_a_step_where_it_has_no_place(self, running, accountant, status, kind):
        running.status = status.value
        running.save()
        assert "ở bước này" in refusal(accountant, voucher(running, "UNC-1", 10, kind))[""]

    def test_a_closed_year(self, running, accountant):
        close_year(province_id=unit("96").pk, year=YEAR, by=accountant, version=0)
        message = refusal(accountant, voucher(running, "UNC-1", 10))["budget_year"]
        assert f"Sổ năm {YEAR} của Tỉnh Cà Mau đã khóa" in message

    def test_another_area_is_said_to_have_no_such_project(self, running, stranger):
        other = type(stranger).objects.get(pk=stranger.pk)
        other.role = Role.ACCOUNTANT.value
        for values in ({}, {"project_code": "", "project_name": running.name, "year": YEAR}):
            found = refusal(other, {**voucher(running, "UNC-1", 10), **values})
            assert "trong địa bàn của đơn vị bạn" in " ".join(found.values())


class TestWhoIsMeant:
    def test_a_project_by_its_name_and_year(self, running, accountant):
        row = {**voucher(running, "UNC-1", 10), "project_code": "", "project_name": running.name.upper()}
        assert list(refusal(accountant, row)) == ["year"]
        assert verdicts(KIND, accountant, understood({**row, "year": YEAR})) == ["new"]
        assert list(refusal(accountant, {**row, "project_name": "", "year": YEAR})) == ["project_code"]
        assert list(refusal(accountant, {**row, "year": YEAR + 1})) == ["project_name"]

    def test_a_code_of_two_years_and_a_name_of_two_projects(self, running, accountant, centre_officer):
        other = approved_project(centre_officer, 50, status=Status.IN_PROGRESS.value, year=YEAR + 1)
        type(other).objects.filter(pk=other.pk).update(code=running.code)
        other.refresh_from_db()
        (verdict,) = judged(accountant, voucher(running, "UNC-1", 10))
        assert list(verdict.problems[0].choices) == [str(YEAR), str(YEAR + 1)]
        found = judged(accountant, voucher(running, "UNC-1", 10, year=YEAR + 1))
        assert found[0].changes["Đề án"] == ("", str(other))
        twin = approved_project(centre_officer, 50, name=running.name)
        row = {**voucher(running, "UNC-1", 10), "project_code": "", "project_name": running.name, "year": YEAR}
        (verdict,) = judged(accountant, row)
        assert list(verdict.problems[0].choices) == [running.code, twin.code]

    def test_a_name_that_is_not_that_of_the_code_is_a_warning(self, running, accountant):
        (verdict,) = judged(accountant, voucher(running, "UNC-1", 10, project_name="Đề án khác hẳn"))
        assert verdict.verdict == "new"
        assert running.name in problems(verdict)["project_name"]
        assert verdicts(
            KIND, accountant, understood({**voucher(running, "UNC-1", 10), "project_code": running.code.lower()})
        ) == ["new"]

    def test_a_payee_is_asked_for_where_the_source_gives_to_several(self, centre_officer, accountant):
        project = approved_project(centre_officer, 60, status=Status.IN_PROGRESS.value)
        payee = project.participants.get()
        add_line(project, "KCDP", 40, 40, payee)
        (verdict,) = judged(accountant, voucher(project, "UNC-1", 10))
        assert list(verdict.problems[0].choices) == ["Chung cả đề án", str(payee)]
        for said in verdict.problems[0].choices:
            assert verdicts(KIND, accountant, understood(voucher(project, "UNC-1", 10, payee=said))) == ["new"]

    def test_one_line_needs_no_name_and_namesakes_a_choice(self, centre_officer, accountant):
        project = approved_project(centre_officer, 0, status=Status.IN_PROGRESS.value)
        first = add_participant(project, make_beneficiary(name="Trùng tên", tax_code="0100109106"))
        second = add_participant(project, make_beneficiary(name="Trùng tên"))
        add_line(project, "KCQG", 40, 40, second)
        (verdict,) = judged(accountant, voucher(project, "UNC-1", 10, source="KCQG"))
        assert verdict.changes["Bên nhận"] == ("", "Trùng tên")
        assert "ghi cho Trùng tên" in problems(verdict)["payee"]
        written(KIND, accountant, understood(voucher(project, "UNC-1", 10, source="KCQG")))
        assert LedgerEntry.objects.get().participant == second
        (verdict,) = judged(accountant, voucher(project, "UNC-2", 10, source="KCQG", payee="TRÙNG TÊN"))
        assert list(verdict.problems[0].choices) == [f"Trùng tên (#{first.pk})", f"Trùng tên (#{second.pk})"]
        chosen = voucher(project, "UNC-2", 10, source="KCQG", payee=f"Trùng tên (#{second.pk})")
        assert judged(accountant, chosen)[0].verdict == "new"
        # the number says which of the two it was
        assert verdicts(
            KIND, accountant, understood(voucher(project, "UNC-1", 10, source="KCQG", payee="Trùng tên"))
        ) == ["equal"]
        by_code = judged(accountant, voucher(project, "UNC-3", 10, source="KCQG", payee="0100109106"))
        assert "được duyệt 0 đồng" in problems(by_code[0])["amount_vnd"]


@pytest.mark.parametrize("name", ["HTX Lúa Tôm", "htx lúa tôm", "HỢP TÁC XÃ LÚA TÔM", "hop tac xa lua tom"])
def test_a_name_as_people_shorten_it(name, running, accountant):
    payee = add_participant(running, make_beneficiary(name="Hợp tác xã lúa tôm"))
    (verdict,) = judged(accountant, voucher(running, "UNC-1", 10, payee=name))
    assert (verdict.verdict, verdict.changes["Bên nhận"]) == ("new", ("", str(payee)))


def test_the_number_of_queries_does_not_grow(centre_officer, accountant, django_assert_max_num_queries):
    def rows(number):
        projects = [approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value) for _ in range(number)]
        return understood(
            *(voucher(one, f"UNC-{kind}", 10, kind) for one in projects for kind in ("advance", "payment", "recovery"))
        )

    few, many = rows(2), rows(20)
    with django_assert_max_num_queries(15):
        assert {one.verdict for one in checked(KIND, accountant, many)} == {"new"}
    with django_assert_max_num_queries(30), transaction.atomic():
        assert len(KIND.importer(accountant, {}).write(few)) == 6
    with django_assert_max_num_queries(30), transaction.atomic():
        assert len(KIND.importer(accountant, {}).write(many)) == 60

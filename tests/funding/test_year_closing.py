"""A closed year takes no money; who closes and who opens it; what is still open is shown before."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from funding import policies
from funding.actions.approval import approve
from funding.actions.approval_list import approve_list
from funding.actions.budget import add_budget_entry
from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.year import close_year, reopen_year
from funding.models import BudgetYear, BudgetYearEvent, LedgerEntry, LedgerKind, RecoveryDemand
from funding.queries.year import open_work
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper
from programs.models import Project
from programs.workflow import Status
from tests.factories import unit
from tests.funding.amending import amended, whole
from tests.funding.makers import (
    DECIDED,
    MILLION,
    PAID,
    PAPER,
    VOUCHERS,
    YEAR,
    add_entry,
    appraised_project,
    approved_project,
    give_budget,
    page,
    source,
)

pytestmark = pytest.mark.django_db
CLOSED = f"Sổ năm {YEAR} của Tỉnh Cà Mau đã khóa"
ORDER = Paper("20/QĐ-SCT", PAID)


@pytest.fixture
def province(reference):
    return unit("96")


@pytest.fixture
def close(province, accountant):
    def run(**values):
        defaults = {"province_id": province.pk, "year": YEAR, "by": accountant, "version": events(province)}
        return close_year(**{**defaults, **values})

    return run


@pytest.fixture
def reopen(province, leader):
    def run(**values):
        defaults = {
            "province_id": province.pk,
            "year": YEAR,
            "by": leader,
            "version": events(province),
            "paper": ORDER,
            "reason": "Ghi sót chứng từ",
        }
        return reopen_year(**{**defaults, **values})

    return run


def events(province):
    return BudgetYearEvent.objects.filter(budget_year__province=province, budget_year__year=YEAR).count()


def pay(project, by, vnd=10, kind=LedgerKind.PAYMENT, **values):
    return record_entry(
        project_id=project.pk,
        kind=kind,
        source_id=source().pk,
        participant_id=None,
        amount_vnd=vnd,
        voucher_number=f"UNC-{next(VOUCHERS)}",
        voucher_date=PAID,
        by=by,
        **values,
    )


def carry(project, by, vnd=70):
    paper = Paper("9/QĐ-UBND", PAID)
    return carry_over(project_id=project.pk, amounts={source().pk: vnd}, by=by, version=project.version, paper=paper)


def grant(project, by):
    amounts = {(None, source().pk): 80}
    return approve(project_id=project.pk, amounts=amounts, by=by, version=project.version, paper=PAPER)


class TestClosedYear:
    @pytest.fixture
    def running(self, centre_officer, accountant):
        project = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)
        add_entry(project, accountant, 30)
        return project

    @pytest.mark.parametrize("kind", [LedgerKind.ADVANCE, LedgerKind.PAYMENT, LedgerKind.RECOVERY])
    def test_it_takes_no_voucher(self, kind, running, accountant, close):
        close()
        with pytest.raises(Refused, match=f"{CLOSED}.*lãnh đạo mở lại sổ có ghi lý do"):
            pay(running, accountant, kind=kind)
        assert LedgerEntry.objects.count() == 1

    def test_nor_a_reversal(self, running, accountant, close):
        close()
        entry = LedgerEntry.objects.get()
        with pytest.raises(Refused, match=CLOSED):
            reverse_entry(entry_id=entry.pk, reason="Nhầm", by=accountant, voucher_number="H", voucher_date=PAID)

    def test_nor_a_budget_decision(self, accountant, close):
        close()
        with pytest.raises(Refused, match=CLOSED) as refusal:
            add_budget_entry(
                year=YEAR,
                source_id=source().pk,
                amount_vnd=5,
                decision_number="1/QĐ",
                decision_date=DECIDED,
                by=accountant,
            )
        assert refusal.value.field == "year"

    def test_nor_an_approval_alone_or_in_a_list(self, leader, local_officer, accountant, close):
        give_budget(accountant, 500)
        project = appraised_project(local_officer, 80)
        close()
        with pytest.raises(Refused, match=CLOSED):
            grant(project, leader)
        with pytest.raises(Refused, match=CLOSED):
            approve_list(versions={project.pk: project.version}, by=leader, paper=PAPER)
        project.refresh_from_db()
        assert project.state is Status.APPRAISED

    def test_nor_an_amendment_of_money(self, running, leader, accountant, close):
        give_budget(accountant, 500)
        close()
        with pytest.raises(Refused, match=CLOSED):
            amended(running, leader, whole(90))

    def test_nor_a_carry_over_out_of_it(self, running, leader, close):
        close()
        with pytest.raises(Refused, match=CLOSED):
            carry(running, leader)

    def test_money_carried_over_before_is_spent_in_its_new_year(self, running, leader, accountant, close):
        carry(running, leader)
        close()
        assert pay(running, accountant).year == YEAR + 1
        with pytest.raises(Refused, match=CLOSED):
            pay(running, accountant, year=YEAR)

    def test_other_years_and_provinces_stay_open(self, running, accountant, close, province):
        close(year=YEAR - 1, version=0)
        BudgetYear.objects.create(province=unit("95", old=True), year=YEAR, is_closed=True)
        pay(running, accountant)

    def test_opened_corrected_and_closed_again(self, running, accountant, close, reopen, province):
        close()
        reopen()
        pay(running, accountant)
        close(paper=Paper("21/QĐ-SCT", PAID), reason="Đã sửa xong")
        with pytest.raises(Refused, match=CLOSED):
            pay(running, accountant)
        assert [event.closes for event in BudgetYearEvent.objects.order_by("pk")] == [True, False, True]
        told = AuditEvent.objects.filter(object_type="funding.budgetyear").order_by("pk")
        assert [event.action for event in told] == ["close_budget_year", "reopen_budget_year", "close_budget_year"]
        assert told[1].changes == {f"Sổ năm {YEAR}": ["Đã khóa", "Đang mở"]}
        assert (told[1].reason, told[1].document_number, told[1].place_id) == (
            "Ghi sót chứng từ",
            "20/QĐ-SCT",
            province.pk,
        )


class TestClosing:
    def test_who_may_close(self, close, leader, centre_officer, local_officer, stranger):
        for by in (leader, centre_officer, local_officer, stranger):
            with pytest.raises(NotAllowed):
                close(by=by)
        assert not BudgetYear.objects.filter(is_closed=True).exists()

    def test_who_may_open(self, close, reopen, accountant, department_officer, stranger):
        close()
        for by in (accountant, department_officer, stranger):
            with pytest.raises(NotAllowed):
                reopen(by=by)

    def test_a_leader_of_a_smaller_area_opens_nothing(self, leader, province):
        leader.organisation.area = unit("31843")
        with pytest.raises(NotAllowed, match="cấp tỉnh"):
            policies.check_can_reopen_year(leader, province)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"paper": Paper("", PAID)}, "document_number"),
            ({"paper": Paper("1/QĐ")}, "document_date"),
            ({"paper": Paper("1/QĐ", datetime.date(2199, 1, 1))}, "document_date"),
            ({"reason": " "}, "reason"),
        ],
    )
    def test_opening_needs_a_document_and_a_reason(self, values, field, close, reopen):
        close()
        with pytest.raises(Refused) as refusal:
            reopen(**values)
        assert refusal.value.field == field

    def test_closed_once_and_opened_once(self, close, reopen):
        with pytest.raises(Refused, match="đang mở"):
            reopen()
        close()
        with pytest.raises(Refused, match="đã khóa"):
            close()

    def test_an_old_page_is_told(self, close, reopen):
        close()
        with pytest.raises(Overtaken):
            close(version=0)
        with pytest.raises(Overtaken):
            reopen(version=0)

    def test_a_year_that_has_not_begun(self, close):
        with pytest.raises(Refused, match="Chưa đến năm"):
            close(year=timezone.localdate().year + 1, version=0)

    def test_the_database_keeps_the_events(self, close):
        close()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM funding_budgetyearevent")


class TestOpenWork:
    def test_what_is_still_open_in_a_year(self, centre_officer, accountant, province):
        running = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)
        add_entry(running, accountant, 30)
        accepted = approved_project(centre_officer, 100, status=Status.ACCEPTED.value)
        add_entry(accepted, accountant, 60)
        stopped = approved_project(centre_officer, 100, status=Status.STOPPED.value)
        add_entry(stopped, accountant, 50)
        RecoveryDemand.objects.create(project=stopped, source=source(), out_vnd=50, kept_vnd=20)
        approved_project(centre_officer, 100, status=Status.SETTLED.value)
        work = open_work(accountant, YEAR)[province.pk]
        found = {
            name: {row.project.pk: row.vnd for row in getattr(work, name).rows}
            for name in ("unspent", "advances", "demands")
        }
        assert found == {
            "unspent": {running.pk: 70, accepted.pk: 40},
            "advances": {running.pk: 30},
            "demands": {stopped.pk: 30},
        }
        assert open_work(accountant, YEAR - 1) == {}

    def test_what_was_carried_is_open_in_the_year_that_it_went_into(self, centre_officer, accountant, leader, province):
        running = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)
        carry(running, leader, 70)
        assert open_work(accountant, YEAR)[province.pk].unspent.vnd == 30
        assert open_work(accountant, YEAR + 1)[province.pk].unspent.vnd == 70


class TestPages:
    address = property(lambda self: f"{reverse('funding:budget-year')}?year={YEAR}")

    def turn(self, name, province):
        return reverse(f"funding:{name}", args=[province.pk, YEAR])

    def test_closing_shows_what_is_open_and_proposes_to_carry_over(
        self, client, accountant, leader, centre_officer, province
    ):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
        client.force_login(accountant)
        html = client.get(self.address).content.decode()
        assert "Đã duyệt, chưa chi: 1 đề án, 100.000.000 đồng" in html
        assert self.turn("budget-year-close", province) in html
        assert "chuyển nguồn trước khi khóa sổ" in client.get(self.turn("budget-year-close", province)).content.decode()
        client.force_login(leader)
        assert page("project-carry-over", project) in client.get(self.address).content.decode()

    def test_closed_and_opened_again(self, client, accountant, leader, province):
        client.force_login(accountant)
        data = {"version": 0, "document_number": "", "document_date": "31/13/2025", "reason": "Hết năm"}
        response = client.post(self.turn("budget-year-close", province), data)
        assert response.status_code == 422
        assert "Hết năm</textarea>" in response.content.decode()
        assert client.post(self.turn("budget-year-close", province), {**data, "document_date": ""}).status_code == 302
        assert client.get(self.turn("budget-year-close", province)).status_code == 302
        client.force_login(leader)
        address = self.turn("budget-year-reopen", province)
        assert address in client.get(self.address).content.decode()
        assert client.get(address).status_code == 200
        data = {"version": 1, "document_number": "20/QĐ", "document_date": "01/09/2025", "reason": ""}
        assert client.post(address, data).status_code == 422
        response = client.post(address, {**data, "reason": "Ghi sót", "version": 0})
        assert response.status_code == 409
        assert 'value="20/QĐ"' in response.content.decode()
        assert client.post(address, {**data, "reason": "Ghi sót"}).status_code == 302
        html = client.get(self.address).content.decode()
        assert "Ghi sót" in html
        assert "Mở lại sổ" in html
        assert client.get(address).status_code == 302

    def test_another_province_is_404_and_a_missing_right_403(
        self, client, cast, stranger, accountant, leader, province
    ):
        client.force_login(stranger)
        assert client.post(self.turn("budget-year-close", province), {"version": 0}).status_code == 404
        client.force_login(leader)
        assert client.post(self.turn("budget-year-close", province), {"version": 0}).status_code == 403
        client.force_login(accountant)
        assert client.post(self.turn("budget-year-reopen", province), {"version": 0}).status_code == 403
        later = reverse("funding:budget-year-close", args=[province.pk, timezone.localdate().year + 1])
        assert client.get(later).status_code == 404

    def test_a_smaller_office_is_told_whose_work_it_is(self, client, local_officer):
        client.force_login(local_officer)
        assert "Sổ năm là của cấp tỉnh" in client.get(self.address).content.decode()

    @pytest.mark.parametrize("text", ["x", "0202599999", "1999", "2199", "٢٠٢٥"])
    def test_an_impossible_year_is_last_year(self, client, accountant, text):
        client.force_login(accountant)
        html = client.get(reverse("funding:budget-year"), {"year": text}).content.decode()
        assert f"Khóa sổ năm {timezone.localdate().year - 1}" in html

    def test_a_refused_voucher_says_how_to_go_on(self, client, accountant, centre_officer, close):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
        close()
        client.force_login(accountant)
        data = {
            "source": source().pk,
            "participant": "",
            "amount_vnd": "5 triệu",
            "voucher_number": "UNC-1",
            "voucher_date": "01/09/2025",
        }
        response = client.post(page("ledger-add", project, "payment"), data)
        assert response.status_code == 422
        assert CLOSED in response.content.decode()
        assert 'value="5 triệu"' in response.content.decode()
        assert Project.objects.get(pk=project.pk).version == project.version

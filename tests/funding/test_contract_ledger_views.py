"""Contracts, vouchers and settlement as pages."""

import pytest

from funding.models import Contract, LedgerEntry
from programs.workflow import Status
from tests.funding.limits import accept_cost
from tests.funding.makers import (
    MILLION,
    add_entry,
    add_line,
    approved_project,
    decision,
    page,
    source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(centre_officer):
    return approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)


class TestContract:
    def rows(self, project, *rows):
        data = {"version": project.version, "contracts-TOTAL_FORMS": len(rows), "contracts-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            data |= {f"contracts-{number}-{name}": value for name, value in row.items()}
        return data

    def test_a_row_is_offered_for_what_was_approved(self, client, centre_officer):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.APPROVED.value)
        client.force_login(centre_officer)
        html = client.get(page("project-sign", project)).content.decode()
        assert 'name="contracts-0-support_vnd" value="100.000.000"' in html
        assert "Chung cả đề án" in html

    def test_contracts_are_signed(self, client, centre_officer):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.APPROVED.value)
        client.force_login(centre_officer)
        kept = {"participant": "", "number": "01/HĐ", "signed_date": "05/08/2025", "support_vnd": "90 triệu"}
        response = client.post(page("project-sign", project), self.rows(project, kept, {**kept, "DELETE": "on"}))
        assert response.status_code == 302
        assert Contract.objects.get().support_vnd == 90 * MILLION
        project.refresh_from_db()
        assert project.state is Status.CONTRACTED

    @pytest.mark.parametrize(
        ("typed", "label"),
        [("", "Hợp đồng thực hiện đề án"), ("support", "Hợp đồng hỗ trợ"), ("implementation", "Hợp đồng thực hiện")],
    )
    def test_the_kind_is_chosen_or_follows_the_payee(self, client, centre_officer, typed, label):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.APPROVED.value)
        client.force_login(centre_officer)
        row = {"kind": typed, "number": "01/HĐ", "signed_date": "05/08/2025", "support_vnd": "90 triệu"}
        assert client.post(page("project-sign", project), self.rows(project, row)).status_code == 302
        assert label in client.get(page("project-money", project)).content.decode()

    def test_a_kind_that_does_not_exist_is_refused(self, client, centre_officer):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.APPROVED.value)
        client.force_login(centre_officer)
        row = {"kind": "gift", "number": "01/HĐ", "signed_date": "05/08/2025", "support_vnd": "90 triệu"}
        assert client.post(page("project-sign", project), self.rows(project, row)).status_code == 422
        assert not Contract.objects.exists()

    def test_what_is_wrong_is_said_and_kept(self, client, centre_officer):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.APPROVED.value)
        client.force_login(centre_officer)
        row = {"participant": "", "number": "01/HĐ", "signed_date": "05/08/2025", "support_vnd": "101 triệu"}
        response = client.post(page("project-sign", project), self.rows(project, row))
        assert response.status_code == 422
        assert "vượt 1.000.000 đồng" in response.content.decode()
        assert 'value="101 triệu"' in response.content.decode()
        response = client.post(page("project-sign", project), self.rows(project, {**row, "signed_date": "5/13/2025"}))
        assert response.status_code == 422
        assert 'value="5/13/2025"' in response.content.decode()
        assert not Contract.objects.exists()


class TestLedger:
    entry = {"participant": "", "voucher_number": "UNC-1", "voucher_date": "01/09/2025", "amount_vnd": "40 triệu"}

    def test_a_voucher_is_recorded(self, client, running, accountant):
        client.force_login(accountant)
        address = page("ledger-add", running, "advance")
        assert "ứng dụng máy móc thiết bị: tạm ứng tối đa 70 %" in client.get(address).content.decode()
        assert client.post(address, {**self.entry, "source": source().pk}).status_code == 302
        assert LedgerEntry.objects.get().amount_vnd == 40 * MILLION

    def test_a_refused_voucher_keeps_what_was_typed(self, client, running, accountant):
        client.force_login(accountant)
        data = {**self.entry, "source": source().pk, "amount_vnd": "101 triệu", "note": "Đợt 1"}
        response = client.post(page("ledger-add", running, "payment"), data)
        assert response.status_code == 422
        assert "vượt 1.000.000 đồng" in response.context["form"].errors["amount_vnd"][0]
        assert 'value="101 triệu"' in response.content.decode()
        assert 'value="Đợt 1"' in response.content.decode()

    def test_sources_without_approved_money_are_not_offered(self, client, running, accountant):
        add_line(running, "DOIUNG", 5, 5)
        add_line(running, "KCQG", 5, 0)
        client.force_login(accountant)
        form = client.get(page("ledger-add", running, "payment")).context["form"]
        assert form.fields["source"].choices == [(source().pk, "Khuyến công địa phương")]

    def test_a_kind_that_does_not_exist_is_404_and_a_wrong_status_is_told(self, client, running, accountant):
        client.force_login(accountant)
        assert client.get(page("ledger-add", running, "gift")).status_code == 404
        running.status = Status.SETTLED.value
        running.save()
        response = client.get(page("ledger-add", running, "advance"), follow=True)
        assert "không ghi tạm ứng ở bước này" in response.content.decode()

    def test_an_entry_is_reversed(self, client, running, accountant):
        entry = add_entry(running, accountant, 40 * MILLION)
        client.force_login(accountant)
        address = page("ledger-reverse", running, entry.pk)
        assert entry.voucher_number in client.get(address).content.decode()
        data = {"voucher_number": "HUY-1", "voucher_date": "02/09/2025", "reason": ""}
        assert client.post(address, data).status_code == 422
        assert client.post(address, {**data, "reason": "Ghi nhầm"}).status_code == 302
        assert LedgerEntry.objects.get(reverses=entry).note == "Ghi nhầm"

    def test_an_entry_of_another_project_is_404(self, client, running, accountant, centre_officer):
        entry = add_entry(approved_project(centre_officer, 100), accountant, 5)
        client.force_login(accountant)
        assert client.get(page("ledger-reverse", running, entry.pk)).status_code == 404

    def test_only_accountants_record(self, client, running, leader, stranger, centre_officer):
        for user, status in ((leader, 403), (centre_officer, 403)):
            client.force_login(user)
            assert client.get(page("ledger-add", running, "payment")).status_code == status


class TestSettlement:
    def test_it_is_settled(self, client, accountant, centre_officer):
        project = approved_project(centre_officer, 100, status=Status.LIQUIDATED.value)
        accept_cost(project, centre_officer, 100)
        client.force_login(accountant)
        html = client.get(page("project-settle", project)).content.decode()
        assert "Chưa chi khoản ngân sách nào" in html
        response = client.post(page("project-settle", project), decision(project))
        assert response.status_code == 422
        assert 'value="15/QĐ"' in response.content.decode()
        add_entry(project, accountant, 90)
        reason = f"unpaid_all_{source().pk}"
        response = client.post(page("project-settle", project), decision(project))
        assert response.status_code == 422
        assert "còn 10 đồng chưa chi" in response.context["form"].errors[reason][0]
        why = {reason: "Cơ sở không nhận phần còn lại"}
        assert client.post(page("project-settle", project), decision(project, **why)).status_code == 302
        assert "Cơ sở không nhận phần còn lại" in client.get(page("project-money", project)).content.decode()
        project.refresh_from_db()
        assert project.state is Status.SETTLED

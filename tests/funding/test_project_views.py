"""The money pages of a project."""

import pytest

from funding.models import FundingLine, LedgerKind
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.makers import (
    MILLION,
    add_entry,
    appraised_project,
    approved_project,
    decision,
    give_budget,
    page,
    source,
)

pytestmark = pytest.mark.django_db


def cell(code="KCDP", payee="all"):
    return f"amount_{payee}_{source(code).pk}"


@pytest.fixture
def draft(local_officer):
    project = make_project(created_by=local_officer)
    add_participant(project, make_beneficiary(name="Cơ sở <b>khô</b> Ba Tri"))
    return project


@pytest.fixture
def running(centre_officer):
    return approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)


class TestMoneyTab:
    def test_everybody_within_the_area_sees_it_and_a_stranger_does_not(self, client, draft, cast, stranger):
        for user in cast.values():
            client.force_login(user)
            assert client.get(page("project-money", draft)).status_code == 200
        client.force_login(stranger)
        assert client.get(page("project-money", draft)).status_code == 404

    def test_matrix_ledger_and_contracts_are_shown(self, client, running, accountant):
        entry = add_entry(running, accountant, 60 * MILLION, voucher_number="UNC-07")
        add_entry(running, accountant, 60 * MILLION, voucher_number="HUY-07", reverses=entry)
        client.force_login(accountant)
        html = client.get(page("project-money", running)).content.decode()
        for text in ("100.000.000", "UNC-07", "Hủy tạm ứng UNC-07", "-60.000.000", "Lũy kế đã chi"):
            assert text in html
        assert page("ledger-reverse", running, entry.pk) not in html

    def test_buttons_are_those_that_the_policies_allow(self, client, running, draft, accountant, local_officer):
        client.force_login(accountant)
        html = client.get(page("project-money", running)).content.decode()
        assert [kind for kind in LedgerKind if page("ledger-add", running, kind.value) in html] == list(LedgerKind)
        assert page("project-request", running) not in html
        client.force_login(local_officer)
        html = client.get(page("project-money", draft)).content.decode()
        assert page("project-request", draft) in html
        assert "/chung-tu/" not in html

    def test_names_are_escaped(self, client, draft, local_officer):
        client.force_login(local_officer)
        assert b"<b>kh" not in client.get(page("project-money", draft)).content

    def test_the_page_takes_the_same_queries_for_a_long_ledger(self, client, running, accountant):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.force_login(accountant)
        counts = set()
        for size in (3, 30):
            for _ in range(size):
                add_entry(running, accountant, 1, participant=add_participant(running))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(page("project-money", running)).status_code == 200
            counts.add(len(queries))
        assert len(counts) == 1, counts


class TestRequest:
    def test_amounts_are_saved(self, client, draft, local_officer):
        client.force_login(local_officer)
        assert client.get(page("project-request", draft)).status_code == 200
        payee = draft.participants.get().pk
        data = {"version": draft.version, cell(payee=payee): "150.000.000", cell("DOIUNG"): "200 triệu"}
        response = client.post(page("project-request", draft), data)
        assert response.status_code == 302
        lines = FundingLine.objects.filter(project=draft).values_list("participant_id", "source__code", "requested_vnd")
        assert set(lines) == {(payee, "KCDP", 150 * MILLION), (None, "DOIUNG", 200 * MILLION)}

    def test_bad_cells_are_marked_and_everything_typed_is_kept(self, client, draft, local_officer):
        client.force_login(local_officer)
        data = {"version": draft.version, cell(): "150tr5", cell("DOIUNG"): "-4", cell("KHAC"): "90.000.000"}
        response = client.post(page("project-request", draft), data)
        html = response.content.decode()
        assert response.status_code == 422
        for text in ('value="150tr5"', 'value="-4"', 'value="90.000.000"'):
            assert text in html
        assert set(response.context["form"].errors) == {cell(), cell("DOIUNG")}
        assert f'id="id_{cell()}_error"' in html
        assert not FundingLine.objects.exists()

    def test_sums_can_be_followed_while_typing(self, client, draft, local_officer):
        client.force_login(local_officer)
        html = client.get(page("project-request", draft)).content.decode()
        assert f'data-sum-row="all" data-sum-col="{source().pk}"' in html
        assert f'data-sum-of-col="{source().pk}"' in html
        assert "data-sum-of-all" in html

    def test_an_old_page_is_overtaken(self, client, draft, local_officer):
        client.force_login(local_officer)
        data = {"version": draft.version + 1, cell(): "5"}
        response = client.post(page("project-request", draft), data)
        assert response.status_code == 409
        assert "đã được thay đổi" in response.content.decode()

    def test_a_submitted_project_is_sent_back_with_the_reason(self, client, draft, local_officer):
        draft.status = Status.SUBMITTED.value
        draft.save()
        client.force_login(local_officer)
        response = client.get(page("project-request", draft), follow=True)
        assert response.redirect_chain[-1][0] == page("project-money", draft)
        assert "không sửa được nữa" in response.content.decode()
        response = client.post(page("project-request", draft), {"version": draft.version, cell(): "7.000.000"})
        assert response.status_code == 422
        assert 'value="7.000.000"' in response.content.decode()

    def test_a_missing_right_is_403_and_a_strangers_project_404(self, client, draft, accountant, stranger):
        client.force_login(accountant)
        assert client.get(page("project-request", draft)).status_code == 403
        client.force_login(stranger)
        assert client.post(page("project-request", draft), {"version": 1}).status_code == 404


class TestApproval:
    def test_the_page_shows_the_budget_beside_the_request(self, client, leader, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        approved_project(local_officer, 380 * MILLION)
        project = appraised_project(local_officer, 150 * MILLION)
        client.force_login(leader)
        html = client.get(page("project-approve", project)).content.decode()
        for text in ("500.000.000", "380.000.000", "120.000.000", "Thiếu 30.000.000 đồng", 'value="150.000.000"'):
            assert text in html
        assert "Thông tư 28/2018/TT-BTC" not in html  # the norms on record are for the national track

    def test_it_is_approved(self, client, leader, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        project = appraised_project(local_officer, 150 * MILLION)
        client.force_login(leader)
        response = client.post(page("project-approve", project), decision(project, **{cell(): "120 triệu"}))
        assert response.status_code == 302
        project.refresh_from_db()
        assert project.state is Status.APPROVED

    def test_over_the_budget_everything_typed_is_kept(self, client, leader, local_officer, accountant):
        give_budget(accountant, 100 * MILLION)
        project = appraised_project(local_officer, 150 * MILLION)
        client.force_login(leader)
        data = decision(project, **{cell(): "140 triệu"})
        response = client.post(page("project-approve", project), data)
        html = response.content.decode()
        assert response.status_code == 422
        assert "còn 100.000.000 đồng, phê duyệt 140.000.000 đồng, thiếu 40.000.000 đồng" in html
        for text in ('value="140 triệu"', 'value="15/QĐ"', 'value="01/08/2025"'):
            assert text in html

    def test_a_wrong_date_and_a_wrong_cell_are_shown_together(self, client, leader, local_officer):
        project = appraised_project(local_officer, 150)
        client.force_login(leader)
        data = decision(project, document_date="31/02/2025", **{cell(): "x"})
        response = client.post(page("project-approve", project), data)
        assert response.status_code == 422
        assert "document_date" in response.context["paper"].errors
        assert cell() in response.context["form"].errors

    def test_a_refusal_about_the_decision_is_shown_at_its_field(self, client, leader, local_officer):
        project = appraised_project(local_officer, 150)
        client.force_login(leader)
        response = client.post(page("project-approve", project), decision(project, document_date="01/01/2199"))
        assert response.context["paper"].errors["document_date"] == ["Ngày văn bản không thể sau hôm nay."]

    def test_only_leaders_approve(self, client, local_officer, accountant):
        project = appraised_project(local_officer, 150)
        for user in (local_officer, accountant):
            client.force_login(user)
            assert client.get(page("project-approve", project)).status_code == 403

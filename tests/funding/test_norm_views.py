"""Norms on the pages of requests, approvals, lists and money, and the page that only answers."""

import pytest
from django.urls import reverse

from funding.models import CostBasis, FundingLine, NormCheck
from khuyencong.accounts.permissions import Permission
from programs.forms.project_bulk import TICK
from programs.models import SupportItem
from programs.workflow import Status, Track
from tests.factories import add_participant, make_project
from tests.funding.makers import MILLION, add_line, appraised_project, decision, give_budget, page, source
from tests.funding.norms import change_of_norm, make_norm

pytestmark = pytest.mark.django_db
LOOKUP = "/kinh-phi/dinh-muc/"


def cell(code="KCDP", payee="all"):
    return f"amount_{payee}_{source(code).pk}"


class TestRequest:
    @pytest.fixture
    def draft(self, local_officer):
        made = make_project(created_by=local_officer)
        add_participant(made)
        return made

    @pytest.fixture
    def here(self, client, local_officer, draft):
        client.force_login(local_officer)
        return page("project-request", draft)

    def data(self, draft, **values):
        payee = draft.participants.get().pk
        amounts = {cell(payee=payee): "90 triệu", cell("DOIUNG", payee): "60 triệu"}
        return {"version": draft.version, **amounts, **{f"{key}_{payee}": value for key, value in values.items()}}

    def test_amounts_and_basis_are_saved_together(self, client, draft, here):
        norm = make_norm(multiplier="1.5", multiplier_note="dây chuyền thử")
        html = client.get(here).content.decode()
        assert "dây chuyền thử" in html
        data = self.data(draft, norm=norm.pk, eligible="200 triệu", units="2", multiplier="on")
        assert client.post(here, data).status_code == 302
        basis = CostBasis.objects.get()
        assert (basis.norm, basis.eligible_vnd, basis.unit_count, basis.has_multiplier) == (
            norm,
            200 * MILLION,
            2,
            True,
        )
        assert FundingLine.objects.count() == 2
        assert 'value="200.000.000"' in client.get(here).content.decode()

    def test_reckoning_shows_the_limit_and_saves_nothing(self, client, draft, here):
        norm = make_norm()
        response = client.post(here, self.data(draft, norm=norm.pk) | {"reckon": "1"})
        html = response.content.decode()
        assert response.status_code == 200
        for text in ("<strong>75.000.000</strong>", "Đề nghị 90.000.000, vượt 15.000.000 đồng", 'value="90 triệu"'):
            assert text in html
        assert not FundingLine.objects.exists()
        assert not CostBasis.objects.exists()

    def test_what_is_wrong_is_marked_and_kept(self, client, draft, here):
        make_norm()
        payee = draft.participants.get().pk
        response = client.post(here, self.data(draft, eligible="9tr5x", units="0"))
        html = response.content.decode()
        assert response.status_code == 422
        assert set(response.context["basis"].errors) == {f"eligible_{payee}", f"units_{payee}"}
        assert 'value="9tr5x"' in html
        assert not FundingLine.objects.exists()

    def test_a_multiplier_that_the_chosen_norm_does_not_have_is_refused_at_its_tick(self, client, draft, here):
        plain = make_norm()
        make_norm(name="Có hệ số", multiplier="1.5")
        response = client.post(here, self.data(draft, norm=plain.pk, multiplier="on"))
        assert response.status_code == 422
        assert f"multiplier_{draft.participants.get().pk}" in response.context["basis"].errors

    def test_the_only_norm_is_chosen_already_and_of_two_none(self, client, draft, here):
        norm = make_norm()
        payee = draft.participants.get().pk
        assert client.get(here).context["basis"][f"norm_{payee}"].value() == norm.pk
        make_norm(name="Định mức thứ hai")
        assert client.get(here).context["basis"][f"norm_{payee}"].value() == ""

    def test_a_foreign_norm_is_no_choice(self, client, draft, here):
        make_norm()
        other = make_norm(track=Track.NATIONAL.value)
        response = client.post(here, self.data(draft, norm=other.pk))
        assert response.status_code == 422
        assert not CostBasis.objects.exists()


class TestApproval:
    @pytest.fixture
    def project(self, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        made = appraised_project(local_officer, 90 * MILLION)
        add_line(made, "DOIUNG", 210 * MILLION)
        return made

    @pytest.fixture
    def here(self, client, leader, project):
        client.force_login(leader)
        return page("project-approve", project)

    def data(self, project, **values):
        return decision(project, **{cell(): "90 triệu", cell("DOIUNG"): "210 triệu"}, **values)

    def test_the_three_limits_are_shown(self, client, here):
        make_norm()
        html = client.get(here).content.decode()
        for text in ("150.000.000", "100.000.000", "500.000.000", "Nghị quyết thử", "Bắt buộc"):
            assert text in html
        assert "norm_reason" not in html

    def test_a_binding_norm_is_refused_at_the_amount(self, client, project, here):
        make_norm(cap_vnd=50 * MILLION)
        response = client.post(here, self.data(project, norm_reason="Cần"))
        assert response.status_code == 422
        assert "vượt 40.000.000 đồng" in response.context["form"].errors[cell()][0]
        assert 'value="90 triệu"' in response.content.decode()
        assert not NormCheck.objects.exists()

    def test_a_warning_asks_for_its_reason_and_then_lets_pass(self, client, project, here):
        make_norm(cap_vnd=50 * MILLION, certainty="unverified")
        assert "norm_reason" in client.get(here).content.decode()
        response = client.post(here, self.data(project))
        assert response.status_code == 422
        assert "norm_reason" in response.context["excuse"].errors
        assert client.post(here, self.data(project, norm_reason="Máy nhập khẩu")).status_code == 302
        assert NormCheck.objects.get().override_reason == "Máy nhập khẩu"

    def test_reckoning_with_another_day_shows_its_norm_and_approves_nothing(self, client, project, here):
        change_of_norm()
        for day, limit in (("14/07/2025", "100.000.000"), ("15/07/2025", "60.000.000")):
            response = client.post(here, self.data(project, document_date=day, document_number="", reckon="1"))
            assert response.status_code == 200
            assert f"<strong>{limit}</strong>" in response.content.decode()
        project.refresh_from_db()
        assert project.state is Status.APPRAISED

    def test_the_money_tab_says_why(self, client, project, here, auditor):
        make_norm(cap_vnd=50 * MILLION, valid_from=None)
        client.post(here, self.data(project, norm_reason="Máy <b>nhập khẩu</b>"))
        client.force_login(auditor)
        html = client.get(page("project-money", project)).content.decode()
        for text in (
            "Vì sao số này?",
            "Nghị quyết thử",
            "Máy &lt;b&gt;nhập khẩu",
            "chưa rõ ngày áp dụng",
            "01/08/2025",
        ):
            assert text in html


class TestList:
    def test_what_passes_is_listed_and_the_reason_is_asked_once(self, client, leader, local_officer, accountant):
        give_budget(accountant, 900 * MILLION)
        make_norm(rate_percent=None, cap_vnd=50 * MILLION, certainty="unverified")
        over, within = appraised_project(local_officer, 90 * MILLION), appraised_project(local_officer, 40 * MILLION)
        client.force_login(leader)
        address = f"{reverse('funding:approval-list')}?nam={over.year}"
        ticks = {TICK: [f"{one.pk}-{one.version}" for one in (over, within)]}
        response = client.post(address, ticks)
        html = response.content.decode()
        assert "Vượt định mức" in html
        assert [project for project, _ in response.context["norms"]] == [over]
        assert "norm_reason" in html
        paper = {"do": "1", "document_number": "15/QĐ", "document_date": "01/08/2025", "reason": ""}
        response = client.post(address, ticks | paper)
        assert response.status_code == 422
        assert over.code in response.content.decode()
        assert client.post(address, ticks | paper | {"norm_reason": "Theo biên bản"}).status_code == 302
        assert NormCheck.objects.filter(override_reason="Theo biên bản").count() == 1


class TestLookup:
    def ask(self, client, **values):
        item = SupportItem.objects.get(row=10).pk
        data = {"item": item, "track": "local", "cost": "300 triệu", "units": "1", "day": "14/07/2025", **values}
        return client.get(LOOKUP, data)

    def test_each_day_has_its_answer(self, client, accountant):
        change_of_norm()
        give_budget(accountant, 80 * MILLION)
        client.force_login(accountant)
        before = self.ask(client).context["answer"].rows[0]
        after = self.ask(client, day="15/07/2025").context["answer"].rows[0]
        assert (before.limits.rate_limit_vnd, before.limits.cap_limit_vnd) == (150 * MILLION, 100 * MILLION)
        assert (before.limits.plan_remaining_vnd, before.limits.allowed_vnd) == (80 * MILLION, 80 * MILLION)
        assert after.limits.allowed_vnd == 60 * MILLION
        assert ("Nghị quyết cũ" in before.rule, "Nghị quyết mới" in after.rule) == (True, True)

    def test_it_is_read_on_the_page(self, client, accountant):
        change_of_norm()
        client.force_login(accountant)
        html = self.ask(client).content.decode()
        for text in ("100.000.000", "Nghị quyết cũ", "Không áp dụng vào ngày này", "Nghị quyết mới"):
            assert text in html

    def test_nothing_in_force_is_said(self, client, accountant):
        make_norm()
        client.force_login(accountant)
        html = self.ask(client, day="31/12/2019").content.decode()
        assert "Không có định mức nào trong danh mục áp dụng vào ngày này" in html

    def test_what_is_wrong_is_marked(self, client, accountant):
        client.force_login(accountant)
        response = self.ask(client, day="31/02/2025", units="0", item="x")
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"day", "units", "item"}
        assert client.get(LOOKUP).status_code == 200

    def test_only_who_sees_money_asks(self, client, cast):
        for user in cast.values():
            client.force_login(user)
            assert client.get(LOOKUP).status_code == (200 if user.has_permission(Permission.MONEY_VIEW) else 403)

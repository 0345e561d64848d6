"""The page of an amendment."""

import pytest

from funding.models import FundingLine
from khuyencong.accounts.permissions import Permission, Role, permissions_of
from khuyencong.audit.models import AuditEvent
from programs.models import Amendment, Programme
from programs.workflow import Status, Track
from tests.factories import make_beneficiary
from tests.funding.amending import project_in_full
from tests.funding.makers import (
    MILLION,
    add_entry,
    page,
    source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_officer, leader, accountant):
    return project_in_full(centre_officer, leader, accountant)


def typed(response):
    """What a browser would send back: every field of the page as it is filled in."""
    forms, data = response.context["forms"], {}
    sections = [forms.general, forms.amounts, forms.contracts]
    for formset in (forms.new, forms.figures):
        sections += [formset.management_form, *formset.forms]
    for form in sections:
        for bound in form:
            value = bound.field.prepare_value(bound.value()) if hasattr(bound.field, "prepare_value") else bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data


DECISION = {
    "document_number": "20/QĐ-UBND",
    "document_date": "01/09/2025",
    "effective_from": "05/09/2025",
    "reason": "Giá máy tăng",
}


@pytest.fixture
def data(client, leader, project):
    client.force_login(leader)
    return typed(client.get(page("project-amend", project))) | DECISION


def cell(payee="all", code="KCDP"):
    return f"amount_{payee}_{source(code).pk}"


class TestForm:
    def test_what_stands_now_is_filled_in(self, client, leader, project):
        client.force_login(leader)
        response = client.get(page("project-amend", project))
        html = response.content.decode()
        assert response.status_code == 200
        for text in ("Máy sấy khô cá", "100.000.000", "90.000.000", "1.200", "Cơ sở Ba Khía", "không điều chỉnh được"):
            assert text in html

    def test_an_unchanged_form_is_refused(self, client, project, data):
        response = client.post(page("project-amend", project), data)
        assert response.status_code == 422
        assert "Chưa thay đổi nội dung nào" in response.content.decode()
        assert not Amendment.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_everything_is_amended_at_once_and_reviewed(self, client, project, data):
        make_beneficiary(name="Cơ sở Hai Lúa", tax_code="1900000001")
        make_beneficiary(name="Cơ sở Tư Tôm")
        participant = project.participants.get()
        data |= {
            "name": "Máy sấy tôm",
            "end_date": "30/06/2026",
            f"replace_{participant.pk}": "co so hai lua",
            "new-1-establishment": "Cơ sở Tư Tôm",
            "new-1-content": "máy đóng gói",
            "rows-0-value": "2.400",
            cell(): "120 triệu",
            cell("-2"): "30.000.000",
            next(name for name in data if name.startswith("contract_")): "110 triệu",
        }
        response = client.post(page("project-amend", project), data, follow=True)
        assert response.redirect_chain[0][0] == page("project-amendments", project) + "#lan-moi-nhat"
        html = response.content.decode()
        for text in (
            "Điều chỉnh lần 1",
            "20/QĐ-UBND",
            "01/09/2025",
            "05/09/2025",
            "Giá máy tăng",
            "Máy sấy tôm",
            "120.000.000",
            "Cơ sở Tư Tôm: máy đóng gói",
            "15/QĐ-UBND",
        ):
            assert text in html
        lines = FundingLine.objects.filter(project=project).values_list(
            "participant__beneficiary__name", "source__code", "approved_vnd"
        )
        assert set(lines) == {
            (None, "KCDP", 120 * MILLION),
            ("Cơ sở Hai Lúa", "DOIUNG", 50 * MILLION),
            ("Cơ sở Tư Tôm", "KCDP", 30 * MILLION),
        }
        assert project.contracts.get().support_vnd == 110 * MILLION
        assert project.indicators.get().planned_value == 2400
        approved = response.context["history"].approved
        assert dict(approved.fields)["Tên đề án"] == "Máy sấy khô cá"
        assert approved.participants == ["Cơ sở Ba Khía"]
        assert {(row.payee, row.vnd) for row in approved.money} == {
            ("Chung cả đề án", 100 * MILLION),
            ("Cơ sở Ba Khía", 50 * MILLION),
        }

    def test_refused_input_keeps_what_was_typed(self, client, project, data):
        participant = project.participants.get()
        data |= {
            "name": "Tên <b>khác</b>",
            "document_date": "31/02/2025",
            cell(): "12tr5",
            cell("-1"): "5.000.000",
            f"replace_{participant.pk}": "Không có cơ sở này",
            "rows-0-value": "abc",
        }
        response = client.post(page("project-amend", project), data)
        html = response.content.decode()
        assert response.status_code == 422
        for text in ("Tên &lt;b&gt;khác", "31/02/2025", "12tr5", "Không có cơ sở này", 'value="abc"', "Giá máy tăng"):
            assert text in html
        forms = response.context["forms"]
        assert set(forms.general.errors) == {"document_date", f"replace_{participant.pk}"}
        assert cell() in forms.amounts.errors
        assert not Amendment.objects.exists()

    def test_an_amount_for_nobody_is_marked(self, client, project, data):
        response = client.post(page("project-amend", project), data | {cell("-1"): "5.000.000"})
        assert "Chưa ghi tên cơ sở mới 1" in response.content.decode()
        assert response.status_code == 422

    def test_a_refusal_stands_at_its_field(self, client, accountant, project, data):
        add_entry(project, accountant, 80 * MILLION)
        response = client.post(page("project-amend", project), data | {cell(): "70 triệu"})
        assert response.status_code == 422
        assert "đã chi 80.000.000 đồng" in str(response.context["forms"].amounts.errors[cell()])
        response = client.post(page("project-amend", project), data | {cell(): "85 triệu"})
        assert "01/HĐ" in str(response.context["forms"].contracts.errors)

    def test_several_establishments_of_one_name_are_told_apart(self, client, project, data):
        first, second = make_beneficiary(name="Lò rèn"), make_beneficiary(name="Lò rèn")
        response = client.post(page("project-amend", project), data | {"new-0-establishment": "lo ren"})
        html = response.content.decode()
        assert response.status_code == 422
        assert f"#{first.pk} Lò rèn" in html
        data |= {"new-0-establishment": f"#{second.pk}"}
        assert client.post(page("project-amend", project), data).status_code == 302
        assert project.participants.filter(beneficiary=second).exists()

    def test_leaving_and_being_replaced_exclude_each_other(self, client, project, data):
        participant = project.participants.get()
        make_beneficiary(name="Lò rèn")
        data |= {f"remove_{participant.pk}": "on", f"replace_{participant.pk}": "Lò rèn"}
        response = client.post(page("project-amend", project), data)
        assert set(response.context["forms"].general.errors) == {f"replace_{participant.pk}"}

    def test_an_old_page_is_told_and_loses_nothing(self, client, project, data):
        client.post(page("project-amend", project), data | {"name": "Tên hai"})
        data |= {"name": "Tên ba", "document_number": "21/QĐ-UBND"}
        response = client.post(page("project-amend", project), data)
        assert response.status_code == 409
        html = response.content.decode()
        assert "Mở bản mới nhất" in html
        assert "Tên ba" in html
        assert Amendment.objects.count() == 1


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    def test_a_forged_post_changes_nothing(self, client, cast, project, data, role):
        client.force_login(cast[role])
        response = client.post(page("project-amend", project), data | {"name": "Tên khác"})
        may = Permission.PROJECT_AMEND in permissions_of(role)
        assert response.status_code == (302 if may else 403)
        assert Amendment.objects.exists() is may

    def test_another_provinces_leader_finds_nothing(self, client, stranger, project, data):
        stranger.role = Role.LEADER.value
        stranger.save()
        client.force_login(stranger)
        assert client.get(page("project-amend", project)).status_code == 404
        assert client.post(page("project-amend", project), data | {"name": "Khác"}).status_code == 404
        assert client.get(page("project-amendments", project)).status_code == 404

    @pytest.mark.parametrize("status", [Status.APPRAISED, Status.ACCEPTED, Status.STOPPED])
    def test_the_wrong_step_is_told_on_the_page(self, client, project, data, status):
        project.status = status.value
        project.save()
        response = client.post(page("project-amend", project), data | {"name": "Tên khác"})
        assert response.status_code == 422
        assert "Chỉ điều chỉnh từ khi được phê duyệt" in response.content.decode()
        assert "Tên khác" in response.content.decode()
        assert client.get(page("project-amend", project)).url == page("project-money", project)

    def test_the_button_is_there_for_who_may(self, client, cast, project):
        for role, user in cast.items():
            client.force_login(user)
            html = client.get(page("project-money", project)).content.decode()
            assert (page("project-amend", project) in html) is (role is Role.LEADER)
        project.status = Status.ACCEPTED.value
        project.save()
        client.force_login(cast[Role.LEADER])
        assert page("project-amend", project) not in client.get(page("project-money", project)).content.decode()


def test_a_programme_that_would_not_be_offered_today_may_stay(client, leader, project):
    other = Programme.objects.create(
        code="CU", name="Chương trình cũ", track=Track.NATIONAL.value, start_year=2008, end_year=2012
    )
    project.programme = other
    project.save()
    client.force_login(leader)
    data = typed(client.get(page("project-amend", project))) | DECISION
    assert client.post(page("project-amend", project), data | {"name": "Tên khác"}).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.programme) == ("Tên khác", other)

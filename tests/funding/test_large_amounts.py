"""99.999 tỷ đồng and one: typed, kept, shown and exported to the đồng."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from funding.models import BudgetEntry, FundingLine, LedgerKind
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.makers import DECIDED, YEAR, add_entry, approved_project, give_budget, page, source
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LARGE = 99_999_000_000_001
SHOWN = "99.999.000.000.001"


def test_a_request_is_typed_and_shown_to_the_dong(client, local_officer):
    project = make_project(created_by=local_officer)
    payee = add_participant(project, make_beneficiary(name="Cơ sở Ba Tri"))
    client.force_login(local_officer)
    name = f"amount_{payee.pk}_{source().pk}"
    response = client.post(page("project-request", project), {"version": project.version, name: SHOWN})
    assert response.status_code == 302, response.content.decode()
    assert FundingLine.objects.get(project=project, source=source()).requested_vnd == LARGE
    assert SHOWN in client.get(page("project-money", project)).content.decode()
    assert f'value="{SHOWN}"' in client.get(page("project-request", project)).content.decode()


def test_words_and_fractions_of_a_million_reach_the_same_dong(client, local_officer):
    project = make_project(created_by=local_officer)
    payee = add_participant(project)
    client.force_login(local_officer)
    name = f"amount_{payee.pk}_{source().pk}"
    for text in ("99.999.000,000001 triệu", "99999000000001", "99 999 000 000 001"):
        version = type(project).objects.get(pk=project.pk).version
        response = client.post(page("project-request", project), {"version": version, name: text})
        assert response.status_code == 302, text
        assert FundingLine.objects.get(project=project, source=source()).requested_vnd == LARGE


def test_a_plan_and_what_is_spent_of_it_are_shown_to_the_dong(client, accountant, local_officer):
    give_budget(accountant, LARGE)
    project = approved_project(local_officer, LARGE, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, LARGE - 1, LedgerKind.PAYMENT, participant=project.participants.get())
    assert BudgetEntry.objects.get().amount_vnd == LARGE
    client.force_login(accountant)
    board = client.get(reverse("funding:budget-board"), {"year": YEAR}).content.decode()
    assert SHOWN in board
    money = client.get(page("project-money", project)).content.decode()
    assert SHOWN in money
    assert "99.999.000.000.000" in money


def test_workbooks_hold_the_amount_to_the_dong(client, accountant, local_officer):
    project = approved_project(local_officer, LARGE, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, LARGE, LedgerKind.PAYMENT, participant=project.participants.get())
    client.force_login(accountant)
    workbook = openpyxl.load_workbook(BytesIO(content_of(client.get(reverse("funding:disbursement-export")))))
    values = [cell for row in workbook.active.iter_rows(values_only=True) for cell in row]
    assert LARGE in values
    asked = {
        "year": YEAR,
        "start": DECIDED.strftime("01/01/%Y"),
        "end": DECIDED.strftime("31/12/%Y"),
        "basis": "disbursed",
    }
    export = client.get(reverse("reports:form-export", args=["kinh-phi"]), asked)
    workbook = openpyxl.load_workbook(BytesIO(content_of(export)))
    values = [cell for row in workbook.active.iter_rows(values_only=True) for cell in row]
    assert any(isinstance(value, float) and round(value * 1_000_000) == LARGE for value in values), values

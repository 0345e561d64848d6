"""Who enters the admin, what each may do there, and that nobody passes the workflow or the ledger by."""

import datetime

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from funding.models import Budget, BudgetEntry, Contract, FundingLine, LedgerEntry, Source
from khuyencong.accounts.models import Organisation, Signatory, User
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import record
from khuyencong.localities.models import AdministrativeUnit, Succession
from khuyencong.ui.modeladmin import AuditedAdmin, LookupAdmin
from programs.models import (
    Beneficiary,
    Collaborator,
    Criterion,
    DeadlineRule,
    DossierRequirement,
    DuplicateRule,
    LegalDocument,
    Partner,
    Programme,
    Project,
    ResultIndicator,
    Sector,
    SupportItem,
)
from tests.factories import make_beneficiary, make_project, unit

INDEX = reverse("admin:index")
LOOKUPS = [Project, Beneficiary, LedgerEntry, BudgetEntry, FundingLine, Contract, AuditEvent]
REFERENCE = [
    Criterion,
    DossierRequirement,
    DuplicateRule,
    DeadlineRule,
    LegalDocument,
    Programme,
    SupportItem,
    ResultIndicator,
    Sector,
    Partner,
    Collaborator,
    AdministrativeUnit,
    Succession,
    Organisation,
    Signatory,
    User,
] + [
    model
    for model in admin.site._registry
    if model._meta.label in {"funding.Source", "funding.Norm", "funding.AdvanceLimit"}
]
INSIDE = {Role.SYSTEM_ADMIN, Role.DEPARTMENT_OFFICER}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def looked_up(department_officer, leader):
    """One row of each look-up, in xã Hồng Dân."""
    now, day = timezone.now(), datetime.date(2026, 3, 2)
    project = make_project(created_by=department_officer)
    source = Source.objects.order_by("pk").first()
    who = {"recorded_by": department_officer, "recorded_at": now}
    budget = Budget.objects.create(year=2026, source=source, province=unit("96"))
    rows = [
        project,
        make_beneficiary(phone="0912345678", owner_citizen_id="095123456789"),
        LedgerEntry.objects.create(
            kind="advance",
            project=project,
            source=source,
            year=2026,
            amount_vnd=120_000_000,
            voucher_number="UNC-1",
            voucher_date=day,
            **who,
        ),
        BudgetEntry.objects.create(
            budget=budget, amount_vnd=2_768_900_000, decision_number="1/QĐ", decision_date=day, **who
        ),
        FundingLine.objects.create(project=project, source=source, requested_vnd=150_000_000),
        Contract.objects.create(project=project, number="HĐ-1", signed_date=day, support_vnd=1, **who),
        record(by=leader, action="try", action_label="Thử", obj=project, place_id=project.place_id),
    ]
    return {type(row): row for row in rows}


def test_the_admin_holds_these_models_and_no_other():
    assert set(admin.site._registry) == {*LOOKUPS, *REFERENCE}
    assert {model for model, one in admin.site._registry.items() if isinstance(one, LookupAdmin)} == set(LOOKUPS)
    assert {model for model, one in admin.site._registry.items() if isinstance(one, AuditedAdmin)} == set(REFERENCE)


def test_a_visitor_is_sent_to_the_portal_login(client, db):
    response = client.get(INDEX, follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('login')}?next={INDEX}"
    assert response.templates[0].name == "registration/login.html"


@pytest.mark.parametrize("role", list(Role))
def test_roles_enter_or_get_403(client, cast, role):
    client.force_login(cast[role])
    wanted = 200 if role in INSIDE else 403
    assert client.get(INDEX).status_code == wanted
    assert client.get(address(Sector, "changelist")).status_code == wanted
    assert client.get(reverse("admin:login")).status_code == (302 if role in INSIDE else 403)


def test_a_superuser_flag_opens_nothing(client, auditor):
    User.objects.filter(pk=auditor.pk).update(is_superuser=True, is_staff=True)
    client.force_login(auditor)
    assert client.get(INDEX).status_code == 403


def test_the_index_is_vietnamese_and_keeps_other_packages_out(client, system_admin):
    client.force_login(system_admin)
    page = client.get(INDEX).content.decode()
    for text in ("Danh mục và tra cứu", "Văn bản pháp lý", "Định mức hỗ trợ", "Đơn vị hành chính", "Nhật ký"):
        assert text in page
    for text in ("Axes", "Access", "Nhóm</a>", "Recent", "Django"):
        assert text not in page


@pytest.mark.parametrize("model", REFERENCE, ids=lambda model: model.__name__)
def test_a_department_officer_looks_and_does_not_edit(client, department_officer, model):
    client.force_login(department_officer)
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.get(address(model, "import")).status_code == 403
    assert client.post(address(model, "process_import")).status_code == 403
    row = admin.site._registry[model].get_queryset(_request(department_officer)).order_by("pk").first()
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == 200
        assert client.post(address(model, "change", row.pk), {}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert model._default_manager.filter(pk=row.pk).exists()


def _request(user):
    return type("Request", (), {"user": user})()


@pytest.mark.parametrize("model", REFERENCE, ids=lambda model: model.__name__)
def test_an_administrator_opens_every_page(client, system_admin, model):
    client.force_login(system_admin)
    for page in ("changelist", "add", "import"):
        assert client.get(address(model, page)).status_code == 200
    assert client.get(address(model, "changelist"), {"q": "Đề án"}).status_code == 200


@pytest.mark.parametrize("model", LOOKUPS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("superuser", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_writes_a_lookup(client, cast, looked_up, model, role, superuser):
    user, row = cast[role], looked_up[model]
    User.objects.filter(pk=user.pk).update(is_superuser=superuser, is_staff=superuser)
    client.force_login(user)
    for page, args, data in (
        ("add", (), {}),
        ("change", (row.pk,), {"status": "approved"}),
        ("delete", (row.pk,), {"post": "yes"}),
        ("changelist", (), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}),
    ):
        response = client.post(address(model, page, *args), data)
        # A list without actions answers a sent action with its own page, or with a redirect to itself.
        assert response.status_code in ((403,) if page != "changelist" or role not in INSIDE else (200, 302, 403))
    unchanged = model._default_manager.get(pk=row.pk)
    assert {f.attname: getattr(unchanged, f.attname) for f in model._meta.concrete_fields} == {
        f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields
    }


@pytest.mark.parametrize("model", LOOKUPS, ids=lambda model: model.__name__)
def test_lookups_have_no_import_and_stay_within_the_area(client, system_admin, stranger, looked_up, model):
    pages = {pattern.name for pattern in admin.site._registry[model].urls}
    assert not [name for name in pages if name and "import" in name]
    row = looked_up[model]
    client.force_login(system_admin)
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "change", row.pk)).status_code == 200
    client.force_login(stranger)
    change = client.get(address(model, "change", row.pk))
    # The trail is not for Department officers at all; of the rest a stranger's row does not exist.
    assert change.status_code == (403 if model is AuditEvent else 302)
    assert change.status_code == 403 or change.url == INDEX


def test_lookups_print_money_and_mask_personal_numbers(client, system_admin, looked_up):
    client.force_login(system_admin)
    ledger = client.get(address(LedgerEntry, "change", looked_up[LedgerEntry].pk)).content.decode()
    assert "120.000.000" in ledger
    for page in ("changelist", "change"):
        args = () if page == "changelist" else (looked_up[Beneficiary].pk,)
        text = client.get(address(Beneficiary, page, *args)).content.decode()
        assert "*******678" in text
        assert "0912345678" not in text
        assert "095123456789" not in text


def test_accounts_and_offices_of_other_areas_are_not_seen(client, system_admin, stranger):
    client.force_login(system_admin)
    assert client.get(address(User, "change", stranger.pk)).status_code == 302
    assert client.get(address(Organisation, "change", stranger.organisation_id)).status_code == 302
    offices = client.get(address(User, "add")).context["adminform"].form.fields["organisation"].queryset
    assert stranger.organisation not in offices
    assert system_admin.organisation in offices


@pytest.mark.parametrize("size", [20, 45])
@pytest.mark.parametrize("model", [Beneficiary, Project], ids=lambda model: model.__name__)
def test_lists_ask_as_often_for_many_rows_as_for_few(
    client, system_admin, department_officer, django_assert_max_num_queries, model, size
):
    for _ in range(size):
        if model is Beneficiary:
            make_beneficiary()
        else:
            make_project(created_by=department_officer)
    client.force_login(system_admin)
    with django_assert_max_num_queries(8):
        client.get(address(model, "changelist"))

"""Money only once: the signs, and what they forbid or want explained."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.checks import problems_before, run_checks, warnings_before
from programs.duplicate_checks import has_no_second_support, signs_are_explained
from programs.duplicate_reference import load_duplicate_rules
from programs.models import (
    Certainty,
    DuplicateReason,
    DuplicateRule,
    DuplicateSign,
    Equipment,
    SupportItem,
)
from programs.queries.duplicates import hard_signs, look_back, soft_signs, unexplained
from programs.workflow import Action, Status, Track
from tests.factories import add_participant, make_beneficiary, make_project, make_province, unit

pytestmark = pytest.mark.django_db
NOT_COUNTED = {Status.DRAFT, Status.REFUSED, Status.WITHDRAWN}


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, status=Status.CONFIRMED.value)


@pytest.fixture
def owner():
    return make_beneficiary(name="Cơ sở bánh tráng Thuận Phát")


def part(by, owner, **values):
    """The establishment's part in another project of last year."""
    defaults = {"status": Status.SETTLED.value, "year": 2025}
    return add_participant(make_project(created_by=by, **{**defaults, **values}), owner)


def machine(participant, serial="", invoice=""):
    return Equipment.objects.create(
        participant=participant, name="Máy sấy", serial_number=serial, invoice_number=invoice
    )


def kinds(project):
    return sorted((sign.kind.value, sign.other.project.code) for sign in soft_signs(project))


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("year", [2012, 2027])
def test_a_serial_number_is_known_in_every_project_that_counts(local_officer, owner, project, status, year):
    machine(add_participant(project, owner), "SN-001")
    elsewhere = make_beneficiary(place=unit("31972"))
    other = part(local_officer, elsewhere, status=status.value, year=year, track=Track.NATIONAL.value)
    machine(other, "sn 001")
    found = [] if status in NOT_COUNTED else [(DuplicateSign.SERIAL, other.project_id)]
    assert [(sign.kind, sign.other.project_id) for sign in hard_signs(project)] == found


def test_an_invoice_says_something_of_the_same_establishment_only(local_officer, owner, project):
    machine(add_participant(project, owner), invoice="0000123")
    machine(part(local_officer, make_beneficiary()), invoice="0000123")
    assert hard_signs(project) == []
    other = part(local_officer, owner, support_item=SupportItem.objects.get(row=9), year=2013)
    machine(other, invoice="0000-123")
    (sign,) = hard_signs(project)
    assert (sign.kind, sign.other) == (DuplicateSign.INVOICE, other)


@pytest.mark.parametrize("number", ["", "0", "000", "Không có", "chưa có"])
def test_no_number_is_no_sign(local_officer, owner, project, number):
    machine(add_participant(project, owner), number, number)
    machine(part(local_officer, owner, year=2000), number, number)
    assert hard_signs(project) == []


def test_the_own_machines_are_no_sign(owner, project):
    participant = add_participant(project, owner)
    machine(participant, "A1", "1")
    machine(participant, "B1", "1")
    assert hard_signs(project) == []


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.APPRAISE, Action.APPROVE, Action.ACCEPT])
def test_a_machine_supported_before_is_refused_at_each_step(local_officer, owner, project, action):
    machine(add_participant(project, owner), "SN-001")
    other = part(local_officer, owner, year=2000, name="Dây chuyền cũ")
    machine(other, "SN-001")
    with pytest.raises(Refused) as refusal:
        run_checks(action, project)
    told = refusal.value.message
    assert "trùng số máy “SN-001”" in told
    assert f"{other.project.code} – Dây chuyền cũ (năm 2000, {other.project.place}" in told


def test_what_lies_elsewhere_is_named_without_its_name(local_officer, owner, project):
    machine(add_participant(project, owner), "SN-001")
    other = part(local_officer, make_beneficiary(), place=unit("31972"), name="Tên không được thấy")
    machine(other, "SN-001")
    with pytest.raises(Refused) as refusal:
        has_no_second_support(project)
    assert other.project.code in refusal.value.message
    assert "Tên không được thấy" not in refusal.value.message


@pytest.mark.parametrize(
    ("values", "is_sign"),
    [
        ({}, True),
        ({"year": 2023}, True),
        ({"year": 2029}, True),
        ({"year": 2022}, False),
        ({"track": Track.NATIONAL.value}, True),
        ({"status": Status.STOPPED.value}, True),
        ({"status": Status.DRAFT.value}, False),
        ({"status": Status.WITHDRAWN.value}, False),
    ],
)
def test_the_same_support_within_the_years(local_officer, owner, project, values, is_sign):
    add_participant(project, owner)
    other = part(local_officer, owner, **values)
    expected = [("same_support", other.project.code)] if is_sign else []
    assert kinds(project) == expected


def test_another_support_of_the_same_establishment_is_no_sign(local_officer, owner, project):
    add_participant(project, owner)
    part(local_officer, owner, support_item=SupportItem.objects.get(row=1))
    assert kinds(project) == []


def test_the_years_are_a_row_with_dates(local_officer, owner, project):
    add_participant(project, owner)
    part(local_officer, owner, year=2021)
    assert look_back() == 3
    row = DuplicateRule.objects.get()
    assert (row.certainty, row.binds) == (Certainty.UNVERIFIED, False)
    assert "chưa có căn cứ pháp lý" in row.legal_basis
    day = timezone.localdate()
    ended = day - datetime.timedelta(days=1)
    DuplicateRule.objects.create(years=9, legal_basis="Cũ", valid_from=datetime.date(2000, 1, 1), valid_to=ended)
    assert kinds(project) == []
    DuplicateRule.objects.create(years=5, legal_basis="Mới", valid_from=day)
    assert look_back() == 5
    assert len(kinds(project)) == 1
    DuplicateRule.objects.all().delete()
    assert look_back() is None  # without a row every year counts
    assert len(kinds(project)) == 1
    assert load_duplicate_rules() == load_duplicate_rules() == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "kind"),
    [
        ({"owner_citizen_id": "096184000001"}, {"owner_citizen_id": "096 184 000 001"}, "owner"),
        ({"phone": "0912345678"}, {"phone": "+84 912.345.678"}, "phone"),
        ({"name": "Cơ sở Thuận Phát"}, {"name": "HTX Thuận Phát"}, "address"),
        ({"address": "Số 12, Trần Phú"}, {"address": "12 đường Trần Phú"}, "address"),
    ],
)
def test_establishments_that_may_be_one(local_officer, project, mine, theirs, kind):
    add_participant(project, make_beneficiary(**mine))
    make_beneficiary()
    other = part(local_officer, make_beneficiary(**theirs), support_item=SupportItem.objects.get(row=1))
    part(local_officer, make_beneficiary(phone="0987654321", owner_citizen_id="096184000009"))
    assert kinds(project) == [(kind, other.project.code)]


@pytest.mark.parametrize("field", ["owner_citizen_id", "phone"])
def test_empty_numbers_are_not_shared(local_officer, project, field):
    add_participant(project, make_beneficiary(**{field: ""}))
    part(local_officer, make_beneficiary(**{field: ""}))
    part(local_officer, make_beneficiary(**{field: "0"}))
    assert kinds(project) == []


def test_a_name_counts_in_its_place_and_what_that_was_before(local_officer, project):
    name = {"name": "Cơ sở Thuận Phát"}
    today = unit("31843")
    before = today.predecessions.select_related("old").first().old
    add_participant(project, make_beneficiary(**name))
    part(local_officer, make_beneficiary(**name, place=unit("31972")))
    other = part(local_officer, make_beneficiary(**name, place=before), place=before)
    assert kinds(project) == [("address", other.project.code)]


def test_personal_numbers_are_masked(local_officer, project):
    numbers = {"phone": "0912345678", "owner_citizen_id": "096184000001"}
    add_participant(project, make_beneficiary(**numbers))
    part(local_officer, make_beneficiary(**numbers))
    told = "\n".join([*problems_before(Action.APPRAISE, project), *warnings_before(Action.SUBMIT, project)])
    assert "*******678" in told
    assert "0912345678" not in told
    assert "096184000001" not in told


@pytest.mark.parametrize("action", [Action.APPRAISE, Action.APPROVE])
def test_a_sign_wants_a_reason_before_appraisal_and_approval(local_officer, owner, project, action):
    add_participant(project, owner)
    other = part(local_officer, owner)
    assert any("chưa có giải trình" in text for text in problems_before(action, project))
    DuplicateReason.objects.create(
        project=project,
        other_project=other.project,
        sign=DuplicateSign.PHONE,
        reason="Khác",
        by=local_officer,
        at=timezone.now(),
    )
    assert unexplained(project)  # another sign's reason
    DuplicateReason.objects.create(
        project=project,
        other_project=other.project,
        sign=DuplicateSign.SAME_SUPPORT,
        reason="Máy khác",
        by=local_officer,
        at=timezone.now(),
    )
    signs_are_explained(project)
    assert not any("chưa có giải trình" in text for text in problems_before(action, project))


def test_submitting_only_warns(local_officer, owner):
    project = make_project(created_by=local_officer)
    add_participant(project, owner)
    other = part(local_officer, owner)
    assert not any("trùng" in text.lower() for text in problems_before(Action.SUBMIT, project))
    warned = "\n".join(warnings_before(Action.SUBMIT, project))
    assert other.project.code in warned
    assert "Trước khi thẩm định phải có giải trình" in warned


def test_the_acceptance_does_not_ask_for_reasons(local_officer, owner):
    project = make_project(created_by=local_officer, status=Status.IN_PROGRESS.value)
    add_participant(project, owner)
    part(local_officer, owner)
    assert not any("trùng" in text.lower() for text in problems_before(Action.ACCEPT, project))


def test_many_signs_are_told_shortly(local_officer, owner, project):
    add_participant(project, owner)
    for _ in range(12):
        part(local_officer, owner)
    (told,) = [text for text in problems_before(Action.APPRAISE, project) if "giải trình" in text]
    assert "Còn 12 dấu hiệu" in told
    assert "và 7 dấu hiệu khác" in told


def test_other_provinces_are_looked_at_too(local_officer, owner, project):
    machine(add_participant(project, owner), "SN-001")
    commune = make_province().children.get()
    other = part(local_officer, make_beneficiary(place=commune), place=commune)
    machine(other, "SN-001")
    assert [sign.other for sign in hard_signs(project)] == [other]


def test_an_administrator_keeps_the_years(client, system_admin, department_officer):
    rule = DuplicateRule.objects.get()
    address = reverse("admin:programs_duplicaterule_change", args=[rule.pk])
    form = {"years": "5", "valid_from": "", "valid_to": "", "legal_basis": rule.legal_basis, "certainty": "unverified"}
    client.force_login(department_officer)
    assert client.post(address, form).status_code == 403
    client.force_login(system_admin)
    assert client.get(reverse("admin:programs_duplicaterule_changelist")).status_code == 200
    assert client.post(address, form).status_code == 302
    rule.refresh_from_db()
    assert rule.years == 5
    assert AuditEvent.objects.filter(object_type="programs.duplicaterule").count() == 1

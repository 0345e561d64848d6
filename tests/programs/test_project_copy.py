"""Making a new project from an earlier one."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from funding.models import Approval, FundingLine
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken
from khuyencong.localities.successors import unit_today
from programs.actions.document import attach_document
from programs.actions.project import EDITED_FIELDS
from programs.actions.project_copy import copy_project
from programs.models import IndicatorValue, Programme, Project, ResultIndicator, SupportItem
from programs.policies import check_can_copy
from programs.rules.copying import next_plan_year, shift_years
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_organisation, make_project, make_user, unit
from tests.funding.makers import MILLION, add_line
from tests.programs.test_documents import PDF_BYTES

pytestmark = pytest.mark.django_db
ALL_PARTS = ("beneficiaries", "indicators", "amounts")


@pytest.fixture
def source(local_officer):
    """A settled project with everything that a project can have."""
    project = make_project(created_by=local_officer, status=Status.SETTLED.value, year=2025, name="Máy sấy lúa")
    project.start_date, project.end_date = datetime.date(2025, 1, 5), datetime.date(2025, 11, 30)
    project.approved_date = datetime.date(2025, 1, 2)
    project.objective = "Mua máy sấy"
    project.save()
    participant = add_participant(project, make_beneficiary(name="Cơ sở A"))
    add_line(project, requested=50 * MILLION, approved=40 * MILLION, participant=participant)
    add_line(project, "DOIUNG", requested=70 * MILLION, participant=participant)
    IndicatorValue.objects.create(
        project=project,
        indicator=ResultIndicator.objects.filter(is_money=False).first(),
        budget="provincial",
        year=2025,
        planned_value=3,
        achieved_value=4,
        achieved_date=datetime.date(2025, 10, 1),
    )
    return project


def page(project):
    return reverse("programs:project-copy", args=[project.pk])


def shown(client, project):
    """What the page offers, as its form would be sent."""
    form = client.get(page(project)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def the_copy(source):
    return Project.objects.get(copied_from=source)


def values_of(project, **changes):
    return {name: getattr(project, name) for name in EDITED_FIELDS} | changes


def test_a_copy_is_a_new_draft_with_what_was_chosen(client, local_officer, source):
    client.force_login(local_officer)
    response = client.post(page(source), shown(client, source))
    copy = the_copy(source)
    next_year = timezone.localdate().year + 1
    assert response.url == reverse("programs:project-detail", args=[copy.pk])
    assert (copy.year, copy.status, copy.version, copy.created_by) == (next_year, "draft", 1, local_officer)
    assert copy.code == f"DP-{next_year}-0001"
    assert (copy.name, copy.objective, copy.support_item) == (source.name, source.objective, source.support_item)
    assert (copy.start_date, copy.end_date) == (datetime.date(next_year, 1, 5), datetime.date(next_year, 11, 30))
    (participant,) = copy.participants.all()
    assert participant.beneficiary.name == "Cơ sở A"
    (planned,) = copy.indicators.all()
    assert (planned.year, planned.planned_value, planned.achieved_value) == (next_year, 3, None)
    lines = FundingLine.objects.filter(project=copy).order_by("requested_vnd")
    assert [(line.participant, line.requested_vnd, line.approved_vnd) for line in lines] == [
        (participant, 50 * MILLION, None),
        (participant, 70 * MILLION, None),
    ]


def test_what_happened_to_the_source_stays_with_it(local_officer, source):
    project = make_project(created_by=local_officer)
    values = {"kind": "contract", "number": "", "document_date": None, "issuer": ""}
    attach_document(
        project_id=project.pk, upload=SimpleUploadedFile("a.pdf", PDF_BYTES), values=values, by=local_officer
    )
    Project.objects.filter(pk=project.pk).update(status=Status.STOPPED.value, approved_date=datetime.date(2026, 1, 2))
    changed = values_of(project, year=2027)
    copy = copy_project(source_id=project.pk, values=changed, parts=ALL_PARTS, by=local_officer)
    assert (copy.state, copy.approved_date, copy.returned_from, copy.appraiser) == (Status.DRAFT, None, "", None)
    assert not copy.documents.exists()
    assert not copy.steps.exists()
    assert not Approval.objects.filter(project=copy).exists()


def test_one_event_names_the_source_and_what_was_taken(local_officer, source):
    copy = copy_project(source_id=source.pk, values=values_of(source, year=2027), parts=ALL_PARTS, by=local_officer)
    (event,) = AuditEvent.objects.about(f"project:{copy.pk}")
    assert (event.action, event.actor_name) == ("copy_project", local_officer.full_name)
    assert event.changes["Chép từ đề án"] == [None, str(source)]
    assert event.changes["Năm kế hoạch"] == [None, 2027]
    assert event.changes["Cơ sở A"] == [None, "Tham gia đề án"]
    assert [None, "50.000.000"] in event.changes.values()
    assert not AuditEvent.objects.about(f"project:{source.pk}").exists()


@pytest.mark.parametrize(
    ("chosen", "counts"),
    [((), (0, 0, 0)), (("beneficiaries",), (1, 0, 0)), (("indicators",), (0, 1, 0)), (("amounts",), (0, 0, 1))],
)
def test_only_the_chosen_parts_are_taken(client, local_officer, source, chosen, counts):
    add_line(source, "HUYEN", requested=MILLION)
    client.force_login(local_officer)
    client.post(page(source), shown(client, source) | {"parts": list(chosen)})
    copy = the_copy(source)
    # Amounts of an establishment that is not taken along stay behind; that of the whole project comes.
    assert (copy.participants.count(), copy.indicators.count(), copy.funding_lines.count()) == counts


def test_a_forged_part_is_refused(client, local_officer, source):
    client.force_login(local_officer)
    response = client.post(page(source), shown(client, source) | {"parts": ["ledger"]})
    assert response.status_code == 422
    assert not Project.objects.filter(copied_from=source).exists()


def test_what_was_typed_is_kept_beside_the_reason(client, local_officer, source):
    client.force_login(local_officer)
    sent = shown(client, source) | {"name": "Tên mới “dài”", "end_date": "31/02/2027", "parts": ["indicators"]}
    response = client.post(page(source), sent)
    assert response.status_code == 422
    assert "end_date" in response.context["form"].errors
    text = response.content.decode()
    assert "Tên mới “dài”" in text
    assert 'value="31/02/2027"' in text
    assert response.context["form"]["parts"].value() == ["indicators"]
    assert not Project.objects.filter(copied_from=source).exists()


def test_days_that_lie_before_the_plan_year_are_pointed_out(client, local_officer, source):
    client.force_login(local_officer)
    later = timezone.localdate().year + 2
    response = client.post(page(source), shown(client, source) | {"year": str(later)})
    assert f"trước năm kế hoạch {later}" in str(response.context["form"].errors["end_date"])


def test_a_second_press_does_not_copy_twice(client, local_officer, source):
    client.force_login(local_officer)
    sent = shown(client, source)
    client.post(page(source), sent)
    response = client.post(page(source), sent)
    assert response.status_code == 422
    assert "đã có cùng tên" in response.content.decode()
    assert Project.objects.filter(copied_from=source).count() == 1


def test_a_source_changed_meanwhile_is_looked_at_again(client, local_officer, source):
    client.force_login(local_officer)
    sent = shown(client, source)
    Project.objects.filter(pk=source.pk).update(version=source.version + 1)
    with pytest.raises(Overtaken):
        copy_project(
            source_id=source.pk, values=values_of(source, year=2027), parts=(), by=local_officer, version=source.version
        )
    response = client.post(page(source), sent)
    assert response.status_code == 409
    assert not Project.objects.filter(copied_from=source).exists()
    sent["version"] = response.context["form"]["version"].value()
    assert client.post(page(source), sent).status_code == 302


def test_an_abolished_place_becomes_the_one_that_took_it_over(client, source):
    old = unit("31852", old=True)
    now = unit_today(old, timezone.localdate()).unit
    assert now.valid_to is None
    Project.objects.filter(pk=source.pk).update(place=old)
    client.force_login(make_user(Role.LOCAL_OFFICER, make_organisation(now)))
    form = client.get(page(source)).context["form"]
    assert form["place"].value() == now.pk
    assert f"nay thuộc {now}" in form.fields["place"].help_text


def test_a_place_that_was_split_is_chosen_by_the_person(client, department_officer, source):
    split = unit("32017", old=True)
    Project.objects.filter(pk=source.pk).update(place=split)
    assert unit_today(split, timezone.localdate()).unit is None
    client.force_login(department_officer)
    form = client.get(page(source)).context["form"]
    assert form["place"].value() is None
    assert "đã được chia vào" in form.fields["place"].help_text
    response = client.post(page(source), shown(client, source))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["place"]
    chosen = unit("32025")
    assert client.post(page(source), shown(client, source) | {"place": chosen.pk}).status_code == 302
    assert the_copy(source).place == chosen


def test_before_the_merger_an_old_place_is_itself():
    old = unit("31852", old=True)
    assert unit_today(old, datetime.date(2025, 6, 30)).unit == old


def test_choices_that_are_over_are_left_to_choose(client, local_officer, source):
    item = SupportItem.objects.create(row=99, name="Nội dung cũ", is_active=False)
    ended = Programme.objects.create(code="CU", name="Cũ", track="local", start_year=2010, end_year=2012)
    closed = make_organisation(unit("31843"), valid_to=timezone.localdate() - datetime.timedelta(days=1))
    Project.objects.filter(pk=source.pk).update(support_item=item, programme=ended, implementer=closed)
    client.force_login(local_officer)
    offered = shown(client, source)
    assert (offered["support_item"], offered["programme"]) == ("", "")
    assert offered["implementer"] == local_officer.organisation_id
    assert "support_item" in client.post(page(source), offered).context["form"].errors


def test_an_establishment_outside_the_area_is_left_out_and_named(client, local_officer, source):
    add_participant(source, make_beneficiary(name="Ở nơi khác", place=unit("31972")))
    client.force_login(local_officer)
    response = client.post(page(source), shown(client, source), follow=True)
    assert "1 cơ sở ngoài địa bàn" in response.content.decode()
    copy = the_copy(source)
    assert [one.beneficiary.name for one in copy.participants.all()] == ["Cơ sở A"]
    (event,) = AuditEvent.objects.about(f"project:{copy.pk}")
    assert event.changes["Ở nơi khác"][1].startswith("Không chép")


@pytest.mark.parametrize("who", ["leader", "accountant", "auditor", "system_admin"])
def test_roles_without_the_right_are_turned_away(request, client, source, who):
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        check_can_copy(user, source)
    client.force_login(user)
    assert client.get(page(source)).status_code == 403
    assert client.post(page(source), {}).status_code == 403
    detail = client.get(reverse("programs:project-detail", args=[source.pk]))
    assert page(source) not in detail.content.decode()


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
def test_a_project_of_another_area_is_not_found(request, client, source, who):
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        check_can_copy(user, source)
    with pytest.raises(NotAllowed):
        copy_project(source_id=source.pk, values=values_of(source, place=user.organisation.area), parts=(), by=user)
    client.force_login(user)
    assert client.get(page(source)).status_code == 404
    assert client.post(page(source), {}).status_code == 404
    assert not Project.objects.filter(copied_from=source).exists()


def test_a_copy_is_not_placed_outside_the_area(client, local_officer, source):
    client.force_login(local_officer)
    response = client.post(page(source), shown(client, source) | {"place": unit("31972").pk})
    assert "place" in response.context["form"].errors
    with pytest.raises(NotAllowed):
        copy_project(source_id=source.pk, values=values_of(source, place=unit("31972")), parts=(), by=local_officer)
    assert not Project.objects.filter(copied_from=source).exists()


def test_the_general_tab_links_both_ways_only_for_those_who_see_the_source(
    client, department_officer, local_officer, other_local_officer, source
):
    values = values_of(source, year=2027, place=unit("31972"))
    copy = copy_project(source_id=source.pk, values=values, parts=(), by=department_officer)
    detail, back = (reverse("programs:project-detail", args=[one.pk]) for one in (copy, source))
    client.force_login(department_officer)
    text = client.get(detail).content.decode()
    assert "Chép từ đề án" in text
    assert back in text
    assert page(copy) in text
    client.force_login(other_local_officer)
    assert "Chép từ đề án" not in client.get(detail).content.decode()


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [("2024-02-29", 1, "2025-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2025-12-31", 2, "2027-12-31")],
)
def test_days_are_shifted_by_whole_years(day, years, expected):
    assert shift_years(datetime.date.fromisoformat(day), years).isoformat() == expected


def test_the_year_that_is_offered():
    assert next_plan_year(2012, 2026) == 2027
    assert next_plan_year(2027, 2026) == 2028

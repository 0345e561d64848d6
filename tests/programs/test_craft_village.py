"""Craft villages: a badge only with a decision, figures that are never overwritten."""

import datetime

import pytest
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions.craft_village import add_event, add_year
from programs.models import CraftVillage, CraftVillageEvent, CraftVillageYear, LegalDocument
from tests.factories import unit

LIST = reverse("programs:craft-village-list")
EDITORS = {Role.DEPARTMENT_OFFICER, Role.LOCAL_OFFICER}


@pytest.fixture
def village(reference):
    return CraftVillage.objects.create(name="Làng đan lát Mỹ Tường", craft="Đan lát", place=unit("31843"))


def decision(**changes):
    return {
        "kind": "recognised",
        "recognition": "craft_village",
        "decision_number": "12/QĐ-UBND",
        "event_date": datetime.date(2020, 5, 4),
        "regime": None,
        **changes,
    }


def figures(**changes):
    counts = dict.fromkeys(("women_workers", "khmer_workers", "revenue_vnd", "income_per_head_vnd"), 0)
    return {
        **counts,
        "year": 2025,
        "reported_date": datetime.date(2026, 1, 10),
        "source": "UBND xã",
        "households": 500,
        "craft_households": 120,
        "workers": 300,
        **changes,
    }


def test_without_a_decision_it_is_not_recognised(client, local_officer, village):
    client.force_login(local_officer)
    page = client.get(LIST).content.decode()
    assert "Chưa công nhận" in page
    assert 'kc-tone-good">Đã công nhận' not in page


def test_a_decision_gives_the_badge_and_a_withdrawal_takes_it(client, local_officer, village):
    client.force_login(local_officer)
    add_event(village_id=village.pk, values=decision(), by=local_officer)
    assert 'kc-tone-good">Đã công nhận' in client.get(LIST).content.decode()
    later = decision(kind="withdrawn", decision_number="7/QĐ-UBND", event_date=datetime.date(2023, 1, 5))
    add_event(village_id=village.pk, values=later, by=local_officer)
    (row,) = client.get(LIST).context["listing"].page_obj
    assert (row.badge, row.status_decision) == ("withdrawn", "7/QĐ-UBND")


@pytest.mark.parametrize(("status", "found"), [("none", True), ("recognised", False)])
def test_filters_by_status(client, local_officer, village, status, found):
    client.force_login(local_officer)
    rows = client.get(LIST, {"tinh-trang": status}).context["listing"].page_obj
    assert (village in rows.object_list) is found


def test_adds_and_edits_with_events(client, local_officer):
    client.force_login(local_officer)
    data = {"name": "Nghề mộc Gia Rai", "craft": "Mộc", "place": unit("31843").pk, "source_note": "Báo"}
    client.post(reverse("programs:craft-village-create"), data)
    village = CraftVillage.objects.get()
    address = reverse("programs:craft-village-edit", args=[village.pk])
    version = client.get(address).context["form"].initial["version"]
    assert client.post(address, {**data, "craft": "Mộc gia dụng", "version": version}).status_code == 302
    assert client.post(address, {**data, "version": version}).status_code == 409
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == ["craft_village_add", "craft_village_edit"]
    assert events[1].changes == {"Nghề": ["Mộc", "Mộc gia dụng"]}


def test_a_name_that_the_place_has_is_refused_at_its_field(client, local_officer, village):
    client.force_login(local_officer)
    data = {"name": village.name, "craft": "Khác", "place": village.place_id}
    response = client.post(reverse("programs:craft-village-create"), data)
    assert response.status_code == 422
    assert response.context["form"].errors["name"]


def test_an_event_is_kept_under_its_village(local_officer, village):
    add_event(village_id=village.pk, values=decision(), by=local_officer)
    event = AuditEvent.objects.get()
    assert event.subject == f"craftvillage:{village.pk}"
    assert (event.document_number, event.document_date) == ("12/QĐ-UBND", datetime.date(2020, 5, 4))
    assert event.place_id == village.place_id


def refused_field(act, village, values, by):
    with pytest.raises(Refused) as refusal:
        act(village_id=village.pk, values=values, by=by)
    assert not AuditEvent.objects.filter(action__startswith="craft_village_").exists()
    return refusal.value.field


def test_nothing_is_withdrawn_before_it_was_recognised(local_officer, village):
    assert refused_field(add_event, village, decision(kind="withdrawn"), local_officer) == "kind"


def test_a_decision_of_tomorrow_is_refused(local_officer, village):
    values = decision(event_date=datetime.date.today() + datetime.timedelta(days=2))
    assert refused_field(add_event, village, values, local_officer) == "event_date"


def test_a_regime_that_did_not_rule_is_refused(local_officer, village):
    regime = LegalDocument.objects.create(
        number="01/2024/NĐ-CP", kind="decree", title="Thử", valid_from=datetime.date(2024, 1, 1)
    )
    assert refused_field(add_event, village, decision(regime=regime), local_officer) == "regime"
    later = decision(regime=regime, event_date=datetime.date(2024, 2, 1))
    assert add_event(village_id=village.pk, values=later, by=local_officer).regime == regime


def test_the_same_decision_twice_is_refused(local_officer, village):
    add_event(village_id=village.pk, values=decision(), by=local_officer)
    with pytest.raises(Refused) as refusal:
        add_event(village_id=village.pk, values=decision(), by=local_officer)
    assert refusal.value.field == "decision_number"
    assert CraftVillageEvent.objects.count() == 1


def test_figures_of_a_year_are_added_never_overwritten(client, local_officer, village):
    add_year(village_id=village.pk, values=figures(), by=local_officer)
    with pytest.raises(Refused) as refusal:
        add_year(village_id=village.pk, values=figures(workers=1), by=local_officer)
    assert refusal.value.field == "reported_date"
    corrected = figures(workers=310, reported_date=datetime.date(2026, 3, 1))
    add_year(village_id=village.pk, values=corrected, by=local_officer)
    assert [row.workers for row in village.years.all()] == [310, 300]
    client.force_login(local_officer)
    page = client.get(reverse("programs:craft-village-detail", args=[village.pk])).content.decode()
    assert "10/01/2026" in page
    assert "01/03/2026" in page


def test_money_is_read_as_offices_write_it(client, local_officer, village):
    client.force_login(local_officer)
    data = figures(reported_date="10/01/2026", revenue_vnd="2 tỷ 768,9 triệu", income_per_head_vnd="45.000.000")
    response = client.post(reverse("programs:craft-village-year-add", args=[village.pk]), data)
    assert response.status_code == 302
    row = CraftVillageYear.objects.get()
    assert (row.revenue_vnd, row.income_per_head_vnd) == (2_768_900_000, 45_000_000)
    assert row.reported_date == datetime.date(2026, 1, 10)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("craft_households", {"craft_households": 501}),
        ("women_workers", {"women_workers": 301}),
        ("khmer_workers", {"khmer_workers": 301}),
        ("revenue_vnd", {"revenue_vnd": "-5"}),
        ("year", {"year": 2999}),
    ],
)
def test_impossible_figures_are_refused_at_their_field(client, local_officer, village, field, changes):
    client.force_login(local_officer)
    data = {**figures(reported_date="10/01/2026"), **changes}
    response = client.post(reverse("programs:craft-village-year-add", args=[village.pk]), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not CraftVillageYear.objects.exists()


def test_the_actions_ask_for_the_right_and_the_area(auditor, other_local_officer, village):
    for user in (auditor, other_local_officer):
        with pytest.raises(NotAllowed):
            add_event(village_id=village.pk, values=decision(), by=user)
        with pytest.raises(NotAllowed):
            add_year(village_id=village.pk, values=figures(), by=user)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_roles(client, cast, village, role):
    client.force_login(cast[role])
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("programs:craft-village-detail", args=[village.pk])).status_code == 200
    for name in ("edit", "event-add", "year-add"):
        response = client.get(reverse(f"programs:craft-village-{name}", args=[village.pk]))
        assert response.status_code == (200 if role in EDITORS else 403)


@pytest.mark.parametrize("name", ["detail", "edit", "event-add", "year-add"])
def test_a_stranger_gets_404(client, stranger, village, name):
    client.force_login(stranger)
    assert client.get(reverse(f"programs:craft-village-{name}", args=[village.pk])).status_code == 404


@pytest.mark.parametrize("size", [20, 200])
def test_queries_do_not_grow_with_the_rows(client, department_officer, django_assert_num_queries, size):
    place = unit("31843")
    CraftVillage.objects.bulk_create(CraftVillage(name=f"Làng {n}", craft="Mộc", place=place) for n in range(size))
    client.force_login(department_officer)
    with django_assert_num_queries(5):
        client.get(LIST)

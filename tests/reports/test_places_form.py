"""Tổng hợp theo địa bàn across 01/07/2025: groups written down by hand from the law, sums in plain Python."""

import datetime
import random
from collections import defaultdict

import pytest
from django.utils import timezone

from funding.models import Approval, FundingLine, LedgerEntry
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.reports.asking import build, figures, form_parameters
from tests.reports.world import APPROVED, source_of

pytestmark = pytest.mark.django_db
D = datetime.date
# (code, old) → the new commune and the old district that it counts for; None where the law does not tell.
PLACES = {
    ("31843", True): ("Xã Hồng Dân", "Huyện Hồng Dân (cũ)"),
    ("31843", False): ("Xã Hồng Dân", "Huyện Hồng Dân (cũ)"),
    ("31852", True): ("Xã Hồng Dân", "Huyện Hồng Dân (cũ)"),
    ("956", True): (None, "Huyện Hồng Dân (cũ)"),
    ("31891", False): ("Xã Hoà Bình", None),  # made of communes of two districts
    ("31921", True): ("Xã Hoà Bình", "Huyện Vĩnh Lợi (cũ)"),
    ("31933", True): ("Xã Hoà Bình", "Huyện Hoà Bình (cũ)"),
    ("32017", True): (None, "Thành phố Cà Mau (cũ)"),  # split between two new wards
    ("96", False): (None, None),
}
UNKNOWN = {"commune": "Chưa xác định xã mới", "district": "Chưa xác định huyện cũ"}
START, END = D(2025, 3, 1), D(2026, 3, 1)
DAYS = [D(2025, 2, 28), START, D(2025, 6, 30), D(2025, 7, 1), END, D(2026, 3, 2)]
KEYS = (
    "projects",
    "beneficiaries",
    "approved_central",
    "approved_provincial",
    "disbursed_central",
    "disbursed_provincial",
)
ASKED = {"year": "2025", "start": "01/03/2025", "end": "01/03/2026"}


def ask(user, grouping, area=None):
    parameters = form_parameters("dia-ban", user, area or unit("96"), grouping=grouping, **ASKED)
    [table] = build("dia-ban", parameters)
    return figures(table, "name", *KEYS)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("grouping", ["commune", "district"])
def test_the_form_is_the_sum_of_the_records(seed, grouping, department_officer):
    records = make_records(random.Random(seed), department_officer)
    found = {name: row for name, row in ask(department_officer, grouping).items() if any(row)}
    assert found == expected(records, grouping)
    assert UNKNOWN[grouping] in found


def make_records(dice, by):
    owners = [make_beneficiary(name=f"Cơ sở {number}") for number in range(12)]
    return [_project(dice, by, owners) for _ in range(60)]


def _project(dice, by, owners):
    place, day = dice.choice(list(PLACES)), dice.choice([None, *DAYS])
    project = make_project(
        created_by=by, place=unit(place[0], old=place[1]), status=dice.choice([one.value for one in Status])
    )
    if day:
        decision = {"decision_number": "1/QĐ", "decision_date": day, "approved_by": by, "approved_at": timezone.now()}
        Approval.objects.create(project=project, **decision)
    chosen = dice.sample(owners, dice.randint(0, 3))
    for owner in chosen:
        add_participant(project, owner)
    money = {}
    for kind in ("central", "provincial", "counterpart"):
        money[kind] = dice.randrange(0, 900_000_000)
        FundingLine.objects.create(project=project, source=source_of(kind), approved_vnd=money[kind])
    paid = [_entry(dice, project, by, number) for number in range(dice.randint(0, 3))]
    return place, project.status, day, {one.pk for one in chosen}, money, paid


def _entry(dice, project, by, number):
    kind, entry_kind = dice.choice(["central", "provincial"]), dice.choice(["advance", "payment", "recovery"])
    amount, day = dice.randrange(1, 10_000_000), dice.choice(DAYS)
    LedgerEntry.objects.create(
        project=project,
        kind=entry_kind,
        source=source_of(kind),
        year=2025,
        amount_vnd=amount,
        voucher_number=str(number),
        voucher_date=day,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    return kind, day, -amount if entry_kind == "recovery" else amount


def expected(records, grouping):
    rows = defaultdict(lambda: [0, set(), 0, 0, 0, 0])
    for place, status, day, owners, money, paid in records:
        name = PLACES[place][grouping == "district"] or UNKNOWN[grouping]
        for row in (rows[name], rows["Tổng cộng"]):
            if status in APPROVED and day and START <= day <= END:
                row[0] += 1
                row[1] |= owners
                row[2] += money["central"]
                row[3] += money["provincial"]
            for kind, paid_on, effect in paid:
                if status in APPROVED and START <= paid_on <= END:
                    row[4 if kind == "central" else 5] += effect
    told = {name: (row[0], len(row[1]), *row[2:]) for name, row in rows.items()}
    return {name: row for name, row in told.items() if any(row)}


def test_every_unit_has_its_row_even_without_records(department_officer):
    communes, districts = ask(department_officer, "commune"), ask(department_officer, "district")
    assert {value for row in [*communes.values(), *districts.values()] for value in row} == {0}
    assert len(communes) == 64 + 2
    assert len(districts) == 16 + 2


def test_a_commune_sees_its_own_row_only(local_officer, department_officer):
    make_records(random.Random(1), department_officer)
    own = ask(local_officer, "commune", unit("31843"))
    assert set(own) == {"Xã Hồng Dân", "Tổng cộng"}
    assert own["Xã Hồng Dân"] == own["Tổng cộng"] == ask(department_officer, "commune")["Xã Hồng Dân"]
    assert set(ask(local_officer, "district", unit("31843"))) == {"Huyện Hồng Dân (cũ)", "Tổng cộng"}


def test_an_unknown_way_of_grouping_is_named(client, department_officer):
    client.force_login(department_officer)
    response = client.get("/bao-cao/dia-ban/", {"grouping": "x"})
    assert response.context["form"].errors["grouping"] == ["Chọn một cách gộp trong danh sách."]

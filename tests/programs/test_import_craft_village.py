"""Craft villages of a file: several rows may be about one, and figures are never overwritten."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.kinds import find_kind, kinds_for
from programs.imports.craft_village import CraftVillageKindOfImport
from programs.models import CraftVillage, CraftVillageEvent, CraftVillageYear
from tests.factories import unit
from tests.programs.importing import (
    batch_of,
    checked,
    problems,
    stored,
    taken_back,
    understood,
    verdicts,
    written,
)

pytestmark = pytest.mark.django_db
KIND = CraftVillageKindOfImport()
NAME = "Làng đan lát Mỹ Tường"


def row(**values):
    return {"name": NAME, "craft": "Đan lát", "place": unit("31843").pk, **values}


def figures(**values):
    return row(**{"year": 2023, "households": 500, "craft_households": 120, "workers": 300, **values})


@pytest.fixture
def village(reference):
    return CraftVillage.objects.create(name=NAME, craft="Đan lát", place=unit("31843"), source_note="Báo")


@pytest.fixture
def year(village):
    return CraftVillageYear.objects.create(
        village=village,
        year=2023,
        reported_date=datetime.date(2024, 1, 10),
        source="UBND xã",
        households=500,
        craft_households=120,
        workers=300,
        revenue_vnd=2_768_900_000,
    )


def everything():
    return stored(CraftVillage), stored(CraftVillageYear)


def test_it_is_offered_to_those_who_may_edit(cast):
    assert find_kind("lang-nghe").label == "Làng nghề và số liệu hằng năm"
    holders = {role for role, user in cast.items() if any(one.slug == "lang-nghe" for one in kinds_for(user))}
    assert holders == {Role.DEPARTMENT_OFFICER, Role.LOCAL_OFFICER}


def test_a_village_with_three_years_is_one_village(local_officer):
    rows = understood(figures(year=2021), figures(year=2022, name="Làng đan lát mỹ tường"), figures(revenue_vnd=5_000))
    found = checked(KIND, local_officer, rows)
    assert [(str(one.verdict), one.object_id) for one in found] == [("new", None)] * 3
    assert found[0].changes["Nghề"] == ("", "Đan lát")
    assert found[2].changes["Doanh thu (đồng)"] == ("", "5.000")
    assert "Nghề" not in found[1].changes
    objects = written(KIND, local_officer, rows)
    made = CraftVillage.objects.get()
    assert (made.name, made.folded) == (NAME, "lang dan lat my tuong dan lat")
    assert [(one.year, one.source) for one in made.years.order_by("year")] == [
        (2021, "Nhập từ Excel"),
        (2022, "Nhập từ Excel"),
        (2023, "Nhập từ Excel"),
    ]
    assert [one.model for one in objects] == ["programs.craftvillage", *["programs.craftvillageyear"] * 3]
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == ["craft_village_add", *["craft_village_year"] * 3]
    assert {event.subject for event in events} == {f"craftvillage:{made.pk}"}
    assert {event.place_id for event in events} == {made.place_id}
    call_command("verify_audit", stdout=StringIO())


def test_the_same_rows_twice_change_nothing(local_officer):
    rows = understood(figures(year=2022), figures(), row(name="Nghề mộc", craft="Mộc"))
    written(KIND, local_officer, rows)
    before, events = everything(), AuditEvent.objects.count()
    assert verdicts(KIND, local_officer, rows) == ["equal", "equal", "equal"]
    assert written(KIND, local_officer, rows) == []
    assert (everything(), AuditEvent.objects.count()) == (before, events)


def test_what_is_written_of_a_known_village_is_changed_and_told_once(local_officer, village):
    rows = understood(figures(year=2021, craft="Đan tre"), figures(year=2022, craft="Đan tre"))
    found = checked(KIND, local_officer, rows)
    assert [(str(one.verdict), one.object_id) for one in found] == [("new", village.pk)] * 2
    assert found[0].changes["Nghề"] == ("Đan lát", "Đan tre")
    assert "Nghề" not in found[1].changes
    assert len(written(KIND, local_officer, rows)) == 3
    village.refresh_from_db()
    assert (village.craft, village.source_note, village.folded) == ("Đan tre", "Báo", "lang dan lat my tuong dan tre")
    assert AuditEvent.objects.get(action="craft_village_edit").changes == {"Nghề": ["Đan lát", "Đan tre"]}


def test_rows_that_contradict_each_other_are_refused(local_officer, village):
    rows = understood(figures(year=2021, craft="Đan tre"), figures(year=2022, craft="Đan lục bình"))
    found = checked(KIND, local_officer, rows)
    assert [str(one.verdict) for one in found] == ["new", "refused"]
    assert "dòng 2 của tệp ghi “Đan tre”" in problems(found[1])["craft"]


def test_figures_of_a_year_that_has_others_are_refused_with_both_shown(local_officer, year):
    before = everything()
    (verdict,) = checked(KIND, local_officer, understood(figures(workers=310, revenue_vnd=2_000_000_000)))
    assert verdict.verdict == "refused"
    message = problems(verdict)["year"]
    assert "lao động 300 ↔ 310" in message
    assert "doanh thu 2.768.900.000 đồng ↔ 2.000.000.000 đồng" in message
    assert "ngày 10/01/2024" in message
    with pytest.raises(Refused, match="Dòng 2"), transaction.atomic():
        KIND.importer(local_officer, {}).write(understood(figures(workers=310)))
    assert everything() == before


@pytest.mark.parametrize("day", ["2024-01-10", "2023-12-31"])
def test_a_correction_needs_a_later_day(local_officer, year, day):
    assert verdicts(KIND, local_officer, understood(figures(workers=310, reported_date=day))) == ["refused"]


def test_a_correction_is_a_further_row_and_the_first_stays(local_officer, year):
    rows = understood(figures(workers=310, reported_date="2024-03-01", source="UBND huyện"))
    (verdict,) = checked(KIND, local_officer, rows)
    assert verdict.changes["Lao động"] == ("300", "310")
    written(KIND, local_officer, rows)
    assert [one.workers for one in year.village.years.all()] == [310, 300]


@pytest.mark.parametrize("given", [{}, {"reported_date": "2024-01-10"}, {"reported_date": "2024-02-02"}])
def test_figures_that_are_there_already_are_equal(local_officer, year, given):
    assert verdicts(KIND, local_officer, understood(figures(**given))) == ["equal"]


def test_the_same_year_twice_in_one_file(local_officer):
    rows = understood(
        figures(reported_date="2024-01-10"),
        figures(reported_date="2024-01-10"),
        figures(workers=1, women_workers=1, reported_date="2024-01-10"),
        figures(workers=310, reported_date="2024-03-01"),
        figures(year=2022),
        figures(year=2022, workers=1),
        row(),
        row(),
    )
    found = ["new", "duplicate", "duplicate", "new", "new", "duplicate", "equal", "duplicate"]
    assert verdicts(KIND, local_officer, rows) == found


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("craft_households", {"craft_households": 501}),
        ("women_workers", {"women_workers": 301}),
        ("khmer_workers", {"khmer_workers": 301}),
        ("workers", {"workers": None}),
        ("households", {"households": 100_000_001}),
        ("revenue_vnd", {"revenue_vnd": 10**14 + 1}),
        ("revenue_vnd", {"revenue_vnd": -5}),
        ("year", {"year": 2999}),
        ("year", {"year": 1989}),
        ("year", {"year": None}),
        ("reported_date", {"reported_date": "2999-01-01"}),
        ("name", {"name": ""}),
        ("name", {"name": "x" * 201}),
        ("craft", {"craft": None}),
        ("record", {"record": "123"}),
    ],
)
def test_what_the_form_refuses_is_refused_at_its_field(local_officer, field, changes):
    (verdict,) = checked(KIND, local_officer, understood(figures(**changes)))
    assert verdict.verdict == "refused"
    assert list(problems(verdict)) == [field]


@pytest.mark.parametrize("mark", ["{pk}", "00{pk}"])
def test_a_record_number_finds_its_village_and_its_figures(local_officer, year, mark):
    record = mark.format(pk=year.village_id)
    assert verdicts(KIND, local_officer, understood(figures(name="Tên mới", record=record, workers=1))) == ["refused"]
    (verdict,) = checked(KIND, local_officer, understood(figures(name="Tên mới", record=record)))
    assert (verdict.verdict, verdict.changes) == ("changed", {"Tên làng nghề, nghề": (NAME, "Tên mới")})


def test_another_area_is_refused(local_officer, other_local_officer, year):
    elsewhere = understood(figures(place=unit("31972").pk), figures(record=str(year.village_id), workers=1))
    found = checked(KIND, local_officer, elsewhere[:1]) + checked(KIND, other_local_officer, elsewhere)
    assert [str(one.verdict) for one in found] == ["refused", "new", "refused"]
    assert list(problems(found[0])) == ["place"]


def test_a_namesake_in_the_commune_that_became_this_one_is_asked_about(department_officer):
    old = unit("31843", old=True)
    known = CraftVillage.objects.create(name=NAME, craft="Đan lát", place=old)
    (verdict,) = checked(KIND, department_officer, understood(row()))
    assert (verdict.verdict, list(verdict.problems[0].choices)) == ("duplicate", [str(known.pk), "mới"])
    assert verdicts(KIND, department_officer, understood(row(place=old.pk))) == ["equal"]
    assert verdicts(KIND, department_officer, understood(row(record="mới"))) == ["new"]
    (moved,) = checked(KIND, department_officer, understood(row(record=str(known.pk))))
    assert moved.changes == {"Địa bàn": (str(old), "Xã Hồng Dân")}


def test_a_new_village_of_a_name_that_the_place_has_is_refused(local_officer, village):
    (verdict,) = checked(KIND, local_officer, understood(row(record="mới")))
    assert problems(verdict) == {"name": "Địa bàn này đã có làng nghề cùng tên."}


def test_the_right_is_asked_for_again(auditor):
    for act in (KIND.importer(auditor, {}).check, KIND.importer(auditor, {}).write):
        with pytest.raises(NotAllowed), transaction.atomic():
            act(understood(row()))


def test_portions_that_are_checked_and_written_in_turn_are_as_they_were_shown(local_officer, village):
    """As a batch is applied: one run, each portion judged once more after the one before was written."""
    new = [figures(name="Làng rèn", craft="Rèn", year=year) for year in (2021, 2022)]
    rows = understood(
        figures(year=2021, craft="Đan tre"), *new, figures(year=2022, craft="Đan tre"), figures(year=2022)
    )
    parts = [rows[:2], rows[2:]]
    first, again = KIND.importer(local_officer, {}), KIND.importer(local_officer, {})
    shown = [first.check(part) for part in parts]
    with transaction.atomic():
        for part, verdict in zip(parts, shown, strict=True):
            assert again.check(part) == verdict
            again.write([one for one, found in zip(part, verdict, strict=True) if found.verdict in ("new", "changed")])
    assert [str(one.verdict) for part in shown for one in part] == ["new", "new", "new", "new", "refused"]
    assert CraftVillage.objects.count() == 2
    assert CraftVillageYear.objects.count() == 4


def test_what_was_exported_comes_back_unchanged(department_officer, year):
    CraftVillageYear.objects.create(
        village=year.village,
        year=2023,
        reported_date=datetime.date(2024, 3, 1),
        source="UBND",
        households=9,
        craft_households=8,
    )
    CraftVillage.objects.create(name="Làng Hòa", craft="Mộc", place=unit("31843"))
    CraftVillage.objects.create(name="Làng Hoà Bình", craft="Mộc", place=unit("31843", old=True))
    rows = understood(*KIND.rows(department_officer))
    assert len(rows) == 4
    assert verdicts(KIND, department_officer, rows) == ["equal"] * 4


def test_taking_back_restores_every_column(local_officer, year):
    before = everything()
    rows = understood(
        figures(year=2021, craft="Đan tre"), figures(year=2022, source_note="Nguồn mới"), figures(name="Làng rèn")
    )
    objects = written(KIND, local_officer, rows[:1]) + written(KIND, local_officer, rows[2:])
    assert taken_back(KIND, local_officer, objects) == 4
    assert everything() == before
    assert AuditEvent.objects.filter(action="craftvillage_import_restore").get().changes == {
        "Nghề": ["Đan tre", "Đan lát"]
    }
    call_command("verify_audit", stdout=StringIO())


def test_two_changes_of_one_village_are_taken_back_together(local_officer, village):
    CraftVillage.objects.update(source_note="")
    before = everything()
    rows = understood(figures(year=2021, craft="Đan tre"), figures(year=2022, craft="Đan tre", source_note="Nguồn mới"))
    objects = written(KIND, local_officer, rows)
    village.refresh_from_db()
    assert (village.craft, village.source_note) == ("Đan tre", "Nguồn mới")
    assert len(objects) == 3
    taken_back(KIND, local_officer, objects)
    assert everything() == before


def test_what_hangs_on_a_new_village_keeps_the_batch(local_officer):
    objects = written(KIND, local_officer, understood(figures()))
    village = CraftVillage.objects.get()
    CraftVillageEvent.objects.create(
        village=village,
        kind="recognised",
        recognition="craft_village",
        decision_number="1/QĐ",
        event_date=datetime.date(2020, 1, 1),
    )
    CraftVillageYear.objects.create(
        village=village,
        year=2020,
        reported_date=datetime.date(2021, 1, 1),
        source="x",
        households=1,
        craft_households=1,
    )
    after = everything()
    _, rows = batch_of(KIND, local_officer, objects)
    assert KIND.dependants(rows) == [
        f"Dòng 2: {NAME} đang có 1 quyết định.",
        f"Dòng 2: {NAME} đang có thêm số liệu của 1 lần báo cáo.",
    ]
    with pytest.raises(Refused, match="đang có 1 quyết định"):
        taken_back(KIND, local_officer, objects)
    assert everything() == after


def test_what_was_changed_since_is_not_overwritten(local_officer, village):
    objects = written(KIND, local_officer, understood(figures(craft="Đan tre")))
    CraftVillage.objects.update(craft="Sửa sau")
    with pytest.raises(Refused, match="đã được sửa hoặc xóa sau khi nhập"):
        taken_back(KIND, local_officer, objects)
    assert CraftVillageYear.objects.count() == 1


def test_queries_do_not_grow_with_the_rows(local_officer, year, django_assert_num_queries):
    for size in (3, 200):
        rows = understood(figures(), *(figures(name=f"Làng {number}") for number in range(size)))
        with django_assert_num_queries(4):
            checked(KIND, local_officer, rows)

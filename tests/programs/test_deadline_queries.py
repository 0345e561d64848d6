"""What is owed until when: the arithmetic, the pairs that the database makes, who is late."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from programs.deadline_reference import load_deadline_rules
from programs.models import DeadlineKind, DeadlineRule, Project, RegistrationRound, Step
from programs.queries.deadlines import deadline_rules, due_count, due_pairs, owed_pairs, submitted_late
from programs.rules.deadlines import Standing, days_left, describe, standing
from programs.workflow import Action, Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)


def day(text):
    return datetime.date.fromisoformat(text)


def add_step(project, action, *, at="2026-06-01", document_date=None):
    moment = timezone.make_aware(datetime.datetime.combine(day(at), datetime.time(23, 30)))
    return Step.objects.create(
        project=project,
        action=action.value,
        from_status=Status.DRAFT.value,
        to_status=project.status,
        by=project.created_by,
        at=moment,
        document_date=document_date,
    )


def owed(today=TODAY, only=None):
    rules = deadline_rules()
    keys = {rule.pk: rule.key for rule in rules}
    pairs = owed_pairs(Project.objects.all(), rules, today, only=only).order_by("due_date", "id")
    return [(pair["id"], keys[pair["owed_rule"]], pair["due_date"]) for pair in pairs]


@pytest.fixture
def national(local_officer):
    def make(status, **values):
        return make_project(
            created_by=local_officer, status=status.value, **{"track": Track.NATIONAL.value, "year": 2026, **values}
        )

    return make


@pytest.mark.parametrize(
    ("due", "left", "wanted", "words"),
    [
        ("2026-11-22", -1, Standing.OVERDUE, "quá hạn 1 ngày"),
        ("2026-11-23", 0, Standing.SOON, "đến hạn hôm nay"),
        ("2026-12-07", 14, Standing.SOON, "còn 14 ngày"),
        ("2026-12-08", 15, Standing.LATER, "còn 15 ngày"),
    ],
)
def test_the_due_day_itself_is_in_time(due, left, wanted, words):
    assert days_left(day(due), TODAY) == left
    assert standing(day(due), TODAY, 14) is wanted
    assert describe(day(due), TODAY) == words


def test_the_known_deadlines_are_loaded_once_and_edits_are_kept(reference):
    rules = {rule.key: rule for rule in DeadlineRule.objects.all()}
    assert {key: rule.certainty for key, rule in rules.items()} == {
        "kcqg-dang-ky": "unverified",
        "kcqg-ho-so-quyet-toan": "confirmed",
        "kcqg-thanh-ly": "confirmed",
    }
    assert {rule.track for rule in rules.values()} == {Track.NATIONAL.value}
    DeadlineRule.objects.filter(key="kcqg-thanh-ly").update(day=20)
    load_deadline_rules()
    assert DeadlineRule.objects.count() == 3
    assert DeadlineRule.objects.get(key="kcqg-thanh-ly").day == 20


def test_registration_is_due_before_20_may_of_the_year_before(national):
    draft, waiting = national(Status.DRAFT, year=2027), national(Status.SUBMITTED, year=2028)
    national(Status.CONFIRMED, year=2027)
    assert owed() == [
        (draft.pk, "kcqg-dang-ky", day("2026-05-19")),
        (waiting.pk, "kcqg-dang-ky", day("2027-05-19")),
    ]


def test_a_returned_project_owes_what_it_owed_where_it_was_returned(national):
    from_commune = national(Status.RETURNED, returned_from=Status.SUBMITTED.value)
    national(Status.RETURNED, returned_from=Status.APPRAISED.value)
    assert [pair[0] for pair in owed()] == [from_commune.pk]


def test_local_projects_owe_nothing_under_national_rules(national):
    for status in Status:
        national(status, track=Track.LOCAL.value)
    assert owed() == []


def test_settlement_is_due_15_days_after_the_last_acceptance(national):
    accepted = national(Status.ACCEPTED)
    add_step(accepted, Action.ACCEPT, document_date=day("2026-11-01"))
    add_step(accepted, Action.ACCEPT, document_date=day("2026-11-10"))
    undated = national(Status.LIQUIDATED)
    add_step(undated, Action.ACCEPT, at="2026-11-12")
    national(Status.LIQUIDATED)  # no such step: the days have not begun to run
    assert [pair for pair in owed() if pair[1] == "kcqg-ho-so-quyet-toan"] == [
        (accepted.pk, "kcqg-ho-so-quyet-toan", day("2026-11-25")),
        (undated.pk, "kcqg-ho-so-quyet-toan", day("2026-11-27")),
    ]
    assert (accepted.pk, "kcqg-thanh-ly", day("2027-01-22")) in owed()


def test_pairs_are_chosen_by_how_they_stand(national):
    late, later = national(Status.IN_PROGRESS, year=2024), national(Status.IN_PROGRESS, year=2026)
    soon = national(Status.ACCEPTED, year=2025)
    today = day("2026-01-10")
    assert [pair[0] for pair in owed(today, Standing.OVERDUE)] == [late.pk]
    assert [pair[0] for pair in owed(today, Standing.SOON)] == [soon.pk]
    assert [pair[0] for pair in owed(today, Standing.LATER)] == [later.pk]
    assert {pair["id"] for pair in due_pairs(Project.objects.all(), deadline_rules(), today)} == {late.pk, soon.pk}


def test_a_rule_counts_within_its_period(national):
    project = national(Status.CONTRACTED)
    DeadlineRule.objects.filter(key="kcqg-thanh-ly").update(valid_to=day("2026-12-31"))
    assert owed() == []
    DeadlineRule.objects.create(
        key="kcqg-thanh-ly",
        name="Thanh lý",
        kind=DeadlineKind.CALENDAR,
        year_offset=1,
        month=2,
        day=28,
        owed_by=Status.CONTRACTED.value,
        valid_from=day("2027-01-01"),
        legal_basis="Văn bản mới",
        certainty="confirmed",
    )
    assert owed() == [(project.pk, "kcqg-thanh-ly", day("2027-02-28"))]


def test_without_rules_nothing_is_owed(national, department_officer):
    national(Status.DRAFT)
    DeadlineRule.objects.all().delete()
    assert list(due_pairs(Project.objects.all(), [], TODAY)) == []
    assert due_count(department_officer, TODAY) == 0


def test_only_the_area_is_counted(national, department_officer, other_local_officer, stranger):
    national(Status.DRAFT)
    assert due_count(department_officer, TODAY) == 1
    assert due_count(other_local_officer, TODAY) == due_count(stranger, TODAY) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"month": 13},
        {"month": 2, "day": 29},
        {"month": 4, "day": 31},
        {"month": None},
        {"days": 3},
        {"kind": "after_step"},
        {"valid_from": datetime.date(2026, 2, 1), "valid_to": datetime.date(2026, 1, 1)},
    ],
)
def test_the_database_refuses_a_rule_that_says_no_day(reference, wrong):
    values = {"key": "x", "name": "x", "kind": "calendar", "month": 1, "day": 2, "owed_by": "draft"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineRule.objects.create(**values, legal_basis="x", certainty="confirmed")


def test_late_is_who_first_came_after_the_round_had_closed(national):
    RegistrationRound.objects.create(
        year=2026, track=Track.NATIONAL.value, opens_on=day("2025-03-01"), closes_on=day("2025-05-19")
    )
    in_time, late, never = national(Status.CONFIRMED), national(Status.CONFIRMED), national(Status.DRAFT)
    other_year, local = national(Status.CONFIRMED, year=2027), national(Status.CONFIRMED, track=Track.LOCAL.value)
    add_step(in_time, Action.SUBMIT, at="2025-05-19")
    add_step(in_time, Action.SUBMIT, at="2025-07-01")  # again after a return
    for project in (late, other_year, local):
        add_step(project, Action.SUBMIT, at="2025-05-20")
    assert never.steps.count() == 0
    assert list(Project.objects.filter(submitted_late())) == [late]
    marked = Project.objects.annotate(is_late=submitted_late()).in_bulk()
    assert (marked[late.pk].is_late, marked[in_time.pk].is_late) == (True, False)

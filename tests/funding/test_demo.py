"""The demo: the founding case to the đồng, every state shown, nothing twice."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from funding.bench_data import YEARS
from funding.demo import walk
from funding.demo.history import CENTRAL, PROVINCIAL, past_projects
from funding.demo.people import ACCOUNTS, PASSWORD
from funding.models import FundingLine, LedgerEntry, SourceKind
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from programs.models import (
    ILLUSTRATION_NOTE,
    CraftVillage,
    CraftVillageEvent,
    EmploymentResult,
    FieldCheck,
    Project,
    SessionProject,
    SupportEvaluation,
)
from programs.workflow import Status

pytestmark = pytest.mark.django_db
FOUNDING_YEARS = range(2008, 2014)


def seed(**options):
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def approved(kind):
    lines = FundingLine.objects.filter(source__kind=kind, project__year__in=FOUNDING_YEARS)
    return lines.aggregate(total=Sum("approved_vnd"))["total"]


def disbursed(kind):
    entries = LedgerEntry.objects.filter(source__kind=kind, year__in=FOUNDING_YEARS).with_effect()
    return entries.aggregate(total=Sum("effect_vnd"))["total"]


def test_the_tables_add_up_to_the_provinces_own_totals():
    assert sum(PROVINCIAL.values()) == 27_689
    assert sum(CENTRAL.values()) == 40_200
    assert sum(project.support_vnd for project in past_projects()) == 6_788_900_000


def test_the_demo_holds_the_founding_case_and_every_state(reference):
    told = seed()
    for figure in (approved, disbursed):
        assert figure(SourceKind.PROVINCIAL) == 2_768_900_000
        assert figure(SourceKind.CENTRAL) == 4_020_000_000
    this_year = Project.objects.filter(year=timezone.localdate().year)
    assert set(this_year.values_list("status", flat=True)) == {status.value for status in Status}
    assert set(Project.objects.values_list("note", flat=True)) == {ILLUSTRATION_NOTE}
    assert set(User.objects.values_list("role", flat=True)) == {role.value for role in Role}
    assert CraftVillage.objects.count() == 7
    # No decision is known of a real one: whatever is recognised is invented, and says so.
    recognised = CraftVillageEvent.objects.values_list("village__name", flat=True)
    assert [ILLUSTRATION_NOTE.lower() in name for name in recognised] == [True]
    appraised = SessionProject.objects.get(session__closed_at__isnull=False).project
    assert (appraised.year, appraised.status) == (timezone.localdate().year, Status.APPRAISED.value)
    assert not Project.objects.filter(year__in=FOUNDING_YEARS, programme__isnull=False).exists()
    assert all(ILLUSTRATION_NOTE in text for text in FieldCheck.objects.values_list("findings", flat=True))
    assert set(EmploymentResult.objects.values_list("note", flat=True)) == {ILLUSTRATION_NOTE}
    assert set(SupportEvaluation.objects.values_list("source_note", flat=True)) == {ILLUSTRATION_NOTE}
    accepted = Project.objects.filter(status__in=["accepted", "liquidated", "settled"])
    assert not accepted.exclude(accepted_costs__isnull=False, field_checks__isnull=False).exists()
    assert all(name in told for name, *_ in ACCOUNTS)
    assert PASSWORD in told


def test_a_second_run_adds_nothing(reference):
    seed()
    before = Project.objects.count(), User.objects.count(), AuditEvent.objects.count()
    seed()
    seed(if_empty=True)
    assert (Project.objects.count(), User.objects.count(), AuditEvent.objects.count()) == before
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert f"{before[2]} sự kiện" in out.getvalue()


def test_a_database_with_people_of_its_own_is_left_alone(department_officer):
    assert "không nạp" in seed(if_empty=True)
    assert not Project.objects.exists()


@pytest.mark.parametrize("today", [datetime.date(2027, 1, 1), datetime.date(2027, 3, 9), datetime.date(2028, 12, 31)])
def test_it_can_be_told_on_any_day_of_the_year(reference, monkeypatch, today):
    monkeypatch.setattr(timezone, "localdate", lambda *args: today)
    assert walk.timezone.localdate() == today
    seed()
    assert LedgerEntry.objects.filter(voucher_date__gt=today).count() == 0
    assert Project.objects.filter(year=today.year, status=Status.SETTLED.value).exists()


def test_the_bench_data_is_what_it_says(reference):
    out = StringIO()
    call_command("seed_bench", projects=50, stdout=out)
    assert "50 Project" in out.getvalue()
    assert Project.objects.filter(year__in=YEARS).count() == 50
    for line in FundingLine.objects.filter(approved_vnd__isnull=False, source__kind=SourceKind.CENTRAL):
        out_vnd = line.project.ledger.with_effect().aggregate(total=Sum("effect_vnd"))["total"]
        assert out_vnd == line.approved_vnd

"""Reading rounds: which offices are asked, which have reported, when and by whom."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from khuyencong.accounts.models import Organisation, OrganisationKind, User
from khuyencong.accounts.permissions import ROLE_PERMISSIONS, Permission
from khuyencong.localities.models import AdministrativeUnit, UnitCover, covered_unit_ids
from reports.definitions.opened import plan_years
from reports.models import AreaReport, ReportingReminder, ReportingRound
from reports.parameters import PeriodParameters
from reports.periods import Period, chosen_period

ASKED_KINDS = (OrganisationKind.COMMUNE_OFFICE, OrganisationKind.DISTRICT_OFFICE)
REPORTING_ROLES = [role.value for role, rights in ROLE_PERMISSIONS.items() if Permission.AREA_REPORT in rights]


@dataclass(frozen=True)
class Standing:
    """How many offices a round asks and how many of them have reported; `late`: after the due date, or not yet."""

    asked: int
    reported: int
    late: int

    @property
    def missing(self) -> int:
        return self.asked - self.reported


def period_of(asked: ReportingRound) -> Period:
    """The days of the round with the name that reports give them."""
    bare = Period(asked.start, asked.end, "")
    return chosen_period(plan_years(bare)[-1], asked.start, asked.end)


def round_parameters(asked: ReportingRound, user: User, area: AdministrativeUnit | None = None) -> PeriodParameters:
    """What the forms are asked for by somebody who looks at the round; figures never leave the user's own area.

    `area`: by default that of the round where it lies in the user's own, otherwise the user's own.
    """
    if area is None:
        inside = covered_unit_ids(user.area_id).filter(unit_id=asked.area_id).exists()
        assert user.organisation is not None, "a user without an organisation has no permission to be here"
        area = asked.area if inside else user.organisation.area
    period = period_of(asked)
    return PeriodParameters(user, area, plan_years(period)[-1], period)


def expected_offices(asked: ReportingRound) -> QuerySet[Organisation]:
    """The economic offices of communes and districts within the round's area that exist on its last day."""
    offices = Organisation.objects.filter(_in_force(asked.end), kind__in=ASKED_KINDS)
    return offices.filter(area_id__in=covered_unit_ids(asked.area_id))


def office_rows(asked: ReportingRound, user: User | None) -> QuerySet[Any]:
    """The expected offices within the user's area (all for None): first and last report, reminder, who is there."""
    reports = AreaReport.objects.filter(round=asked, organisation=OuterRef("pk"))
    last, first = reports.order_by("-reported_at", "-pk"), reports.order_by("reported_at", "pk")
    reminded = ReportingReminder.objects.filter(round=asked, recipient__organisation=OuterRef("pk"))
    people = User.objects.filter(organisation=OuterRef("pk"), is_active=True, role__in=REPORTING_ROLES)
    offices = expected_offices(asked)
    offices = offices.filter(area_id__in=covered_unit_ids(user.area_id)) if user else offices
    return offices.select_related("area").annotate(
        first_at=Subquery(first.values("reported_at")[:1]),
        last_at=Subquery(last.values("reported_at")[:1]),
        last_id=Subquery(last.values("pk")[:1]),
        last_by=Subquery(last.values("reported_by__full_name")[:1]),
        last_note=Subquery(last.values("note")[:1]),
        times=_counted(reports.order_by()),
        reminded_on=Subquery(reminded.order_by("-reminded_on").values("reminded_on")[:1]),
        has_account=Exists(people),
        has_email=Exists(people.exclude(email="")),
    )


def late_condition(asked: ReportingRound, today: datetime.date) -> Q:
    """Offices whose first report came after the due date, or that are past it without one."""
    came_late = Q(first_at__gte=_end_of(asked.due_date))
    return came_late | Q(first_at__isnull=True) if today > asked.due_date else came_late


def standing_of(offices: QuerySet[Any], asked: ReportingRound, today: datetime.date) -> Standing:
    counts = offices.aggregate(
        asked=Count("pk"),
        reported=Count("pk", filter=Q(first_at__isnull=False)),
        late=Count("pk", filter=late_condition(asked, today)),
    )
    return Standing(**counts)


def with_progress(rounds: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Adds `asked_count` and `reported_count`: offices within the user's area."""
    offices = Organisation.objects.filter(
        _in_force(OuterRef("end")),
        kind__in=ASKED_KINDS,
        area__covered_by_areas__area_id=OuterRef("area_id"),
        area_id__in=covered_unit_ids(user.area_id),
    ).order_by()
    reported = offices.filter(area_reports__round_id=OuterRef("pk"))
    return rounds.annotate(asked_count=_counted(offices), reported_count=_counted(reported))


def missing_by_area(area_ids: list[int], projects: QuerySet[Any]) -> dict[int, int]:
    """Area → how many of these projects lie in it; one query."""
    covers = UnitCover.objects.filter(area_id__in=area_ids, unit__projects__in=projects.order_by().values("pk"))
    rows = covers.order_by().values_list("area_id").annotate(number=Count("unit__projects", distinct=True))
    return dict(rows)


def rounds_asking(user: User) -> QuerySet[Any]:
    """Open rounds that have begun and ask the user's office, `reported` telling whether it has answered."""
    office = user.organisation
    if office is None or office.kind not in ASKED_KINDS:
        return ReportingRound.objects.none()
    asking = UnitCover.objects.filter(unit_id=office.area_id).values("area_id")
    rounds = ReportingRound.objects.is_open().filter(area_id__in=asking, start__lte=timezone.localdate())
    rounds = rounds.filter(end__gte=office.valid_from) if office.valid_from else rounds
    rounds = rounds.filter(end__lte=office.valid_to) if office.valid_to else rounds
    mine = AreaReport.objects.filter(round=OuterRef("pk"), organisation=office)
    reminders = ReportingReminder.objects.filter(round=OuterRef("pk"), recipient=user).order_by("-reminded_on")
    rounds = rounds.annotate(reported=Exists(mine), reminded_on=Subquery(reminders.values("reminded_on")[:1]))
    return rounds.order_by("due_date", "pk")


def last_report(asked: ReportingRound, office_id: int | None) -> AreaReport | None:
    """The report of an office that counts."""
    reports = AreaReport.objects.filter(round=asked, organisation_id=office_id or 0)
    return reports.select_related("reported_by").order_by("-reported_at", "-pk").first()


def _in_force(day: Any) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _counted(rows: QuerySet[Any]) -> Any:
    """How many rows a correlated subquery finds; 0 for none."""
    one = rows.annotate(every=Value(1)).values("every").annotate(number=Count(F("pk"), distinct=True))
    return Coalesce(Subquery(one.values("number"), output_field=IntegerField()), 0)


def _end_of(day: datetime.date) -> datetime.datetime:
    """The first moment of the day after."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min))

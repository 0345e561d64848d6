"""Reminding offices that have not reported: rows first, in one transaction; the e-mail after it has been committed."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from reports import policies
from reports.actions.reporting_round import lock_round
from reports.models import AreaReport, ReportingReminder, ReportingRound
from reports.rounds.queries import REPORTING_ROLES, office_rows

# How many days before the due date the daily run begins to remind.
WARN_DAYS = 3


@dataclass(frozen=True)
class Reminded:
    """What came of reminding: the new rows, and whom it did not reach or not anew."""

    new: list[ReportingReminder]
    already: list[User]
    without_account: list[str]

    @property
    def without_email(self) -> list[User]:
        return [one.recipient for one in self.new if not one.recipient.email]


@transaction.atomic
def remind_offices(
    *, round_id: int, office_ids: Collection[int] | None, by: User, today: datetime.date | None = None
) -> Reminded:
    """Tell the people of these offices, or of all (None), that they have not reported; each person once a day.

    Offices that have reported are left out. Errors: NotAllowed; Refused when the round is closed, or when none of the
    offices is missing.
    """
    asked = lock_round(round_id)
    policies.check_can_remind(by, asked)
    offices = office_rows(asked, by).filter(first_at__isnull=True)
    offices = offices if office_ids is None else offices.filter(pk__in=office_ids)
    missing = list(offices.order_by("area__sort_key", "pk"))
    if not missing:
        chosen = "Chưa đánh dấu đơn vị nào." if office_ids is not None and not office_ids else ""
        raise Refused(chosen or "Các đơn vị này đều đã báo cáo, không cần nhắc.")
    return _remind(asked, missing, by, by, today or timezone.localdate())


@transaction.atomic
def remind_automatically(*, round_id: int, today: datetime.date) -> Reminded:
    """What the daily run does: once from WARN_DAYS before the due date on, and once after it.

    A reminder that somebody sent by hand in that time counts. The reminders bear the name of who opened the round.
    """
    asked = ReportingRound.objects.select_for_update(of=("self",)).select_related("opened_by__organisation")
    one = asked.get(pk=round_id)
    if one.closed_at is not None or today < _first_day(one):
        return Reminded([], [], [])
    since = one.due_date + datetime.timedelta(days=1) if today > one.due_date else _first_day(one)
    told = ReportingReminder.objects.filter(round=one, recipient__organisation=OuterRef("pk"), reminded_on__gte=since)
    offices = office_rows(one, None).filter(~Exists(told), first_at__isnull=True)
    return _remind(one, list(offices.order_by("area__sort_key", "pk")), one.opened_by, None, today)


def rounds_to_remind(today: datetime.date) -> list[int]:
    """Open rounds whose due date is near or past."""
    due = ReportingRound.objects.is_open().filter(due_date__lte=today + datetime.timedelta(days=WARN_DAYS))
    return list(due.filter(start__lte=today).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def claim_unsent(*, recipient_id: int) -> list[ReportingReminder]:
    """The person's reminders whose e-mail is to be sent now; nobody else will send them."""
    unsent = waiting_reminders().select_for_update(of=("self",)).filter(recipient_id=recipient_id)
    reminders = list(unsent.select_related("round", "recipient").order_by("round__due_date", "pk"))
    ReportingReminder.objects.filter(pk__in=[one.pk for one in reminders]).update(sent_at=timezone.now())
    return reminders


@transaction.atomic
def release_claim(reminders: Iterable[ReportingReminder]) -> None:
    """The e-mail did not go out: the next run tries again."""
    ReportingReminder.objects.filter(pk__in=[one.pk for one in reminders]).update(sent_at=None)


def waiting_reminders() -> QuerySet[ReportingReminder]:
    """Not sent yet and still of use: the person has an address, the round is open and the office has not reported."""
    reported = AreaReport.objects.filter(round=OuterRef("round"), organisation=OuterRef("recipient__organisation"))
    waiting = ReportingReminder.objects.filter(
        ~Exists(reported), sent_at=None, round__closed_at=None, recipient__is_active=True
    )
    return waiting.exclude(recipient__email="")


def _first_day(asked: ReportingRound) -> datetime.date:
    return max(asked.start, asked.due_date - datetime.timedelta(days=WARN_DAYS))


def _remind(
    asked: ReportingRound, offices: list[Any], by: User, recorded_by: User | None, today: datetime.date
) -> Reminded:
    """`by` stands on the reminders; `recorded_by` in the audit trail, None for the portal itself."""
    people = _people_of(offices)
    told = ReportingReminder.objects.filter(round=asked, reminded_on=today).values_list("recipient_id", flat=True)
    known = set(told)
    rows = [
        ReportingReminder(round=asked, recipient=user, reminded_on=today, by=by)
        for user in people
        if user.pk not in known
    ]
    new = ReportingReminder.objects.bulk_create(rows)
    if new:
        _record(asked, new, recorded_by)
    reached = {user.organisation_id for user in people}
    return Reminded(
        new=new,
        already=[user for user in people if user.pk in known],
        without_account=[str(office) for office in offices if office.pk not in reached],
    )


def _people_of(offices: list[Any]) -> list[User]:
    people = User.objects.filter(organisation__in=offices, is_active=True, role__in=REPORTING_ROLES)
    return list(people.select_related("organisation").order_by("organisation_id", "pk"))


def _record(asked: ReportingRound, new: list[ReportingReminder], by: User | None) -> None:
    offices = sorted({str(one.recipient.organisation) for one in new})
    record(
        by=by,
        action="reporting_remind",
        action_label="Nhắc báo cáo",
        obj=asked,
        changes={
            "Đơn vị được nhắc": (None, ", ".join(offices)),
            "Người nhận": (None, ", ".join(str(one.recipient) for one in new)),
            "Hạn": (None, format_date(asked.due_date)),
        },
        place_id=asked.area_id,
        document_number=asked.document_number,
    )

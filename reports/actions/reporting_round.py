"""Opening a reporting round, changing it, closing and reopening it."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, differences, record, snapshot
from khuyencong.errors import Overtaken, Refused
from khuyencong.localities.models import AdministrativeUnit, UnitCover, covered_unit_ids
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.dates import format_date
from programs.actions.registers import set_values
from reports import policies
from reports.models import ReportingRound
from reports.rounds.queries import expected_offices

EDITED_FIELDS = ("area", "start", "end", "title", "due_date", "document_number", "note")
UNIQUE = {"reporting_round_unique": "part"}


@transaction.atomic
def open_round(*, values: dict[str, Any], by: User) -> ReportingRound:
    """Ask the offices of an area for their figures over a period. `values`: EDITED_FIELDS.

    Errors: NotAllowed; Refused when the days are out of order, when a round of the same area has the same days or
    crosses them, or when the area has no office to ask.
    """
    policies.check_can_keep_rounds(by, values["area"].pk)
    _hold_area(values["area"].pk)
    opened = ReportingRound(opened_by=by, opened_at=timezone.now(), **values)
    _check(opened, None)
    with refusing_duplicates(ReportingRound, **UNIQUE):
        opened.save(force_insert=True)
    _record(opened, by, "open", "Mở kỳ báo cáo", differences({}, snapshot(opened, EDITED_FIELDS)))
    return opened


@transaction.atomic
def edit_round(*, round_id: int, values: dict[str, Any], by: User, version: int) -> ReportingRound:
    """Errors: as for opening; Refused once an office has reported; Overtaken when `version` is not the round's now."""
    _hold_area(ReportingRound.objects.values_list("area_id", flat=True).get(pk=round_id), values["area"].pk)
    edited = lock_round(round_id)
    policies.check_can_edit_round(by, edited)
    policies.check_can_keep_rounds(by, values["area"].pk)
    _check_version(edited, version)
    before, due_before = snapshot(edited, EDITED_FIELDS), edited.due_date
    set_values(edited, values)
    _check(edited, due_before)
    changes = differences(before, snapshot(edited, EDITED_FIELDS))
    if changes:
        edited.version += 1
        with refusing_duplicates(ReportingRound, **UNIQUE):
            edited.save()
        _record(edited, by, "edit", "Sửa kỳ báo cáo", changes)
    return edited


@transaction.atomic
def close_round(*, round_id: int, by: User, version: int) -> ReportingRound:
    """No office can report any more. Errors: NotAllowed; Refused when it is closed; Overtaken."""
    closed = lock_round(round_id)
    policies.check_can_close_round(by, closed)
    _check_version(closed, version)
    _set_closed(closed, timezone.now())
    _record(closed, by, "close", "Kết thúc kỳ báo cáo", {"Tình trạng": ("Đang mở", "Đã kết thúc")})
    return closed


@transaction.atomic
def reopen_round(*, round_id: int, by: User, version: int) -> ReportingRound:
    """Errors: NotAllowed; Refused when it is open; Overtaken."""
    reopened = lock_round(round_id)
    policies.check_can_reopen_round(by, reopened)
    _check_version(reopened, version)
    _set_closed(reopened, None)
    _record(reopened, by, "reopen", "Mở lại kỳ báo cáo", {"Tình trạng": ("Đã kết thúc", "Đang mở")})
    return reopened


def lock_round(round_id: int) -> ReportingRound:
    """The round, held until the transaction ends: whoever reports, reminds, edits or closes waits for the others."""
    return ReportingRound.objects.select_for_update(of=("self",)).select_related("area").get(pk=round_id)


def _hold_area(*area_ids: int) -> None:
    """One round at a time for areas that share offices: these areas and all above them are held, in one order."""
    above = UnitCover.objects.filter(unit_id__in=area_ids).values("area_id")
    units = AdministrativeUnit.objects.select_for_update(of=("self",), no_key=True)
    list(units.filter(pk__in=above).order_by("pk").values_list("pk", flat=True))


def _check_version(asked: ReportingRound, version: int) -> None:
    if asked.version != version:
        raise Overtaken("Kỳ báo cáo vừa được người khác thay đổi. Hãy tải lại trang để xem rồi làm tiếp.")


def _check(asked: ReportingRound, due_before: datetime.date | None) -> None:
    """`due_before`: the due date that stands already, which may lie in the past."""
    if asked.end < asked.start:
        raise Refused("Ngày cuối kỳ phải sau ngày đầu kỳ.", field="end")
    if asked.due_date < asked.start:
        raise Refused("Hạn báo cáo không thể trước ngày đầu kỳ.", field="due_date")
    if asked.due_date < timezone.localdate() and asked.due_date != due_before:
        raise Refused("Hạn báo cáo phải từ hôm nay trở đi.", field="due_date")
    if not expected_offices(asked).exists():
        message = f"{asked.area} không có Phòng Kinh tế cấp xã, huyện nào hoạt động vào ngày {format_date(asked.end)}."
        raise Refused(f"{message} Chọn địa bàn hoặc kỳ khác.", field="area")
    _check_alone(asked)


def _check_alone(asked: ReportingRound) -> None:
    """Offices are asked once for the same days. A quarter within a year is a question of its own; a part is not."""
    related = Q(area_id__in=covered_unit_ids(asked.area_id))
    related |= Q(area_id__in=UnitCover.objects.filter(unit_id=asked.area_id).values("area_id"))
    others = ReportingRound.objects.filter(related, start__lte=asked.end, end__gte=asked.start).exclude(pk=asked.pk)
    for other in others.select_related("area"):
        told = f"“{other.title}” ({other.area}, từ {format_date(other.start)} đến {format_date(other.end)})"
        if (other.start, other.end) == (asked.start, asked.end):
            raise Refused(f"Kỳ báo cáo này đã được mở: {told}.", field="part")
        within = other.start <= asked.start and asked.end <= other.end
        around = asked.start <= other.start and other.end <= asked.end
        if not (within or around):
            raise Refused(f"Kỳ này chồng một phần lên kỳ {told}. Chọn lại ngày để hai kỳ không lẫn nhau.", field="part")


def _set_closed(asked: ReportingRound, at: datetime.datetime | None) -> None:
    asked.closed_at = at
    asked.version += 1
    asked.save(update_fields=["closed_at", "version"])


def _record(asked: ReportingRound, by: User, act: str, label: str, changes: Changes) -> None:
    record(
        by=by,
        action=f"reporting_round_{act}",
        action_label=label,
        obj=asked,
        changes=changes,
        place_id=asked.area_id,
        document_number=asked.document_number,
    )

"""Writing a craft village: its name and place, the decisions about it, the figures of a year."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import differences, record, snapshot, subject_of
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.registers import NEW, check_unchanged, save_values
from programs.models import CraftVillage, CraftVillageEvent, CraftVillageEventKind, CraftVillageYear, LegalDocument
from programs.rules.register_values import reported_date_problem

EDITED_FIELDS = ("name", "craft", "place", "source_note")
UNIQUE = {"craft_village_unique": "name"}
EVENT_FIELDS = ("kind", "recognition", "decision_number", "event_date", "regime")
YEAR_FIELDS = (
    "year",
    "reported_date",
    "source",
    "households",
    "craft_households",
    "workers",
    "women_workers",
    "khmer_workers",
    "revenue_vnd",
    "income_per_head_vnd",
)


@transaction.atomic
def add_craft_village(*, values: dict[str, Any], by: User) -> CraftVillage:
    """A craft village or craft, not recognised until a decision is recorded.

    `values`: EDITED_FIELDS. Errors: NotAllowed outside the area; Refused when the place has one of that name.
    """
    _check_may_write(by, values["place"].pk)
    _check_name_free(values, except_id=NEW)
    with refusing_duplicates(CraftVillage, **UNIQUE):
        village = CraftVillage.objects.create(**values)
    record(
        by=by,
        action="craft_village_add",
        action_label="Thêm làng nghề",
        obj=village,
        place_id=village.place_id,
        changes=differences({}, snapshot(village, EDITED_FIELDS)),
    )
    return village


@transaction.atomic
def edit_craft_village(*, village_id: int, values: dict[str, Any], by: User, version: str) -> CraftVillage:
    """Errors: NotAllowed, Refused as for adding; Overtaken when it is no longer as `version` showed it."""
    village = _lock(village_id, by)
    _check_may_write(by, values["place"].pk)
    check_unchanged(village, EDITED_FIELDS, version)
    _check_name_free(values, except_id=village.pk)
    changes = save_values(village, values, EDITED_FIELDS, UNIQUE)
    if changes:
        record(
            by=by,
            action="craft_village_edit",
            action_label="Sửa làng nghề",
            obj=village,
            place_id=village.place_id,
            changes=changes,
        )
    return village


@transaction.atomic
def add_event(*, village_id: int, values: dict[str, Any], by: User) -> CraftVillageEvent:
    """Record a decision: recognition, suspension, fading or withdrawal. `values`: EVENT_FIELDS.

    Errors: Refused when the date lies ahead, the regime did not rule then, nothing was recognised before, or the
    decision is already recorded.
    """
    village = _lock(village_id, by)
    _check_event(village, values)
    event = CraftVillageEvent.objects.create(village=village, **values)
    record(
        by=by,
        action="craft_village_event",
        action_label=f"Ghi quyết định làng nghề: {event.get_kind_display().lower()}",
        obj=event,
        subject=subject_of(village),
        place_id=village.place_id,
        changes=differences({}, snapshot(event, EVENT_FIELDS)),
        document_number=event.decision_number,
        document_date=event.event_date,
    )
    return event


@transaction.atomic
def add_year(*, village_id: int, values: dict[str, Any], by: User) -> CraftVillageYear:
    """Record the figures of a year as reported on a day; earlier reports of the year stay. `values`: YEAR_FIELDS.

    Errors: Refused when the day lies ahead or already has figures for that year.
    """
    village = _lock(village_id, by)
    if problem := reported_date_problem(values["reported_date"], timezone.localdate()):
        raise Refused(problem, field="reported_date")
    if village.years.filter(year=values["year"], reported_date=values["reported_date"]).exists():
        raise Refused(
            "Số liệu năm này với ngày báo cáo này đã có; số đính chính ghi ngày báo cáo mới.", field="reported_date"
        )
    figures = CraftVillageYear.objects.create(village=village, **values)
    record(
        by=by,
        action="craft_village_year",
        action_label=f"Ghi số liệu làng nghề năm {figures.year}",
        obj=figures,
        subject=subject_of(village),
        place_id=village.place_id,
        changes=differences({}, snapshot(figures, YEAR_FIELDS)),
    )
    return figures


def _lock(village_id: int, by: User) -> CraftVillage:
    village = CraftVillage.objects.select_for_update(of=("self",)).get(pk=village_id)
    _check_may_write(by, village.place_id)
    return village


def _check_may_write(by: User, place_id: int) -> None:
    policies.check_permission(by, Permission.CRAFT_VILLAGE_EDIT)
    policies.check_covers(by, place_id)


def _check_name_free(values: dict[str, Any], *, except_id: int) -> None:
    same = CraftVillage.objects.filter(name=values["name"], place=values["place"]).exclude(pk=except_id)
    if same.exists():
        raise Refused("Địa bàn này đã có làng nghề cùng tên.", field="name")


def _check_event(village: CraftVillage, values: dict[str, Any]) -> None:
    day, kind = values["event_date"], values["kind"]
    if day > timezone.localdate():
        raise Refused("Ngày quyết định không thể sau hôm nay.", field="event_date")
    recognised = village.events.filter(kind=CraftVillageEventKind.RECOGNISED, event_date__lte=day)
    if kind != CraftVillageEventKind.RECOGNISED and not recognised.exists():
        raise Refused("Chưa có quyết định công nhận nào trước ngày này.", field="kind")
    if village.events.filter(decision_number=values["decision_number"], kind=kind).exists():
        raise Refused("Quyết định này đã được ghi cho làng nghề.", field="decision_number")
    _check_regime(values.get("regime"), day)


def _check_regime(regime: LegalDocument | None, day: Any) -> None:
    """A decision is judged by the rule in force on its day, where the register knows the days of the rule."""
    if regime is None:
        return
    if (regime.valid_from and day < regime.valid_from) or (regime.valid_to and day > regime.valid_to):
        raise Refused(f"{regime.number} không có hiệu lực vào ngày {format_date(day)}.", field="regime")

"""Locking the figures of a report, and unlocking them."""

from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import CHAIN_LOCK, record
from khuyencong.errors import Overtaken, Refused
from khuyencong.excel.table import Table
from khuyencong.localities.models import AdministrativeUnit
from reports import policies
from reports.definitions import Definition
from reports.locked import HASH_LABEL, LOCK_ACTION, LOCK_LABEL, content_of_report, stored_parameters
from reports.models import LockedReport, ReportUnlock
from reports.parameters import Parameters
from reports.snapshot import fingerprint, sha256_of


@transaction.atomic
def lock_report(
    *,
    definition: Definition,
    parameters: Parameters,
    by: User,
    shown: str,
    document_number: str = "",
    note: str = "",
) -> LockedReport:
    """Keep the figures that the form has now, for exactly these parameters and within the area of `by`.

    `shown`: the fingerprint of the tables that the person was looking at. Errors: NotAllowed; Refused when the same
    question is locked already; Overtaken when the figures have changed since they were shown.
    """
    policies.check_can_lock(by, parameters.area.pk)
    _hold_still(parameters.area.pk)
    policies.check_not_locked(locked_now(definition.slug, parameters))
    tables = definition.build(replace(parameters, user=by))
    if fingerprint(tables) != shown:
        raise Overtaken("Số liệu vừa thay đổi sau khi bạn mở trang này. Xem lại số liệu mới ở dưới rồi khóa.")
    report = _kept(definition, parameters, tables, by=by, document_number=document_number, note=note)
    _record_lock(report, by)
    return report


@transaction.atomic
def unlock_report(*, report_id: int, reason: str, by: User) -> ReportUnlock:
    """The locked figures stay; the same question can be locked again.

    Errors: NotAllowed; Refused without a reason, or when the report was unlocked before.
    """
    reports = LockedReport.objects.select_for_update(of=("self",)).select_related("area")
    report = reports.get(pk=report_id)
    policies.check_can_unlock(by, report)
    if not reason:
        raise Refused("Ghi rõ lý do mở khóa.", field="reason")
    unlocked = ReportUnlock.objects.create(report=report, reason=reason, by=by, at=timezone.now())
    record(
        by=by,
        action="report_unlock",
        action_label="Mở khóa báo cáo",
        obj=report,
        changes={"Tình trạng": ("Đang khóa", "Đã mở khóa"), HASH_LABEL: (report.sha256, report.sha256)},
        place_id=report.area_id,
        reason=reason,
        document_number=report.document_number,
    )
    return unlocked


def locked_now(slug: str, parameters: Parameters) -> LockedReport | None:
    """The report that is locked for exactly this question, if any; one query."""
    same = LockedReport.objects.in_force().of_question(slug, parameters.area.pk, stored_parameters(parameters))
    return same.select_related("locked_by").defer("content").first()


def _kept(
    definition: Definition, parameters: Parameters, tables: list[Table], *, by: User, **paper: str
) -> LockedReport:
    report = LockedReport(
        slug=definition.slug,
        title=_title(definition, parameters),
        span=parameters.span,
        area=parameters.area,
        parameters=stored_parameters(parameters),
        locked_by=by,
        locked_at=timezone.now(),
        **paper,
    )
    report.content = content_of_report(report, tables)
    report.sha256 = sha256_of(report.content)
    report.save(force_insert=True)
    return report


def _title(definition: Definition, parameters: Parameters) -> str:
    """With the way of counting, so that two locked reports of one form can be told apart in a list."""
    basis = getattr(parameters, "basis", None)
    return f"{definition.title} – {basis.label}" if basis else definition.title


def _hold_still(area_id: int) -> None:
    """One locking of an area at a time, and no recorded change commits while the tables are built.

    Every recorded change ends by taking the lock of the audit chain and keeps it until it commits: with that lock in
    hand, one of them is in all the figures of this report or in none. The row of the area comes first, as elsewhere.
    """
    AdministrativeUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=area_id)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _record_lock(report: LockedReport, by: User) -> None:
    told: dict[str, Any] = {"Biểu": report.title, "Kỳ": report.span, "Địa bàn": str(report.area)}
    told |= {"Ghi chú": report.note} if report.note else {}
    record(
        by=by,
        action=LOCK_ACTION,
        action_label=LOCK_LABEL,
        obj=report,
        changes={name: (None, value) for name, value in {**told, HASH_LABEL: report.sha256}.items()},
        place_id=report.area_id,
        document_number=report.document_number,
        at=report.locked_at,
    )

"""Amending an approved project: a new version with its decision. `funding` moves money in the same transaction."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc, nfc_multiline
from programs import policies
from programs.actions.amended_duplicates import explain_joining
from programs.actions.amended_figures import amend_figures
from programs.actions.amended_participants import NewParticipant, add_named, remove, replace
from programs.actions.indicator import Figure
from programs.actions.project import Paper, audit, lock_project
from programs.models import Amendment, Project, ProjectBeneficiary
from programs.queries.amendment import AMENDED_FIELDS, Change, readable_fields

Also = Callable[[Project, list[ProjectBeneficiary]], Sequence[Change]]
"""What an app above changes with it: given the locked project and the establishments just added, says what changed."""


@dataclass(frozen=True)
class Decision:
    """The decision of an amendment; the action says what is missing."""

    number: str
    date: datetime.date | None
    effective_from: datetime.date | None
    reason: str


@dataclass(frozen=True)
class Content:
    """What shall stand after the amendment.

    `values`: AMENDED_FIELDS as model values. `figures`: all planned figures. `removed`: participant ids; `replaced`:
    participant id → beneficiary id; `added`: establishments that join.
    """

    values: Mapping[str, Any]
    figures: Sequence[Figure]
    removed: Collection[int] = ()
    replaced: Mapping[int, int] = field(default_factory=dict)
    added: Sequence[NewParticipant] = ()
    duplicate_reason: str = ""  # why the signs of a second support of who joins do not speak against it


@transaction.atomic
def amend_project(
    *, project_id: int, content: Content, decision: Decision, by: User, version: int, also: Also | None = None
) -> Amendment:
    """Make `content` stand from now on, and keep what it changed as the next amendment, with one audit event.

    Place, track, year and support item are not amended: with another of these it is another project. Errors:
    NotAllowed; Overtaken when the project was changed since `version`; Refused for the state, an incomplete or
    overtaken decision, an establishment that money or a contract names, a sign of a second support of who joins that
    is not explained, or when nothing would change.
    """
    project = lock_project(project_id, version)
    policies.check_can_amend(by, project)
    check_decision(project, decision)
    changes = _amend_fields(project, content.values)
    changes += amend_figures(project, content.figures)
    changes += replace(project, content.replaced, by)
    added, named = add_named(project, content.added, by)
    changes += named
    changes += explain_joining(project, {*content.replaced, *(one.pk for one in added)}, content.duplicate_reason, by)
    changes += also(project, added) if also else []
    changes += remove(project, content.removed)
    if not changes:
        raise Refused("Chưa thay đổi nội dung nào so với đề án đang có hiệu lực. Hãy sửa nội dung cần điều chỉnh.")
    project.version += 1
    project.save()
    return _write(project, changes, decision, by)


def check_decision(project: Project, decision: Decision) -> None:
    """Errors: Refused, at the field, on what is missing, lies in the future, or comes before what it would amend."""
    if not nfc(decision.number):
        raise Refused("Nhập số quyết định điều chỉnh.", field="document_number")
    if decision.date is None:
        raise Refused("Nhập ngày quyết định điều chỉnh.", field="document_date")
    if decision.effective_from is None:
        raise Refused("Nhập ngày bắt đầu áp dụng.", field="effective_from")
    if not nfc_multiline(decision.reason):
        raise Refused("Ghi rõ lý do điều chỉnh.", field="reason")
    today = timezone.localdate()
    if decision.date > today:
        raise Refused("Ngày quyết định không thể sau hôm nay.", field="document_date")
    if decision.effective_from > today:
        raise Refused(
            "Ngày áp dụng không thể sau hôm nay: nội dung đề án đổi ngay khi ghi. Hãy ghi khi đến ngày áp dụng.",
            field="effective_from",
        )
    _check_follows(project, decision.number, decision.date, decision.effective_from)


def _check_follows(project: Project, number: str, day: datetime.date, effective: datetime.date) -> None:
    """A decision amends what was decided before: it is not older than the approval, nor than an earlier amendment."""
    approved = project.approved_date
    if approved and day < approved:
        raise Refused(
            f"Ngày quyết định {format_date(day)} trước ngày phê duyệt đề án {format_date(approved)}.",
            field="document_date",
        )
    if approved and effective < approved:
        raise Refused(f"Không áp dụng trước ngày phê duyệt {format_date(approved)}.", field="effective_from")
    earlier = list(project.amendments.all())
    for one in earlier:
        if nfc(number).casefold() == one.decision_number.casefold():
            raise Refused(
                f"Quyết định số {one.decision_number} đã ghi ở lần điều chỉnh {one.number}.", field="document_number"
            )
    if earlier and day < earlier[-1].decision_date:
        last = earlier[-1]
        raise Refused(
            f"Đã có lần điều chỉnh {last.number} theo quyết định số {last.decision_number} ngày "
            f"{format_date(last.decision_date)}, sau ngày {format_date(day)}: quyết định này không còn áp dụng được.",
            field="document_date",
        )


def _amend_fields(project: Project, values: Mapping[str, Any]) -> list[Change]:
    before = readable_fields(project)
    for name in AMENDED_FIELDS:
        if name in values:
            setattr(project, name, values[name])
    if project.end_date < project.start_date:
        raise Refused("Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="end_date")
    after = readable_fields(project)
    return [
        Change(name, label, text or None, after[name][1] or None)
        for name, (label, text) in before.items()
        if text != after[name][1]
    ]


def _write(project: Project, changes: Sequence[Change], decision: Decision, by: User) -> Amendment:
    assert decision.date is not None  # check_decision has seen to both
    assert decision.effective_from is not None
    last = project.amendments.last()
    amendment = Amendment.objects.create(
        project=project,
        number=last.number + 1 if last else 1,
        decision_number=nfc(decision.number),
        decision_date=decision.date,
        effective_from=decision.effective_from,
        reason=decision.reason,
        changes=[change.as_json() for change in changes],
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    paper = Paper(amendment.decision_number, amendment.decision_date)
    told: Changes = {**_told(changes), "Áp dụng từ ngày": (None, format_date(amendment.effective_from))}
    audit(project, by=by, action="amend", label=str(amendment), changes=told, paper=paper, reason=decision.reason)
    return amendment


def _told(changes: Sequence[Change]) -> dict[str, tuple[str | None, str | None]]:
    """For the history, which keys changes by their label: one that two share is told apart."""
    told: dict[str, tuple[str | None, str | None]] = {}
    for change in changes:
        label, count = change.label, 2
        while label in told:
            label, count = f"{change.label} ({count})", count + 1
        told[label] = (change.before, change.after)
    return told

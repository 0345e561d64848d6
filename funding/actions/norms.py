"""Norms at a decision: what binds is kept, what only warns needs a reason, and every check is written down."""

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from funding.models import CostBasis, NormCheck
from funding.queries.money import WHOLE_PROJECT
from funding.queries.norm_series import GivenBasis, Series, given
from funding.queries.norms import NormRow, load_facts, norm_rows, plan_remaining, raised_payees
from funding.rules.ceiling import Amounts, cell_name
from khuyencong.errors import Refused
from khuyencong.formfields import MAX_FIELD_VND
from khuyencong.vietnamese.money import format_vnd
from programs.models import Amendment, Project

REASON_FIELD = "norm_reason"
MAX_UNITS = 10_000
Bases = Mapping[int | None, GivenBasis]
"""Participant id, or None for the project as a whole → what its norm is reckoned from."""
Told = dict[str, tuple[str | None, str | None]]
"""Both texts of what changed, by its Vietnamese name."""


def check_norms(
    project: Project,
    amounts: Amounts,
    day: datetime.date,
    reason: str,
    *,
    plan_day: datetime.date | None = None,
    only: Collection[int | None] | None = None,
) -> list[NormRow]:
    """Hold what is to be approved (đồng per line) against the norms in force on the day of the decision.

    `plan_day`: the day that says which province pays, by default the same. `only`: the payees that are decided on.
    Returns the checks to be kept by `write_norm_checks`. Errors: Refused at the amount that passes a binding norm; at
    `norm_reason` when a warning is passed without a reason.
    """
    remaining = plan_remaining(project, plan_day or day)
    rows = [row for row in norm_rows(project, amounts, day, load_facts([project]), remaining) if row.wanted_vnd]
    rows = [row for row in rows if only is None or row.participant_id in only]
    for row in rows:
        if row.is_refused:
            raise Refused(row.excess_text, field=cell_name((row.participant_id, row.source.pk)))
    warned = [row for row in rows if row.needs_reason]
    if warned and not reason.strip():
        told = "\n".join(row.warning_text for row in warned)
        raise Refused(f"Ghi lý do vượt hoặc không áp dụng định mức.\n{told}", field=REASON_FIELD)
    return rows


def check_raised(project: Project, before: Amounts, after: Amounts, day: datetime.date, reason: str) -> list[NormRow]:
    """Like `check_norms`, of an amendment: only who gets more than before. Its plan is that of the approval."""
    raised = raised_payees(project, before, after)
    if not raised:
        return []
    return check_norms(project, after, day, reason, plan_day=project.approved_date, only=raised)


def write_norm_checks(
    project: Project, rows: Sequence[NormRow], day: datetime.date, reason: str, amendment: Amendment | None = None
) -> None:
    """One row per payee and source; the reason stays only with what needed it."""
    now = timezone.now()
    NormCheck.objects.bulk_create(
        NormCheck(
            project=project,
            participant_id=row.participant_id,
            source=row.source,
            amendment=amendment,
            norm=row.ruling.row,
            rule=row.rule,
            is_binding=row.ruling.is_binding,
            decided_on=day,
            eligible_vnd=row.basis.eligible_vnd,
            rate_percent=row.used.rate_percent if row.used else None,
            rate_limit_vnd=row.limits.rate_limit_vnd,
            cap_limit_vnd=row.limits.cap_limit_vnd,
            plan_remaining_vnd=row.limits.plan_remaining_vnd,
            approved_vnd=row.wanted_vnd,
            override_reason=reason if row.needs_reason else "",
            recorded_at=now,
        )
        for row in rows
    )


def told_reason(rows: Sequence[NormRow], reason: str) -> Told:
    """For the history: why a norm was passed, when one was."""
    return {"Lý do vượt định mức": (None, reason)} if any(row.needs_reason for row in rows) else {}


def write_bases(project: Project, bases: Bases | None, payees: Collection[int | None]) -> Told:
    """Make `bases` what the norms of the project are reckoned from; None leaves what is stored.

    Only `payees`, those with money, keep one. Returns the changes for the history. Errors: Refused, at the field.
    """
    stored = {one.participant_id: one for one in CostBasis.objects.filter(project=project).select_related("norm")}
    before = {payee: given(one) for payee, one in stored.items()}
    wanted = before if bases is None else bases
    after = {payee: basis for payee, basis in wanted.items() if payee in payees}
    if bases is not None:
        _check_bases(project, after)
    CostBasis.objects.filter(pk__in=[one.pk for payee, one in stored.items() if payee not in after]).delete()
    for payee, basis in after.items():
        if basis != before.get(payee):
            row = stored.get(payee) or CostBasis(project=project, participant_id=payee)
            row.norm_id, row.eligible_vnd = basis.norm_id, basis.eligible_vnd
            row.unit_count, row.has_multiplier = basis.unit_count, basis.has_multiplier
            row.save()
    return _told(project, before, after)


def _check_bases(project: Project, bases: Bases) -> None:
    series = load_facts([project]).series(project, timezone.localdate())
    for payee, basis in bases.items():
        key = "all" if payee is None else payee
        chosen = next((one for one in series if one.has(basis.norm_id)), None)
        if basis.norm_id is not None and chosen is None:
            raise Refused(
                "Định mức này không dùng cho nội dung hỗ trợ, cấp khuyến công của đề án.", field=f"norm_{key}"
            )
        if basis.has_multiplier and not _knows_multiplier(chosen):
            raise Refused("Định mức đã chọn không có hệ số.", field=f"multiplier_{key}")
        if basis.eligible_vnd is not None and not 0 <= basis.eligible_vnd <= MAX_FIELD_VND:
            raise Refused("Số tiền không hợp lệ.", field=f"eligible_{key}")
        if not 1 <= basis.unit_count <= MAX_UNITS:
            raise Refused(f"Số lượng từ 1 đến {format_vnd(MAX_UNITS)}.", field=f"units_{key}")


def _knows_multiplier(series: Series | None) -> bool:
    return series is not None and series.multiplier_row is not None


def _told(project: Project, before: Bases, after: Bases) -> Told:
    """Both texts of each basis that differs."""
    facts = load_facts([project]) if before != after else None
    if facts is None:
        return {}
    names = {norm.pk: norm.name for norms in facts.norms.values() for norm in norms}
    payees = facts.payees[project.pk]
    return {
        f"Căn cứ tính định mức, {payees.get(payee, WHOLE_PROJECT)}": (
            _words(before.get(payee), names),
            _words(after.get(payee), names),
        )
        for payee in [*before, *(one for one in after if one not in before)]
        if before.get(payee) != after.get(payee)
    }


def _words(basis: GivenBasis | None, names: Mapping[int, str]) -> str | None:
    if basis is None:
        return None
    name = "không áp dụng định mức" if basis.norm_id is None else names.get(basis.norm_id, f"số {basis.norm_id}")
    cost = "bằng tổng của dòng" if basis.eligible_vnd is None else f"{format_vnd(basis.eligible_vnd)} đồng"
    multiplier = "được áp dụng hệ số" if basis.has_multiplier else "không hệ số"
    return f"Định mức: {name}; chi phí hợp lệ {cost}; số lượng {format_vnd(basis.unit_count)}; {multiplier}"

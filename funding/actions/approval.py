"""Approval of a project and its money, within the year's budget plan."""

import datetime
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.lines import check_cells, describe_changes, lines_of
from funding.actions.norms import check_norms, told_reason, write_norm_checks
from funding.actions.open_year import hold_year_of
from funding.actions.wording import dong, over_budget, over_item_plan
from funding.models import Approval, Budget, FundingLine, Source
from funding.queries.budget import budget_position
from funding.queries.budget_items import item_position
from funding.queries.provinces import province_of
from funding.rules.ceiling import Amounts, Ceiling, LineKey, cell_name
from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.localities.models import AdministrativeUnit
from programs.actions.project import Paper, audit, check_paper, lock_project, move
from programs.models import Project
from programs.workflow import Action


@transaction.atomic
def approve(
    *,
    project_id: int,
    amounts: Amounts,
    by: User,
    version: int,
    paper: Paper,
    reason: str = "",
    norm_reason: str = "",
) -> Project:
    """Approve `amounts` (whole đồng per line; a line that is not named gets 0) by the decision `paper`.

    Budget rows are locked before anything is summed, so that two approvals cannot both take the last of a budget.
    `norm_reason`: why a norm that only warns is passed. Errors: NotAllowed; Overtaken; Refused when an amount passes
    what was requested, the year's budget plan or a binding norm, or a reason is missing.
    """
    project = lock_project(project_id, version)
    check_paper(policies.check_can_approve(by, project), paper, reason)
    wanted = check_cells(project, amounts)
    lines = lines_of(project)
    sources = {source.pk: source for source in Source.objects.all()}
    _check_requested(wanted, lines, sources)
    assert paper.date is not None  # check_paper has seen to it
    hold_year_of(project, project.year, decided_on=paper.date, field="document_date")
    check_budgets(project, _by_source(wanted, sources), paper.date)
    checks = check_norms(project, wanted, paper.date, norm_reason)
    _write_approved(project, wanted, lines)
    write_norm_checks(project, checks, paper.date, norm_reason)
    Approval.objects.create(
        project=project,
        decision_number=paper.number,
        decision_date=paper.date,
        approved_by=by,
        approved_at=timezone.now(),
    )
    changes = {**describe_changes(project, {}, wanted, "Phê duyệt"), **told_reason(checks, norm_reason)}
    audit(project, by=by, action="approve_money", label="Phê duyệt kinh phí", changes=changes, paper=paper)
    return move(project_id=project_id, action=Action.APPROVE, by=by, version=version, paper=paper, reason=reason)


def _check_requested(wanted: Amounts, lines: dict[LineKey, FundingLine], sources: dict[int, Source]) -> None:
    """State money is approved up to what was asked for, and there must be some of it."""
    state = {key: vnd for key, vnd in wanted.items() if sources[key[1]].is_state_money}
    if not state:
        raise Refused("Chưa có khoản ngân sách nào được duyệt: ít nhất một số tiền hỗ trợ phải lớn hơn 0.")
    for key, vnd in state.items():
        requested = lines[key].requested_vnd if key in lines else 0
        if vnd > requested:
            raise Refused(
                f"{sources[key[1]].name}: phê duyệt {dong(vnd)}, lớn hơn đề nghị {dong(requested)} "
                f"(vượt {dong(vnd - requested)}).",
                field=cell_name(key),
            )


def _by_source(wanted: Amounts, sources: dict[int, Source]) -> dict[Source, int]:
    """Đồng per source that may have a yearly plan."""
    sums: dict[Source, int] = defaultdict(int)
    for (_, source_id), vnd in wanted.items():
        if sources[source_id].may_have_plan:
            sums[sources[source_id]] += vnd
    return dict(sums)


def check_budgets(project: Project, wanted: dict[Source, int], decided_on: datetime.date) -> None:
    """Σ approved of each source in the year and province, this project included, ≤ the plan. Locks the plans."""
    if not wanted:
        return
    province = province_of(project.place_id, decided_on)
    if province is None:
        raise Refused("Không xác định được tỉnh của địa bàn vào ngày quyết định.", field="document_date")
    rows = Budget.objects.select_for_update().filter(
        year=project.year, province=province, source__in=[source.pk for source in wanted]
    )
    budgets = {budget.source_id: budget for budget in rows.order_by("pk")}
    problems = []
    for source, vnd in sorted(wanted.items(), key=lambda pair: pair[0].position):
        budget = budgets.get(source.pk)
        if budget is None and not source.is_budgeted:
            continue
        position = budget_position(budget, vnd) if budget else Ceiling(0, 0, vnd)
        of_item = item_position(budget, project.support_item, vnd) if budget else None
        where = _where(source, project.year, province, budget is None)
        if not position.fits:
            problems.append(over_budget(position, where))
        elif of_item is not None and not of_item.fits:
            problems.append(over_item_plan(of_item, where))
    if problems:
        raise Refused("\n".join(problems))


def _where(source: Source, year: int, province: AdministrativeUnit, is_missing: bool) -> str:
    note = ", chưa được giao dự toán" if is_missing else ""
    return f"{source.name}, năm {year}, {province.name}{note}"


def _write_approved(project: Project, wanted: Amounts, lines: dict[LineKey, FundingLine]) -> None:
    for key in {*wanted, *lines}:
        line = lines.get(key) or FundingLine(project=project, participant_id=key[0], source_id=key[1])
        line.approved_vnd = wanted.get(key, 0)
        line.save()

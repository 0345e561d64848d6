"""Amending a project and its money, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from funding.actions.amendment_checks import (
    check_carried,
    check_contracts,
    check_increase,
    check_leavers,
    check_not_below_out,
)
from funding.actions.contract_ceiling import check_contracts_keep_what_is_out
from funding.actions.lines import check_cells, lines_of
from funding.actions.norms import check_raised, write_norm_checks
from funding.actions.open_year import hold_year_of
from funding.models import AmendedLine, Contract, CostBasis, FundingLine, Source
from funding.queries.amendment import APPROVED, REQUESTED, contract_change, line_change, line_field
from funding.queries.ledger import ledger_state
from funding.queries.money import WHOLE_PROJECT
from funding.queries.norms import NormRow
from funding.rules.ceiling import Amounts, LineKey
from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs.actions.amendment import Content, Decision, amend_project
from programs.models import Amendment, Project, ProjectBeneficiary
from programs.queries.amendment import Change


@dataclass(frozen=True)
class Money:
    """What shall be approved after the amendment, whole đồng.

    `amounts`: per line; a line that is not named stays as it is. The n-th establishment that joins is participant -n.
    `contracts`: contract id → its support from now on. `norm_reason`: why a norm that only warns is passed.
    """

    amounts: Amounts = field(default_factory=dict)
    contracts: Mapping[int, int] = field(default_factory=dict)
    norm_reason: str = ""


@transaction.atomic
def amend(*, project_id: int, content: Content, money: Money, decision: Decision, by: User, version: int) -> Amendment:
    """The next amendment, of content and of money. What was requested stays as it was asked for.

    The project is locked first, then the budgets that an increase draws on: the order of an approval.
    Errors: as for `amend_project`; Refused when an increase passes the year's budget plan, a decrease goes below what
    is out or below the contracts, what is raised passes a norm, or no state money would be left.
    """
    mover = _MoneyMover(content, money, decision)
    amendment = amend_project(
        project_id=project_id, content=content, decision=decision, by=by, version=version, also=mover.move
    )
    AmendedLine.objects.bulk_create(
        AmendedLine(amendment=amendment, participant_id=key[0], source_id=key[1], before_vnd=before, after_vnd=after)
        for key, (before, after) in mover.moved.items()
    )
    write_norm_checks(amendment.project, mover.checks, amendment.decision_date, money.norm_reason, amendment)
    return amendment


class _MoneyMover:
    """Moves the amounts of one amendment; `moved` keeps what it did to lines whose payee stays.

    `checks`: what the raised amounts were held against.
    """

    def __init__(self, content: Content, money: Money, decision: Decision) -> None:
        self.removed = frozenset(content.removed)
        self.leaving = {pk: f"replace_{pk}" for pk in content.replaced} | {pk: f"remove_{pk}" for pk in content.removed}
        self.money = money
        self.day = decision.date
        self.checks: list[NormRow] = []
        self.moved: dict[LineKey, tuple[int, int]] = {}
        self.payees: dict[int | None, str] = {None: WHOLE_PROJECT}
        self.sources: dict[int, Source] = {}

    def move(self, project: Project, added: list[ProjectBeneficiary]) -> list[Change]:
        """Check and write the money of the locked project; says what changed."""
        self.sources = {source.pk: source for source in Source.objects.all()}
        self.payees |= {one.pk: str(one) for one in project.participants.select_related("beneficiary")}
        lines = lines_of(project)
        before = {key: line.approved_vnd or 0 for key, line in lines.items()}
        after = self._after(before, added)
        changed = {key: vnd for key, vnd in after.items() if vnd != before.get(key, 0)}
        check_cells(project, changed)
        contracts = list(Contract.objects.filter(project=project).order_by("pk"))
        check_leavers(project, self.leaving, contracts)
        if changed or self.money.contracts:
            self._check(project, before, after, contracts)
        changes = self._write_lines(project, lines, changed)
        return [*changes, *self._take_out(lines), *self._write_contracts(contracts)]

    def _after(self, before: Amounts, added: list[ProjectBeneficiary]) -> dict[LineKey, int]:
        """Every line after the amendment; who leaves has nothing any more."""
        after = dict(before)
        for (payee, source_id), vnd in self.money.amounts.items():
            if payee is not None and payee < 0:
                if -payee > len(added):
                    raise Refused("Có số tiền ở dòng cơ sở mới nhưng chưa ghi tên cơ sở.")
                payee = added[-payee - 1].pk
            if vnd or (payee, source_id) in before:
                after[payee, source_id] = vnd
        return {key: 0 if key[0] in self.removed else vnd for key, vnd in after.items()}

    def _check(self, project: Project, before: Amounts, after: Amounts, contracts: list[Contract]) -> None:
        state = {key: vnd for key, vnd in after.items() if self.sources[key[1]].is_state_money}
        if not any(state.values()):
            raise Refused(
                "Sau điều chỉnh đề án không còn ngân sách hỗ trợ. Muốn dừng hẳn đề án, hãy dùng “Ngừng triển khai”."
            )
        out = ledger_state(project.pk)
        names = {source.pk: source.name for source in self.sources.values()}
        hold_year_of(project, project.year)
        check_not_below_out(out, state, names)
        check_carried(project, state, names)
        check_contracts(state, contracts, self.money.contracts, out)
        check_contracts_keep_what_is_out(project, contracts, self.money.contracts)
        increase = {
            source: sum(vnd - before.get(key, 0) for key, vnd in after.items() if key[1] == source.pk)
            for source in self.sources.values()
            if source.may_have_plan
        }
        check_increase(project, {source: vnd for source, vnd in increase.items() if vnd > 0})
        assert self.day is not None  # amend_project has seen to it
        self.checks = check_raised(project, before, after, self.day, self.money.norm_reason)

    def _write_lines(self, project: Project, lines: dict[LineKey, FundingLine], changed: Amounts) -> list[Change]:
        changes = []
        for key, vnd in changed.items():
            line = lines.get(key) or FundingLine(project=project, participant_id=key[0], source_id=key[1])
            old = line.approved_vnd
            if key[0] in self.removed:
                changes.append(self._line_change(key, APPROVED, "Được duyệt", old, None))
                continue
            changes.append(self._line_change(key, APPROVED, "Được duyệt", old, vnd))
            line.approved_vnd = vnd
            line.save()
            self.moved[key] = (old or 0, vnd)
        return changes

    def _take_out(self, lines: dict[LineKey, FundingLine]) -> list[Change]:
        """The lines of who leaves go with them; what they had asked for stays readable in the amendment."""
        gone = {key: line for key, line in lines.items() if key[0] in self.removed}
        CostBasis.objects.filter(participant__in=self.removed).delete()
        FundingLine.objects.filter(pk__in=[line.pk for line in gone.values()]).delete()
        return [
            self._line_change(key, REQUESTED, "Đề nghị", line.requested_vnd, None)
            for key, line in gone.items()
            if line.requested_vnd
        ]

    def _line_change(self, key: LineKey, kind: str, column: str, before: int | None, after: int | None) -> Change:
        field = line_field(*key, kind)
        return line_change(self.payees[key[0]], self.sources[key[1]], field, column, before=before, after=after)

    def _write_contracts(self, contracts: list[Contract]) -> list[Change]:
        changes = []
        for contract in contracts:
            wanted = self.money.contracts.get(contract.pk, contract.support_vnd)
            if wanted != contract.support_vnd:
                changes.append(contract_change(contract, contract.support_vnd, wanted))
                contract.support_vnd = wanted
                contract.save(update_fields=["support_vnd"])
        return changes

"""What acceptance recognises as spent, beside what was approved and what has been paid."""

from collections import defaultdict
from dataclasses import dataclass

from funding.models import AcceptedCost, FundingLine, SourceKind
from funding.queries.ledger import ledger_state
from funding.queries.money import WHOLE_PROJECT
from programs.models import Project


@dataclass(frozen=True)
class CostLine:
    """One establishment, or (`participant_id` None) the project as a whole; whole đồng.

    `accepted_vnd` is None while nothing has been recorded.
    """

    participant_id: int | None
    label: str
    support_vnd: int
    counterpart_vnd: int
    total_vnd: int
    out_vnd: int
    accepted_vnd: int | None

    @property
    def needs_cost(self) -> bool:
        """Whether state money was approved, so that acceptance cannot do without the cost."""
        return self.support_vnd > 0

    @property
    def difference_vnd(self) -> int | None:
        """Accepted less the approved total."""
        return None if self.accepted_vnd is None else self.accepted_vnd - self.total_vnd


@dataclass(frozen=True)
class CostTable:
    lines: list[CostLine]

    @property
    def is_recorded(self) -> bool:
        return any(line.accepted_vnd is not None for line in self.lines)

    @property
    def support_vnd(self) -> int:
        return sum(line.support_vnd for line in self.lines)

    @property
    def counterpart_vnd(self) -> int:
        return sum(line.counterpart_vnd for line in self.lines)

    @property
    def total_vnd(self) -> int:
        return sum(line.total_vnd for line in self.lines)

    @property
    def out_vnd(self) -> int:
        return sum(line.out_vnd for line in self.lines)

    @property
    def accepted_vnd(self) -> int | None:
        """The sum of what has been recorded; None while nothing has."""
        return sum(line.accepted_vnd or 0 for line in self.lines) if self.is_recorded else None

    @property
    def difference_vnd(self) -> int | None:
        return sum(line.difference_vnd or 0 for line in self.lines) if self.is_recorded else None


def cost_table(project: Project) -> CostTable:
    """A line for each payee that something was approved for, the whole project first; four queries."""
    rows = FundingLine.objects.filter(project=project, approved_vnd__gt=0)
    by_payee: dict[int | None, list[FundingLine]] = defaultdict(list)
    for row in rows.select_related("source", "participant__beneficiary").order_by("participant_id", "source__position"):
        by_payee[row.participant_id].append(row)
    accepted: dict[int | None, int] = dict(
        AcceptedCost.objects.filter(project=project).values_list("participant_id", "accepted_vnd")
    )
    state = ledger_state(project.pk)
    payees = sorted(by_payee, key=lambda payee: payee or 0)
    return CostTable(
        [
            _line(by_payee[payee], sum(state.line_out((payee, row.source_id)) for row in by_payee[payee]), accepted)
            for payee in payees
        ]
    )


def _line(rows: list[FundingLine], out_vnd: int, accepted: dict[int | None, int]) -> CostLine:
    first = rows[0]
    return CostLine(
        participant_id=first.participant_id,
        label=str(first.participant) if first.participant else WHOLE_PROJECT,
        support_vnd=sum(row.approved_vnd or 0 for row in rows if row.source.is_state_money),
        counterpart_vnd=sum(row.approved_vnd or 0 for row in rows if row.source.kind == SourceKind.COUNTERPART),
        total_vnd=sum(row.approved_vnd or 0 for row in rows),
        out_vnd=out_vnd,
        accepted_vnd=accepted.get(first.participant_id),
    )

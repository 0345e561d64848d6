"""Versions of a project with their money: every amendment, and the content as it was approved."""

from collections.abc import Iterable
from dataclasses import dataclass

from funding.models import Approval, Contract, FundingLine, Source
from funding.queries.money import WHOLE_PROJECT
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.models import Amendment, Project
from programs.queries.amendment import PARTICIPANT, PLANNED, Change, State, as_approved, changes_of, project_state

APPROVED, REQUESTED, CONTRACT = "approved", "requested", "contract"
MONEY_KINDS = frozenset({APPROVED, REQUESTED, CONTRACT})


@dataclass(frozen=True)
class Version:
    amendment: Amendment
    changes: list[Change]


@dataclass(frozen=True)
class ApprovedMoney:
    """One source's amount for one payee as approved, in đồng."""

    payee: str
    source: Source
    vnd: int


@dataclass(frozen=True)
class Approved:
    """Version 0: decision and content."""

    decision: Approval | None
    fields: list[tuple[str, str]]
    participants: list[str]
    figures: list[tuple[str, str]]
    money: list[ApprovedMoney]
    contracts: list[tuple[str, str]]

    @property
    def total_vnd(self) -> int:
        return sum(row.vnd for row in self.money)

    @property
    def state_vnd(self) -> int:
        """What the state gives."""
        return sum(row.vnd for row in self.money if row.source.is_state_money)


@dataclass(frozen=True)
class History:
    """The newest version first, and what was approved."""

    versions: list[Version]
    approved: Approved


def amendment_history(project: Project, *, with_money: bool) -> History:
    """Every version; the number of queries does not grow with them. Without `with_money` nothing tells of amounts."""
    amendments = list(project.amendments.select_related("recorded_by__organisation").order_by("-number"))
    state = project_state(project) | (money_state(project) if with_money else {})
    versions = [Version(one, [c for c in changes_of(one) if with_money or not is_money(c)]) for one in amendments]
    decision = Approval.objects.filter(project=project).select_related("approved_by").first()
    return History(versions, _approved(as_approved(state, amendments), decision, with_money=with_money))


def is_money(change: Change) -> bool:
    return change.field.partition(":")[0] in MONEY_KINDS


def money_state(project: Project) -> State:
    """Approved amounts and contracts as they stand."""
    lines = FundingLine.objects.filter(project=project, approved_vnd__gt=0)
    state: State = {
        line_field(line.participant_id, line.source_id): ("", format_vnd(line.approved_vnd)) for line in lines
    }
    for contract in Contract.objects.filter(project=project):
        change = contract_change(contract, None, contract.support_vnd)
        state[change.field] = (change.label, change.after or "")
    return state


def line_field(participant_id: int | None, source_id: int, kind: str = APPROVED) -> str:
    """The name of a line's amount in an amendment; 0 stands for the project as a whole."""
    return f"{kind}:{participant_id or 0}:{source_id}"


def contract_change(contract: Contract, before: int | None, after: int | None) -> Change:
    label = f"Kinh phí hợp đồng {contract.number} ngày {format_date(contract.signed_date)} (đồng)"
    return Change(f"{CONTRACT}:{contract.pk}", label, _grouped(before), _grouped(after))


def line_change(
    payee: str, source: Source, field: str, column: str, *, before: int | None, after: int | None
) -> Change:
    """An amount of one payee from one source; nothing (None) is not the same as 0."""
    return Change(field, f"{column} (đồng), {source.name}, {payee}", _grouped(before), _grouped(after))


def _grouped(vnd: int | None) -> str | None:
    return None if vnd is None else format_vnd(vnd)


def _approved(state: State, decision: Approval | None, *, with_money: bool) -> Approved:
    own = [(label, text) for field, (label, text) in state.items() if ":" not in field]
    return Approved(
        decision=decision,
        fields=own,
        participants=[text for _, text in _of_kind(state, PARTICIPANT)],
        figures=[(label, text) for label, text in _of_kind(state, PLANNED)],
        money=_money(state) if with_money else [],
        contracts=list(_of_kind(state, CONTRACT)) if with_money else [],
    )


def _of_kind(state: State, kind: str) -> Iterable[tuple[str, str]]:
    return [pair for field, pair in state.items() if field.partition(":")[0] == kind]


def _money(state: State) -> list[ApprovedMoney]:
    """Amounts in the order of payees and sources, named as the payees were then."""
    sources = Source.objects.in_bulk()
    rows = []
    for field, (_, text) in state.items():
        kind, _, key = field.partition(":")
        if kind == APPROVED:
            participant_id, source_id = map(int, key.split(":"))
            payee = state.get(f"{PARTICIPANT}:{participant_id}", ("", WHOLE_PROJECT))[1]
            vnd = int(text.replace(".", ""))
            rows.append((participant_id, sources[source_id].position, ApprovedMoney(payee, sources[source_id], vnd)))
    return [row for *_, row in sorted(rows, key=lambda one: one[:2]) if row.vnd]

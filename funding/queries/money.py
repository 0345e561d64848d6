"""A project's money as a matrix: beneficiaries × sources, each cell requested, approved, out, left."""

from dataclasses import dataclass

from funding.models import FundingLine, Source
from funding.queries.ledger import ledger_state
from funding.rules.ceiling import LineKey
from funding.rules.ledger import LedgerState
from funding.rules.totals import Totals, totals_of
from programs.models import Project, ProjectBeneficiary

WHOLE_PROJECT = "Chung cả đề án"


@dataclass(frozen=True)
class Cell:
    """`approved_vnd` and `left_vnd` are None where nothing has been decided for the line."""

    requested_vnd: int
    approved_vnd: int | None
    out_vnd: int
    left_vnd: int | None


@dataclass(frozen=True)
class Row:
    label: str
    participant: ProjectBeneficiary | None
    sources: list[Source]
    cells: list[Cell]

    @property
    def pairs(self) -> list[tuple[Source, Cell]]:
        """Each source with the row's cell."""
        return list(zip(self.sources, self.cells, strict=True))

    @property
    def is_blank(self) -> bool:
        return not any(cell.requested_vnd or cell.approved_vnd or cell.out_vnd for cell in self.cells)

    @property
    def requested_vnd(self) -> int:
        return sum(cell.requested_vnd for cell in self.cells)

    @property
    def approved_vnd(self) -> int:
        return sum(cell.approved_vnd or 0 for cell in self.cells)

    @property
    def out_vnd(self) -> int:
        return sum(cell.out_vnd for cell in self.cells)


@dataclass(frozen=True)
class ProjectMoney:
    sources: list[Source]
    rows: list[Row]
    requested: Totals
    approved: Totals
    is_approved: bool
    out_vnd: int

    @property
    def shown_rows(self) -> list[Row]:
        """The rows without that of the whole project, when it is blank and there are others."""
        return [row for row in self.rows if row.participant or not row.is_blank or len(self.rows) == 1]

    @property
    def columns(self) -> list[tuple[Source, Cell]]:
        """Each source with the sums of its column."""
        return [
            (source, _sum_cells([row.cells[place] for row in self.rows])) for place, source in enumerate(self.sources)
        ]

    @property
    def left_vnd(self) -> int:
        """Approved state money that is not out yet."""
        return self.approved.state - self.out_vnd


def project_money(project: Project) -> ProjectMoney:
    """The matrix with its totals; the number of queries does not grow with beneficiaries or sources."""
    lines = list(FundingLine.objects.filter(project=project).select_related("source"))
    sources = shown_sources(project, lines)
    state = ledger_state(project.pk)
    by_key = {(line.participant_id, line.source_id): line for line in lines}
    payees: list[ProjectBeneficiary | None] = [None, *participants_of(project)]
    rows = [
        Row(
            label=str(payee) if payee else WHOLE_PROJECT,
            participant=payee,
            sources=sources,
            cells=[_cell((payee.pk if payee else None, source.pk), by_key, state) for source in sources],
        )
        for payee in payees
    ]
    decided = [line for line in lines if line.approved_vnd is not None]
    return ProjectMoney(
        sources=sources,
        rows=rows,
        requested=totals_of((line.source.kind, line.requested_vnd) for line in lines),
        approved=totals_of((line.source.kind, line.approved_vnd or 0) for line in decided),
        is_approved=bool(decided),
        out_vnd=state.total_out_vnd,
    )


def participants_of(project: Project) -> list[ProjectBeneficiary]:
    return list(project.participants.select_related("beneficiary"))


def shown_sources(project: Project, lines: list[FundingLine]) -> list[Source]:
    """The sources that the project has money from; while it has none, all but the budget of the other track."""
    used, sources = {line.source_id for line in lines}, list(Source.objects.all())
    if used:
        return [source for source in sources if source.pk in used]
    offered = [source for source in sources if source.is_active]
    return [source for source in offered if source.is_budget_of(project.track_kind) or not source.is_budgeted]


def sources_to_approve(project: Project) -> list[Source]:
    """The sources that something is requested from, and the budget of the project's track."""
    asked = set(FundingLine.objects.filter(project=project, requested_vnd__gt=0).values_list("source_id", flat=True))
    active = Source.objects.filter(is_active=True)
    return [source for source in active if source.pk in asked or source.is_budget_of(project.track_kind)]


def requested_amounts(project: Project) -> dict[LineKey, int]:
    """Requested đồng per line."""
    lines = FundingLine.objects.filter(project=project)
    return {(line.participant_id, line.source_id): line.requested_vnd for line in lines}


def _cell(key: LineKey, lines: dict[LineKey, FundingLine], state: LedgerState) -> Cell:
    line = lines.get(key)
    if line is None:
        return Cell(0, None, state.out.get(key, 0), None)
    left = None
    if line.approved_vnd is not None and line.source.is_state_money:
        left = line.approved_vnd - state.line_out(key)
    return Cell(line.requested_vnd, line.approved_vnd, state.out.get(key, 0), left)


def _sum_cells(cells: list[Cell]) -> Cell:
    approved = [cell.approved_vnd for cell in cells if cell.approved_vnd is not None]
    left = [cell.left_vnd for cell in cells if cell.left_vnd is not None]
    return Cell(
        requested_vnd=sum(cell.requested_vnd for cell in cells),
        approved_vnd=sum(approved) if approved else None,
        out_vnd=sum(cell.out_vnd for cell in cells),
        left_vnd=sum(left) if left else None,
    )

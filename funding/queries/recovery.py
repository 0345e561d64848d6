"""What stopped projects still owe."""

import datetime
from dataclasses import dataclass

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from funding.models import LedgerEntry, RecoveryDemand, Source
from funding.queries.ledger import ledger_state
from funding.queries.money import WHOLE_PROJECT
from funding.rules.ceiling import LineKey
from funding.rules.recovery import Debt
from programs.models import Project
from programs.workflow import Status


@dataclass(frozen=True)
class OutRow:
    """Money that is out to one payee from one source."""

    key: LineKey
    payee: str
    source: Source
    out_vnd: int


@dataclass(frozen=True)
class DebtRow:
    """One demand as the money tab shows it."""

    payee: str
    source: Source
    debt: Debt
    due_date: datetime.date | None
    is_overdue: bool


@dataclass(frozen=True)
class DebtTable:
    rows: list[DebtRow]

    @property
    def total(self) -> Debt:
        debts = [row.debt for row in self.rows]
        return Debt(
            sum(debt.out_vnd for debt in debts),
            sum(debt.kept_vnd for debt in debts),
            sum(debt.out_now_vnd for debt in debts),
        )


def out_rows(project: Project) -> list[OutRow]:
    """Who holds state money of the project now, payee by payee; the whole project first."""
    out = {key: vnd for key, vnd in ledger_state(project.pk).out.items() if vnd > 0}
    payees: dict[int | None, str] = {None: WHOLE_PROJECT}
    payees |= {one.pk: str(one) for one in project.participants.select_related("beneficiary")}
    sources = Source.objects.in_bulk({source_id for _, source_id in out})
    rows = [OutRow(key, payees[key[0]], sources[key[1]], vnd) for key, vnd in out.items()]
    return sorted(rows, key=lambda row: (row.key[0] or 0, row.source.position, row.source.pk))


def debts(project: Project, today: datetime.date) -> DebtTable | None:
    """Demanded, recovered and open per payee and source; None while the project is not stopped."""
    if project.state is not Status.STOPPED:
        return None
    out = ledger_state(project.pk).out
    demands = RecoveryDemand.objects.filter(project=project).select_related("participant__beneficiary", "source")
    rows, known = [], set()
    for demand in demands.order_by(F("participant").asc(nulls_first=True), "source__position", "pk"):
        debt = Debt(demand.out_vnd, demand.kept_vnd, out.get((demand.participant_id, demand.source_id), 0))
        late = demand.due_date is not None and demand.due_date < today and debt.open_vnd > 0
        payee = str(demand.participant) if demand.participant else WHOLE_PROJECT
        rows.append(DebtRow(payee, demand.source, debt, demand.due_date, late))
        known.add((demand.participant_id, demand.source_id))
    # Projects stopped before demands were kept: all that is out has to come back, by no set day.
    others = [row for row in out_rows(project) if row.key not in known]
    rows += [DebtRow(row.payee, row.source, Debt(row.out_vnd, 0, row.out_vnd), None, False) for row in others]
    return DebtTable(rows)


def owing_projects() -> QuerySet[Project]:
    """Stopped projects with more out than their payees keep: Σ demanded > Σ recovered."""
    entries = LedgerEntry.objects.filter(project=OuterRef("pk")).with_effect().order_by().values("project")
    demands = RecoveryDemand.objects.filter(project=OuterRef("pk")).order_by().values("project")
    return (
        Project.objects.filter(status=Status.STOPPED.value)
        .annotate(
            out_now_vnd=_sum_or_zero(entries.annotate(vnd=Sum("effect_vnd"))),
            kept_vnd=_sum_or_zero(demands.annotate(vnd=Sum("kept_vnd"))),
        )
        .filter(out_now_vnd__gt=F("kept_vnd"))
    )


def owing() -> Q:
    """`owing_projects` as a condition on projects."""
    return Q(pk__in=owing_projects().order_by().values("pk"))


def _sum_or_zero(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("vnd"), output_field=BigIntegerField()), 0)

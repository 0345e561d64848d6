"""Money that goes on into the next year: per project, as a list, and per province for the board."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum

from funding.models import CarryOver, FundingLine, LedgerEntry, LedgerKind, Source
from funding.models.budget import LEDGER_KINDS
from funding.rules.carry_over import SourceYears
from khuyencong.accounts.models import User
from khuyencong.localities.models import covered_unit_ids
from programs.models import Project
from programs.workflow import Status

ACCOUNTED_FOR = frozenset({Status.ACCEPTED, Status.LIQUIDATED, Status.SETTLED})


@dataclass(frozen=True)
class CarryRow:
    """A state source of a project: what may go on, and beside it the advance that nobody has accounted for yet."""

    source: Source
    years: SourceYears
    advance_vnd: int

    @property
    def from_year(self) -> int:
        return self.years.current_year

    @property
    def to_year(self) -> int:
        return self.years.current_year + 1


def carry_rows(project: Project) -> list[CarryRow]:
    """The sources that state money was approved from. Inside a write: lock the project first."""
    years, advances = source_years(project), _open_advances(project)
    sources = Source.objects.filter(pk__in=years)
    return [CarryRow(source, years[source.pk], advances.get(source.pk, 0)) for source in sources]


def source_years(project: Project) -> dict[int, SourceYears]:
    """Source id → its years; three queries. Inside a write: lock the project first."""
    lines = FundingLine.objects.filter(project=project, approved_vnd__gt=0, source__kind__in=LEDGER_KINDS).order_by()
    approved = dict(lines.values_list("source_id").annotate(vnd=Sum("approved_vnd")))
    out: dict[int, dict[int, int]] = defaultdict(dict)
    entries = LedgerEntry.objects.filter(project=project).with_effect().order_by()
    for source_id, year, vnd in entries.values_list("source_id", "year").annotate(vnd=Sum("effect_vnd")):
        out[source_id][year] = vnd
    carried: dict[int, dict[int, int]] = defaultdict(dict)
    for source_id, year, vnd in _of(project).values_list("source_id", "from_year", "amount_vnd"):
        carried[source_id][year] = vnd
    return {
        source_id: SourceYears(project.year, vnd, out[source_id], carried[source_id])
        for source_id, vnd in approved.items()
    }


def budget_years_of(project: Project, source_id: int | None = None) -> list[int]:
    """The years that a voucher of the project may count for, oldest first; of one source when it is named."""
    rows = _of(project).filter(source=source_id) if source_id else _of(project)
    last = max(rows.values_list("to_year", flat=True), default=project.year)
    return list(range(project.year, last + 1))


def carry_overs_of(project: Project) -> QuerySet[CarryOver]:
    return _of(project).select_related("source", "recorded_by").order_by("from_year", "source__position", "pk")


def carry_over_list(user: User) -> QuerySet[CarryOver]:
    """Every carry-over on projects within the user's area, with what a list shows of it."""
    rows = CarryOver.objects.filter(project__place_id__in=covered_unit_ids(user.area_id))
    return rows.select_related("project__place", "source")


def carried_years(user: User) -> list[int]:
    """Years that money was carried into within the user's area, newest first."""
    return list(carry_over_list(user).order_by("-to_year").values_list("to_year", flat=True).distinct())


def carried_rows(projects: QuerySet[Project], year: int) -> Mapping[str, list[Any]]:
    """Rows of place, decision day, source and `vnd`: carried `into` the year, `spent` of it, carried `onward`."""
    columns = ("project__place_id", "project__approved_date", "source_id")
    moved = CarryOver.objects.filter(project__in=projects).order_by().values(*columns)
    later = LedgerEntry.objects.filter(project__in=projects, year=year, year__gt=F("project__year")).with_effect()
    return {
        "into": list(moved.filter(to_year=year).annotate(vnd=Sum("amount_vnd"))),
        "onward": list(moved.filter(from_year=year).annotate(vnd=Sum("amount_vnd"))),
        "spent": list(later.order_by().values(*columns).annotate(vnd=Sum("effect_vnd"))),
    }


def _of(project: Project) -> QuerySet[CarryOver]:
    return CarryOver.objects.filter(project=project)


def _open_advances(project: Project) -> dict[int, int]:
    """Source id → advances that are still with the payees (less what came back); none once the work is accepted."""
    if project.state in ACCOUNTED_FOR:
        return {}
    kinds = (LedgerKind.ADVANCE, LedgerKind.RECOVERY)
    entries = LedgerEntry.objects.filter(project=project, kind__in=kinds).with_effect().order_by()
    sums = entries.values_list("source_id").annotate(vnd=Sum("effect_vnd"))
    return {source_id: max(0, vnd) for source_id, vnd in sums}

"""Which norm holds for the money of a project on a day, and what it allows."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import F

from funding.models import Budget, CostBasis, FundingLine, Norm, NormCheck, Source
from funding.models.budget import BUDGET_OF_TRACK
from funding.queries.budget import budget_position
from funding.queries.budget_items import item_position
from funding.queries.money import WHOLE_PROJECT
from funding.queries.norm_series import GivenBasis, Ruling, Series, all_norms, given, ruling_for, series_of
from funding.queries.norm_wording import excess_sentence, limits_text, rule_sentence, standing_text
from funding.queries.provinces import ProvinceMap, load_provinces
from funding.rules.ceiling import Amounts, LineKey
from funding.rules.norm import Basis, NormLimits, NormTerms, norm_limits
from programs.models import Project, ProjectBeneficiary


@dataclass(frozen=True)
class NormRow:
    """One payee's money from one source held against the norm. `used`: the row that gave the limits, if any."""

    participant_id: int | None
    payee: str
    source: Source
    wanted_vnd: int
    basis: Basis
    ruling: Ruling
    used: Norm | None
    limits: NormLimits

    @property
    def excess_vnd(self) -> int:
        return self.limits.excess_over_norm_vnd(self.wanted_vnd)

    @property
    def is_refused(self) -> bool:
        return self.ruling.is_binding and self.excess_vnd > 0

    @property
    def needs_reason(self) -> bool:
        """A warning is passed, or no norm is applied: somebody must say why."""
        if self.wanted_vnd <= 0 or self.is_refused:
            return False
        return self.excess_vnd > 0 or self.ruling.needs_reason

    @property
    def rule(self) -> str:
        """Which rule was used, with its figures, dates and certainty: what is kept with the decision."""
        return rule_sentence(self)

    @property
    def excess_text(self) -> str:
        """What is passed and by how much, and by which rule."""
        return f"{excess_sentence(self)} {self.rule}"

    @property
    def warning_text(self) -> str:
        """What needs a reason; the rule itself stands in the table beside it."""
        return f"{excess_sentence(self)} {self.ruling.absent or self.standing}"

    @property
    def standing(self) -> str:
        """Whether it binds, and why not."""
        return standing_text(self.ruling)

    @property
    def reckoning(self) -> str:
        return limits_text(self)


@dataclass(frozen=True)
class NormFacts:
    """What the norms of several projects rest on, read once."""

    norms: dict[tuple[int, str], list[Norm]]
    bases: dict[tuple[int, int | None], GivenBasis]
    payees: dict[int, dict[int | None, str]]
    sources: list[Source]
    provinces: ProvinceMap

    def with_bases(self, project: Project, bases: Mapping[int | None, GivenBasis]) -> "NormFacts":
        """The same with what is being typed for a project in place of what is stored."""
        others = {key: basis for key, basis in self.bases.items() if key[0] != project.pk}
        return replace(self, bases=others | {(project.pk, payee): basis for payee, basis in bases.items()})

    def series(self, project: Project, day: datetime.date) -> list[Series]:
        """The norms that may be applied to the project."""
        province = self.provinces.find(project.place_id, day)
        return series_of(self.norms.get((project.support_item_id, project.track), []), project.track_kind, province)


def load_facts(projects: Collection[Project]) -> NormFacts:
    """Six queries, whatever the number of projects."""
    pks = [project.pk for project in projects]
    norms: dict[tuple[int, str], list[Norm]] = defaultdict(list)
    for norm in all_norms().filter(support_item__in={project.support_item_id for project in projects}):
        norms[norm.support_item_id, norm.track].append(norm)
    bases = {(one.project_id, one.participant_id): given(one) for one in CostBasis.objects.filter(project__in=pks)}
    payees: dict[int, dict[int | None, str]] = {pk: {None: WHOLE_PROJECT} for pk in pks}
    for participant in ProjectBeneficiary.objects.filter(project__in=pks).select_related("beneficiary"):
        payees[participant.project_id][participant.pk] = str(participant)
    sources = list(Source.objects.filter(kind__in=BUDGET_OF_TRACK.values()))
    return NormFacts(dict(norms), bases, payees, sources, load_provinces({project.place_id for project in projects}))


def norm_rows(
    project: Project,
    amounts: Amounts,
    day: datetime.date,
    facts: NormFacts,
    plan_remaining: Mapping[int, int] | None = None,
) -> list[NormRow]:
    """Each payee with money or a stated cost, against the norm of `day`, from the budget source of the project's track.

    `amounts`: đồng per line, all sources. `plan_remaining`: đồng per source id that may still be approved.
    """
    series, totals = facts.series(project, day), _totals(amounts)
    stated = {payee for (pk, payee), basis in facts.bases.items() if pk == project.pk and basis.eligible_vnd}
    payees = [payee for payee in facts.payees.get(project.pk, {}) if totals.get(payee) or payee in stated]
    rows = []
    for source in facts.sources:
        for payee in payees if source.is_budget_of(project.track_kind) else []:
            wanted = amounts.get((payee, source.pk), 0)
            if not source.is_active and not wanted:
                continue
            known = facts.bases.get((project.pk, payee))
            held = hold_against(
                ruling_for(series, known, day),
                _basis(known, totals.get(payee, 0)),
                source,
                plan_vnd=(plan_remaining or {}).get(source.pk),
                wanted_vnd=wanted,
            )
            rows.append(replace(held, participant_id=payee, payee=facts.payees[project.pk][payee]))
    return rows


def hold_against(
    ruling: Ruling, basis: Basis, source: Source, *, plan_vnd: int | None = None, wanted_vnd: int = 0
) -> NormRow:
    """An amount of nobody in particular; where rows contradict each other the lowest limit is shown."""
    candidates = [(norm_limits(_terms(norm), basis, plan_vnd), norm) for norm in ruling.rows]
    if not candidates:
        limits, used = NormLimits(None, None, plan_vnd), None
    else:
        limits, used = min(candidates, key=lambda pair: _order(pair[0]))
    return NormRow(None, "", source, wanted_vnd, basis, ruling, used, limits)


def plan_remaining(project: Project, day: datetime.date) -> dict[int, int]:
    """Đồng per source id that the year's plan still has for the project, what it holds already included.

    `day`: decides which province pays. A plan that was never assigned has nothing left.
    """
    province = load_provinces([project.place_id]).find(project.place_id, day)
    sources = Source.objects.filter(kind=BUDGET_OF_TRACK[project.track_kind])
    budgets = {one.source_id: one for one in Budget.objects.filter(year=project.year, province=province)}
    held: dict[int, int] = defaultdict(int)
    if project.approved_date:
        for line in FundingLine.objects.filter(project=project):
            held[line.source_id] += line.approved_vnd or 0
    return {
        source.pk: _left(budgets[source.pk], project) + held[source.pk] if source.pk in budgets else 0
        for source in sources
    }


def _left(budget: Budget, project: Project) -> int:
    """What is free of the budget, and of its part for the project's support item where it is broken down."""
    left = budget_position(budget).remaining_vnd
    of_item = item_position(budget, project.support_item)
    return left if of_item is None else min(left, of_item.remaining_vnd)


def raised_payees(project: Project, before: Amounts, after: Amounts) -> set[int | None]:
    """Who gets more from the budget source of the project's track than before."""
    budget = set(Source.objects.filter(kind=BUDGET_OF_TRACK[project.track_kind]).values_list("pk", flat=True))
    return {key[0] for key, vnd in after.items() if key[1] in budget and vnd > before.get(key, 0)}


def list_norm_rows(projects: Iterable[Project], day: datetime.date) -> list[tuple[Project, NormRow]]:
    """What passes a norm if the projects are approved on that day with what they ask for; as many queries for all."""
    chosen = list(projects)
    facts = load_facts(chosen)
    asked: dict[int, dict[LineKey, int]] = defaultdict(dict)
    for line in FundingLine.objects.filter(project__in=[project.pk for project in chosen]):
        asked[line.project_id][line.participant_id, line.source_id] = line.requested_vnd
    return [
        (project, row)
        for project in chosen
        for row in norm_rows(project, asked[project.pk], day, facts)
        if row.is_refused or row.needs_reason
    ]


def norm_checks_of(project: Project) -> list[NormCheck]:
    """Why this much: every check of the project's decisions, the newest decision first."""
    checks = NormCheck.objects.filter(project=project)
    related = checks.select_related("participant__beneficiary", "source", "amendment", "norm")
    return list(related.order_by("-decided_on", F("amendment__number").desc(nulls_last=True), "pk"))


def _totals(amounts: Amounts) -> dict[int | None, int]:
    """Đồng per payee over all sources."""
    totals: dict[int | None, int] = defaultdict(int)
    for (payee, _), vnd in amounts.items():
        totals[payee] += vnd
    return dict(totals)


def _basis(known: GivenBasis | None, total_vnd: int) -> Basis:
    if known is None:
        return Basis(total_vnd)
    eligible = total_vnd if known.eligible_vnd is None else known.eligible_vnd
    return Basis(eligible, known.unit_count, known.has_multiplier)


def _terms(norm: Norm) -> NormTerms:
    return NormTerms(norm.rate_percent, norm.cap_vnd, norm.multiplier)


def _order(limits: NormLimits) -> tuple[bool, int]:
    """The lowest first; no limit last."""
    return limits.norm_limit_vnd is None, limits.norm_limit_vnd or 0

"""The forms that the covering report tells of: as they were locked where they are, otherwise as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from khuyencong.excel.table import Table
from reports.definitions.base import ILLUSTRATED, Definition
from reports.definitions.funding import FUNDING
from reports.definitions.place_groups import PlaceParameters
from reports.definitions.places import PLACES
from reports.definitions.plan_year import PlanYearParameters
from reports.definitions.results import RESULTS
from reports.definitions.standings import STANDINGS_OF_YEAR
from reports.locked import locked_note, open_report, stored_parameters
from reports.models import LockedReport
from reports.parameters import Basis, Parameters, PeriodParameters

Question = tuple[Definition, Parameters]


@dataclass(frozen=True)
class Figures:
    """A form's first table. `locked`: the locked report that it was read from, None for the figures of today.

    `problem`: why a locked report that is there was not read.
    """

    definition: Definition
    parameters: Parameters
    table: Table
    locked: LockedReport | None = None
    problem: str = ""


@dataclass(frozen=True)
class CoveringFigures:
    """All forms of one covering report, for one period and area."""

    standings: Figures
    results: Figures
    approved: Figures
    disbursed: Figures
    places: Figures

    @property
    def every(self) -> tuple[Figures, ...]:
        return tuple(vars(self).values())

    @property
    def notes(self) -> list[str]:
        """What the document says of where its figures are from."""
        illustrated = any(ILLUSTRATED in one.table.notes for one in self.every)
        locked = [f"Biểu “{one.locked.title}”: {locked_note(one.locked)}" for one in self.every if one.locked]
        return [*locked, ILLUSTRATED] if illustrated else locked


def covering_figures(parameters: PlaceParameters) -> CoveringFigures:
    """What was signed and what goes with it say the same: a form locked for exactly this question is read as locked.

    One query for the locked reports, one for each that is found; the queries of the other forms.
    """
    questions = _questions(parameters)
    locked = _locked(parameters, questions)
    return CoveringFigures(**{name: _figures(*asked, locked.get(name)) for name, asked in questions.items()})


def _questions(parameters: PlaceParameters) -> dict[str, Question]:
    user, area, year, period = parameters.user, parameters.area, parameters.year, parameters.period
    approved, disbursed = (PeriodParameters(user, area, year, period, basis) for basis in (APPROVED, DISBURSED))
    return {
        "standings": (STANDINGS_OF_YEAR, PlanYearParameters(user, area, year)),
        "results": (RESULTS, PeriodParameters(user, area, year, period)),
        "approved": (FUNDING, approved),
        "disbursed": (FUNDING, disbursed),
        "places": (PLACES, parameters),
    }


APPROVED, DISBURSED = Basis.APPROVED, Basis.DISBURSED


def _locked(parameters: PlaceParameters, questions: Mapping[str, Question]) -> dict[str, LockedReport]:
    slugs = {definition.slug for definition, _ in questions.values()}
    reports = LockedReport.objects.visible_to(parameters.user).in_force()
    reports = reports.filter(area=parameters.area, slug__in=slugs).select_related("locked_by")
    by_question = {(one.slug, *sorted(one.parameters.items())): one for one in reports}
    keys = {
        name: (definition.slug, *stored_parameters(asked).items()) for name, (definition, asked) in questions.items()
    }
    return {name: by_question[key] for name, key in keys.items() if key in by_question}


def _figures(definition: Definition, asked: Parameters, locked: LockedReport | None) -> Figures:
    if locked is None:
        return Figures(definition, asked, definition.build(asked)[0])
    opened = open_report(locked)
    if opened.problem:
        return Figures(definition, asked, definition.build(asked)[0], problem=opened.problem)
    return Figures(definition, asked, opened.tables[0], locked)

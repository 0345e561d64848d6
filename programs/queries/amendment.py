"""The versions of a project: what stands now, and what stood before each amendment, in words that a person reads."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.models import Amendment, IndicatorValue, Project, ProjectBeneficiary

# The rest of what is approved (place, track, year, support item) does not change by amendment.
AMENDED_FIELDS = ("name", "programme", "implementer", "start_date", "end_date", "objective")
PARTICIPANT, PLANNED = "participant", "planned"
State = dict[str, tuple[str, str]]
"""Field of a change → (label, text): the content of one version. A field that stands empty is not in it."""


@dataclass(frozen=True)
class Change:
    """One line of an amendment. `field` says what it is of, for instance `end_date` or `participant:12`.

    `before` is None where something came in, `after` where it went out.
    """

    field: str
    label: str
    before: str | None
    after: str | None

    def as_json(self) -> dict[str, str | None]:
        return asdict(self)


def readable_fields(project: Project) -> State:
    """AMENDED_FIELDS as they stand, the empty ones included."""
    found: State = {}
    for name in AMENDED_FIELDS:
        model_field: Any = project._meta.get_field(name)
        found[name] = (str(model_field.verbose_name), _text(getattr(project, name)))
    return found


def project_state(project: Project) -> State:
    """The amendable content of the project as it stands, money aside; two queries."""
    state = {name: pair for name, pair in readable_fields(project).items() if pair[1]}
    for participant in project.participants.select_related("beneficiary"):
        change = participant_change(participant, None, participant_text(participant))
        state[change.field] = (change.label, change.after or "")
    for row in project.indicators.select_related("indicator"):
        if row.planned_value is not None:
            change = figure_change(row, None, row.planned_value)
            state[change.field] = (change.label, change.after or "")
    return state


def changes_of(amendment: Amendment) -> list[Change]:
    return [Change(**change) for change in amendment.changes]


def before_amendment(state: State, amendment: Amendment) -> State:
    """What stood before the amendment, given what stood after it."""
    earlier = dict(state)
    for change in changes_of(amendment):
        if change.before is None:
            earlier.pop(change.field, None)
        else:
            earlier[change.field] = (change.label, change.before)
    return earlier


def as_approved(state: State, amendments: Iterable[Amendment]) -> State:
    """Version 0: what stands now with every amendment taken back, the newest first."""
    for amendment in sorted(amendments, key=lambda one: one.number, reverse=True):
        state = before_amendment(state, amendment)
    return state


def participant_text(participant: ProjectBeneficiary) -> str:
    name = participant.beneficiary.name
    return f"{name}: {participant.content}" if participant.content else name


def participant_change(participant: ProjectBeneficiary, before: str | None, after: str | None) -> Change:
    return Change(f"{PARTICIPANT}:{participant.pk}", "Cơ sở thụ hưởng", before, after)


def figure_change(row: IndicatorValue, before: int | None, after: int | None) -> Change:
    """A planned figure; counts and đồng alike are grouped by dots."""
    unit = "đồng" if row.indicator.is_money else row.indicator.unit
    label = f"Chỉ tiêu {row.indicator} – {row.get_budget_display()} {row.year} ({unit})"
    key = f"{PLANNED}:{row.indicator_id}:{row.budget}:{row.year}"
    return Change(key, label, _figure(before), _figure(after))


def _figure(value: int | None) -> str | None:
    return None if value is None else format_vnd(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime.date):
        return format_date(value)
    return "" if value is None else str(value)

"""Which papers a project's dossier needs, before which step, who brings them, and which are missing."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import cached_property

from django.utils import timezone

from programs.models import Certainty, Document, DossierRequirement, Project, ProjectBeneficiary, ProjectKind
from programs.queues import FORWARD
from programs.workflow import TRANSITIONS, Action, actions_from

STEPS = list(Action)
NAMES_SHOWN = 5
# (kind, participant id, or None for a paper of the whole project) of each document that the project has.
Present = set[tuple[str, int | None]]


@unique
class When(StrEnum):
    """How the step of a paper stands to where the project is now."""

    NOW = "now"
    LATER = "later"
    PASSED = "passed"

    @property
    def label(self) -> str:
        return {"now": "Cần cho bước này", "later": "Cần cho bước sau", "passed": "Bước đã qua"}[self.value]


@dataclass(frozen=True)
class DossierLine:
    """One paper of one establishment, or (`participant` None) of the whole project."""

    participant: ProjectBeneficiary | None
    is_present: bool


@dataclass(frozen=True)
class DossierRow:
    """One requirement with a line for each copy that it asks for."""

    requirement: DossierRequirement
    when: When
    lines: list[DossierLine]

    @property
    def step(self) -> str:
        return Action(self.requirement.before_action).label

    @property
    def waits_for_participants(self) -> bool:
        """A copy of each establishment is asked for, and none has been named yet: nothing is missing so far."""
        return self.requirement.per_beneficiary and self.lines[0].participant is None

    @cached_property
    def missing(self) -> list[DossierLine]:
        return [] if self.waits_for_participants else [line for line in self.lines if not line.is_present]

    @property
    def present_count(self) -> int:
        return sum(line.is_present for line in self.lines)

    @property
    def summary(self) -> str:
        """Đơn đề nghị hỗ trợ (2 cơ sở)."""
        count = f" ({len(self.missing)} cơ sở)" if self.requirement.per_beneficiary else ""
        return f"{self.requirement}{count}"

    def told(self, names_shown: int | None = None) -> str:
        """What is missing, of whom, and who must bring it; at most `names_shown` establishments are named."""
        names = [str(line.participant) for line in self.missing if line.participant]
        rest = 0 if names_shown is None else max(len(names) - names_shown, 0)
        listed = "; ".join(names[: len(names) - rest]) + (f" và {rest} cơ sở khác" if rest else "")
        of_whom = f" của {listed}" if listed else ""
        return f"Thiếu “{self.requirement}”{of_whom}. Bên cung cấp: {self.requirement.get_supplied_by_display()}."


@dataclass(frozen=True)
class Dossier:
    """The requirements in force for a project, in the order of the steps."""

    rows: list[DossierRow]

    @property
    def missing_now(self) -> list[DossierRow]:
        return [row for row in self.rows if row.when is When.NOW and row.missing]

    @property
    def missing_later(self) -> list[DossierRow]:
        return [row for row in self.rows if row.when is When.LATER and row.missing]


@dataclass(frozen=True)
class Reading:
    """What was read for several projects at once."""

    rules: list[DossierRequirement]
    participants: dict[int, list[ProjectBeneficiary]]
    present: dict[int, Present]


_READING: ContextVar[Reading | None] = ContextVar("dossier_reading", default=None)


@contextmanager
def read_together(projects: Sequence[Project]) -> Iterator[None]:
    """Within it the dossiers of these projects ask the database no more: three queries for all of them.

    For looking ahead only: an action reads anew what it has locked.
    """
    participants: dict[int, list[ProjectBeneficiary]] = defaultdict(list)
    for one in ProjectBeneficiary.objects.filter(project__in=projects).select_related("beneficiary"):
        participants[one.project_id].append(one)
    present: dict[int, Present] = defaultdict(set)
    documents = Document.objects.filter(project__in=projects).order_by()
    for project_id, kind, participant_id in documents.values_list("project_id", "kind", "participant_id").distinct():
        present[project_id].add((kind, participant_id))
    token = _READING.set(Reading(list(DossierRequirement.objects.all()), participants, present))
    try:
        yield
    finally:
        _READING.reset(token)


def ruling_day(project: Project) -> datetime.date:
    """A project is judged by the rules of the day of its approval, until then by today's."""
    return project.approved_date or timezone.localdate()


def project_dossier(project: Project, day: datetime.date | None = None) -> Dossier:
    """What the project's dossier needs by the rules of `day`; three queries however many rows and establishments."""
    return Dossier(_rows(project, _requirements(project, day or ruling_day(project))))


def missing_before(action: Action, project: Project, *, only: Certainty | None = None) -> list[DossierRow]:
    """The requirements of one step that are not met; `only` those of that certainty."""
    asked = [row for row in _requirements(project, ruling_day(project), only) if is_due(row, action, project)]
    return [row for row in _rows(project, asked) if row.missing]


def is_due(requirement: DossierRequirement, action: Action, project: Project) -> bool:
    """Whether the paper must be there before the action.

    A group project may name its establishments after approval: their papers are due, then, before the contract.
    Source: TT 36/2013/TT-BCT (đề án nhóm).
    """
    if requirement.before_action == action.value:
        return True
    named_later = project.kind == ProjectKind.GROUP and action is Action.SIGN_CONTRACT
    return named_later and requirement.per_beneficiary and _place_of(requirement) < STEPS.index(action)


def _requirements(project: Project, day: datetime.date, only: Certainty | None = None) -> list[DossierRequirement]:
    """The rows in force for the project's content and track; of several for one paper and step the surest rules."""
    reading = _READING.get()
    rules = reading.rules if reading else DossierRequirement.objects.in_force_on(day)
    applying = [row for row in rules if _applies(row, project, day)]
    ruling = {(row.document_kind, row.before_action): row for row in sorted(applying, key=_weight)}
    taken = {action.value for (_, action), move in TRANSITIONS.items() if project.track_kind in move.tracks}
    asked = [row for row in ruling.values() if row.before_action in taken and only in (None, row.certainty)]
    return sorted(asked, key=lambda row: (_place_of(row), row.pk))


def _applies(row: DossierRequirement, project: Project, day: datetime.date) -> bool:
    begun = row.valid_from is None or row.valid_from <= day
    in_force = begun and (row.valid_to is None or day <= row.valid_to)
    return in_force and row.support_item_id in (None, project.support_item_id) and row.track in ("", project.track)


def _weight(row: DossierRequirement) -> tuple[bool, bool, bool, datetime.date, int]:
    """Confirmed before unverified, then the row that says more exactly what it is for, then the latest."""
    start = row.valid_from or datetime.date.min
    return row.binds, row.support_item_id is not None, bool(row.track), start, row.pk


def _rows(project: Project, asked: list[DossierRequirement]) -> list[DossierRow]:
    if not asked:
        return []
    participants, present = _participants_and_papers(project)
    next_steps = [action for action in actions_from(project.state, project.track_kind) if action in FORWARD]
    return [DossierRow(row, _when(row, next_steps, project), _lines(row, participants, present)) for row in asked]


def _participants_and_papers(project: Project) -> tuple[list[ProjectBeneficiary], Present]:
    reading = _READING.get()
    if reading is not None:
        return reading.participants[project.pk], reading.present[project.pk]
    documents = project.documents.order_by().values_list("kind", "participant_id").distinct()
    return list(project.participants.select_related("beneficiary")), set(documents)


def _when(requirement: DossierRequirement, next_steps: list[Action], project: Project) -> When:
    if any(is_due(requirement, action, project) for action in next_steps):
        return When.NOW
    last = max((STEPS.index(action) for action in next_steps), default=len(STEPS))
    return When.LATER if _place_of(requirement) > last else When.PASSED


def _lines(
    requirement: DossierRequirement, participants: list[ProjectBeneficiary], present: Present
) -> list[DossierLine]:
    """A copy for each establishment; a paper of the whole project stands for the only one."""
    kind = requirement.document_kind
    if not requirement.per_beneficiary:
        return [DossierLine(None, any(kind == known for known, _ in present))]
    if not participants:
        return [DossierLine(None, (kind, None) in present)]
    whole = len(participants) == 1 and (kind, None) in present
    return [DossierLine(one, whole or (kind, one.pk) in present) for one in participants]


def _place_of(requirement: DossierRequirement) -> int:
    return STEPS.index(Action(requirement.before_action))

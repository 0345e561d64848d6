"""Signs that a project, or a part of one, is supported a second time; looked for in all projects of the portal.

Other state programmes cannot be seen from here. How far back is looked: DuplicateRule, of which no law is known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from khuyencong.vietnamese.codes import mask
from programs.models import (
    DuplicateReason,
    DuplicateRule,
    DuplicateSign,
    Equipment,
    Project,
    ProjectBeneficiary,
)
from programs.queries.alike import Found, find_alike
from programs.rules.likeness import is_number
from programs.workflow import Status

# A project in these states takes no money: not yet, or never.
NOT_COUNTED = frozenset({Status.DRAFT, Status.REFUSED, Status.WITHDRAWN})
HARD = frozenset({DuplicateSign.SERIAL, DuplicateSign.INVOICE})
OTHER_PROJECT = ("project__place", "project__support_item", "beneficiary")


@dataclass(frozen=True)
class Sign:
    """What a part of a project has in common with a part of another. `matter` holds no whole personal number."""

    kind: DuplicateSign
    part: ProjectBeneficiary
    other: ProjectBeneficiary
    matter: str

    @property
    def key(self) -> tuple[str, int]:
        """A written reason answers for this: one kind of sign towards one project."""
        return self.kind.value, self.other.project_id

    @property
    def is_hard(self) -> bool:
        return self.kind in HARD

    def told(self) -> str:
        """The sign and the other project, for whoever sees this one: its name only where both lie in one place."""
        other = self.other.project
        name = f" – {other.name}" if other.place_id == self.part.project.place_id else ""
        project = f"{other.code}{name} (năm {other.year}, {other.place}, {other.get_status_display()})"
        return f"{self.part.beneficiary}: {self.kind.label.lower()}{self.in_words} với đề án {project}"

    @property
    def in_words(self) -> str:
        return f" “{self.matter}”" if self.matter else ""


@dataclass(frozen=True)
class Reading:
    """What was read for several projects at once: signs and reasons by project."""

    hard: dict[int, list[Sign]]
    soft: dict[int, list[Sign]]
    reasons: dict[int, list[DuplicateReason]]


_READING: ContextVar[Reading | None] = ContextVar("duplicates_reading", default=None)


@contextmanager
def read_signs_together(projects: Sequence[Project]) -> Iterator[None]:
    """Within it the signs of these projects ask the database no more.

    For looking ahead only: an action reads anew what it has locked.
    """
    reasons: dict[int, list[DuplicateReason]] = defaultdict(list)
    for reason in _reasons(projects):
        reasons[reason.project_id].append(reason)
    token = _READING.set(Reading(find_hard(projects), find_soft(projects), reasons))
    try:
        yield
    finally:
        _READING.reset(token)


def hard_signs(project: Project) -> list[Sign]:
    """Signs that forbid a second support: two queries, whatever the number of machines or projects."""
    reading = _READING.get()
    return (reading.hard if reading else find_hard([project])).get(project.pk, [])


def soft_signs(project: Project) -> list[Sign]:
    """Signs that want a written reason; the same number of queries for any number of establishments and projects."""
    reading = _READING.get()
    return (reading.soft if reading else find_soft([project])).get(project.pk, [])


def reasons_of(project: Project) -> dict[tuple[str, int], list[DuplicateReason]]:
    """The written reasons by what they answer for, oldest first."""
    reading = _READING.get()
    rows = reading.reasons.get(project.pk, []) if reading else _reasons([project])
    found: dict[tuple[str, int], list[DuplicateReason]] = defaultdict(list)
    for row in rows:
        found[row.sign, row.other_project_id].append(row)
    return dict(found)


def unexplained(project: Project) -> list[Sign]:
    """The soft signs that nobody has given a reason for."""
    signs = soft_signs(project)
    known = reasons_of(project) if signs else {}
    return [sign for sign in signs if sign.key not in known]


def _reasons(projects: Sequence[Project]) -> QuerySet[DuplicateReason]:
    return DuplicateReason.objects.filter(project__in=projects).select_related("by")


def look_back() -> int | None:
    """How many years apart two supports may lie to be compared, by today's rule; None (any) without a rule."""
    rules = DuplicateRule.objects.in_force_on(timezone.localdate())
    rule = rules.order_by(F("valid_from").desc(nulls_last=True), "-pk").first()
    return rule.years if rule else None


def find_hard(projects: Sequence[Project]) -> dict[int, list[Sign]]:
    """A machine, or an invoice of the same establishment, that another project has too.

    An invoice's number is its seller's, whom the portal does not know: alike in two establishments it says nothing.
    """
    machines = list(
        Equipment.objects.filter(participant__project__in=projects).select_related("participant__beneficiary")
    )
    by_serial, by_invoice = _by_number(machines)
    if not by_serial and not by_invoice:
        return {}
    by_project = {project.pk: project for project in projects}
    found: dict[int, list[Sign]] = defaultdict(list)
    for twin in _twins(by_serial, by_invoice):
        bought = (twin.participant.beneficiary_id, twin.invoice_key)
        pairs = [(DuplicateSign.SERIAL, one) for one in by_serial.get(twin.serial_key, [])]
        pairs += [(DuplicateSign.INVOICE, one) for one in by_invoice.get(bought, [])]
        for kind, mine in pairs:
            if mine.participant.project_id != twin.participant.project_id:
                mine.participant.project = by_project[mine.participant.project_id]
                matter = mine.serial_number if kind is DuplicateSign.SERIAL else mine.invoice_number
                found[mine.participant.project_id].append(Sign(kind, mine.participant, twin.participant, matter))
    return {pk: _each_once(signs) for pk, signs in found.items()}


def find_soft(projects: Sequence[Project]) -> dict[int, list[Sign]]:
    """The same support again, or an establishment that may be the same, within the years of the rule."""
    by_project = {project.pk: project for project in projects}
    parts = list(ProjectBeneficiary.objects.filter(project__in=projects).select_related("beneficiary"))
    if not parts:
        return {}
    for part in parts:
        part.project = by_project[part.project_id]
    alike = find_alike([part.beneficiary for part in parts])
    years = look_back()
    others = _other_parts({part.beneficiary_id for part in parts} | alike.ids, projects, years)
    found: dict[int, list[Sign]] = defaultdict(list)
    for part in parts:
        found[part.project_id] += _signs_of_part(part, others, alike.of(part.beneficiary_id), years)
    return {pk: _each_once(signs) for pk, signs in found.items()}


def _by_number(
    machines: Iterable[Equipment],
) -> tuple[dict[str, list[Equipment]], dict[tuple[int, str], list[Equipment]]]:
    """By serial key; by establishment and invoice key."""
    serials: dict[str, list[Equipment]] = defaultdict(list)
    invoices: dict[tuple[int, str], list[Equipment]] = defaultdict(list)
    for one in machines:
        if is_number(one.serial_key):
            serials[one.serial_key].append(one)
        if is_number(one.invoice_key):
            invoices[one.participant.beneficiary_id, one.invoice_key].append(one)
    return dict(serials), dict(invoices)


def _twins(serials: Collection[str], invoices: Collection[tuple[int, str]]) -> QuerySet[Equipment]:
    """Machines with one of these numbers, in projects that count."""
    same_invoice = Q(
        invoice_key__in={key for _, key in invoices}, participant__beneficiary__in={owner for owner, _ in invoices}
    )
    rows = Equipment.objects.filter(Q(serial_key__in=set(serials)) | same_invoice)
    return (
        rows.exclude(participant__project__status__in=NOT_COUNTED)
        .select_related("participant__beneficiary", *(f"participant__{name}" for name in OTHER_PROJECT[:2]))
        .order_by("participant__project__year", "participant__project_id", "pk")
    )


def _other_parts(
    ids: Collection[int], projects: Sequence[Project], years: int | None
) -> dict[int, list[ProjectBeneficiary]]:
    """By establishment: its parts in projects that count and lie near enough in time, the earliest first."""
    rows = ProjectBeneficiary.objects.filter(beneficiary__in=ids).exclude(project__status__in=NOT_COUNTED)
    if years is not None:
        wanted = [project.year for project in projects]
        rows = rows.filter(project__year__gte=min(wanted) - years, project__year__lte=max(wanted) + years)
    found: dict[int, list[ProjectBeneficiary]] = defaultdict(list)
    for row in rows.select_related(*OTHER_PROJECT).order_by("project__year", "project_id", "pk"):
        found[row.beneficiary_id].append(row)
    return dict(found)


def _signs_of_part(
    part: ProjectBeneficiary, others: dict[int, list[ProjectBeneficiary]], alike: list[Found], years: int | None
) -> list[Sign]:
    mine = part.project
    near = {
        owner: [one for one in rows if one.project_id != mine.pk and _is_near(one.project, mine, years)]
        for owner in {part.beneficiary_id, *(found.beneficiary_id for found in alike)}
        if (rows := others.get(owner))
    }
    signs = [
        Sign(DuplicateSign.SAME_SUPPORT, part, other, mine.support_item.name)
        for other in near.get(part.beneficiary_id, [])
        if other.project.support_item_id == mine.support_item_id
    ]
    for found in alike:
        matter = _shown(found.kind, part)
        signs += [Sign(found.kind, part, other, matter) for other in near.get(found.beneficiary_id, [])]
    return signs


def _is_near(other: Project, mine: Project, years: int | None) -> bool:
    return years is None or abs(other.year - mine.year) <= years


def _shown(kind: DuplicateSign, part: ProjectBeneficiary) -> str:
    """Personal numbers are masked; a name or an address is not repeated, it stands beside."""
    if kind is DuplicateSign.OWNER:
        return mask(part.beneficiary.citizen_key)
    return mask(part.beneficiary.phone_key) if kind is DuplicateSign.PHONE else ""


def _each_once(signs: list[Sign]) -> list[Sign]:
    """Several machines with one number are one sign."""
    once = {(sign.key, sign.part.pk, sign.other.pk, sign.matter): sign for sign in signs}
    return list(once.values())

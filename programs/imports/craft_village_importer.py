"""Craft villages of a file with their yearly figures: what would become of each row, and the writing of it."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import Changes, Entry, differences, record_many, snapshot, subject_of
from khuyencong.importing.fields import ImportField, Problem, Understood
from khuyencong.importing.kinds import Importer, Verdict, Written
from khuyencong.importing.models import RowVerdict
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.text import nfc, nfc_multiline
from programs import policies
from programs.actions.craft_village import EDITED_FIELDS, UNIQUE, YEAR_FIELDS
from programs.imports.beneficiary_importer import better_name
from programs.imports.beneficiary_match import NoMatch
from programs.imports.columns import as_json, given, update_many
from programs.imports.craft_village_figures import Snapshot, YearBook, figure_problems, model_values, snapshot_of
from programs.imports.craft_village_match import NAME_TAKEN, NameKey, VillageMatch, VillageMatcher
from programs.imports.one_at_a_time import wait_for_turn
from programs.imports.places import OUTSIDE, AreaPlaces
from programs.imports.writing import WRITTEN, Plan, check_writable, refused, told, value_problems
from programs.models import CraftVillage, CraftVillageYear

UNIQUE_YEAR = {"craft_village_year_unique": "reported_date"}
SAID = ("name", "craft", "source_note")


@dataclass
class VillagePlan(Plan):
    """`match`: the village, whose own changes are `changes`. `figures`: to be added, None for none."""

    match: VillageMatch | None = None
    figures: CraftVillageYear | None = None


class CraftVillageImporter(Importer):
    """A village may stand in several rows, one for each year; what they say of it must agree."""

    def __init__(self, user: User, fields: Sequence[ImportField]) -> None:
        self.user = user
        self.fields = fields
        self.years = YearBook()
        self._said: dict[tuple[Hashable, str], tuple[Any, int]] = {}
        self._seen: dict[Hashable, int] = {}

    @cached_property
    def places(self) -> AreaPlaces:
        return AreaPlaces(self.user)

    @cached_property
    def matcher(self) -> VillageMatcher:
        return VillageMatcher(self.places)

    def check(self, rows: Sequence[Understood]) -> list[Verdict]:
        policies.check_permission(self.user, Permission.CRAFT_VILLAGE_EDIT)
        if self.is_writing:
            wait_for_turn("lang-nghe")
        return [plan.verdict for plan in self._plans(rows, lock=self.is_writing)]

    def write(self, rows: Sequence[Understood]) -> list[Written]:
        """Takes the rows that were found NEW or CHANGED; one that is EQUAL by now is passed over."""
        policies.check_permission(self.user, Permission.CRAFT_VILLAGE_EDIT)
        wait_for_turn("lang-nghe")
        plans = self._plans(rows, lock=True)
        check_writable(plans)
        kept = [plan for plan in plans if plan.verdict.verdict in WRITTEN]
        return _store(kept, self.matcher, self.user)

    def _plans(self, rows: Sequence[Understood], *, lock: bool) -> list[VillagePlan]:
        """Two queries: the villages of these places, and their figures."""
        problems = {row.number: list(row.problems) or self._problems(row) for row in rows}
        self.years.load(self.matcher.load([row for row in rows if not problems[row.number]], lock=lock))
        return [
            self._plan(row) if not problems[row.number] else _no(refused(row.number, problems[row.number]))
            for row in rows
        ]

    def _problems(self, row: Understood) -> list[Problem]:
        values = row.values
        problems = value_problems(values, self.fields)
        for one in self.fields:
            if one.required and values.get(one.name) in (None, ""):
                problems.append(Problem(one.name, f"Chưa có {one.label.lower()}."))
        if values.get("place") is not None and not self.places.covers(values["place"]):
            problems.append(Problem("place", OUTSIDE))
        named = {problem.field for problem in problems}
        return [*problems, *(one for one in figure_problems(values) if one.field not in named)]

    def _plan(self, row: Understood) -> VillagePlan:
        match = self.matcher.match(row)
        if isinstance(match, NoMatch):
            return VillagePlan(Verdict(row.number, match.verdict, problems=(match.problem,)))
        if problem := self._village_problem(row, match):
            return _no(refused(row.number, [problem]))
        said = snapshot_of(row.values, row.number)
        key: Hashable = match.stored.pk if match.stored else match.key
        if said is None and self._seen.get(key, row.number) != row.number:
            problem = Problem("", f"Cùng làng nghề với dòng {self._seen[key]} của tệp; chỉ ghi dòng ấy.")
            return VillagePlan(Verdict(row.number, RowVerdict.DUPLICATE, problems=(problem,)))
        result = self.years.judge([key], said, is_dated=bool(row.values.get("reported_date"))) if said else None
        if result and result.problem:
            return VillagePlan(Verdict(row.number, result.verdict, problems=(result.problem,)))
        plan = self._sound(row, match, said if result and result.verdict is RowVerdict.NEW else None)
        self._remember(row, match, key, said)
        if result and result.earlier:
            plan.verdict = _correction(plan.verdict, result.earlier)
        return plan

    def _sound(self, row: Understood, match: VillageMatch, said: Snapshot | None) -> VillagePlan:
        """The village with what the row says of it, and the figures that the row adds."""
        mine = match.creator in (0, row.number)
        obj = self._as_said_before(row, match)
        before = as_json(obj) if match.stored else {}
        read_before = self._snapshot(obj) if match.stored else {}
        for name, value in self._values(row, match).items() if mine else ():
            setattr(obj, name, value)
        read_after = self._snapshot(obj) if mine else read_before
        changes, shown = differences(read_before, read_after), told(CraftVillage, read_before, read_after)
        figures = CraftVillageYear(**model_values(said, row.values)) if said else None
        if figures:
            shown |= told(CraftVillageYear, {}, snapshot(figures, YEAR_FIELDS))
        is_new = (match.is_new and mine) or figures is not None
        verdict = RowVerdict.NEW if is_new else RowVerdict.CHANGED if shown else RowVerdict.EQUAL
        found = Verdict(row.number, verdict, match.stored.pk if match.stored else None, shown)
        return VillagePlan(found, obj if mine else None, before, changes, match, figures)

    def _as_said_before(self, row: Understood, match: VillageMatch) -> CraftVillage:
        """The village as earlier rows leave it, whether or not they are written by now: each change is told once."""
        obj = match.stored or CraftVillage(place_id=match.place_id)
        for name in (*SAID, "place_id") if match.stored else ():
            said, number = self._said.get((obj.pk, name), (None, row.number))
            if number != row.number:
                setattr(obj, name, said)
        return obj

    def _values(self, row: Understood, match: VillageMatch) -> dict[str, Any]:
        values: dict[str, Any] = {name: nfc(raw) for name, raw in given(row, SAID).items()}
        if "source_note" in values:
            values["source_note"] = nfc_multiline(str(row.values["source_note"]))
        if match.stored and not row.values.get("record"):
            values["name"] = better_name(match.stored.name, values["name"])
        return {**values, "place_id": match.place_id}

    def _village_problem(self, row: Understood, match: VillageMatch) -> Problem | None:
        """What a form would refuse, and rows of the file that contradict each other."""
        if match.is_new and match.creator == row.number and not row.values.get("craft"):
            return Problem("craft", "Chưa có nghề. Làng nghề mới phải có nghề.")
        values = self._values(row, match)
        if match.creator in (0, row.number) and self.matcher.has_name(values["name"], match.place_id, but=match.stored):
            return Problem("name", NAME_TAKEN)
        for name in ("craft", "source_note"):
            said, number = self._said.get((self._key(match), name), (None, row.number))
            if number != row.number and name in values and values[name] != said:
                label = CraftVillage._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                return Problem(name, f"{label}: dòng {number} của tệp ghi “{said}”. Hãy ghi giống nhau.")
        return None

    def _remember(self, row: Understood, match: VillageMatch, key: Hashable, said: Snapshot | None) -> None:
        self.matcher.remember(match)
        for name, value in self._values(row, match).items():
            self._said.setdefault((key, name), (value, row.number))
        if match.is_new and "source_note" not in row.values:
            self._said.setdefault((key, "source_note"), ("", row.number))
        if said is None:
            self._seen.setdefault(key, row.number)
        else:
            self.years.remember(key, said)

    def _key(self, match: VillageMatch) -> Hashable:
        return match.stored.pk if match.stored else match.key

    def _snapshot(self, obj: CraftVillage) -> dict[str, Any]:
        obj.place = self.places.units[obj.place_id]
        return snapshot(obj, EDITED_FIELDS)


def _no(plan: Plan) -> VillagePlan:
    return VillagePlan(plan.verdict)


def _correction(verdict: Verdict, earlier: Snapshot) -> Verdict:
    """Figures shown against those that they correct; both stay recorded."""
    labels = {str(CraftVillageYear._meta.get_field(name).verbose_name): name for name in earlier.figures}  # type: ignore[union-attr]
    before = told(CraftVillageYear, {}, {label: earlier.figures[name] for label, name in labels.items()})
    changes = {
        label: (before[label][1] if label in before else pair[0], pair[1]) for label, pair in verdict.changes.items()
    }
    return Verdict(verdict.number, verdict.verdict, verdict.object_id, changes)


def _store(plans: Sequence[VillagePlan], matcher: VillageMatcher, user: User) -> list[Written]:
    """New villages, changed ones, figures; each object once, with one event."""
    new = [plan for plan in plans if plan.obj is not None and not plan.before]
    changed: dict[int, list[VillagePlan]] = defaultdict(list)
    for plan in plans:
        if plan.obj is not None and plan.before and plan.changes:
            changed[id(plan.obj)].append(plan)
    with refusing_duplicates(CraftVillage, **UNIQUE), refusing_duplicates(CraftVillageYear, **UNIQUE_YEAR):
        CraftVillage.objects.bulk_create([plan.obj for plan in new if isinstance(plan.obj, CraftVillage)])
        update_many(CraftVillage, [some[0].obj for some in changed.values()])
        figures = _with_villages(plans, {plan.match.key: plan.obj for plan in new if plan.match}, matcher)
        CraftVillageYear.objects.bulk_create([plan.figures for plan in figures if plan.figures])
    firsts = [*new, *(some[0] for some in changed.values())]
    record_many(_entries(new, changed, figures), by=user)
    return [
        *(_written(plan.verdict.number, plan.obj, plan.before) for plan in firsts),
        *(_written(plan.verdict.number, plan.figures, {}) for plan in figures),
    ]


def _with_villages(
    plans: Sequence[VillagePlan], made: Mapping[NameKey, Any], matcher: VillageMatcher
) -> list[VillagePlan]:
    """Those with figures, each now with the village that was stored a moment or a portion ago."""
    with_figures = [plan for plan in plans if plan.figures is not None]
    for plan in with_figures:
        assert plan.match is not None
        assert plan.figures is not None
        village = plan.match.stored or made.get(plan.match.key) or matcher.brought(plan.match.key)
        assert isinstance(village, CraftVillage)
        plan.figures.village = village
    return with_figures


def _entries(
    new: Sequence[VillagePlan], changed: Mapping[int, Sequence[VillagePlan]], figures: Sequence[VillagePlan]
) -> Iterator[Entry]:
    for plan in new:
        yield _village_entry("add", "Thêm", plan.obj, plan.changes)
    for some in changed.values():
        together = {label: pair for plan in some for label, pair in plan.changes.items()}
        yield _village_entry("edit", "Sửa", some[0].obj, together)
    for plan in figures:
        one = plan.figures
        assert one is not None
        yield Entry(
            action="craft_village_year",
            action_label=f"Ghi số liệu làng nghề năm {one.year} (nhập từ Excel)",
            obj=one,
            subject=subject_of(one.village),
            place_id=one.village.place_id,
            changes=differences({}, snapshot(one, YEAR_FIELDS)),
        )


def _village_entry(action: str, word: str, obj: Any, changes: Changes) -> Entry:
    label = f"{word} làng nghề (nhập từ Excel)"
    return Entry(action=f"craft_village_{action}", action_label=label, obj=obj, place_id=obj.place_id, changes=changes)


def _written(number: int, obj: Any, before: Mapping[str, Any]) -> Written:
    return Written(number, obj._meta.label_lower, obj.pk, before, as_json(obj))

"""Establishments of a file: what would become of each row, and the writing of it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.personal import without_personal_numbers
from khuyencong.audit.record import Entry, differences, record_many, snapshot
from khuyencong.errors import Refused
from khuyencong.importing.fields import ImportField, Problem, Understood
from khuyencong.importing.kinds import Importer, Verdict, Written
from khuyencong.importing.models import RowVerdict
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.codes import check_citizen_id, check_tax_code, mask, normalize_phone
from khuyencong.vietnamese.text import fold, name_key, nfc, nfc_multiline
from programs import policies
from programs.actions.beneficiary import EDITED_FIELDS, UNIQUE
from programs.imports.beneficiary_match import Match, Matcher, NoMatch
from programs.imports.columns import as_json, given, update_many
from programs.imports.one_at_a_time import wait_for_turn
from programs.imports.places import OUTSIDE, AreaPlaces
from programs.imports.writing import WRITTEN, Plan, check_writable, objects_of, refused, told, value_problems
from programs.models import Beneficiary, Sector
from programs.rules.register_values import founded_year_problem

TIDIED = {
    "tax_code": lambda raw: check_tax_code(raw).normalized,
    "owner_citizen_id": lambda raw: check_citizen_id(raw).normalized,
    "phone": normalize_phone,
    "note": nfc_multiline,
}
COLUMNS = {"place": "place_id", "sector": "sector_id"}


class BeneficiaryImporter(Importer):
    """Look-ups that hold for the whole file are read once; a portion costs a fixed number of queries."""

    def __init__(self, user: User, fields: Sequence[ImportField]) -> None:
        self.user = user
        self.fields = fields

    @cached_property
    def places(self) -> AreaPlaces:
        return AreaPlaces(self.user)

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.places)

    @cached_property
    def sectors(self) -> Mapping[int, Sector]:
        return Sector.objects.in_bulk()

    def check(self, rows: Sequence[Understood]) -> list[Verdict]:
        policies.check_permission(self.user, Permission.BENEFICIARY_EDIT)
        if self.is_writing:
            wait_for_turn("co-so")
        return [plan.verdict for plan in self._plans(rows, lock=self.is_writing)]

    def write(self, rows: Sequence[Understood]) -> list[Written]:
        """Takes the rows that were found NEW or CHANGED; one that is EQUAL by now is passed over."""
        policies.check_permission(self.user, Permission.BENEFICIARY_EDIT)
        wait_for_turn("co-so")
        plans = self._plans(rows, lock=True)
        check_writable(plans)
        kept = [plan for plan in plans if plan.verdict.verdict in WRITTEN]
        _store(kept)
        record_many(_entries(kept), by=self.user)
        return [_written(plan) for plan in kept]

    def _plans(self, rows: Sequence[Understood], *, lock: bool) -> list[Plan]:
        """Four queries: three for matching, one for the stored rows that are matched."""
        problems = {row.number: list(row.problems) or self._problems(row) for row in rows}
        sound = [row for row in rows if not problems[row.number]]
        self.matcher.load(sound)
        matches = {row.number: self.matcher.match(row) for row in sound}
        found = [one.known.pk for one in matches.values() if isinstance(one, Match) and one.known]
        stored = Beneficiary.objects.filter(pk__in=found).order_by("pk")
        objects = {one.pk: one for one in (stored.select_for_update(of=("self",)) if lock else stored)}
        return [
            self._plan(row, matches[row.number], objects)
            if row.number in matches
            else refused(row.number, problems[row.number])
            for row in rows
        ]

    def _problems(self, row: Understood) -> list[Problem]:
        values = row.values
        problems = value_problems(values, self.fields)
        for one in self.fields:
            if one.required and values.get(one.name) in (None, ""):
                problems.append(Problem(one.name, f"Chưa có {one.label.lower()}.", one.choices))
        if values.get("place") is not None and not self.places.covers(values["place"]):
            problems.append(Problem("place", OUTSIDE))
        year = values.get("founded_year")
        if isinstance(year, int) and (message := founded_year_problem(year, timezone.localdate())):
            problems.append(Problem("founded_year", message))
        return problems

    def _plan(self, row: Understood, match: Match | NoMatch, stored: Mapping[int, Beneficiary]) -> Plan:
        if isinstance(match, NoMatch):
            return Plan(Verdict(row.number, match.verdict, problems=(match.problem,)))
        known = stored.get(match.known.pk) if match.known else None
        if match.known and known is None:
            return refused(row.number, [Problem("record", "Cơ sở này vừa bị xóa. Hãy kiểm tra lại tệp.")])
        obj = known or Beneficiary()
        before = as_json(obj) if known else {}
        read_before = self._snapshot(obj) if known else {}
        for column, value in self._values(row, match.place_id, known).items():
            setattr(obj, column, value)
        read_after = self._snapshot(obj)
        changes = told(Beneficiary, read_before, read_after)
        verdict = RowVerdict.NEW if known is None else RowVerdict.CHANGED if changes else RowVerdict.EQUAL
        doubts = () if verdict is RowVerdict.EQUAL else _doubts(row, read_before, read_after)
        return Plan(
            Verdict(row.number, verdict, known.pk if known else None, changes, doubts),
            obj,
            before,
            without_personal_numbers(Beneficiary, differences(read_before, read_after)),
        )

    def _values(self, row: Understood, place_id: int, known: Beneficiary | None) -> dict[str, Any]:
        """Column → what it will hold; what is stored stays where the row only writes it another way."""
        values: dict[str, Any] = {}
        for name, raw in given(row, EDITED_FIELDS).items():
            column, stored = COLUMNS.get(name, name), getattr(known, COLUMNS.get(name, name), None)
            if name == "place":
                values[column] = place_id
            elif name in ("sector", "founded_year"):
                values[column] = int(raw)
            elif known is None or nfc(raw) != stored:
                values[column] = TIDIED.get(name, nfc)(raw)
        if known is not None and "name" in values and not row.values.get("record"):
            values["name"] = better_name(known.name, values["name"])
        return values

    def _snapshot(self, obj: Beneficiary) -> dict[str, Any]:
        obj.place = self.places.units[obj.place_id]
        obj.sector = self.sectors[obj.sector_id] if obj.sector_id else None
        return snapshot(obj, EDITED_FIELDS)


def _store(plans: Sequence[Plan]) -> None:
    """Errors: Refused, naming the row, when somebody has taken its tax code this very moment."""
    try:
        with refusing_duplicates(Beneficiary, **UNIQUE):
            Beneficiary.objects.bulk_create(objects_of(plans, Beneficiary, new=True))
            update_many(Beneficiary, objects_of(plans, Beneficiary, new=False))
    except Refused as refusal:
        codes = {plan.obj.tax_code: plan for plan in plans if isinstance(plan.obj, Beneficiary) and plan.obj.tax_code}
        for pk, code in Beneficiary.objects.filter(tax_code__in=codes).order_by("pk").values_list("pk", "tax_code"):
            if pk != codes[code].before.get("id"):
                number = codes[code].verdict.number
                raise Refused(f"Dòng {number}: {refusal.message}", field=refusal.field) from refusal
        raise


def better_name(stored: str, written: str) -> str:
    """The stored name, unless the file says more: capitals, or marks left out, are no reason to change it."""
    bare = fold(stored) == fold(written) and written.casefold() == fold(written)
    return stored if bare or name_key(stored) == name_key(written) else written


def _doubts(row: Understood, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Codes that look wrong and are kept as they are written. A personal number is not repeated whole."""
    found = []
    for name, check in (("tax_code", check_tax_code), ("owner_citizen_id", check_citizen_id)):
        raw = nfc(str(row.values.get(name) or ""))
        label = str(Beneficiary._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        if raw and before.get(label) != after.get(label) and (warning := check(raw).warning):
            shown = warning.replace(raw, mask(raw)) if name == "owner_citizen_id" else warning
            found.append(Problem(name, f"Vẫn ghi như đã viết, cần xem lại: {shown}"))
    return tuple(found)


def _entries(plans: Sequence[Plan]) -> Iterator[Entry]:
    for plan in plans:
        obj = plan.obj
        assert isinstance(obj, Beneficiary)
        action, label = ("edit", "Sửa") if plan.before else ("add", "Thêm")
        yield Entry(
            action=f"beneficiary_{action}",
            action_label=f"{label} cơ sở thụ hưởng (nhập từ Excel)",
            obj=obj,
            changes=plan.changes,
            place_id=obj.place_id,
        )


def _written(plan: Plan) -> Written:
    assert plan.obj is not None
    obj = plan.obj
    return Written(plan.verdict.number, obj._meta.label_lower, obj.pk, plan.before, as_json(obj))

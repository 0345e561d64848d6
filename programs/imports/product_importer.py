"""Products of a file with their awards: what would become of each row."""

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import differences, snapshot
from khuyencong.importing.fields import ImportField, Problem, Understood
from khuyencong.importing.kinds import Importer, Verdict, Written
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.text import nfc
from programs import policies
from programs.actions.product import EDITED_FIELDS
from programs.imports.beneficiary_importer import better_name
from programs.imports.beneficiary_match import NoMatch
from programs.imports.columns import as_json, given
from programs.imports.one_at_a_time import wait_for_turn
from programs.imports.places import OUTSIDE, AreaPlaces
from programs.imports.product_awards import AwardBook, Said, cell_problems, said_of
from programs.imports.product_match import NAME_TAKEN, ProductMatch, ProductMatcher
from programs.imports.product_store import ProductPlan, award_of, store, told_awards
from programs.imports.writing import WRITTEN, Plan, check_writable, refused, told, value_problems
from programs.models import Product, ProductGroup


class ProductImporter(Importer):
    """A product may stand in several rows, one for each award; what they say of it must agree."""

    def __init__(self, user: User, fields: Sequence[ImportField]) -> None:
        self.user = user
        self.fields = fields
        self.awards = AwardBook()
        self._said: dict[tuple[Hashable, str], tuple[Any, int]] = {}
        self._seen: dict[Hashable, int] = {}

    @cached_property
    def places(self) -> AreaPlaces:
        return AreaPlaces(self.user)

    @cached_property
    def matcher(self) -> ProductMatcher:
        return ProductMatcher(self.places)

    def check(self, rows: Sequence[Understood]) -> list[Verdict]:
        policies.check_permission(self.user, Permission.PRODUCT_EDIT)
        if self.is_writing:
            wait_for_turn("san-pham")
        return [plan.verdict for plan in self._plans(rows, lock=self.is_writing)]

    def write(self, rows: Sequence[Understood]) -> list[Written]:
        """Takes the rows that were found NEW or CHANGED; one that is EQUAL by now is passed over."""
        policies.check_permission(self.user, Permission.PRODUCT_EDIT)
        wait_for_turn("san-pham")
        plans = self._plans(rows, lock=True)
        check_writable(plans)
        return store([plan for plan in plans if plan.verdict.verdict in WRITTEN], self.matcher, self.user)

    def _plans(self, rows: Sequence[Understood], *, lock: bool) -> list[ProductPlan]:
        """Five queries: three for establishments, their products, the awards of these."""
        problems = {row.number: list(row.problems) or self._problems(row) for row in rows}
        self.awards.load(self.matcher.load([row for row in rows if not problems[row.number]], lock=lock))
        return [
            self._plan(row) if not problems[row.number] else _no(refused(row.number, problems[row.number]))
            for row in rows
        ]

    def _problems(self, row: Understood) -> list[Problem]:
        values = row.values
        problems = value_problems(values, self.fields)
        if values.get("name") in (None, ""):
            problems.append(Problem("name", "Chưa có tên sản phẩm."))
        if values.get("place") is not None and not self.places.covers(values["place"]):
            problems.append(Problem("place", OUTSIDE))
        named = {problem.field for problem in problems}
        return [*problems, *(one for one in cell_problems(values) if one.field not in named)]

    def _plan(self, row: Understood) -> ProductPlan:
        match = self.matcher.match(row)
        if isinstance(match, NoMatch):
            return _settled(row, match.verdict, match.problem)
        key: Hashable = match.stored.pk if match.stored else match.key
        if problem := self._product_problem(row, match, key):
            return _settled(row, RowVerdict.REFUSED, problem)
        said = said_of(row.values, row.number)
        if not said and self._seen.get(key, row.number) != row.number:
            problem = Problem("", f"Cùng sản phẩm với dòng {self._seen[key]} của tệp; chỉ ghi dòng ấy.")
            return _settled(row, RowVerdict.DUPLICATE, problem)
        result = self.awards.judge(key, said)
        if result.problem:
            return _settled(row, result.verdict, result.problem)
        plan = self._sound(row, match, key, result.added)
        self._remember(row, match, key, result.added)
        return plan

    def _sound(self, row: Understood, match: ProductMatch, key: Hashable, added: Sequence[Said]) -> ProductPlan:
        """The product with what the row says of it, and the awards that the row adds."""
        mine = match.creator in (0, row.number)
        values = self._values(row, match, key)
        obj = self._as_said_before(row, match)
        before = as_json(obj) if match.stored else {}
        read_before = snapshot(obj, EDITED_FIELDS) if match.stored else {}
        for name, value in values.items() if mine else ():
            setattr(obj, name, value)
        read_after = snapshot(obj, EDITED_FIELDS) if mine else read_before
        changes, shown = differences(read_before, read_after), told(Product, read_before, read_after)
        is_first = match.is_new and mine
        if is_first:
            changes = {"Cơ sở": (None, match.owner.name), **changes}
            shown = {"Cơ sở": ("", match.owner.name), **shown}
        shown |= told_awards(added)
        verdict = RowVerdict.NEW if is_first or added else RowVerdict.CHANGED if shown else RowVerdict.EQUAL
        found = Verdict(row.number, verdict, match.stored.pk if match.stored else None, shown)
        awards = [award_of(one) for one in added]
        return ProductPlan(found, obj if mine else None, before, changes, match, awards)

    def _as_said_before(self, row: Understood, match: ProductMatch) -> Product:
        """The product as earlier rows leave it, whether or not they are written by now: each change is told once."""
        obj = match.stored or Product(beneficiary_id=match.owner.pk)
        for name in EDITED_FIELDS if match.stored else ():
            said, number = self._said.get((obj.pk, name), (None, row.number))
            if number < row.number:
                setattr(obj, name, said)
        return obj

    def _values(self, row: Understood, match: ProductMatch, key: Hashable) -> dict[str, Any]:
        values: dict[str, Any] = {name: nfc(str(raw)) for name, raw in given(row, EDITED_FIELDS).items()}
        if match.stored and not row.values.get("record"):
            said, number = self._said.get((key, "name"), (match.stored.name, 0))
            values["name"] = better_name(said if number < row.number else match.stored.name, values["name"])
        return values

    def _product_problem(self, row: Understood, match: ProductMatch, key: Hashable) -> Problem | None:
        """What a form would refuse, and rows of the file that contradict each other."""
        if match.is_new and match.creator == row.number and not row.values.get("group"):
            return Problem("group", "Chưa có nhóm. Sản phẩm mới phải có nhóm.", dict(ProductGroup.choices))
        values = self._values(row, match, key)
        mine = match.creator in (0, row.number)
        if mine and self.matcher.has_name(values["name"], match.owner.pk, but=match.stored):
            return Problem("name", NAME_TAKEN)
        for name in EDITED_FIELDS if match.stored else ("group",):
            said, number = self._said.get((key, name), (None, row.number))
            if number < row.number and name in values and values[name] != said:
                column: Any = Product._meta.get_field(name)
                read = ProductGroup(said).label if name == "group" else said
                message = f"{column.verbose_name}: dòng {number} của tệp ghi “{read}”. Hãy ghi giống nhau."
                return Problem(name, message)
        return None

    def _remember(self, row: Understood, match: ProductMatch, key: Hashable, added: Sequence[Said]) -> None:
        values = self._values(row, match, key)
        self.matcher.remember(match, values["name"])
        for name, value in values.items():
            self._said.setdefault((key, name), (value, row.number))
        self._seen.setdefault(key, row.number)
        self.awards.remember(key, added)


def _no(plan: Plan) -> ProductPlan:
    return ProductPlan(plan.verdict)


def _settled(row: Understood, verdict: RowVerdict, problem: Problem) -> ProductPlan:
    return ProductPlan(Verdict(row.number, verdict, problems=(problem,)))

"""Awards of products: what is recorded, what the file has said, and what a further row comes to."""

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from khuyencong.importing.fields import Problem
from khuyencong.importing.models import ImportedObject, RowVerdict
from khuyencong.localities.reference import MERGER_DATE
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import name_key, nfc
from programs.models import AwardLevel, ProductAwardEvent, ProductAwardKind
from programs.rules.product_awards import REGISTERED, Award, award_problem, order_problem

AWARD_COLUMNS = ("level", "kind", "event_date", "decision_number", "registered_date")
NEEDED = {"level": "Chưa có cấp bình chọn.", "kind": "Chưa ghi việc: đăng ký, cấp hay thu hồi giấy chứng nhận."}
CHOICES = {"level": dict(AwardLevel.choices), "kind": dict(ProductAwardKind.choices)}
AT_ONCE = 1000  # below what one query of SQLite takes


@dataclass(frozen=True)
class Said:
    """An award with the number of its decision. `row`: the row of the file that says so, 0 for the database."""

    award: Award
    number: str
    row: int = 0


@dataclass(frozen=True)
class AwardResult:
    """What becomes of the awards of a row: those to be added, or why the row is not taken."""

    added: Sequence[Said] = ()
    verdict: RowVerdict = RowVerdict.EQUAL
    problem: Problem | None = None


class AwardBook:
    """By product: its awards in the database and those that rows of the file bring."""

    def __init__(self) -> None:
        self._stored: dict[Hashable, dict[Award, Said]] = {}
        self._said: dict[Hashable, dict[Award, Said]] = defaultdict(dict)

    def load(self, product_ids: Iterable[int]) -> None:
        """One query, made anew for each portion: somebody may have written meanwhile."""
        found: dict[Hashable, dict[Award, Said]] = defaultdict(dict)
        rows = ProductAwardEvent.objects.filter(product__in=list(product_ids)).order_by("pk")
        for pk, level, kind, day, number in rows.values_list("product_id", *AWARD_COLUMNS[:4]):
            award = Award(level, kind, day)
            found[pk][award] = Said(award, number)
        self._stored = dict(found)

    def judge(self, key: Hashable, said: Sequence[Said]) -> AwardResult:
        """`said`: of one row, a registration before its certificate. What is recorded is never changed."""
        known = self._known(key, before=said[0].row) if said else {}
        added: list[Said] = []
        for one in said:
            there = known.get(one.award)
            if there is None:
                if problem := _problem(one, known):
                    return AwardResult(verdict=RowVerdict.REFUSED, problem=problem)
                known[one.award] = one
                added.append(one)
            elif one is said[-1] and (result := _already(one, there)):
                return result
        return AwardResult(added, RowVerdict.NEW if added else RowVerdict.EQUAL)

    def remember(self, key: Hashable, added: Iterable[Said]) -> None:
        for one in added:
            self._said[key].setdefault(one.award, one)

    def _known(self, key: Hashable, *, before: int) -> dict[Award, Said]:
        """What earlier rows say stands before what they have become in the database."""
        said = {award: one for award, one in self._said.get(key, {}).items() if one.row < before}
        return {**self._stored.get(key, {}), **said}


def said_of(values: Mapping[str, Any], number: int) -> list[Said]:
    """The awards of a row whose cells are sound: a registration, if it gives its day, and what it is about."""
    if not has_award(values):
        return []
    level, kind, day = str(values["level"]), str(values["kind"]), _day(values, "event_date")
    main = Said(Award(level, kind, day), nfc(str(values.get("decision_number") or "")), number)
    if kind == REGISTERED or not values.get("registered_date"):
        return [main]
    return [Said(Award(level, REGISTERED, _day(values, "registered_date")), "", number), main]


def has_award(values: Mapping[str, Any]) -> bool:
    return any(values.get(name) not in (None, "") for name in AWARD_COLUMNS)


def cell_problems(values: Mapping[str, Any]) -> list[Problem]:
    """What is missing of an award that a row begins to tell."""
    if not has_award(values):
        return []
    found = [Problem(name, told, CHOICES[name]) for name, told in NEEDED.items() if not values.get(name)]
    if not values.get("event_date"):
        found.append(Problem("event_date", "Chưa có ngày của việc này."))
    if values.get("kind") == REGISTERED and values.get("registered_date") not in (None, "", values.get("event_date")):
        found.append(Problem("registered_date", "Dòng đăng ký chỉ có một ngày. Hãy ghi ở cột “Ngày”."))
    return found


def broken_by(written: Iterable[ImportedObject]) -> Iterator[str]:
    """A line for each award recorded since that would lose what it rests on, were the batch taken back."""
    rows = {one.object_id: one for one in written if one.model == ProductAwardEvent._meta.label_lower}
    products = sorted({one.after["product_id"] for one in rows.values()})
    own = {(one.after["product_id"], one.after["level"]): one.row_number for one in rows.values()}
    for start in range(0, len(products), AT_ONCE):
        every: dict[tuple[int, str], list[Award]] = defaultdict(list)
        stay: dict[tuple[int, str], list[Award]] = defaultdict(list)
        names = {}
        events = ProductAwardEvent.objects.filter(product__in=products[start : start + AT_ONCE]).order_by("pk")
        columns = ("pk", "product_id", "product__name", "level", "kind", "event_date")
        for pk, product, name, level, kind, day in events.values_list(*columns):
            names[product] = name
            for book in (every, stay) if pk not in rows else (every,):
                book[product, level].append(Award(level, kind, day))
        for key, awards in stay.items():
            for award in awards:
                if order_problem(award, awards) and not order_problem(award, every[key]):
                    yield f"Dòng {own[key]}: {names[key[0]]} đã được ghi {_told(award)} dựa vào lần nhập này."


def _problem(said: Said, known: Iterable[Award]) -> Problem | None:
    field, message = award_problem(said.award, said.number, today=timezone.localdate(), districts_until=MERGER_DATE)
    if message and field == "event_date" and not said.number and said.award.kind == REGISTERED:
        return Problem(field, f"Ngày đăng ký: {message[:1].lower()}{message[1:]}")
    if message:
        return Problem(field, message)
    if message := order_problem(said.award, known):
        hint = "Hãy ghi thêm ngày đăng ký ở dòng này" if "đăng ký" in message else "Hãy ghi giấy chứng nhận trước"
        return Problem("kind", f"{message} {hint}, hoặc để dòng ấy lên trên.")
    return None


def _already(said: Said, there: Said) -> AwardResult | None:
    """The same award once more; None when it is recorded just so."""
    if said.number and name_key(said.number) != name_key(there.number):
        where = f"dòng {there.row} của tệp" if there.row else "đã ghi"
        message = (
            f"{_told(said.award)} đã có với số quyết định khác ({where} ↔ tệp này): “{there.number}” ↔ "
            f"“{said.number}”. Việc đã ghi không bị ghi đè; hãy sửa số quyết định hoặc ngày."
        )
        return AwardResult(verdict=RowVerdict.REFUSED, problem=Problem("decision_number", message))
    if there.row:
        message = f"Cùng sản phẩm, cùng việc với dòng {there.row} của tệp; chỉ ghi dòng ấy."
        return AwardResult(verdict=RowVerdict.DUPLICATE, problem=Problem("", message))
    return None


def _told(award: Award) -> str:
    kind, level = ProductAwardKind(award.kind).label, AwardLevel(award.level).label
    return f"“{kind}”, {level.lower()}, ngày {format_date(award.day)}"


def _day(values: Mapping[str, Any], name: str) -> datetime.date:
    return datetime.date.fromisoformat(str(values[name]))

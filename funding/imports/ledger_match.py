"""Which project, payee and contract a row of vouchers is about."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from funding.models import Contract, Source
from funding.queries.money import WHOLE_PROJECT
from funding.queries.project_ledger import ProjectLedger
from khuyencong.accounts.models import User
from khuyencong.importing.fields import Problem, Understood
from khuyencong.vietnamese.text import fold, name_key, nfc
from programs.models import Project

WHOLE = frozenset({fold(WHOLE_PROJECT), "ca de an", "toan de an", "chung", "chung de an"})
MOST_OFFERED = 30
NUMBERED = re.compile(r"(.+) \(#([0-9]{1,18})\)")
SPELLED = {
    "cty": "cong ty",
    "tnhh": "trach nhiem huu han",
    "dntn": "doanh nghiep tu nhan",
    "htx": "hop tac xa",
    "tht": "to hop tac",
    "hkd": "ho kinh doanh",
}
"""What people shorten in the names of establishments, folded."""
NO_PROJECT = "Chưa có mã đề án. Hãy ghi mã đề án, hoặc tên đề án cùng năm kế hoạch."


@dataclass(frozen=True)
class KnownProject:
    """A project of the user's area."""

    pk: int
    code: str
    year: int
    name: str


class ProjectFinder:
    """By code, else by name and plan year; two queries for a portion at most, only what the user may see."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._by_code: dict[str, list[KnownProject]] = {}
        self._by_year: dict[int, dict[str, list[KnownProject]]] = {}

    def load(self, rows: Iterable[Understood]) -> None:
        codes: dict[str, str] = {}
        years: set[int] = set()
        for row in rows:
            if code := _code(row.values):
                codes[code] = nfc(str(row.values["project_code"]))
            elif isinstance(year := row.values.get("year"), int) and row.values.get("project_name"):
                years.add(year)
        if wanted := codes.keys() - self._by_code.keys():
            self._by_code |= {code: [] for code in wanted}
            for one in self._known(code__in={*wanted, *(codes[code] for code in wanted)}):
                self._by_code[one.code.upper()].append(one)
        if unread := years - self._by_year.keys():
            self._by_year |= {year: defaultdict(list) for year in unread}
            for one in self._known(year__in=unread):
                self._by_year[one.year][name_key(one.name)].append(one)

    def find(self, row: Understood) -> KnownProject | Problem:
        code, name, year = _code(row.values), str(row.values.get("project_name") or ""), row.values.get("year")
        if code:
            return _of_code(code, [one for one in self._by_code[code] if year in (None, one.year)], year)
        if not name:
            return Problem("project_code", NO_PROJECT)
        if not isinstance(year, int):
            return Problem("year", "Chưa có năm kế hoạch. Ghi tên đề án thì phải ghi năm kế hoạch của đề án.")
        return self._of_name(name, year)

    def _of_name(self, name: str, year: int) -> KnownProject | Problem:
        by_name = self._by_year[year]
        found = by_name.get(name_key(name), [])
        if not found:
            found = [one for key, some in by_name.items() if fold(key) == fold(name) for one in some]
        if len(found) == 1:
            return found[0]
        if found:
            offered = {one.code: f"{one.code} – {one.name}" for one in found[:MOST_OFFERED]}
            return Problem("project_code", f"Năm {year} có {len(found)} đề án tên “{name}”. Hãy chọn mã.", offered)
        return Problem(
            "project_name",
            f"Không có đề án tên “{name}” của năm {year} trong địa bàn của đơn vị bạn. Hãy ghi mã đề án.",
        )

    def _known(self, **conditions: Any) -> Iterable[KnownProject]:
        projects = Project.objects.visible_to(self.user).filter(**conditions).order_by("year", "pk")
        return [KnownProject(*values) for values in projects.values_list("pk", "code", "year", "name")]


def name_doubt(row: Understood, project: KnownProject) -> Problem | None:
    """A warning where the row names the project of its code otherwise."""
    name = str(row.values.get("project_name") or "")
    if not name or not _code(row.values) or fold(name) == fold(project.name):
        return None
    return Problem("project_name", f"Cần xem lại: mã {project.code} là đề án “{project.name}”.")


@dataclass(frozen=True)
class Payees:
    """Whom the row may mean (None: the project as a whole); `is_said`: the row names somebody."""

    ids: Sequence[int | None]
    is_said: bool


def payees_meant(ledger: ProjectLedger, text: str, source: Source) -> Payees | Problem:
    """By name, tax code, or what a person chose. A blank cell means those of the source's lines."""
    if not text:
        lines = [payee for (payee, pk), vnd in ledger.approved.items() if pk == source.pk and vnd > 0]
        return Payees(sorted(lines, key=lambda payee: payee or 0) or [None], is_said=False)
    if fold(text) in WHOLE:
        return Payees([None], is_said=True)
    found = _chosen(ledger, text) or _named(ledger, text)
    if found:
        return Payees(found, is_said=True)
    message = f"Đề án không có cơ sở “{text}”. Hãy chọn bên nhận."
    return Problem("payee", message, _offered(ledger, [None, *ledger.payees]))


def ask_which(ledger: ProjectLedger, payees: Payees, source: Source) -> Problem:
    if payees.is_said:
        message = f"Đề án có {len(payees.ids)} cơ sở cùng tên này. Hãy chọn bên nhận."
    else:
        message = f"{source.name} của đề án cấp cho {len(payees.ids)} bên. Hãy ghi tên bên nhận."
    return Problem("payee", message, _offered(ledger, payees.ids))


def payee_doubt(ledger: ProjectLedger, payees: Payees) -> Problem | None:
    """A word where the row leaves the payee out and the money goes to one establishment."""
    if payees.is_said or payees.ids[0] is None:
        return None
    name = ledger.payee_name(payees.ids[0])
    return Problem("payee", f"Tệp để trống: ghi cho {name}, bên duy nhất được cấp từ nguồn này.")


def contract_named(ledger: ProjectLedger, number: str) -> Contract | Problem:
    found = next((one for one in ledger.contracts if name_key(one.number) == name_key(number)), None)
    if found is None:
        return Problem("contract", f"Đề án không có hợp đồng số {number}.", contract_choices(ledger.contracts))
    return found


def contract_choices(contracts: Iterable[Contract]) -> Mapping[str, str]:
    return {one.number: f"Hợp đồng {one.number}" for one in contracts}


def _code(values: Mapping[str, object]) -> str:
    return nfc(str(values.get("project_code") or "")).upper()


def _of_code(code: str, found: Sequence[KnownProject], year: object) -> KnownProject | Problem:
    if len(found) == 1:
        return found[0]
    if found:
        years = {str(one.year): f"{one.year}: {one.name}" for one in found}
        return Problem("year", f"Mã đề án {code} có ở {len(found)} năm. Hãy chọn năm kế hoạch.", years)
    of_year = f" của năm {year}" if year else ""
    return Problem("project_code", f"Không có đề án mã {code}{of_year} trong địa bàn của đơn vị bạn.")


def _chosen(ledger: ProjectLedger, text: str) -> list[int]:
    """One of the namesakes that were offered."""
    chosen = NUMBERED.fullmatch(text)
    pk = int(chosen[2]) if chosen else 0
    return [pk] if chosen and pk in ledger.payees and ledger.payee_name(pk) == chosen[1] else []


def _named(ledger: ProjectLedger, text: str) -> list[int]:
    people = ledger.payees.items()
    return (
        [pk for pk, one in people if _name_key(one.beneficiary.name) == _name_key(text)]
        or [pk for pk, one in people if one.beneficiary.tax_code and one.beneficiary.tax_code == text.replace(" ", "")]
        or [pk for pk, one in people if _spelled(one.beneficiary.name) == _spelled(text)]
    )


@lru_cache(maxsize=10_000)
def _name_key(name: str) -> str:
    return name_key(name)


@lru_cache(maxsize=10_000)
def _spelled(name: str) -> str:
    return " ".join(SPELLED.get(word, word) for word in fold(name).replace(".", " ").split())


def _offered(ledger: ProjectLedger, ids: Sequence[int | None]) -> dict[str, str]:
    """What a person may choose; the key is read again by `payees_meant`."""
    told = [WHOLE_PROJECT if pk is None else _told_apart(ledger, pk) for pk in ids[:MOST_OFFERED]]
    return dict(zip(told, told, strict=True))


def _told_apart(ledger: ProjectLedger, pk: int) -> str:
    """The name, with a number behind it where the project has namesakes."""
    name = ledger.payee_name(pk)
    return name if len(_named(ledger, name)) == 1 else f"{name} (#{pk})"

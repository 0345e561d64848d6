"""What kinds of the registers share: the plan for a row, and how a person is told of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from khuyencong.audit.personal import without_personal_numbers
from khuyencong.audit.record import Changes, differences
from khuyencong.errors import Refused
from khuyencong.importing.fields import FieldKind, ImportField, Problem
from khuyencong.importing.kinds import Verdict
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd

T = TypeVar("T", bound=models.Model)
WRITTEN = frozenset({RowVerdict.NEW, RowVerdict.CHANGED})


@dataclass
class Plan:
    """What a row comes to. `obj`: with its values set, ready to be stored; `before`: its columns until now."""

    verdict: Verdict
    obj: models.Model | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)


def refused(number: int, problems: Iterable[Problem]) -> Plan:
    return Plan(Verdict(number, RowVerdict.REFUSED, problems=tuple(problems)))


def check_writable(plans: Iterable[Plan]) -> None:
    """Errors: Refused, naming the row, when a row is refused or is a duplicate by now."""
    for plan in plans:
        verdict = plan.verdict
        if verdict.verdict in (RowVerdict.REFUSED, RowVerdict.DUPLICATE):
            told = " ".join(problem.message for problem in verdict.problems)
            raise Refused(f"Dòng {verdict.number}: {told}")


def objects_of(plans: Iterable[Plan], model: type[T], *, new: bool) -> list[T]:
    """The objects of that model that are not stored yet, or those that are."""
    return [plan.obj for plan in plans if isinstance(plan.obj, model) and new is not bool(plan.before)]


def value_problems(values: Mapping[str, Any], fields: Iterable[ImportField]) -> list[Problem]:
    """What no form would take: a value too long, one that is no choice, a number below 0."""
    problems = []
    for one in fields:
        value = values.get(one.name)
        if isinstance(value, str) and one.max_length and len(value) > one.max_length:
            problems.append(Problem(one.name, f"{one.label} dài {len(value)} ký tự, nhiều nhất {one.max_length}."))
        if value and one.kind is FieldKind.CHOICE and str(value) not in one.choices:
            problems.append(Problem(one.name, f"{one.label} không có trong danh mục.", one.choices))
        if isinstance(value, int) and value < 0:
            problems.append(Problem(one.name, f"{one.label} không nhận số âm."))
    return problems


def told(model: type[models.Model], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Label → (before, after) as people read them, personal numbers masked."""
    changes = without_personal_numbers(model, differences(before, after))
    money = {str(one.verbose_name) for one in model._meta.concrete_fields if one.name.endswith("_vnd")}
    return {
        label: (_read(pair[0], label in money), _read(pair[1], label in money))
        for label, pair in changes.items()
        if _read(pair[0], False) != _read(pair[1], False)
    }


def _read(value: Any, is_money: bool) -> str:
    if value is None:
        return ""
    if is_money and isinstance(value, int):
        return format_vnd(value)
    return format_date(value) if hasattr(value, "isoformat") else str(value)

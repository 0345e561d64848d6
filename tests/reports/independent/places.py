"""Theo địa bàn, làng nghề: forms whose rows are communes of today or districts of before 01/07/2025."""

from collections import defaultdict
from typing import Any

from programs.models import CraftVillage, CraftVillageEvent, CraftVillageYear
from tests.reports.independent.records import BOTH, Cells, Question, Records, added

UNKNOWN = {"commune": "Chưa xác định xã mới", "district": "Chưa xác định huyện cũ"}
STATUS = {"recognised": "Đã công nhận", "suspended": "Tạm dừng", "faded": "Mai một", "withdrawn": "Thu hồi"}
TITLES = {
    "traditional_craft": "Nghề truyền thống",
    "craft_village": "Làng nghề",
    "traditional_craft_village": "Làng nghề truyền thống",
}
YEAR_FIGURES = (
    "households",
    "craft_households",
    "workers",
    "women_workers",
    "khmer_workers",
    "revenue_vnd",
    "income_per_head_vnd",
)
Group = int | None
"""The unit that a place counts for; None where the law does not tell."""


def places(records: Records, question: Question) -> Cells:
    sums: dict[Group, list[int]] = defaultdict(lambda: [0] * 5)
    makers: dict[Group, set[int]] = defaultdict(set)
    for project in records.decided_in(question, question.start, question.end):
        group = _group(records, project.place_id, question.grouping)
        amounts = records.amounts_by_kind(project.pk, question, question.end)
        sums[group][0] += 1
        for place, kind in enumerate(BOTH, start=1):
            sums[group][place] += amounts.get(kind, 0)
        makers[group] |= {one.beneficiary_id for one in records.parts if one.project_id == project.pk}
    for entry, kind, vnd in records.entries(question):
        if kind in BOTH and question.inside(entry.voucher_date):
            group = _group(records, records.project[entry.project_id].place_id, question.grouping)
            sums[group][3 + BOTH.index(kind)] += vnd
    rows = []
    for number, (group, label) in enumerate(_groups(records, question), start=1):
        rows.append([str(number), label, *_with_sums(sums[group], len(makers[group]))])
    every = len({one for found in makers.values() for one in found})
    total = [sum(one[place] for one in sums.values()) for place in range(5)]
    return [[*rows, [None, "Tổng cộng", *_with_sums(total, every)]]]


def _with_sums(figures: list[int], makers: int) -> list[int]:
    projects, central, provincial, paid_central, paid_provincial = figures
    approved, paid = central + provincial, paid_central + paid_provincial
    return [projects, makers, central, provincial, approved, paid_central, paid_provincial, paid]


def _groups(records: Records, question: Question) -> list[tuple[Group, str]]:
    """The units that places of the area count for, in Vietnamese order; last what cannot be told."""
    found = {_group(records, pk, question.grouping) for pk in records.units if records.is_asked(pk, question)}
    units = sorted((records.units[pk] for pk in found if pk is not None), key=lambda one: (one.sort_key, one.pk))
    known: list[tuple[Group, str]] = [(one.pk, f"{one.name} (cũ)" if one.valid_to else one.name) for one in units]
    return [*known, (None, UNKNOWN[question.grouping])] if None in found else known


def _group(records: Records, place: int, grouping: str) -> Group:
    return _commune(records, place) if grouping == "commune" else _district(records, place)


def _commune(records: Records, place: int) -> Group:
    """Today's commune, or the one that took the old one over whole."""
    unit = records.units[place]
    if unit.valid_to is None:
        return place if unit.level == "commune" else None
    heirs = [one for one in records.successions if one.old_id == place]
    is_whole = len(heirs) == 1 and heirs[0].part == "full"
    return _commune(records, heirs[0].new_id) if is_whole else None


def _district(records: Records, place: int) -> Group:
    """The old district, or the only one that today's commune is made of."""
    unit = records.units[place]
    if unit.level == "district":
        return place
    if unit.level == "province":
        return None
    parent = records.units.get(unit.parent_id)
    if parent and parent.level == "district":
        return int(parent.pk)
    before = {records.units[one.old_id].parent_id for one in records.successions if one.new_id == place}
    districts = {one if one and records.units[one].level == "district" else None for one in before}
    return districts.pop() if len(districts) == 1 else None


def craft_villages(records: Records, question: Question) -> Cells:
    villages = [one for one in CraftVillage.objects.all() if records.is_asked(one.place_id, question)]
    villages.sort(key=lambda one: (one.sort_key, one.pk))
    events, years = list(CraftVillageEvent.objects.all()), list(CraftVillageYear.objects.all())
    rows: list[list[Any]] = []
    all_of_them: list[list[Any]] = []
    for group, label in _groups(records, question):
        own = [one for one in villages if _group(records, one.place_id, question.grouping) == group]
        found = [_village(records, question, place, one, events, years) for place, one in enumerate(own, start=1)]
        if found:
            rows += [_sum_row(label, found), *found]
            all_of_them += found
    return [[*rows, _sum_row("Tổng cộng", all_of_them)]]


def _sum_row(label: str, rows: list[list[Any]]) -> list[Any]:
    """An average income is no sum."""
    return [None, label, None, None, None, None, *added(rows, range(6, 13)), None]


def _village(
    records: Records, question: Question, number: int, village: Any, events: list[Any], years: list[Any]
) -> list[Any]:
    place = records.units[village.place_id]
    name = f"{village.name}, {place.name} (cũ)" if place.valid_to else f"{village.name}, {place.name}"
    own = [one for one in events if one.village_id == village.pk and one.event_date <= question.end]
    last = max(own, key=lambda one: (one.event_date, one.pk), default=None)
    told = [one for one in years if one.village_id == village.pk and one.year == question.year]
    figures = max(told, key=lambda one: (one.reported_date, one.pk), default=None)
    status = STATUS[last.kind] if last else "Chưa công nhận"
    title = TITLES.get(last.recognition) if last else None
    decision = f"{last.decision_number} ngày {last.event_date:%d/%m/%Y}" if last else None
    known = [int(getattr(figures, name)) for name in YEAR_FIGURES] if figures else [None] * 7
    is_recognised = int(bool(last) and last.kind == "recognised")
    return [str(number), name, village.craft or None, status, title, decision, is_recognised, *known]

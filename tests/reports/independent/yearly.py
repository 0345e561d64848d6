"""Kết quả, kinh phí, bình chọn sản phẩm: the three yearly forms of the Ministry."""

import datetime
from typing import Any

from programs.models import Product, ProductAwardEvent
from tests.reports.independent.records import BOTH, Cells, Question, Records, added

MERGER = datetime.date(2025, 7, 1)
HEADINGS = {
    "1": "Số sản phẩm đăng ký tham gia bình chọn",
    "2": "Tổng sản phẩm được cấp giấy chứng nhận sản phẩm công nghiệp nông thôn tiêu biểu",
}
GROUPS = {
    "handicraft": "Nhóm thủ công mỹ nghệ",
    "food": "Nhóm chế biến nông, lâm, thủy sản và thực phẩm",
    "machinery": "Nhóm phụ tùng, máy móc, thiết bị, cơ khí",
    "other": "Nhóm sản phẩm khác",
}


def results(records: Records, question: Question) -> Cells:
    rows = []
    for indicator in records.indicators:
        sums = dict.fromkeys(BOTH, 0)
        for value in records.achieved(question):
            if value.indicator_id == indicator.pk and question.inside(value.achieved_date):
                sums[value.budget] += value.achieved_value
        rows.append([indicator.code, indicator.name, indicator.unit, sums["central"], sums["provincial"]])
    return [rows]


def money_by_item(records: Records, question: Question) -> dict[tuple[int, str], int]:
    """(item, kind of source) → đồng of the period, paid or approved as is asked."""
    sums: dict[tuple[int, str], int] = {}
    if question.basis == "approved":
        for project in records.decided_in(question, question.start, question.end):
            for kind, vnd in records.amounts_by_kind(project.pk, question, question.end).items():
                key = project.support_item_id, kind
                sums[key] = sums.get(key, 0) + vnd
        return sums
    for entry, kind, vnd in records.entries(question):
        if question.inside(entry.voucher_date):
            key = records.project[entry.project_id].support_item_id, kind
            sums[key] = sums.get(key, 0) + vnd
    return sums


def funding(records: Records, question: Question) -> Cells:
    sums = money_by_item(records, question)
    rows: list[list[Any]] = [
        [str(item.row), item.name, "Tr. đồng", *(sums.get((item.pk, kind), 0) for kind in BOTH)]
        for item in records.items
        if item.is_active or any(sums.get((item.pk, kind)) for kind in BOTH)
    ]
    return [[*rows, [None, "Tổng cộng", "Tr. đồng", *added(rows, range(3, 5))]]]


def product_awards(records: Records, question: Question) -> Cells:
    levels = [{"national", "region"}, {"province"}, {"district"}][: 3 if question.start < MERGER else 2]
    events = _events(records, question)
    rows: list[list[Any]] = []
    for heading, count in (("1", _registered), ("2", _certified)):
        groups: list[list[Any]] = [
            [f"{heading}.{number}", label, "Sản phẩm", *(count(events, group, names) for names in levels)]
            for number, (group, label) in enumerate(GROUPS.items(), start=1)
        ]
        rows += [[heading, HEADINGS[heading], "Sản phẩm", *added(groups, range(3, 3 + len(levels)))], *groups]
    return [rows]


def _events(records: Records, question: Question) -> list[tuple[Any, str]]:
    """(event, group of its product) of the period and the area, in the order of the days."""
    products = {one.pk: one for one in Product.objects.all()}
    places = {pk: records.beneficiary[one.beneficiary_id].place_id for pk, one in products.items()}
    found = [
        (one, products[one.product_id].group)
        for one in ProductAwardEvent.objects.all()
        if question.inside(one.event_date) and records.is_asked(places[one.product_id], question)
    ]
    # On one day a withdrawal has the last word.
    return sorted(found, key=lambda pair: (pair[0].event_date, pair[0].kind == "withdrawn"))


def _registered(events: list[tuple[Any, str]], group: str, levels: set[str]) -> int:
    return len(
        {
            one.product_id
            for one, of_group in events
            if of_group == group and one.level in levels and one.kind == "registered"
        }
    )


def _certified(events: list[tuple[Any, str]], group: str, levels: set[str]) -> int:
    """Products that hold a certificate in the end, at one of the levels."""
    holding = set()
    for one, of_group in events:
        if of_group != group or one.level not in levels:
            continue
        if one.kind == "certified":
            holding.add((one.product_id, one.level))
        if one.kind == "withdrawn":
            holding.discard((one.product_id, one.level))
    return len({product for product, _ in holding})

"""Products of a file and their awards stored in sets, each with its event."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, Entry, differences, record_many, snapshot, subject_of
from khuyencong.importing.kinds import Written
from khuyencong.uniqueness import refusing_duplicates
from programs.actions.product import AWARD_FIELDS, UNIQUE
from programs.imports.columns import as_json, update_many
from programs.imports.product_awards import Said
from programs.imports.product_match import NameKey, ProductMatch, ProductMatcher
from programs.imports.writing import Plan, told
from programs.models import Product, ProductAwardEvent

UNIQUE_AWARD = {"product_award_unique": "kind"}


@dataclass
class ProductPlan(Plan):
    """`match`: the product, whose own changes are `changes`. `awards`: to be added."""

    match: ProductMatch | None = None
    awards: Sequence[ProductAwardEvent] = field(default_factory=list)


def award_of(said: Said) -> ProductAwardEvent:
    """The event without its product."""
    award = said.award
    return ProductAwardEvent(level=award.level, kind=award.kind, event_date=award.day, decision_number=said.number)


def told_awards(added: Sequence[Said]) -> dict[str, tuple[str, str]]:
    """The awards of one row as people read them: the last in full, an earlier one by its day."""
    shown: dict[str, tuple[str, str]] = {}
    for one in added[:-1]:
        event = award_of(one)
        shown[f"{event.get_kind_display()}: ngày"] = told(ProductAwardEvent, {}, snapshot(event, AWARD_FIELDS))["Ngày"]
    if added:
        shown |= told(ProductAwardEvent, {}, snapshot(award_of(added[-1]), AWARD_FIELDS))
    return shown


def store(plans: Sequence[ProductPlan], matcher: ProductMatcher, user: User) -> list[Written]:
    """New products, changed ones, awards; each object once, with one event.

    Errors: Refused when somebody has written the same this very moment.
    """
    new = [plan for plan in plans if plan.obj is not None and not plan.before]
    changed: dict[int, list[ProductPlan]] = defaultdict(list)
    for plan in plans:
        if plan.obj is not None and plan.before and plan.changes:
            changed[id(plan.obj)].append(plan)
    with refusing_duplicates(Product, **UNIQUE), refusing_duplicates(ProductAwardEvent, **UNIQUE_AWARD):
        Product.objects.bulk_create([plan.obj for plan in new if isinstance(plan.obj, Product)])
        update_many(Product, [some[0].obj for some in changed.values()])
        _give_products(plans, {plan.match.key: plan.obj for plan in new if plan.match}, matcher)
        ProductAwardEvent.objects.bulk_create([one for plan in plans for one in plan.awards])
    record_many(_entries(new, changed, plans), by=user)
    firsts = [*new, *(some[0] for some in changed.values())]
    return [
        *(_written(plan.verdict.number, plan.obj, plan.before) for plan in firsts),
        *(_written(plan.verdict.number, one, {}) for plan in plans for one in plan.awards),
    ]


def _give_products(plans: Sequence[ProductPlan], made: Mapping[NameKey, Any], matcher: ProductMatcher) -> None:
    """Each award gets the product that was stored long since, a moment or a portion ago."""
    for plan in plans:
        match = plan.match
        if not plan.awards or match is None:
            continue
        product = match.stored or made.get(match.key) or matcher.brought(match.key)
        assert isinstance(product, Product)
        for award in plan.awards:
            award.product = product


def _entries(
    new: Sequence[ProductPlan], changed: Mapping[int, Sequence[ProductPlan]], plans: Sequence[ProductPlan]
) -> Iterator[Entry]:
    for plan in new:
        yield _product_entry("add", "Thêm", plan, plan.changes)
    for some in changed.values():
        together = {label: pair for plan in some for label, pair in plan.changes.items()}
        yield _product_entry("edit", "Sửa", some[0], together)
    for plan in plans:
        for award in plan.awards:
            yield _award_entry(plan, award)


def _product_entry(action: str, word: str, plan: ProductPlan, changes: Changes) -> Entry:
    assert plan.obj is not None
    return Entry(
        action=f"product_{action}",
        action_label=f"{word} sản phẩm (nhập từ Excel)",
        obj=plan.obj,
        place_id=_place_of(plan),
        changes=changes,
    )


def _award_entry(plan: ProductPlan, award: ProductAwardEvent) -> Entry:
    return Entry(
        action="product_award",
        action_label=f"Bình chọn sản phẩm: {award.get_kind_display().lower()} (nhập từ Excel)",
        obj=award,
        subject=subject_of(award.product),
        place_id=_place_of(plan),
        changes=differences({}, snapshot(award, AWARD_FIELDS)),
        document_number=award.decision_number,
        document_date=award.event_date if award.decision_number else None,
    )


def _place_of(plan: ProductPlan) -> int | None:
    return plan.match.owner.place_id if plan.match else None


def _written(number: int, obj: Any, before: Mapping[str, Any]) -> Written:
    return Written(number, obj._meta.label_lower, obj.pk, before, as_json(obj))

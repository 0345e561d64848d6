"""Writing a product and what it was registered and certified for."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import differences, record, snapshot, subject_of
from khuyencong.errors import Refused
from khuyencong.localities.reference import MERGER_DATE
from khuyencong.uniqueness import refusing_duplicates
from programs import policies
from programs.actions.registers import NEW, check_unchanged, save_values
from programs.models import Beneficiary, Product, ProductAwardEvent
from programs.rules.product_awards import Award, award_problem, order_problem

EDITED_FIELDS = ("name", "group")
UNIQUE = {"product_unique": "name"}
AWARD_FIELDS = ("level", "kind", "event_date", "decision_number")


@transaction.atomic
def add_product(*, beneficiary: Beneficiary, values: dict[str, Any], by: User) -> Product:
    """A product of an establishment. `values`: EDITED_FIELDS. Errors: NotAllowed; Refused when it has the name."""
    _check_may_write(by, beneficiary)
    _check_name_free(beneficiary, values["name"], except_id=NEW)
    with refusing_duplicates(Product, **UNIQUE):
        product = Product.objects.create(beneficiary=beneficiary, **values)
    record(
        by=by,
        action="product_add",
        action_label="Thêm sản phẩm",
        obj=product,
        place_id=beneficiary.place_id,
        changes={"Cơ sở": (None, beneficiary.name), **differences({}, snapshot(product, EDITED_FIELDS))},
    )
    return product


@transaction.atomic
def edit_product(*, product_id: int, values: dict[str, Any], by: User, version: str) -> Product:
    """Errors: NotAllowed; Refused when the establishment has the name; Overtaken when `version` is no longer true."""
    product = _lock(product_id, by)
    check_unchanged(product, EDITED_FIELDS, version)
    _check_name_free(product.beneficiary, values["name"], except_id=product.pk)
    changes = save_values(product, values, EDITED_FIELDS, UNIQUE)
    if changes:
        record(
            by=by,
            action="product_edit",
            action_label="Sửa sản phẩm",
            obj=product,
            place_id=product.beneficiary.place_id,
            changes=changes,
        )
    return product


@transaction.atomic
def add_award(*, product_id: int, values: dict[str, Any], by: User) -> ProductAwardEvent:
    """Record a registration, a certificate or its withdrawal at one level. `values`: AWARD_FIELDS.

    Errors: Refused when the date lies ahead; when what must come before is missing (a certificate needs a registration
    at that level, a withdrawal a certificate); when a decision number is missing; when it is already recorded.
    """
    product = _lock(product_id, by)
    _check_award(product, values)
    award = ProductAwardEvent.objects.create(product=product, **values)
    record(
        by=by,
        action="product_award",
        action_label=f"Bình chọn sản phẩm: {award.get_kind_display().lower()}",
        obj=award,
        subject=subject_of(product),
        place_id=product.beneficiary.place_id,
        changes=differences({}, snapshot(award, AWARD_FIELDS)),
        document_number=award.decision_number,
        document_date=award.event_date if award.decision_number else None,
    )
    return award


def _lock(product_id: int, by: User) -> Product:
    product = Product.objects.select_for_update(of=("self",)).select_related("beneficiary").get(pk=product_id)
    _check_may_write(by, product.beneficiary)
    return product


def _check_may_write(by: User, beneficiary: Beneficiary) -> None:
    policies.check_permission(by, Permission.PRODUCT_EDIT)
    policies.check_covers(by, beneficiary.place_id)


def _check_name_free(beneficiary: Beneficiary, name: str, *, except_id: int) -> None:
    if beneficiary.products.filter(name=name).exclude(pk=except_id).exists():
        raise Refused("Cơ sở đã có sản phẩm cùng tên.", field="name")


def _check_award(product: Product, values: dict[str, Any]) -> None:
    award = Award(str(values["level"]), str(values["kind"]), values["event_date"])
    number = values.get("decision_number") or ""
    field, message = award_problem(award, number, today=timezone.localdate(), districts_until=MERGER_DATE)
    if message:
        raise Refused(message, field=field)
    recorded = [Award(*event) for event in product.award_events.values_list("level", "kind", "event_date")]
    if message := order_problem(award, recorded):
        raise Refused(message, field="kind")
    if award in recorded:
        raise Refused("Việc này đã được ghi cho sản phẩm.", field="kind")

"""Writing an establishment: add, edit, and the note that its list was taken out."""

from typing import Any

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.personal import without_personal_numbers
from khuyencong.audit.record import Changes, differences, record, snapshot
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.text import fold
from programs import policies
from programs.actions.registers import NEW, check_unchanged, save_values
from programs.models import Beneficiary

EDITED_FIELDS = (
    "name",
    "kind",
    "tax_code",
    "owner_name",
    "owner_citizen_id",
    "phone",
    "address",
    "place",
    "sector",
    "founded_year",
    "note",
)
UNIQUE = {"beneficiary_tax_code_unique": "tax_code"}


@transaction.atomic
def add_beneficiary(*, values: dict[str, Any], by: User, accept_similar: bool = False) -> Beneficiary:
    """A new establishment.

    `values`: EDITED_FIELDS as model values. Errors: NotAllowed outside the person's area; Refused at `tax_code` when
    another has it, at `accept_similar` when one of the same name stands in the same place and nobody has accepted it.
    """
    policies.check_permission(by, Permission.BENEFICIARY_EDIT)
    policies.check_covers(by, values["place"].pk)
    _check_not_there_already(values, except_id=NEW, accept_similar=accept_similar)
    with refusing_duplicates(Beneficiary, **UNIQUE):
        beneficiary = Beneficiary.objects.create(**values)
    changes = differences({}, snapshot(beneficiary, EDITED_FIELDS))
    _audit(beneficiary, by=by, action="beneficiary_add", label="Thêm cơ sở thụ hưởng", changes=changes)
    return beneficiary


@transaction.atomic
def edit_beneficiary(
    *, beneficiary_id: int, values: dict[str, Any], by: User, version: str, accept_similar: bool = False
) -> Beneficiary:
    """Change an establishment. `version` is the fingerprint of what was shown.

    Errors: as for adding; Overtaken when somebody else has changed it meanwhile.
    """
    policies.check_permission(by, Permission.BENEFICIARY_EDIT)
    beneficiary = Beneficiary.objects.select_for_update(of=("self",)).get(pk=beneficiary_id)
    for place_id in (beneficiary.place_id, values["place"].pk):
        policies.check_covers(by, place_id)
    check_unchanged(beneficiary, EDITED_FIELDS, version)
    moved = (fold(values["name"]), values["place"].pk) != (fold(beneficiary.name), beneficiary.place_id)
    _check_not_there_already(values, except_id=beneficiary.pk, accept_similar=accept_similar or not moved)
    changes = save_values(beneficiary, values, EDITED_FIELDS, UNIQUE)
    if changes:
        _audit(beneficiary, by=by, action="beneficiary_edit", label="Sửa cơ sở thụ hưởng", changes=changes)
    return beneficiary


@transaction.atomic
def record_export(*, by: User, row_count: int, condition: str) -> None:
    """That the person took a list of `row_count` establishments out of the portal, and how it was filtered."""
    record(
        by=by,
        action="beneficiary_export",
        action_label="Tải danh sách cơ sở thụ hưởng ra Excel",
        obj=by,
        place_id=by.area_id,
        changes={"Số dòng": (None, row_count), "Điều kiện lọc": (None, condition)},
    )


def similar_beneficiaries(name: str, place_id: int, *, except_id: int = NEW) -> list[Beneficiary]:
    """Establishments of the same name, accents and case apart, in the same place."""
    wanted = fold(name)
    near = Beneficiary.objects.filter(place_id=place_id, folded__startswith=wanted).exclude(pk=except_id)
    return [other for other in near if fold(other.name) == wanted]


def _check_not_there_already(values: dict[str, Any], *, except_id: int, accept_similar: bool) -> None:
    tax_code = values.get("tax_code", "")
    if tax_code and Beneficiary.objects.filter(tax_code=tax_code).exclude(pk=except_id).exists():
        raise Refused("Mã số thuế này đã có ở một cơ sở khác.", field="tax_code")
    similar = similar_beneficiaries(values["name"], values["place"].pk, except_id=except_id)
    if similar and not accept_similar:
        known = "; ".join(f"{one.name} (MST {one.tax_code or 'chưa có'})" for one in similar[:3])
        raise Refused(
            f"Địa bàn này đã có cơ sở cùng tên: {known}. Đánh dấu vào ô này nếu đúng là cơ sở khác.",
            field="accept_similar",
        )


def _audit(beneficiary: Beneficiary, *, by: User, action: str, label: str, changes: Changes) -> None:
    record(
        by=by,
        action=action,
        action_label=label,
        obj=beneficiary,
        place_id=beneficiary.place_id,
        changes=without_personal_numbers(Beneficiary, changes),
    )

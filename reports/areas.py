"""Which places a report may be drawn for: the person's own area and every unit in it, of today and of old."""

from collections.abc import Iterable

from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit, UnitLevel

GroupedChoices = list[tuple[str, list[tuple[int, str]]]]

LEVEL_PREFIXES = ("Tỉnh ", "Huyện ", "Thị xã ", "Thị trấn ", "Xã ", "Phường ", "Đặc khu ")
# (level, abolished) → heading, in the order of the list.
GROUPS = {
    (UnitLevel.PROVINCE, False): "Tỉnh",
    (UnitLevel.PROVINCE, True): "Tỉnh cũ (đến 30/06/2025)",
    (UnitLevel.COMMUNE, False): "Xã, phường hiện nay",
    (UnitLevel.DISTRICT, False): "Huyện, thị xã, thành phố",
    (UnitLevel.DISTRICT, True): "Huyện, thị xã, thành phố cũ (đến 30/06/2025)",
    (UnitLevel.COMMUNE, True): "Xã, phường, thị trấn cũ (đến 30/06/2025)",
}
OLD_UNIT_NOTE = "Địa bàn là đơn vị hành chính cũ: chỉ gồm các đề án ghi theo địa danh trước ngày 01/07/2025."
NEW_COMMUNE_NOTE = (
    "Địa bàn gồm cả các xã, phường cũ nhập trọn vào đơn vị này; xã cũ bị chia cho nhiều đơn vị chỉ tính ở cấp tỉnh."
)


def selectable_units(user: User) -> list[AdministrativeUnit]:
    """Every unit that the person's area covers, in Vietnamese order; one query."""
    return list(AdministrativeUnit.objects.covered_by(user.area_id).select_related("parent"))


def grouped_choices(units: Iterable[AdministrativeUnit]) -> GroupedChoices:
    groups: dict[str, list[tuple[int, str]]] = {heading: [] for heading in GROUPS.values()}
    for unit in units:
        groups[GROUPS[UnitLevel(unit.level), unit.valid_to is not None]].append((unit.pk, unit_label(unit)))
    return [(heading, choices) for heading, choices in groups.items() if choices]


def unit_label(unit: AdministrativeUnit) -> str:
    """The name, and for an old commune its district, since names move: "Xã Phước Long (cũ, Huyện Phước Long)"."""
    if unit.valid_to and unit.level == UnitLevel.COMMUNE and unit.parent:
        return f"{unit.name} (cũ, {unit.parent.name})"
    return str(unit)


def area_note(unit: AdministrativeUnit) -> str:
    """What the sums of this area leave out or take in; empty for a province of today."""
    if unit.valid_to:
        return OLD_UNIT_NOTE
    return NEW_COMMUNE_NOTE if unit.level == UnitLevel.COMMUNE else ""


def place_name(unit: AdministrativeUnit) -> str:
    """As it stands before the date of a document: "Cà Mau", not "Tỉnh Cà Mau"."""
    prefix = next((prefix for prefix in LEVEL_PREFIXES if unit.name.startswith(prefix)), "")
    return unit.name.removeprefix(prefix)

"""Craft villages as public sources name them, one invented and recognised, and some products for the awards form."""

import csv
import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from funding.demo.people import Cast, current_unit
from programs.actions.craft_village import add_craft_village, add_event, add_year
from programs.actions.product import add_award, add_product
from programs.models import (
    ILLUSTRATION_NOTE,
    AwardLevel,
    Beneficiary,
    CraftRecognitionKind,
    CraftVillageEventKind,
    ProductAwardKind,
    ProductGroup,
)

VILLAGES = Path(settings.BASE_DIR) / "programs" / "data" / "craft_villages.csv"
RECOGNISED = f"Làng nghề đan lưới ({ILLUSTRATION_NOTE.lower()})"
VILLAGE_FIGURES = {
    "households": 120,
    "craft_households": 46,
    "workers": 105,
    "women_workers": 68,
    "khmer_workers": 31,
    "revenue_vnd": 3_450_000_000,
    "income_per_head_vnd": 54_000_000,
}
# beneficiary of the demo, product, group, level, certified
PRODUCTS = [
    ("Hợp tác xã khô Gành Hào", "Khô cá sặc bổi", ProductGroup.FOOD, AwardLevel.PROVINCE, True),
    ("Cơ sở nước mắm Hai Lợi", "Nước mắm cá cơm", ProductGroup.FOOD, AwardLevel.PROVINCE, False),
    ("Tổ hợp tác rèn Ngan Dừa", "Bộ nông cụ cầm tay", ProductGroup.MACHINERY, AwardLevel.PROVINCE, True),
    ("Tổ hợp tác đan đát ấp Mỹ 1", "Giỏ lục bình", ProductGroup.HANDICRAFT, AwardLevel.NATIONAL, True),
]


def make_villages(cast: Cast) -> int:
    """The file's names only: no decision is known of any, so none is shown as recognised."""
    with VILLAGES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        add_craft_village(
            values={
                "name": row["name"],
                "craft": row["craft"],
                "place": current_unit(row["new_commune_code"]),
                "source_note": f"Theo thông tin công khai: {row['status_note']}.",
            },
            by=cast.department,
        )
    _make_recognised_village(cast)
    return len(rows) + 1


def _make_recognised_village(cast: Cast) -> None:
    """Invented from its name to its figures, so that the forms of craft villages show something."""
    today = timezone.localdate()
    values = {"name": RECOGNISED, "craft": "Đan lưới", "place": current_unit("31843"), "source_note": ILLUSTRATION_NOTE}
    village = add_craft_village(values=values, by=cast.department)
    decision = {
        "kind": CraftVillageEventKind.RECOGNISED,
        "recognition": CraftRecognitionKind.CRAFT_VILLAGE,
        "decision_number": f"52/QĐ-UBND ({ILLUSTRATION_NOTE.lower()})",
        "event_date": datetime.date(today.year, 1, 2) - datetime.timedelta(days=100),
        "regime": None,
    }
    add_event(village_id=village.pk, values=decision, by=cast.department)
    figures = {"year": today.year, "reported_date": today, "source": ILLUSTRATION_NOTE, **VILLAGE_FIGURES}
    add_year(village_id=village.pk, values=figures, by=cast.department)


def make_products(cast: Cast, year: int) -> int:
    """Registered products, some of them certified; invented."""
    today = timezone.localdate()
    for index, (owner, name, group, level, certified) in enumerate(PRODUCTS, start=1):
        beneficiary = Beneficiary.objects.filter(name=owner).order_by("pk").first()
        assert beneficiary is not None, owner
        values = {"name": f"{name} ({ILLUSTRATION_NOTE.lower()})", "group": group}
        product = add_product(beneficiary=beneficiary, values=values, by=cast.department)
        event = {"level": level, "decision_number": "", "event_date": min(datetime.date(year, 3, 10), today)}
        add_award(product_id=product.pk, values={**event, "kind": ProductAwardKind.REGISTERED}, by=cast.department)
        if certified:
            decision = {"event_date": min(datetime.date(year, 8, 20), today), "decision_number": f"{index}/QĐ-UBND"}
            kind = ProductAwardKind.CERTIFIED
            add_award(product_id=product.pk, values={**event, **decision, "kind": kind}, by=cast.department)
    return len(PRODUCTS)

"""Products and craft villages beside the projects of `bench_data`, for the forms that count them."""

import datetime
import random
from collections.abc import Sequence

from programs.models import (
    AwardLevel,
    Beneficiary,
    CraftVillage,
    CraftVillageYear,
    Product,
    ProductAwardEvent,
    ProductAwardKind,
    ProductGroup,
)

VILLAGES = 300
EVERY = 10  # one establishment in so many has a product


def seed_registers(places: Sequence[int], years: Sequence[int], rng: random.Random) -> dict[str, int]:
    """One product for every tenth establishment, registered and certified; villages with figures of each year."""
    return _products(years, rng) | _villages(places, years, rng)


def _products(years: Sequence[int], rng: random.Random) -> dict[str, int]:
    owners = Beneficiary.objects.filter(products__isnull=True).order_by("pk").values_list("pk", flat=True)
    products = Product.objects.bulk_create(
        [
            Product(beneficiary_id=owner, name=f"Sản phẩm {owner}", group=rng.choice(ProductGroup.values))
            for owner in list(owners)[::EVERY]
        ],
        batch_size=1000,
    )
    events = [event for product in products for event in _events(product, rng.choice(years), rng)]
    ProductAwardEvent.objects.bulk_create(events, batch_size=1000)
    return {"Product": len(products), "ProductAwardEvent": len(events)}


def _events(product: Product, year: int, rng: random.Random) -> list[ProductAwardEvent]:
    level = rng.choice([AwardLevel.PROVINCE, AwardLevel.NATIONAL])
    days = {
        ProductAwardKind.REGISTERED: datetime.date(year, 4, 1),
        ProductAwardKind.CERTIFIED: datetime.date(year, 9, 1),
    }
    return [
        ProductAwardEvent(product=product, level=level, kind=kind, event_date=day, decision_number=f"{product.pk}/QĐ")
        for kind, day in days.items()
    ]


def _villages(places: Sequence[int], years: Sequence[int], rng: random.Random) -> dict[str, int]:
    if CraftVillage.objects.filter(craft="Nghề đo").exists():
        return {}
    villages = CraftVillage.objects.bulk_create(
        [
            CraftVillage(name=f"Làng nghề đo {number}", craft="Nghề đo", place_id=rng.choice(places))
            for number in range(VILLAGES)
        ]
    )
    figures = [
        CraftVillageYear(
            village=village,
            year=year,
            reported_date=datetime.date(year, 12, 1),
            source="Số đo",
            households=rng.randrange(100, 900),
            craft_households=rng.randrange(10, 100),
            workers=rng.randrange(100, 300),
        )
        for village in villages
        for year in years
    ]
    CraftVillageYear.objects.bulk_create(figures, batch_size=1000)
    return {"CraftVillage": len(villages), "CraftVillageYear": len(figures)}

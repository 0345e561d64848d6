"""Reference data of money: sources, support norms, advance limits."""

import csv
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from funding.models import AdvanceLimit, Norm, Source, SourceKind
from programs.models import SupportItem
from programs.workflow import Track

DATA = Path(__file__).parent / "data"
VND_PER_MILLION = 1_000_000
SOURCES = [
    ("KCQG", "Khuyến công quốc gia (TW)", SourceKind.CENTRAL),
    ("KCDP", "Khuyến công địa phương", SourceKind.PROVINCIAL),
    ("HUYEN", "Ngân sách huyện, xã", SourceKind.DISTRICT),
    ("DOIUNG", "Đối ứng của cơ sở", SourceKind.COUNTERPART),
    ("KHAC", "Nguồn khác", SourceKind.OTHER),
]
FACTOR_MARK = ": cap × "  # between a multiplier's condition and its factor
# Which rows of the funding form each advance limit is about, by how its text begins.
ITEMS_OF_LIMIT = {
    "Hạ tầng cụm công nghiệp": (22,),
    "Đào tạo nghề": (1, 2, 3, 4),
    "Tư vấn, tập huấn": (5, 6, 7, 15, 16, 17, 20),
    "Mô hình trình diễn": (9, 10, 11),
}
TRACKS = {"central": Track.NATIONAL, "local": Track.LOCAL}


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@transaction.atomic
def load_funding_reference() -> str:
    """Rows that are missing are added; rows already there stay as an administrator may have edited them."""
    for position, (code, name, kind) in enumerate(SOURCES, start=1):
        Source.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, "position": position})
    norms, limits = _load_norms(), _load_advance_limits()
    return f"{len(SOURCES)} nguồn vốn, {norms} định mức, {limits} mức tạm ứng"


def _load_norms() -> int:
    rows = _read("support_norms.csv")
    items = {item.row: item for item in SupportItem.objects.all()}
    for row in rows:
        multiplier, note = _multiplier(row["multiplier"])
        Norm.objects.get_or_create(
            support_item=items[int(row["funding_row"])],
            name=row["item"],
            track=TRACKS[row["track"]].value,
            legal_basis=row["legal_basis"],
            defaults={
                "rate_percent": Decimal(row["rate_percent"]) if row["rate_percent"] else None,
                "cap_vnd": int(Decimal(row["cap_million_vnd"]) * VND_PER_MILLION) if row["cap_million_vnd"] else None,
                "per": row["per"],
                "multiplier": multiplier,
                "multiplier_note": note,
                # A date that the file does not give stays unknown.
                "valid_from": row["valid_from"] or None,
                "valid_to": row["valid_to"] or None,
                "certainty": row["certainty"],
            },
        )
    return len(rows)


def _multiplier(text: str) -> tuple[Decimal | None, str]:
    """ "dây chuyền công nghệ: cap × 1.5" → 1.50 and the condition."""
    note, mark, factor = text.rpartition(FACTOR_MARK)
    return (Decimal(factor), note) if mark else (None, text)


def _load_advance_limits() -> int:
    rows = _read("advance_limits.csv")
    for row in rows:
        limit, _ = AdvanceLimit.objects.get_or_create(
            applies_to=row["applies_to"],
            legal_basis=row["legal_basis"],
            defaults={
                "first_advance_percent": Decimal(row["first_advance_percent"]),
                "condition": row["condition"],
                "certainty": row["certainty"],
            },
        )
        _name_items(limit)
    return len(rows)


def _name_items(limit: AdvanceLimit) -> None:
    """The support items of a limit that names none yet; what an administrator chose stays."""
    if limit.support_items.exists():
        return
    numbers = [number for text, rows in ITEMS_OF_LIMIT.items() if limit.applies_to.startswith(text) for number in rows]
    limit.support_items.set(SupportItem.objects.filter(row__in=numbers))

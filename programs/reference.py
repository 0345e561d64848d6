"""Reference data of the forms: support items, result indicators, legal texts, sectors."""

import csv
from pathlib import Path

from django.db import transaction

from programs.council_reference import load_criteria
from programs.deadline_reference import load_deadline_rules
from programs.dossier_reference import load_dossier_requirements
from programs.duplicate_reference import load_duplicate_rules
from programs.models import LegalDocument, Programme, ResultIndicator, Sector, SupportItem
from programs.workflow import Track

DATA = Path(__file__).parent / "data"
MONEY_UNIT = "Tr. Đồng"
SECTORS = [
    ("Chế biến nông, lâm, thủy sản và thực phẩm", True),
    ("Cơ khí, máy nông cụ", True),
    ("Hàng tiêu dùng, hàng xuất khẩu", True),
    ("Tiểu thủ công nghiệp làng nghề", True),
    ("Ngành khác", False),
]

NATIONAL_2026 = {
    "name": "Chương trình khuyến công quốc gia giai đoạn 2026–2030",
    "track": Track.NATIONAL.value,
    "start_year": 2026,
    "end_year": 2030,
}


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@transaction.atomic
def load_programme_reference() -> str:
    """Rows that are missing are added; rows already there stay as an administrator may have edited them."""
    items, indicators = _load_items(), _load_indicators()
    for row in _read("legal_documents.csv"):
        # Only confirmed dates are given; an administrator adds the rest.
        dates = {name: row.pop(name) or None for name in ("issued_date", "valid_from", "valid_to")}
        LegalDocument.objects.get_or_create(number=row.pop("number"), defaults={**row, **dates})
    for name, is_priority in SECTORS:
        Sector.objects.get_or_create(name=name, defaults={"is_priority": is_priority})
    basis = LegalDocument.objects.get(number="2646/QĐ-BCT")
    Programme.objects.get_or_create(code="KCQG-2026-2030", defaults={**NATIONAL_2026, "legal_basis": basis})
    load_duplicate_rules()
    deadlines, papers, criteria = load_deadline_rules(), load_dossier_requirements(), load_criteria()
    return (
        f"{items} nội dung hỗ trợ, {indicators} chỉ tiêu kết quả, {deadlines} thời hạn, {papers} thành phần hồ sơ, "
        f"{criteria} tiêu chí thẩm định"
    )


def _load_items() -> int:
    known = set(SupportItem.objects.values_list("row", flat=True))
    rows = [SupportItem(row=int(row["row"]), name=row["item"]) for row in _read("form_funding.csv")]
    SupportItem.objects.bulk_create(row for row in rows if row.row not in known)
    return len(rows)


def _load_indicators() -> int:
    known = {indicator.code: indicator for indicator in ResultIndicator.objects.all()}
    rows = _read("form_results.csv")
    for position, row in enumerate(rows, start=1):
        if row["row"] not in known:
            known[row["row"]] = ResultIndicator.objects.create(
                code=row["row"],
                position=position,
                parent=known.get(row["parent_row"]),
                name=row["indicator"],
                unit=row["unit"],
                is_money=row["unit"] == MONEY_UNIT,
            )
    return len(rows)

"""How far back a likely second support is looked for: the office's own choice until a text says otherwise."""

from programs.models import Certainty, DuplicateRule

YEARS = 3
BASIS = "Ngưỡng cảnh báo nội bộ, chưa có căn cứ pháp lý; sửa được"


def load_duplicate_rules() -> int:
    """Adds the row when there is none; those already there stay as an administrator may have edited them."""
    if not DuplicateRule.objects.exists():
        DuplicateRule.objects.create(years=YEARS, legal_basis=BASIS, certainty=Certainty.UNVERIFIED)
    return DuplicateRule.objects.count()

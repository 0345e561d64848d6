"""Signs of a second support as lines for people."""

from collections.abc import Sequence

from programs.queries.duplicates import Sign

SIGNS_SHOWN = 5
WHERE = "mục “Kiểm tra trùng hỗ trợ” ở thẻ Cơ sở thụ hưởng"


def listed(signs: Sequence[Sign]) -> list[str]:
    """The first few, and how many more there are."""
    lines = [f"– {sign.told()}." for sign in signs[:SIGNS_SHOWN]]
    rest = len(signs) - len(lines)
    return [*lines, f"– và {rest} dấu hiệu khác, xem {WHERE}."] if rest else lines

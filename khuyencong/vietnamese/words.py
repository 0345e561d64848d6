"""Amounts of money read out in Vietnamese, for contracts and minutes."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9


def in_words(vnd: int) -> str:
    """Whole đồng in words: 6788900000 → "sáu tỷ bảy trăm tám mươi tám triệu chín trăm nghìn đồng"."""
    if vnd < 0:
        return f"âm {in_words(-vnd)}"
    return f"{_number(vnd)} đồng"


def _number(value: int) -> str:
    if value == 0:
        return _DIGITS[0]
    billions, rest = divmod(value, _BILLION)
    words = [f"{_number(billions)} tỷ"] if billions else []
    for scale, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, rest = divmod(rest, scale)
        if group:
            words.append(f"{_group(group, padded=bool(words))} {name}".strip())
    return " ".join(words)


def _group(value: int, *, padded: bool) -> str:
    """Three digits; after a larger group the hundreds are always said ("không trăm linh năm")."""
    hundreds, below = divmod(value, 100)
    words = []
    if hundreds or padded:
        words.append(f"{_DIGITS[hundreds]} trăm")
    tens, ones = divmod(below, 10)
    if tens == 0 and ones and words:
        words.append("linh")
    elif tens == 1:
        words.append("mười")
    elif tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
    if ones:
        words.append(_ones(tens, ones))
    return " ".join(words)


def _ones(tens: int, ones: int) -> str:
    if ones == 5 and tens > 0:
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(ones, _DIGITS[ones])
    return _DIGITS[ones]

"""Names of places as people write them: kinds in full or shortened, several levels in one cell."""

import re
from dataclasses import dataclass

from khuyencong.vietnamese.text import fold, name_key, nfc

PROVINCE, DISTRICT, COMMUNE = "province", "district", "commune"
_KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "xa": ("xa", frozenset({COMMUNE})),
    "x": ("xa", frozenset({COMMUNE})),
    "phuong": ("phuong", frozenset({COMMUNE})),
    "p": ("phuong", frozenset({COMMUNE})),
    "thi tran": ("thi tran", frozenset({COMMUNE})),
    "tt": ("thi tran", frozenset({COMMUNE})),
    "dac khu": ("dac khu", frozenset({COMMUNE})),
    "huyen": ("huyen", frozenset({DISTRICT})),
    "h": ("huyen", frozenset({DISTRICT})),
    "quan": ("quan", frozenset({DISTRICT})),
    "thi xa": ("thi xa", frozenset({DISTRICT})),
    "tx": ("thi xa", frozenset({DISTRICT})),
    "thanh pho": ("thanh pho", frozenset({DISTRICT, PROVINCE})),
    "tp": ("thanh pho", frozenset({DISTRICT, PROVINCE})),
    "tinh": ("tinh", frozenset({PROVINCE})),
    "t": ("tinh", frozenset({PROVINCE})),
}
_WHOLE = re.compile(r"(thi tran|dac khu|thi xa|thanh pho|xa|phuong|huyen|quan|tinh)\s*[.:]?\s+(?=\S)")
_SHORT = re.compile(r"(tt|tx|tp|x|p|h|t)\s*\.\s*(?=\S)|(tt|tx|tp)\s+(?=\S)|(p)\s*(?=[0-9])")
_SEPARATOR = re.compile(r"\s*[,;/\n]\s*|\s+[-–]\s+")
_HAMLET = re.compile(
    r"(?:ap|khom|thon|khu pho|kp|khu vuc|kv|to|so|duong|quoc lo|ql|lo|hem|kenh|cum|ktt|kcn)\b.*|[0-9].*"
)
_ZEROS = re.compile(r"\b0+(?=[0-9])")


@dataclass(frozen=True)
class PlaceName:
    """`kind`: "xa", "huyen" … or "" when it is not written; `levels`: those that the kind may have."""

    text: str
    kind: str
    levels: frozenset[str]
    key: str
    folded: str

    @property
    def is_hamlet(self) -> bool:
        """A street, a number or a part of a commune: the portal has no list of these."""
        return not self.kind and bool(_HAMLET.fullmatch(self.folded))


def parse_name(text: str) -> PlaceName:
    """ "TT. Hộ Phòng" → kind "thi tran", key of "Hộ Phòng"."""
    clean = nfc(text).strip(" .,;")
    kind, rest = _split_kind(clean)
    bare = _ZEROS.sub("", rest)
    found = _KINDS.get(kind, ("", frozenset()))
    return PlaceName(clean, found[0], found[1], name_key(bare), fold(bare))


def _split_kind(clean: str) -> tuple[str, str]:
    folded = fold(clean)
    if len(folded) != len(clean):  # letters that fold into more or fewer: no position can be carried over
        return "", clean
    match = _WHOLE.match(folded) or _SHORT.match(folded)
    if not match:
        return "", clean
    return next(group for group in match.groups() if group), clean[match.end() :]


def split_places(text: str) -> list[PlaceName]:
    """ "ấp 3, xã A, huyện B" → its parts, from the smallest on."""
    return [parse_name(part) for part in _SEPARATOR.split(nfc(text.replace("\n", ", "))) if part.strip(" .,;")]

"""What the name of a font says about the encoding of its letters."""

from dataclasses import dataclass

from khuyencong.vietnamese.encodings import Encoding


@dataclass(frozen=True)
class FontEncoding:
    encoding: Encoding
    is_capital: bool = False


def font_encoding(font: str) -> FontEncoding | None:
    """What the name of a font says: ".VnTime" is TCVN3, ".VnTimeH" its capitals, "VNI-Times" is VNI; else None."""
    name = font.strip()
    if name.lower().startswith(".vn"):
        return FontEncoding("tcvn3", name.endswith("H"))
    return FontEncoding("vni") if name.lower().startswith(("vni-", "vni ")) else None

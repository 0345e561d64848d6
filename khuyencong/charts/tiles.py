"""A grid of places, one tile each, shaded in a few classes that can also be counted. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from khuyencong.charts.lettering import broken
from khuyencong.charts.series import LEGEND_ROW, SIZE
from khuyencong.charts.svg import Part, element, moved, rect, words

SMALLEST, LARGEST, HEIGHT, GAP = 80, 150, 66, 4
NAME_SIZE, NAME_ROW, EDGE = 10.5, 12, 5
CLASSES = 4
STEP_WIDTH, STEP_HEIGHT = 11, 5


@dataclass(frozen=True)
class Tile:
    name: str
    value: int
    text: str
    link: str = ""


@dataclass(frozen=True)
class Shades:
    """Class of a figure: 0 for none, then 1 to at most CLASSES; `tops` are the highest figures of the classes."""

    tops: Sequence[int]

    def of(self, value: int) -> int:
        if value <= 0:
            return 0
        return next((place for place, top in enumerate(self.tops, start=1) if value <= top), len(self.tops))


def shades_of(values: Sequence[int]) -> Shades:
    """Classes of about as many places each, so that one large place does not make the others look alike."""
    known = sorted(value for value in values if value > 0)
    count = len(known)
    tops = {known[-(-count * place // CLASSES) - 1] for place in range(1, CLASSES + 1)} if known else set()
    return Shades(sorted(tops))


def tiles(places: Sequence[Tile], shades: Shades, width: float) -> Part:
    """In the order given, row by row; as many to a row as can be read."""
    if not places:
        return Part("", 0)
    columns = max(1, min(len(places), int((width + GAP) // (SMALLEST + GAP))))
    across = min(LARGEST, (width + GAP) / columns - GAP)
    body = ""
    for place, tile in enumerate(places):
        row, column = divmod(place, columns)
        body += moved(_tile(tile, shades.of(tile.value), across), column * (across + GAP), row * (HEIGHT + GAP))
    rows = -(-len(places) // columns)
    return Part(body, rows * (HEIGHT + GAP) - GAP)


def _tile(tile: Tile, shade: int, width: float) -> str:
    names = broken(tile.name, width - 2 * EDGE, NAME_SIZE, 2)
    body = rect(0.5, 0.5, width - 1, HEIGHT - 1, f"kc-tile kc-shade-{shade}")
    body += "".join(
        words(name, EDGE, 14 + place * NAME_ROW, css=f"kc-tile-name kc-on-{shade}") for place, name in enumerate(names)
    )
    body += words(tile.text, EDGE, 44, css=f"kc-tile-figure kc-on-{shade}") + moved(_steps(shade), EDGE, 53)
    tip = element("title", escape(f"{tile.name}: {tile.text}"))
    return element("a", tip, body, href=tile.link) if tile.link else element("g", tip, body)


def _steps(shade: int) -> str:
    """As many filled boxes as the class: it can be counted without any colour."""
    return "".join(
        rect(
            place * (STEP_WIDTH + 2), 0, STEP_WIDTH, STEP_HEIGHT, f"kc-step-{'on' if place < shade else 'off'}-{shade}"
        )
        for place in range(CLASSES)
    )


def tile_legend(labels: Sequence[tuple[int, str]], width: float, needed: float) -> Part:
    """A sample of each class and what it holds; `needed`: the width of the longest, with its sample."""
    columns = max(1, int(width // needed))
    body = ""
    for place, (shade, label) in enumerate(labels):
        row, column = divmod(place, columns)
        sample = rect(0.5, 0.5, 60, 15, f"kc-tile kc-shade-{shade}") + moved(_steps(shade), 5, 5.5)
        body += moved(sample + words(label, 68, 12), column * needed, row * (LEGEND_ROW + 2))
    return Part(body, -(-len(labels) // columns) * (LEGEND_ROW + 2))


def legend_width(longest: float) -> float:
    """Of one entry of the legend whose words are that wide."""
    return 68 + longest + SIZE

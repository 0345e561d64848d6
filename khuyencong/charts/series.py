"""What a chart draws: series told apart by shape and pattern first, colour second. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from khuyencong.charts.lettering import width_of
from khuyencong.charts.svg import Part, line, polyline, rect, words

SIZE = 12  # of the font, in user units
LEGEND_ROW = 20


# Drawn once in the page, templates/components/_chart_patterns.html.
HATCH, DOTS = "url(#kc-hatch)", "url(#kc-dots)"


class Look(StrEnum):
    """How a series is drawn; the value is the end of its class in the style sheet."""

    HOLLOW = "hollow"  # a plan: outline, dashed line
    HATCHED = "hatched"  # decided: stripes, thin line with squares
    SOLID = "solid"  # done: filled, thick line with dots
    DOTTED = "dotted"  # wants attention: dots on a light ground


@dataclass(frozen=True)
class Series:
    key: str
    label: str
    look: Look


@dataclass(frozen=True)
class Group:
    """One name of an axis and its figures, one per series; None where there is nothing to draw."""

    label: str
    values: Sequence[int | None]
    texts: Sequence[str]  # the figures as people read them


def legend(series: Sequence[Series], width: float, *, lines: bool = False) -> Part:
    """A sample and a name for each series, in as many rows as the width needs."""
    body, x, y = "", 0.0, 0.0
    for one in series:
        needed = 32 + width_of(one.label, SIZE) + 14
        if x and x + needed > width:
            x, y = 0.0, y + LEGEND_ROW
        body += _sample(one.look, x, y, lines) + words(one.label, x + 32, y + 12)
        x += needed
    return Part(body, y + LEGEND_ROW)


def _sample(look: Look, x: float, y: float, lines: bool) -> str:
    if not lines:
        return bar(x + 1, y + 2, 24, 12, look)
    return polyline([(x + 1, y + 8), (x + 25, y + 8)], f"kc-line-{look}") + marker(look, x + 13, y + 8)


def bar(x: float, y: float, width: float, height: float, look: Look) -> str:
    fill = {Look.HATCHED: HATCH, Look.DOTTED: DOTS}.get(look, "")
    return rect(x, y, width, height, f"kc-bar-{look}", fill)


def marker(look: Look, x: float, y: float) -> str:
    """The point of a line: a square, a filled square, nothing for what has no points."""
    if look is Look.HOLLOW:
        return ""
    side = 7 if look is Look.HATCHED else 6
    return rect(x - side / 2, y - side / 2, side, side, f"kc-mark-{look}")


def stacked(*parts: Part, gap: float = 8) -> Part:
    """One below the other."""
    body, y = "", 0.0
    for part in parts:
        if part.body:
            body += f'<g transform="translate(0 {y:.1f})">{part.body}</g>'
            y += part.height + gap
    return Part(body, max(y - gap, 0))


def axis(x1: float, y1: float, x2: float, y2: float) -> str:
    return line(x1, y1, x2, y2, "kc-axis")

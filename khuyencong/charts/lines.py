"""Lines through the months of a year, each with its last figure written at its end. Pure Python."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from khuyencong.charts.lettering import width_of
from khuyencong.charts.scale import Scale, ticks
from khuyencong.charts.series import SIZE, Look, Series, axis, marker
from khuyencong.charts.svg import Part, line, polyline, told, words

HEIGHT, TOP, BOTTOM = 220, 12, 36
LABEL_ROW = 15


@dataclass(frozen=True)
class Path:
    """A series along the axis; None where it has not got to yet."""

    series: Series
    values: Sequence[int | None]

    @property
    def last(self) -> tuple[int, int] | None:
        """Place and figure of the last point."""
        known = [(place, value) for place, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None


@dataclass(frozen=True)
class Axis:
    names: Sequence[str]
    caption: str


def lines(paths: Sequence[Path], axis_below: Axis, width: float, text_of: Callable[[int], str]) -> Part:
    """`text_of` writes a figure for people, at the axis and at the ends of the lines."""
    marks = ticks([value for path in paths for value in path.values if value is not None])
    left = max(width_of(text_of(mark), SIZE) for mark in marks) + 8
    ends = [text_of(path.last[1]) for path in paths if path.last]
    right = max((width_of(text, SIZE, bold=True) for text in ends), default=0) + 12
    x = Scale(0, max(len(axis_below.names) - 1, 1), left + 6, width - right)
    y = Scale(min(marks), max(max(marks), min(marks) + 1), HEIGHT - BOTTOM, TOP)
    body = _grid(marks, left, width - right + 6, y, text_of) + _names(axis_below, x)
    body += "".join(_path(path, axis_below, x, y, text_of) for path in paths)
    return Part(body + _ends(paths, x, y, text_of), HEIGHT)


def _grid(marks: Sequence[int], left: float, right: float, y: Scale, text_of: Callable[[int], str]) -> str:
    body = ""
    for mark in marks:
        at = y.at(mark)
        body += axis(left, at, right, at) if mark == 0 else line(left, at, right, at, "kc-grid")
        body += words(text_of(mark), left - 6, at + 4, anchor="end", css="kc-chart-quiet")
    return body


def _names(axis_below: Axis, x: Scale) -> str:
    base = HEIGHT - BOTTOM + 16
    names = (words(name, x.at(place), base, anchor="middle") for place, name in enumerate(axis_below.names))
    middle = (x.start + x.end) / 2
    return "".join(names) + words(axis_below.caption, middle, base + 16, anchor="middle", css="kc-chart-quiet")


def _path(path: Path, axis_below: Axis, x: Scale, y: Scale, text_of: Callable[[int], str]) -> str:
    known = [(place, value) for place, value in enumerate(path.values) if value is not None]
    points = [(x.at(place), y.at(value)) for place, value in known]
    if len(points) < 2 and path.series.look is Look.HOLLOW:
        return ""
    body = polyline(points, f"kc-line-{path.series.look}")
    for (place, value), (at, down) in zip(known, points, strict=True):
        tip = f"{path.series.label}, {axis_below.caption.lower()} {axis_below.names[place]}: {text_of(value)}"
        body += told(tip, marker(path.series.look, at, down))
    return body


def _ends(paths: Sequence[Path], x: Scale, y: Scale, text_of: Callable[[int], str]) -> str:
    """The last figures, pushed apart where lines end close together."""
    found = [(y.at(path.last[1]) + 4, x.at(path.last[0]), path.last[1]) for path in paths if path.last]
    body, above = "", float("-inf")
    for at, along, value in sorted(found):
        down = max(at, above + LABEL_ROW)
        above = down
        body += words(text_of(value), along + 8, down, css="kc-chart-figure")
    return body

"""Lying bars with the figure at the end of each: nothing has to be read off an axis. Pure Python."""

from collections.abc import Sequence

from khuyencong.charts.lettering import cut, width_of
from khuyencong.charts.scale import Scale, limits
from khuyencong.charts.series import SIZE, Group, Series, axis, bar
from khuyencong.charts.svg import Part, moved, told, words

BAR, GAP, GROUP_GAP, HEADING = 13, 3, 10, 18
LABEL_SHARE = 0.32  # of the width that names may take beside the bars; longer ones stand above them
TEXT_GAP = 5
NOTHING = "không có"


def bars(
    groups: Sequence[Group],
    series: Sequence[Series],
    width: float,
    *,
    span: tuple[int, int] | None = None,
    heading: str = "",
    room_for: Sequence[int] = (),
) -> Part:
    """A group of bars per name, one bar per series, from zero.

    Of several charts drawn alike: `span`, their limits; `room_for`, how many bars each group has room for at least.
    """
    low, high = span or limits(value for group in groups for value in group.values if value is not None)
    beside = max((width_of(group.label, SIZE) for group in groups), default=0) + 8
    is_beside = beside <= width * LABEL_SHARE
    left = beside if is_beside else 1
    room = max((width_of(text, SIZE) for group in groups for text in group.texts), default=0) + TEXT_GAP
    start = left + (room if low < 0 else 0)
    scale = Scale(low, high, start, max(width - room, start + 10))
    body, y = words(heading, 0, 12, css="kc-chart-heading") if heading else "", float(HEADING if heading else 0)
    top = y
    for place, group in enumerate(groups):
        least = room_for[place] if room_for else 1
        drawn = _group(group, series, scale, width, is_beside, least)
        body += moved(drawn.body, 0, y)
        y += drawn.height + GROUP_GAP
    y = max(y - GROUP_GAP, top)
    line = axis(scale.at(0), top, scale.at(0), y) if is_beside else ""
    return Part(body + line, y + 2)


def _group(group: Group, series: Sequence[Series], scale: Scale, width: float, is_beside: bool, least: int) -> Part:
    top = 0 if is_beside else HEADING
    drawn = _drawn(group, series)
    height = top + max(len(drawn), least) * (BAR + GAP) - GAP
    if is_beside:
        body = words(group.label, 0, height / 2 + 4)
    else:
        body = told(group.label, words(cut(group.label, width, SIZE), 0, 12))
        body += axis(scale.at(0), top - 1, scale.at(0), height + 1)
    for place, (one, value, text) in enumerate(drawn):
        tip = f"{group.label}, {one.label}: {text}"
        body += told(tip, _bar(one, value, text, scale, top + place * (BAR + GAP)))
    if not drawn:
        body += words(NOTHING, scale.at(0) + TEXT_GAP, (top + height) / 2 + 4, css="kc-chart-quiet")
    return Part(body, height)


def bar_count(group: Group) -> int:
    """How many bars are drawn for a group: none where all its figures are zero."""
    known = [value for value in group.values if value is not None]
    return len(known) if any(known) else 0


def _drawn(group: Group, series: Sequence[Series]) -> list[tuple[Series, int, str]]:
    """The bars of a group: an empty year takes one line."""
    if not bar_count(group):
        return []
    every = zip(series, group.values, group.texts, strict=True)
    return [(one, value, text) for one, value, text in every if value is not None]


def _bar(series: Series, value: int, text: str, scale: Scale, y: float) -> str:
    zero, end = scale.at(0), scale.at(value)
    shape = bar(min(zero, end), y + 0.5, abs(end - zero), BAR - 1, series.look) if value else ""
    if value < 0:
        return shape + words(text, end - TEXT_GAP, y + 11, css="kc-chart-figure", anchor="end")
    return shape + words(text, end + TEXT_GAP, y + 11, css="kc-chart-figure")

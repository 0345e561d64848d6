"""The signatures under a table: who gets which columns, and what stands in each cell. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from khuyencong.excel.table import Signature
from khuyencong.excel.textfit import CELL_PADDING, line_count, spans, text_width

ROOM_TO_SIGN, LITTLE_ROOM = 4, 3  # empty lines; the fewer where signatures stand in two rows
Parts = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class SignatureCell:
    """`span`: first and last column; `parts`: texts with their looks; `lines` that they take."""

    span: tuple[int, int]
    parts: Parts
    lines: int


def signature_rows(widths: Sequence[float], signatures: Sequence[Signature], dated: str) -> list[list[SignatureCell]]:
    """All signatures beside each other where the columns leave room for their titles and names, else two by two.

    The place and date stand above the last one. In a row titles begin level and names stand level.
    """
    needs = [_need(one) for one in signatures]
    for date_text in (dated, _broken(dated)):
        places = _places(widths, _with_date(needs, date_text))
        if len(signatures) <= 2 or _fits(widths, places, _with_date(needs, date_text)):
            return [_row(widths, places, signatures, dated, ROOM_TO_SIGN)]
    places = _places(widths, _with_date([max(needs)] * 2, dated))
    pairs = [signatures[place : place + 2] for place in range(0, len(signatures), 2)]
    dates = ["" if pair is not pairs[-1] else dated for pair in pairs]
    return [
        _row(widths, places[-len(pair) :], pair, date_text, LITTLE_ROOM)
        for pair, date_text in zip(pairs, dates, strict=True)
    ]


def _places(widths: Sequence[float], needs: Sequence[float]) -> list[tuple[int, int]]:
    """As wide as each other where every text then stands on its line, else in proportion to their texts."""
    even = sum(widths) / len(needs)
    return spans(widths, needs if max(needs) > even else [1.0] * len(needs))


def _fits(widths: Sequence[float], places: Sequence[tuple[int, int]], needs: Sequence[float]) -> bool:
    return all(need <= _room(widths, span) for need, span in zip(needs, places, strict=True))


def _with_date(needs: Sequence[float], dated: str) -> list[float]:
    longest = max(text_width(line) for line in dated.split("\n"))
    return [*needs[:-1], max(needs[-1], longest + CELL_PADDING)]


def _row(
    widths: Sequence[float],
    places: Sequence[tuple[int, int]],
    signatures: Sequence[Signature],
    dated: str,
    to_sign: int,
) -> list[SignatureCell]:
    rooms = [_room(widths, span) for span in places]
    signatures = [_shaped(one, room) for one, room in zip(signatures, rooms, strict=True)]
    heads = [_head_lines(one, room) for one, room in zip(signatures, rooms, strict=True)]
    dated = dated if line_count(dated, rooms[-1]) == 1 else _broken(dated)
    cells = []
    for place, (span, one) in enumerate(zip(places, signatures, strict=True)):
        date_text = dated if one is signatures[-1] else " " + "\n" * dated.count("\n")
        parts = _parts(one, date_text if dated else "", room=to_sign + max(heads) - heads[place])
        lines = line_count("".join(text for text, _ in parts), rooms[place], bold=True)
        cells.append(SignatureCell(span, parts, lines))
    return cells


def _shaped(signature: Signature, room: float) -> Signature:
    """Title and hint broken here where they may not fit, so that every program draws as many lines as are counted."""
    title = (
        signature.title if line_count(signature.title, room, bold=True) == 1 else _halves(signature.title, bold=True)
    )
    hint = signature.hint if line_count(signature.hint, room) == 1 else _halves(signature.hint)
    return replace(signature, title=title, hint=hint)


def _head_lines(signature: Signature, room: float) -> int:
    """Lines of title and hint."""
    hint = line_count(signature.hint, room) if signature.hint else 0
    return line_count(signature.title, room, bold=True) + hint


def _broken(dated: str) -> str:
    """The place above the date, where both do not fit on one line."""
    return dated.replace(", ", ",\n", 1)


def _need(signature: Signature) -> float:
    """What keeps the name on one line, and title and hint on two at most."""
    title = _halved(signature.title, bold=True)
    return max(title, _halved(signature.hint), text_width(signature.name, bold=True)) + CELL_PADDING


def _halved(text: str, *, bold: bool = False) -> float:
    """How wide a text is on two lines."""
    return max(text_width(line, bold=bold) for line in _halves(text, bold=bold).split("\n"))


def _halves(text: str, *, bold: bool = False) -> str:
    """Broken where both lines are most alike; what has two lines already, or one word, stays as it is."""
    words = text.split()
    if "\n" in text or len(words) < 2:
        return text
    halves = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
    return "\n".join(min(halves, key=lambda pair: max(text_width(half, bold=bold) for half in pair)))


def _room(widths: Sequence[float], span: tuple[int, int]) -> float:
    return sum(widths[span[0] : span[1] + 1])


def _parts(signature: Signature, date_line: str, *, room: int) -> Parts:
    """Place and date, title, hint, `room` empty lines to sign, name."""
    italic, bold = {"italic": True}, {"bold": True}
    parts: Parts = [(date_line + "\n", italic)] if date_line else []
    parts.append((signature.title + "\n", bold))
    if signature.hint:
        parts.append((signature.hint + "\n", italic))
    return [*parts, ("\n" * room + (signature.name or " "), bold)]

"""What may be recorded of a product's awards, wherever it comes from: a form or a file."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

REGISTERED, CERTIFIED, WITHDRAWN = "registered", "certified", "withdrawn"
DISTRICT = "district"
_NEEDED = {
    CERTIFIED: (REGISTERED, "Chưa đăng ký bình chọn ở cấp này."),
    WITHDRAWN: (CERTIFIED, "Chưa được cấp giấy chứng nhận ở cấp này."),
}


@dataclass(frozen=True)
class Award:
    """One event of a product; `level` and `kind` as they are stored. A product has each once only."""

    level: str
    kind: str
    day: datetime.date


def award_problem(
    award: Award, decision_number: str, *, today: datetime.date, districts_until: datetime.date
) -> tuple[str, str]:
    """The field and what is wrong with the event by itself; ("", "") when nothing is.

    `districts_until`: the first day without districts.
    """
    if award.day > today:
        return "event_date", "Ngày không thể sau hôm nay."
    if award.level == DISTRICT and award.day >= districts_until:
        return "level", f"Cấp huyện không còn từ {districts_until:%d/%m/%Y}."
    if award.kind != REGISTERED and not decision_number:
        return "decision_number", "Cấp hoặc thu hồi giấy chứng nhận phải có số quyết định."
    return "", ""


def order_problem(award: Award, recorded: Iterable[Award]) -> str:
    """What must already stand at that level, dated no later: a registration before a certificate, that before its
    withdrawal. `recorded`: the events of the same product. "" when it is there."""
    kind, message = _NEEDED.get(award.kind, ("", ""))
    stands = any(one.level == award.level and one.kind == kind and one.day <= award.day for one in recorded)
    return "" if not kind or stands else message

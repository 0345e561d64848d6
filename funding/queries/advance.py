"""Which advance limit holds for a project on a day, and what the payee has been advanced."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from funding.models import AdvanceLimit, Contract
from funding.rules.advance import Support
from funding.rules.ceiling import Amounts, LineKey, line_of
from programs.models import Certainty, Project

NO_LIMIT = "Không có mức tạm ứng nào áp dụng cho nội dung này vào ngày chứng từ; chỉ giữ mức kinh phí được duyệt."


@dataclass(frozen=True)
class LimitInForce:
    """The limit of a day, or none; it binds when its text was compared and its first day is known."""

    limit: AdvanceLimit | None

    @property
    def doubts(self) -> list[str]:
        """Why it only warns."""
        if self.limit is None:
            return []
        unverified = ["chưa đối chiếu văn bản"] if self.limit.certainty != Certainty.CONFIRMED else []
        return unverified + (["chưa rõ ngày áp dụng"] if self.limit.valid_from is None else [])

    @property
    def is_binding(self) -> bool:
        return self.limit is not None and not self.doubts

    @property
    def percent(self) -> Decimal | None:
        return self.limit.first_advance_percent if self.limit else None

    @property
    def percent_text(self) -> str:
        """70 or 62,5; without the sign."""
        text = f"{self.percent:f}" if self.percent is not None else ""
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")

    @property
    def conditions(self) -> list[str]:
        """Each thing that must be there before the advance."""
        parts = self.limit.condition.split(",") if self.limit else []
        return [part.strip() for part in parts if part.strip()]

    @property
    def rule(self) -> str:
        """The rule in words, with how sure of it we are: kept with every advance."""
        if self.limit is None:
            return NO_LIMIT
        text = (
            f"{self.limit.applies_to}: tạm ứng tối đa {self.percent_text} % kinh phí hỗ trợ. {self.limit.legal_basis}"
        )
        return text + (f" (chỉ cảnh báo: {', '.join(self.doubts)})." if self.doubts else ".")


def limits_of(project: Project) -> list[LimitInForce]:
    """Every limit of the project's support item, whatever its dates."""
    rows = AdvanceLimit.objects.filter(support_items=project.support_item_id).order_by("-valid_from", "pk")
    return [LimitInForce(row) for row in rows]


def limit_among(limits: Iterable[AdvanceLimit], day: datetime.date) -> LimitInForce:
    """Of the limits of a support item that of the day: one that binds first, then the newest, then the lowest."""
    found = sorted((LimitInForce(row) for row in limits if _holds(row, day)), key=_rank)
    return found[0] if found else LimitInForce(None)


def support_among(
    approved: Amounts, contracts: Sequence[Contract], advanced: Amounts, key: LineKey
) -> tuple[Support, int]:
    """What the payee was granted from the source, and the net advances that count against it, in đồng.

    `advanced`: net advances per payee and source, never below 0. An establishment with neither a line nor a contract of
    its own draws on the whole project's line, together with everybody else who does.
    """
    line = line_of(approved, key)
    total = sum(vnd for (payee, _), vnd in approved.items() if payee == line[0])
    own = sum(one.support_vnd for one in contracts if one.participant_id == key[0])
    if own:
        return Support(approved.get(line, 0), total, own), advanced.get(key, 0)
    shared = sum(one.support_vnd for one in contracts if one.participant_id == line[0])
    used = sum(vnd for payee, vnd in advanced.items() if line_of(approved, payee) == line)
    return Support(approved.get(line, 0), total, shared or None), used


def _holds(row: AdvanceLimit, day: datetime.date) -> bool:
    """Like `in_force_on`, of a row already read: an open end reaches for ever."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def _rank(found: LimitInForce) -> tuple[bool, int, Decimal]:
    begins = found.limit.valid_from if found.limit else None
    return not found.is_binding, -(begins.toordinal() if begins else 0), found.percent or Decimal(0)

"""The signs of a second support as a page shows them to one person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from khuyencong.accounts.models import User
from programs.models import DuplicateReason, Project
from programs.queries.duplicates import Sign, hard_signs, look_back, reasons_of, soft_signs

ROWS_SHOWN = 100


@dataclass(frozen=True)
class SignRow:
    """A sign, its reasons, and whether the person may see the other project; if not, its name stays hidden."""

    sign: Sign
    is_visible: bool
    reasons: Sequence[DuplicateReason] = ()

    @property
    def value(self) -> str:
        """How a form names the sign."""
        kind, other_id = self.sign.key
        return f"{kind}-{other_id}"

    @property
    def is_open(self) -> bool:
        """A soft sign without a reason."""
        return not self.sign.is_hard and not self.reasons

    @property
    def other_owner(self) -> str:
        """The establishment there when it is another one."""
        mine, there = self.sign.part.beneficiary, self.sign.other.beneficiary
        if mine.pk == there.pk:
            return ""
        return there.name if self.is_visible else "một cơ sở ngoài địa bàn của bạn"


@dataclass(frozen=True)
class DuplicateTable:
    """All signs of a project: what forbids first, then what still wants a reason. `years` None: any year."""

    all_rows: list[SignRow]
    years: int | None

    @property
    def rows(self) -> list[SignRow]:
        return self.all_rows[:ROWS_SHOWN]

    @property
    def hidden_count(self) -> int:
        return len(self.all_rows) - len(self.rows)

    @cached_property
    def hard_count(self) -> int:
        return sum(row.sign.is_hard for row in self.all_rows)

    @cached_property
    def open_count(self) -> int:
        return sum(row.is_open for row in self.all_rows)

    @property
    def soft_rows(self) -> list[SignRow]:
        """What a reason may be given for."""
        return [row for row in self.all_rows if not row.sign.is_hard][:ROWS_SHOWN]


def duplicate_table(user: User, project: Project) -> DuplicateTable:
    """The same number of queries for any number of signs."""
    soft = soft_signs(project)
    signs, reasons = [*hard_signs(project), *soft], reasons_of(project) if soft else {}
    visible = _visible(user, {sign.other.project_id for sign in signs})
    rows = [SignRow(sign, sign.other.project_id in visible, _answers(sign, reasons)) for sign in signs]
    return DuplicateTable(sorted(rows, key=lambda row: (not row.sign.is_hard, not row.is_open)), look_back())


def _answers(sign: Sign, reasons: dict[tuple[str, int], list[DuplicateReason]]) -> Sequence[DuplicateReason]:
    return () if sign.is_hard else reasons.get(sign.key, ())


def _visible(user: User, ids: Collection[int]) -> set[int]:
    return set(Project.objects.visible_to(user).filter(pk__in=ids).order_by().values_list("pk", flat=True))

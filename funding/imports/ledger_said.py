"""What a row says of a voucher, and whether the ledger says it already."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from funding.actions.advance import Grounds
from funding.actions.voucher import Voucher
from funding.actions.wording import dong
from funding.imports.ledger_match import Payees
from funding.models import LedgerKind, Source
from funding.queries.project_ledger import Posting, ProjectLedger, number_key
from khuyencong.importing.fields import ImportField, Problem, Understood
from khuyencong.importing.kinds import Verdict
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc

FORM_FIELDS = {"participant": "payee", "year": "budget_year"}
"""Where a refusal of the form is shown in a row, unless the name is the same."""
MONEY_FIELDS = frozenset({"amount_vnd", "year", "override_reason"})
"""Refusals in which earlier rows of the file count."""
SHOWN_ROWS = 10
NOTE_LENGTH = 300


@dataclass(frozen=True)
class Said:
    """A row after its project, source and payees were found."""

    row: Understood
    ledger: ProjectLedger
    source: Source
    payees: Payees

    @property
    def kind(self) -> LedgerKind:
        return LedgerKind(str(self.row.values["kind"]))

    @property
    def number(self) -> str:
        return nfc(str(self.row.values["voucher_number"]))

    @property
    def date(self) -> datetime.date:
        return datetime.date.fromisoformat(str(self.row.values["voucher_date"]))

    @property
    def amount_vnd(self) -> int:
        return int(str(self.row.values["amount_vnd"]))

    def text(self, name: str) -> str:
        return str(self.row.values.get(name) or "")

    def voucher(self, participant_id: int | None, contract_id: int | None) -> Voucher:
        """As the form would send it."""
        year = self.row.values.get("budget_year")
        return Voucher(
            self.kind,
            self.source,
            participant_id,
            self.amount_vnd,
            self.number,
            self.date,
            self.text("treasury_reference"),
            note_of(self.row),
            year if isinstance(year, int) else None,
            contract_id,
            Grounds(self.text("condition_note"), self.text("override_reason")),
        )


def note_of(row: Understood) -> str:
    """The ledger has no column for the Treasury's day: it stands at the end of the note."""
    day = str(row.values.get("treasury_date") or "")
    shown = f"Kho bạc hạch toán ngày {format_date(datetime.date.fromisoformat(day))}" if day else ""
    return "; ".join(part for part in (str(row.values.get("note") or ""), shown) if part)


def known_verdict(said: Said) -> Verdict | None:
    """What the number tells: the row stands in the ledger or in the file already, or its number belongs to another.

    A number that belongs to another voucher is refused and not passed over as a duplicate: one of the two is wrong, and
    a row that is left out quietly would be missing from the sums.
    """
    known = said.ledger.numbers.get(number_key(said.number))
    if known is None:
        return None
    number = said.row.number
    if not _is_same(said, known):
        return Verdict(number, RowVerdict.REFUSED, problems=(_contradiction(said, known),))
    if known.row:
        problem = Problem("", f"Lặp lại dòng {known.row} của tệp; chỉ ghi dòng ấy.")
        return Verdict(number, RowVerdict.DUPLICATE, problems=(problem,))
    return Verdict(number, RowVerdict.EQUAL, known.pk)


def cell_problems(row: Understood, fields: Iterable[ImportField], today: datetime.date) -> list[Problem]:
    """Cells that must be there, a Treasury day that has not come, a note too long."""
    problems = [
        Problem(one.name, f"Chưa có {one.label.lower()}.", one.choices)
        for one in fields
        if one.required and row.values.get(one.name) in (None, "")
    ]
    day = str(row.values.get("treasury_date") or "")
    if day and datetime.date.fromisoformat(day) > today:
        problems.append(Problem("treasury_date", "Ngày kho bạc không thể sau hôm nay."))
    if day and (length := len(note_of(row))) > NOTE_LENGTH:
        message = f"Nội dung cùng ngày kho bạc dài {length} ký tự, nhiều nhất {NOTE_LENGTH}. Hãy rút gọn."
        problems.append(Problem("note", message))
    return problems


def refusal_of(said: Said, message: str, field: str) -> Problem:
    """A refusal of the form's rules at the row's own field; of money, with the rows of the file that were counted."""
    counted = f" Đã tính {rows_text(said.ledger.rows)} của tệp." if field in MONEY_FIELDS and said.ledger.rows else ""
    return Problem(FORM_FIELDS.get(field, field), message + counted)


def rows_text(rows: list[int]) -> str:
    """ "dòng 2, 5", or the first ten and how many there are."""
    shown = ", ".join(map(str, rows[:SHOWN_ROWS]))
    return f"dòng {shown}" if len(rows) <= SHOWN_ROWS else f"dòng {shown}… (tất cả {len(rows)} dòng)"


def _is_same(said: Said, known: Posting) -> bool:
    same_payee = not said.payees.is_said or known.key[0] in said.payees.ids
    values = (known.kind, known.key[1], known.amount_vnd, known.date, known.reverses_id)
    return same_payee and values == (said.kind.value, said.source.pk, said.amount_vnd, said.date, None)


def _contradiction(said: Said, known: Posting) -> Problem:
    where = f"ở dòng {known.row} của tệp" if known.row else "trong sổ của đề án"
    kind = LedgerKind(known.kind).label + (" (bút toán hủy)" if known.reverses_id else "")
    stored = _told(kind, known.amount_vnd, known.date, said.ledger.payee_name(known.key[0]))
    payees = [said.ledger.payee_name(pk) for pk in said.payees.ids] if said.payees.is_said else []
    written = _told(said.kind.label, said.amount_vnd, said.date, payees[0] if len(payees) == 1 else "")
    advice = (
        "Hãy sửa một trong hai dòng."
        if known.row
        else "Tệp không sửa chứng từ đã ghi: nếu sổ sai, hãy hủy bút toán đó trong sổ rồi kiểm tra lại tệp."
    )
    return Problem(
        "voucher_number", f"Số chứng từ {said.number} đã có {where}: {stored}; dòng này ghi: {written}. {advice}"
    )


def _told(kind: str, vnd: int, day: datetime.date, payee: str) -> str:
    told = f"{kind} {dong(vnd)} ngày {format_date(day)}"
    return f"{told} cho {payee}" if payee else told

"""Taking back vouchers that a file brought: each is reversed by the ledger's own rules, the last one first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from funding.actions.ledger import hold_open
from funding.actions.open_year import check_open
from funding.actions.voucher import OpenYear, entry_event, judge_reversal, posting_of
from funding.models import BudgetYear, LedgerEntry, LedgerKind
from funding.queries.project_ledger import ProjectLedger, load_ledgers
from khuyencong.accounts.models import User
from khuyencong.audit.record import Entry, record_many
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.checking import portions
from khuyencong.importing.models import ImportBatch, ImportedObject
from khuyencong.localities.models import covered_unit_ids
from programs.imports.places import OUTSIDE
from programs.imports.undo import AT_ONCE, MOST_TOLD
from programs.models import Project


@dataclass(frozen=True)
class Reversal:
    """What takes one entry back, and what was out of its project before."""

    ledger: ProjectLedger
    entry: LedgerEntry
    out_before_vnd: int


@dataclass(frozen=True)
class Unwound:
    """`reasons`: why not, a line for each voucher that stays."""

    reversals: Sequence[Reversal]
    reasons: Sequence[str]


def reasons_against(written: Sequence[ImportedObject]) -> list[str]:
    """A line for each voucher that cannot be reversed, and why; the first ones and how many there are."""
    if not written:
        return []
    batch = written[0].batch
    closed = {(row.province_id, row.year): row for row in BudgetYear.objects.filter(is_closed=True)}

    def open_year(ledger: ProjectLedger, year: int) -> None:
        if ledger.province is not None and (row := closed.get((ledger.province.pk, year))):
            check_open(row, ledger.province)

    reasons = _unwind(written, batch, by=batch.uploaded_by, lock=False, open_year=open_year).reasons
    rest = len(reasons) - MOST_TOLD
    return list(reasons) if rest <= 0 else [*reasons[:MOST_TOLD], f"Và {rest} chứng từ khác."]


def reverse_all(written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
    """All or none; the number of entries that were taken back.

    Projects are locked by number before any year. Errors: NotAllowed outside the user's area; Refused with the first
    voucher that stays.
    """
    found = _unwind(written, batch, by=by, lock=True, open_year=_held_once())
    covered = set(covered_unit_ids(by.area_id).values_list("unit_id", flat=True))
    if any(one.ledger.project.place_id not in covered for one in found.reversals):
        raise NotAllowed(OUTSIDE)
    if found.reasons:
        raise Refused("Không hoàn lại được lần nhập này:\n" + "\n".join(found.reasons[:MOST_TOLD]))
    LedgerEntry.objects.bulk_create([one.entry for one in found.reversals])
    return record_many(_events(found.reversals), by=by)


def _held_once() -> OpenYear:
    held: set[tuple[int, int]] = set()

    def open_year(ledger: ProjectLedger, year: int) -> None:
        key = (ledger.province.pk if ledger.province else 0, year)
        if key not in held:
            hold_open(ledger, year)
            held.add(key)

    return open_year


def _unwind(
    written: Sequence[ImportedObject], batch: ImportBatch, *, by: User, lock: bool, open_year: OpenYear
) -> Unwound:
    """The last row first: each step leaves the sums as they were before the row, whatever came between."""
    entries = {one.pk: one for one in _entries([row.object_id for row in written])}
    ledgers = _ledgers({one.project_id for one in entries.values()}, lock=lock)
    reversals, reasons = [], []
    for row in reversed(written):
        entry = entries[row.object_id]
        ledger = ledgers[entry.project_id]
        try:
            reversal = judge_reversal(
                ledger,
                entry,
                number=f"Lấy lại {batch.pk}/{row.row_number}",
                date=entry.voucher_date,
                reason=f"Lấy lại lần nhập số {batch.pk}",
                by=by,
                open_year=open_year,
            )
        except Refused as refusal:
            told = f"chứng từ {entry.voucher_number} của đề án {ledger.project.code}"
            reasons.append(f"Dòng {row.row_number}, {told}: {refusal.message}")
            continue
        reversals.append(Reversal(ledger, reversal, ledger.state.total_out_vnd))
        ledger.post(posting_of(reversal))
    return Unwound(reversals, reasons[::-1])


def _entries(pks: Iterable[int]) -> Iterator[LedgerEntry]:
    for some in portions(pks, AT_ONCE):
        yield from LedgerEntry.objects.filter(pk__in=some).select_related("source", "contract").order_by("pk")


def _ledgers(pks: set[int], *, lock: bool) -> dict[int, ProjectLedger]:
    found: dict[int, ProjectLedger] = {}
    projects: list[Project] = []
    for some in portions(sorted(pks), AT_ONCE):
        rows = Project.objects.filter(pk__in=some).order_by("pk")
        projects += rows.select_for_update(of=("self",)) if lock else rows
    for portion in portions(projects, AT_ONCE):
        found |= load_ledgers(portion)
    return found


def _events(reversals: Iterable[Reversal]) -> Iterator[Entry]:
    for one in reversals:
        assert one.entry.reverses is not None
        kind = LedgerKind(one.entry.kind).label.lower()
        yield entry_event(
            one.ledger,
            one.entry,
            out_before_vnd=one.out_before_vnd,
            action="reverse_entry",
            label=f"Hủy {kind} {one.entry.reverses.voucher_number}",
            note=one.entry.note,
        )

"""Kind of import: vouchers of the ledger, that is advances, payments and recoveries of state money."""

from collections.abc import Iterator, Sequence
from typing import Any

from funding.imports.ledger_fields import ledger_fields
from funding.imports.ledger_importer import TURN, LedgerImporter
from funding.imports.ledger_undo import reasons_against, reverse_all
from funding.models import LedgerEntry, Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.money import WHOLE_PROJECT
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.importing.fields import ImportField
from khuyencong.importing.kinds import Importer, ImportKind, Json
from khuyencong.importing.models import ImportBatch, ImportedObject
from khuyencong.localities.models import covered_unit_ids
from programs import policies
from programs.imports.one_at_a_time import wait_for_turn


class LedgerKindOfImport(ImportKind):
    slug = "so-tien"
    label = "Sổ tạm ứng, thanh toán, thu hồi"
    permission = Permission.LEDGER_RECORD
    explanation = (
        "Mỗi dòng là một chứng từ của một đề án. Dòng sau được xét khi đã tính các dòng trước, theo thứ tự trong tệp; "
        "mức được duyệt, hợp đồng, tạm ứng và năm đã khóa sổ được xét như khi ghi từng chứng từ. Tệp không sửa chứng "
        "từ đã ghi: ghi sai thì hủy trong sổ rồi nhập lại. Hoàn lại lần nhập là hủy từng chứng từ của lần đó."
    )

    def fields(self, user: User) -> Sequence[ImportField]:
        """One query."""
        return ledger_fields([one for one in Source.objects.all() if one.kind in LEDGER_KINDS])

    def importer(self, user: User, options: Json) -> Importer:
        return LedgerImporter(user, self.fields(user))

    def rows(self, user: User) -> Iterator[Json]:
        """Every voucher that stands: one that was reversed, and its reversal, are left out."""
        entries = LedgerEntry.objects.filter(
            project__place_id__in=covered_unit_ids(user.area_id), reverses__isnull=True, reversed_by__isnull=True
        )
        related = ("project", "participant__beneficiary", "source", "contract", "advance_check")
        ordered = entries.select_related(*related).order_by("project__year", "project__code", "voucher_date", "pk")
        for entry in ordered.iterator(chunk_size=2000):
            yield {name: value for name, value in _row(entry).items() if value != ""}

    def dependants(self, written: Sequence[ImportedObject]) -> list[str]:
        return reasons_against(written)

    def take_back(self, written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
        policies.check_permission(by, self.permission)
        wait_for_turn(TURN)
        return reverse_all(written, batch=batch, by=by)


def _row(entry: LedgerEntry) -> dict[str, Any]:
    advance = getattr(entry, "advance_check", None)
    return {
        "project_code": entry.project.code,
        "project_name": entry.project.name,
        "year": entry.project.year,
        "payee": str(entry.participant) if entry.participant else WHOLE_PROJECT,
        "source": entry.source.code,
        "kind": entry.kind,
        "voucher_number": entry.voucher_number,
        "voucher_date": entry.voucher_date.isoformat(),
        "amount_vnd": entry.amount_vnd,
        "treasury_reference": entry.treasury_reference,
        "note": entry.note,
        "budget_year": entry.year,
        "contract": entry.contract.number if entry.contract else "",
        "condition_note": advance.condition_note if advance else "",
        "override_reason": advance.override_reason if advance else "",
    }

"""Carrying unspent money of a project into the next year, and holding vouchers to what each year was given."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.open_year import hold_year_of
from funding.actions.wording import dong
from funding.models import CarryOver
from funding.queries.carry_over import CarryRow, carry_rows
from funding.queries.project_ledger import ProjectLedger
from funding.rules.ceiling import cell_name
from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc
from programs.actions.project import Paper, audit, lock_project
from programs.models import Project

NOTE_LENGTH = 300


@transaction.atomic
def carry_over(
    *, project_id: int, amounts: Mapping[int, int], by: User, version: int, paper: Paper, note: str = ""
) -> list[CarryOver]:
    """Move `amounts` (source id → whole đồng, 0 for none) from each source's current budget year into the next one.

    The year's plans are not changed: what is carried in stands beside them. Errors: NotAllowed; Overtaken; Refused on
    the project's status, the paper, a year that has not begun, or more than is approved and not yet spent.
    """
    project = lock_project(project_id, version)
    policies.check_can_carry_over(by, project)
    _check_paper(project, paper)
    wanted = {source_id: vnd for source_id, vnd in amounts.items() if vnd}
    if not wanted:
        raise Refused("Chưa nhập số tiền chuyển nguồn nào.")
    rows = {row.source.pk: row for row in carry_rows(project)}
    for source_id, vnd in wanted.items():
        _check_amount(rows.get(source_id), source_id, vnd)
    for year in sorted({one for pk in wanted for one in (rows[pk].from_year, rows[pk].to_year)}):
        hold_year_of(project, year)
    made = CarryOver.objects.bulk_create(
        _carry_over(project, rows[source_id], vnd, by, paper, note) for source_id, vnd in wanted.items()
    )
    project.version += 1
    project.save(update_fields=["version"])
    changes = {
        f"{one.source.name}, năm {one.from_year} sang {one.to_year}": (None, dong(one.amount_vnd)) for one in made
    }
    label = "Chuyển nguồn sang năm sau"
    audit(project, by=by, action="carry_over", label=label, changes=changes, paper=paper, reason=note)
    return made


def choose_budget_year(ledger: ProjectLedger, source_id: int, year: int | None) -> int:
    """The budget year that a voucher counts for, by default the last one that the project has money of the source in.

    Errors: Refused, at the year, when the project has no money of it.
    """
    if year is None:
        return ledger.budget_years(source_id)[-1]
    if year not in ledger.budget_years():
        raise Refused(f"Đề án không có kinh phí của năm ngân sách {year}.", field="year")
    return year


def check_year_ceiling(ledger: ProjectLedger, source_id: int, year: int, amount_vnd: int) -> None:
    """Money out (whole đồng) ≤ what the year still has of the source.

    Nothing is asked while the project has carried nothing over: the ceilings of its approval say it all.
    Errors: Refused, at the year.
    """
    money = ledger.source_years(source_id)
    if money is None or year == ledger.project.year == money.current_year:
        return
    ceiling = money.year_ceiling(year, amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Vượt số được chi của nguồn trong năm {year}: được chi {dong(ceiling.limit_vnd)}, đã chi "
            f"{dong(ceiling.used_vnd)}, chi thêm {dong(amount_vnd)}, vượt {dong(ceiling.excess_vnd)}.",
            field="year",
        )


@transaction.atomic
def record_carry_over_export(*, by: User, row_count: int, condition: str) -> None:
    """That the person took a list of `row_count` carry-overs out of the portal, and how it was filtered."""
    record(
        by=by,
        action="carry_over_export",
        action_label="Tải danh sách chuyển nguồn ra Excel",
        obj=by,
        place_id=by.area_id,
        changes={"Số dòng": (None, row_count), "Điều kiện lọc": (None, condition)},
    )


def _check_paper(project: Project, paper: Paper) -> None:
    if not nfc(paper.number):
        raise Refused("Nhập số quyết định.", field="document_number")
    if paper.date is None:
        raise Refused("Nhập ngày quyết định.", field="document_date")
    if paper.date > timezone.localdate():
        raise Refused("Ngày quyết định không thể sau hôm nay.", field="document_date")
    if project.approved_date and paper.date < project.approved_date:
        approved = format_date(project.approved_date)
        raise Refused(f"Ngày quyết định không thể trước ngày phê duyệt {approved}.", field="document_date")


def _check_amount(row: CarryRow | None, source_id: int, vnd: int) -> None:
    field = cell_name((None, source_id))
    if row is None:
        raise Refused("Có nguồn không được duyệt cho đề án này. Hãy tải lại trang rồi nhập lại.")
    if row.from_year > timezone.localdate().year:
        raise Refused(f"{row.source.name}: chưa đến năm {row.from_year}, chưa chuyển sang năm sau được.", field=field)
    left = row.years.unspent_vnd
    if vnd < 0 or vnd > left:
        raise Refused(
            f"{row.source.name}: chuyển {dong(vnd)}, phải từ 0 đến số chưa chi của năm {row.from_year} {dong(left)}.",
            field=field,
        )


def _carry_over(project: Project, row: CarryRow, vnd: int, by: User, paper: Paper, note: str) -> CarryOver:
    assert isinstance(paper.date, datetime.date)  # _check_paper has seen to it
    return CarryOver(
        project=project,
        source=row.source,
        from_year=row.from_year,
        to_year=row.to_year,
        amount_vnd=vnd,
        decision_number=nfc(paper.number),
        decision_date=paper.date,
        note=nfc(note)[:NOTE_LENGTH],
        recorded_by=by,
        recorded_at=timezone.now(),
    )

"""What money requires of an amendment. Whole đồng; the project is locked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from funding.actions.approval import check_budgets
from funding.actions.wording import dong
from funding.models import Contract, LedgerEntry, Source
from funding.queries.carry_over import source_years
from funding.rules.amendment import contract_excess, lowered_below_out
from funding.rules.ceiling import Amounts, cell_name
from funding.rules.ledger import LedgerState
from khuyencong.errors import Refused
from programs.models import Project


def check_leavers(project: Project, leaving: Mapping[int, str], contracts: Sequence[Contract]) -> None:
    """`leaving`: participant id → the form field by which it leaves or is replaced.

    Errors: Refused, at that field, when a voucher or a contract names the establishment.
    """
    for contract in contracts:
        if contract.participant_id is not None and contract.participant_id in leaving:
            raise Refused(
                f"Hợp đồng {contract.number} đã ký với cơ sở này, không bỏ hay thay cơ sở được.",
                field=leaving[contract.participant_id],
            )
    paid = LedgerEntry.objects.filter(project=project, participant__in=list(leaving)).order_by("pk").first()
    if paid is not None and paid.participant_id is not None:
        raise Refused(
            f"Đã ghi chứng từ {paid.voucher_number} cho cơ sở này, không bỏ hay thay cơ sở được.",
            field=leaving[paid.participant_id],
        )


def check_not_below_out(state: LedgerState, after: Amounts, source_names: Mapping[int, str]) -> None:
    """Errors: Refused, at the cell, when a line would be approved for less than what is out on it."""
    key = lowered_below_out(state, after)
    if key is None:
        return
    out = max(LedgerState(after, state.out).line_out(key), state.out.get(key, 0))
    raise Refused(
        f"{source_names[key[1]]}: đã chi {dong(out)}, không điều chỉnh xuống {dong(after.get(key, 0))} được. "
        "Hãy thu hồi phần chênh lệch trước.",
        field=cell_name(key),
    )


def check_carried(project: Project, after: Amounts, source_names: Mapping[int, str]) -> None:
    """Errors: Refused when a source would have less than what went on into later years and what is out of its own."""
    for source_id, years in source_years(project).items():
        total = sum(vnd for (_, source), vnd in after.items() if source == source_id)
        if years.carried and not replace(years, approved_vnd=total).year_ceiling(project.year).fits:
            raise Refused(
                f"{source_names[source_id]}: đã chuyển sang năm sau {dong(years.carried.get(project.year, 0))}, đã chi "
                f"trong năm {project.year} {dong(years.out.get(project.year, 0))}, không điều chỉnh xuống "
                f"{dong(total)} được."
            )


def check_contracts(after: Amounts, contracts: Sequence[Contract], wanted: Mapping[int, int], out: LedgerState) -> None:
    """Contracts stay within what is approved, and none goes below what was paid under it.

    Errors: Refused, at the contract's field, naming the contract that must be amended.
    """
    unknown = set(wanted) - {contract.pk for contract in contracts}
    if unknown:
        raise Refused("Có hợp đồng không thuộc đề án. Hãy tải lại trang rồi nhập lại.")
    support = {contract.pk: wanted.get(contract.pk, contract.support_vnd) for contract in contracts}
    for contract in contracts:
        if support[contract.pk] <= 0:
            raise Refused("Kinh phí hợp đồng phải lớn hơn 0.", field=f"contract_{contract.pk}")
    _check_paid(contracts, support, out)
    excess = contract_excess(after, [(contract.participant_id, support[contract.pk]) for contract in contracts])
    if excess is not None:
        payee, vnd = excess
        named = next((one for one in contracts if payee is not None and one.participant_id == payee), contracts[-1])
        raise Refused(
            f"Các hợp đồng vượt kinh phí ngân sách sau điều chỉnh {dong(vnd)}. Phải điều chỉnh hợp đồng "
            f"{named.number} (đang là {dong(support[named.pk])}) trong cùng lần điều chỉnh này.",
            field=f"contract_{named.pk}",
        )


def _check_paid(contracts: Sequence[Contract], support: Mapping[int, int], out: LedgerState) -> None:
    """A lowered contract, with the others that could have paid the same payee, still covers what is out."""
    for contract in contracts:
        if support[contract.pk] >= contract.support_vnd:
            continue
        payee = contract.participant_id
        beside = [one for one in contracts if payee is None or one.participant_id in (payee, None)]
        covered = sum(support[one.pk] for one in beside)
        paid = sum(vnd for (to, _), vnd in out.out.items() if payee is None or to == payee)
        if covered < paid:
            raise Refused(
                f"Hợp đồng {contract.number}: đã chi {dong(paid)}, không giảm kinh phí hợp đồng xuống dưới số đó được.",
                field=f"contract_{contract.pk}",
            )


def check_increase(project: Project, increase: dict[Source, int]) -> None:
    """An increase (đồng per source) fits what is left of the year's plan; a decrease frees money and asks for nothing.

    The plan is that of the approval's province: the project's money is counted there.
    """
    check_budgets(project, increase, project.approved_date or timezone.localdate())

"""What a settlement requires before the move: registered when the app starts, used by the action itself."""

from funding.models import SettlementLine
from funding.queries.settlement import Settlement, settlement_of
from khuyencong.errors import Refused
from khuyencong.vietnamese.money import format_vnd
from programs.checks import check_before
from programs.models import Project
from programs.workflow import Action


def check_costs_known(table: Settlement) -> None:
    """Errors: Refused when a payee with approved money has no accepted cost: what it is due cannot be reckoned."""
    if table.missing_costs:
        raise Refused(f"Chưa có giá trị nghiệm thu, không tính được số quyết toán: {'; '.join(table.missing_costs)}.")


def check_nothing_to_recover(table: Settlement) -> None:
    """Errors: Refused, naming each payee, source and amount, while more is out than is due."""
    owing = [
        f"{row.name}: đã chi {format_vnd(row.money.out_vnd)} đồng, được hỗ trợ {format_vnd(row.money.due_vnd)} đồng, "
        f"phải thu hồi {format_vnd(row.money.to_recover_vnd)} đồng."
        for row in table.rows
        if row.money.to_recover_vnd
    ]
    if owing:
        raise Refused("\n".join([*owing, "Hãy ghi thu hồi ở thẻ Kinh phí trước khi quyết toán."]))


@check_before(Action.SETTLE)
def costs_are_known(project: Project) -> None:
    check_costs_known(settlement_of(project))


@check_before(Action.SETTLE)
def nothing_to_recover(project: Project) -> None:
    table = settlement_of(project)
    if not table.missing_costs:
        check_nothing_to_recover(table)


@check_before(Action.SETTLE)
def has_paid_something(project: Project) -> None:
    """Something was paid, unless acceptance found nothing to be due."""
    table = settlement_of(project)
    if table.out_vnd <= 0 and (table.due_vnd or not table.is_accepted):
        raise Refused("Chưa chi khoản ngân sách nào cho đề án, không có gì để quyết toán.")


@check_before(Action.SETTLE)
def settlement_is_written(project: Project) -> None:
    """Every line of approved state money is settled by its own page, which writes them just before the move."""
    lines = {row.key for row in settlement_of(project).rows if row.approved_vnd}
    written = set(SettlementLine.objects.filter(project=project).values_list("participant_id", "source_id"))
    if lines != written:
        raise Refused("Hãy quyết toán ở trang “Quyết toán” của đề án để ghi số được hỗ trợ của từng cơ sở.")

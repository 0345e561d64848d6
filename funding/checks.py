"""What money requires before a move, and money's own pages on the project: registered when the app starts."""

from funding.models import Approval, FundingLine, RecoveryDemand, SourceKind
from funding.queries.acceptance import cost_table
from funding.queries.ledger import ledger_state
from funding.queries.recovery import owing
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.vietnamese.money import format_vnd
from programs.checks import check_before
from programs.history import EventKind, add_actions
from programs.models import Project
from programs.page_buttons import add_page_button
from programs.policies import check_can_amend
from programs.queues import Queue, add_queue
from programs.tabs import Tab, add_move_page, add_tab
from programs.workflow import BOTH_TRACKS, Action, Status, Track

SOURCE_OF_TRACK = {Track.NATIONAL: SourceKind.CENTRAL, Track.LOCAL: SourceKind.PROVINCIAL}


@check_before(Action.SUBMIT)
def asks_for_money_of_its_track(project: Project) -> None:
    """A national project asks for KCQG money, a local one for KCĐP money."""
    kind = SOURCE_OF_TRACK[project.track_kind]
    lines = FundingLine.objects.filter(project=project, source__kind=kind, requested_vnd__gt=0)
    if not lines.exists():
        raise Refused(f"Chưa nhập kinh phí đề nghị từ nguồn {kind.label}.")


@check_before(Action.APPROVE)
def has_approved_money(project: Project) -> None:
    """Approval writes the decision and the amounts just before the move; without them nothing is approved."""
    if not Approval.objects.filter(project=project).exists() or ledger_state(project.pk).total_approved_vnd <= 0:
        raise Refused("Chưa có quyết định phê duyệt kinh phí. Hãy phê duyệt ở trang “Phê duyệt” của đề án.")


@check_before(Action.SIGN_CONTRACT)
def has_contracts(project: Project) -> None:
    """Signing writes the contracts just before the move."""
    if not project.contracts.exists():
        raise Refused("Chưa có hợp đồng nào. Hãy ghi hợp đồng ở trang “Ký hợp đồng” của đề án.")


@check_before(Action.LIQUIDATE)
@check_before(Action.SETTLE)
def balances_hold(project: Project) -> None:
    """Net out ≤ approved on every line, and nobody gave back more than they had received."""
    state = ledger_state(project.pk)
    if state.overspent_lines():
        raise Refused(
            f"Số đã chi ({format_vnd(state.total_out_vnd)} đồng) vượt kinh phí được duyệt "
            f"({format_vnd(state.total_approved_vnd)} đồng) ở ít nhất một dòng."
        )
    if state.over_recovered():
        raise Refused("Số thu hồi lớn hơn số đã chi ở ít nhất một cơ sở.")


@check_before(Action.ACCEPT)
def has_accepted_costs(project: Project) -> None:
    """What state money was approved for is accepted with its cost; the acceptance writes it just before the move."""
    missing = [line.label for line in cost_table(project).lines if line.needs_cost and line.accepted_vnd is None]
    if missing:
        raise Refused(f"Chưa nhập giá trị nghiệm thu: {'; '.join(missing)}.")


@check_before(Action.STOP)
def demands_cover_what_is_out(project: Project) -> None:
    """A stopped project with money out has a demand for every payee: what it keeps, and what it hands back."""
    demands = RecoveryDemand.objects.filter(project=project)
    demanded = {(demand.participant_id, demand.source_id): demand.out_vnd for demand in demands}
    out = {key: vnd for key, vnd in ledger_state(project.pk).out.items() if vnd > 0}
    if demanded != out:
        raise Refused(
            f"Đề án đang có {format_vnd(sum(out.values()))} đồng đã chi. Hãy ngừng ở trang “Ngừng triển khai” của đề "
            "án để ghi số cơ sở được giữ lại và số phải nộp lại."
        )


add_tab(Tab("money", "Kinh phí", "funding:project-money", Permission.MONEY_VIEW, 30, before_submitting=True))
add_tab(Tab("amendments", "Điều chỉnh", "funding:project-amendments", Permission.PROJECT_VIEW, 65))
add_move_page(Action.APPROVE, "funding:project-approve")
add_move_page(Action.SIGN_CONTRACT, "funding:project-sign")
add_move_page(Action.ACCEPT, "funding:project-accept")
add_move_page(Action.SETTLE, "funding:project-settle")
add_move_page(Action.STOP, "funding:project-stop")
add_queue(
    Queue(
        "thu-hoi",
        "Đã ngừng, còn phải thu hồi",
        Permission.LEDGER_RECORD,
        ((Status.STOPPED, BOTH_TRACKS),),
        tab_key="money",
        button="Mở kinh phí",
        narrowed_by=owing,
    )
)
add_actions(
    EventKind.MONEY,
    "set_requested",
    "approve_money",
    "record_contracts",
    "record_accepted_cost",
    "demand_recovery",
    "settle_money",
    "carry_over",
)
add_page_button("Điều chỉnh", "funding:project-amend", check_can_amend)

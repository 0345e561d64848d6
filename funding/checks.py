"""What money requires before a move, and money's own pages on the project: registered when the app starts."""

from funding.models import FundingLine, SourceKind
from funding.queries.ledger import ledger_state
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.vietnamese.money import format_vnd
from programs.checks import check_before
from programs.models import Project
from programs.tabs import Tab, add_move_page, add_tab
from programs.workflow import Action, Track

SOURCE_OF_TRACK = {Track.NATIONAL: SourceKind.CENTRAL, Track.LOCAL: SourceKind.PROVINCIAL}


@check_before(Action.SUBMIT)
def asks_for_money_of_its_track(project: Project) -> None:
    """A national project asks for KCQG money, a local one for KCĐP money."""
    kind = SOURCE_OF_TRACK[project.track_kind]
    lines = FundingLine.objects.filter(project=project, source__kind=kind, requested_vnd__gt=0)
    if not lines.exists():
        raise Refused(f"Chưa nhập kinh phí đề nghị từ nguồn {kind.label}.")


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


@check_before(Action.SETTLE)
def has_paid_something(project: Project) -> None:
    if ledger_state(project.pk).total_out_vnd <= 0:
        raise Refused("Chưa chi khoản ngân sách nào cho đề án, không có gì để quyết toán.")


add_tab(Tab("money", "Kinh phí", "funding:project-money", Permission.MONEY_VIEW, 30))
add_move_page(Action.APPROVE, "funding:project-approve")
add_move_page(Action.SIGN_CONTRACT, "funding:project-sign")
add_move_page(Action.SETTLE, "funding:project-settle")

"""Who may do what with the money of a project or of a year. Each check raises with the reason."""

from types import MappingProxyType

from funding.models import LedgerEntry, LedgerKind, TreasuryStatement
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from khuyencong.localities.models import AdministrativeUnit, UnitLevel, covered_unit_ids
from programs import policies
from programs.models import Project
from programs.workflow import Action, Status, Transition

# When each kind of voucher may be recorded. Source: Thông tư 36/2013/TT-BCT (tạm ứng sau hợp đồng, thanh toán theo tiến
# độ và sau nghiệm thu); money can come back as long as some of it may be out, after a stop or a settlement too.
LEDGER_STATES = MappingProxyType(
    {
        LedgerKind.ADVANCE: frozenset({Status.CONTRACTED, Status.IN_PROGRESS}),
        LedgerKind.PAYMENT: frozenset({Status.IN_PROGRESS, Status.ACCEPTED, Status.LIQUIDATED}),
        LedgerKind.RECOVERY: frozenset(
            {
                Status.CONTRACTED,
                Status.IN_PROGRESS,
                Status.ACCEPTED,
                Status.LIQUIDATED,
                Status.SETTLED,
                Status.STOPPED,
            }
        ),
    }
)

# From the approval until the contract is liquidated there may be money that is still to be spent.
CARRY_OVER_STATES = frozenset({Status.APPROVED, Status.CONTRACTED, Status.IN_PROGRESS, Status.ACCEPTED})


def check_can_set_requested(user: User, project: Project) -> None:
    """Amounts are asked for while the project is a draft or has been returned."""
    policies.check_can_edit(user, project)


def check_can_approve(user: User, project: Project) -> Transition:
    return policies.check_can_move(user, project, Action.APPROVE)


def check_can_sign(user: User, project: Project) -> Transition:
    return policies.check_can_move(user, project, Action.SIGN_CONTRACT)


def check_can_accept(user: User, project: Project) -> Transition:
    return policies.check_can_move(user, project, Action.ACCEPT)


def check_can_settle(user: User, project: Project) -> Transition:
    return policies.check_can_move(user, project, Action.SETTLE)


def check_can_stop(user: User, project: Project) -> Transition:
    return policies.check_can_move(user, project, Action.STOP)


def check_can_carry_over(user: User, project: Project) -> None:
    """What is not spent goes on into the next year while the project is being carried out, by the leader's decision.

    Errors: NotAllowed for the person, Refused for the state.
    """
    policies.check_permission(user, Permission.PROJECT_AMEND)
    policies.check_covers(user, project.place_id)
    if project.state not in CARRY_OVER_STATES:
        raise Refused(f"Đề án đang ở trạng thái “{project.state.label}”, không chuyển nguồn ở bước này.")


def check_can_record(user: User, project: Project, kind: LedgerKind) -> None:
    """Errors: NotAllowed for the person, Refused when the project is at a step where such a voucher has no place."""
    policies.check_permission(user, Permission.LEDGER_RECORD)
    policies.check_covers(user, project.place_id)
    check_recordable(project, kind)


def check_recordable(project: Project, kind: LedgerKind) -> None:
    """Whoever brings the voucher. Errors: Refused for the state."""
    if project.state not in LEDGER_STATES[kind]:
        raise Refused(f"Đề án đang ở trạng thái “{project.state.label}”, không ghi {kind.label.lower()} ở bước này.")


def check_can_reverse(user: User, entry: LedgerEntry) -> None:
    """An entry is reversed once; a reversal is not reversed but followed by a new entry.

    What was settled stays as it was settled: money that is found owing later comes back as a recovery.
    """
    policies.check_permission(user, Permission.LEDGER_RECORD)
    policies.check_covers(user, entry.project.place_id)
    check_reversible(entry.project, entry, is_reversed=LedgerEntry.objects.filter(reverses=entry).exists())


def check_reversible(project: Project, entry: LedgerEntry, *, is_reversed: bool) -> None:
    """Whoever takes it back. Errors: Refused for the state of the project and of the entry."""
    if project.state is Status.SETTLED:
        raise Refused("Đề án đã quyết toán, không hủy chứng từ được nữa. Nếu phải thu lại tiền, hãy ghi thu hồi.")
    if entry.reverses_id is not None:
        raise Refused("Bút toán này là bút toán hủy, không hủy tiếp được. Hãy ghi chứng từ mới.")
    if is_reversed:
        raise Refused(f"Chứng từ {entry.voucher_number} đã bị hủy trước đó.")


def check_can_edit_budget(user: User, province: AdministrativeUnit) -> None:
    """A year's budget is assigned to a province: only offices that answer for a whole province record it."""
    policies.check_permission(user, Permission.BUDGET_EDIT)
    organisation = user.organisation
    if organisation is None or organisation.area.level != UnitLevel.PROVINCE:
        raise NotAllowed("Dự toán giao cho tỉnh: chỉ đơn vị cấp tỉnh ghi được.")
    if province.level != UnitLevel.PROVINCE:
        raise Refused("Dự toán chỉ giao cho cấp tỉnh.", field="province")
    policies.check_covers(user, province.pk)


def check_can_reopen_year(user: User, province: AdministrativeUnit) -> None:
    """A closed year is opened again by a leader who answers for the whole province. Errors: NotAllowed."""
    policies.check_permission(user, Permission.PROJECT_APPROVE)
    if province.pk not in {one.pk for one in provinces_open_to(user)}:
        raise NotAllowed("Sổ năm của tỉnh: chỉ lãnh đạo đơn vị cấp tỉnh mở lại được.")


def provinces_open_to(user: User) -> list[AdministrativeUnit]:
    """The provinces whose budgets the user may record: today's, and those that were merged into it."""
    organisation = user.organisation
    if organisation is None or organisation.area.level != UnitLevel.PROVINCE:
        return []
    covered = AdministrativeUnit.objects.filter(pk__in=covered_unit_ids(user.area_id), level=UnitLevel.PROVINCE)
    return sorted(covered, key=lambda province: (province.pk != organisation.area_id, province.sort_key))


def check_can_upload_statement(user: User) -> None:
    """Statements are kept by the office that has the account: its own accountants record them."""
    policies.check_permission(user, Permission.LEDGER_RECORD)
    if user.organisation is None:
        raise NotAllowed("Tài khoản chưa thuộc đơn vị nào.")


def check_can_remove_statement(user: User, statement: TreasuryStatement) -> None:
    """Errors: NotAllowed for another office's statement, even within the area."""
    check_can_upload_statement(user)
    if statement.organisation_id != user.organisation_id:
        raise NotAllowed("Chỉ đơn vị đã tải sao kê lên mới bỏ được.")

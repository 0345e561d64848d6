"""The life of a đề án as one table: (status, action) → transition. Both tracks; no other place changes a status."""

from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType

from khuyencong.accounts.permissions import Permission


@unique
class Track(StrEnum):
    """Whose programme pays: the Ministry's (KCQG) or the province's (KCĐP)."""

    NATIONAL = "national"
    LOCAL = "local"

    @property
    def label(self) -> str:
        return {"national": "Khuyến công quốc gia", "local": "Khuyến công địa phương"}[self.value]


@unique
class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    APPRAISED = "appraised"
    SENT_TO_MINISTRY = "sent_to_ministry"
    APPROVED = "approved"
    CONTRACTED = "contracted"
    IN_PROGRESS = "in_progress"
    ACCEPTED = "accepted"
    LIQUIDATED = "liquidated"
    SETTLED = "settled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return STATUS_LABELS[self]


STATUS_LABELS = MappingProxyType(
    {
        Status.DRAFT: "Đang soạn",
        Status.SUBMITTED: "Đã trình",
        Status.CONFIRMED: "Đã xác nhận",
        Status.RETURNED: "Trả lại bổ sung",
        Status.APPRAISED: "Đã thẩm định",
        Status.SENT_TO_MINISTRY: "Đã gửi Bộ",
        Status.APPROVED: "Đã phê duyệt",
        Status.CONTRACTED: "Đã ký hợp đồng",
        Status.IN_PROGRESS: "Đang thực hiện",
        Status.ACCEPTED: "Đã nghiệm thu",
        Status.LIQUIDATED: "Đã thanh lý",
        Status.SETTLED: "Đã quyết toán",
        Status.REFUSED: "Từ chối",
        Status.WITHDRAWN: "Đã rút",
        Status.STOPPED: "Ngừng triển khai",
    }
)
STATUS_CHOICES = [(status.value, label) for status, label in STATUS_LABELS.items()]
TRACK_CHOICES = [(track.value, track.label) for track in Track]


@unique
class Action(StrEnum):
    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    APPRAISE = "appraise"
    SEND_TO_MINISTRY = "send_to_ministry"
    APPROVE = "approve"
    SIGN_CONTRACT = "sign_contract"
    REPORT_PROGRESS = "report_progress"
    ACCEPT = "accept"
    LIQUIDATE = "liquidate"
    SETTLE = "settle"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    STOP = "stop"

    @property
    def label(self) -> str:
        return ACTION_LABELS[self]


ACTION_LABELS = MappingProxyType(
    {
        Action.SUBMIT: "Trình đề án",
        Action.CONFIRM: "Xác nhận",
        Action.RETURN: "Trả lại bổ sung",
        Action.APPRAISE: "Thẩm định đạt",
        Action.SEND_TO_MINISTRY: "Gửi Bộ Công Thương",
        Action.APPROVE: "Phê duyệt",
        Action.SIGN_CONTRACT: "Ký hợp đồng",
        Action.REPORT_PROGRESS: "Báo cáo tiến độ",
        Action.ACCEPT: "Nghiệm thu",
        Action.LIQUIDATE: "Thanh lý hợp đồng",
        Action.SETTLE: "Quyết toán",
        Action.REFUSE: "Từ chối",
        Action.WITHDRAW: "Rút đề án",
        Action.STOP: "Ngừng triển khai",
    }
)
ACTION_CHOICES = [(action.value, label) for action, label in ACTION_LABELS.items()]
BOTH_TRACKS = frozenset(Track)


@dataclass(frozen=True)
class Transition:
    """One move. `target` None means: back to the level that had returned the project."""

    target: Status | None
    permission: Permission
    tracks: frozenset[Track] = BOTH_TRACKS
    needs_document: bool = False
    needs_reason: bool = False


_LOCAL = frozenset({Track.LOCAL})
_NATIONAL = frozenset({Track.NATIONAL})

_SUBMIT = Transition(Status.SUBMITTED, Permission.PROJECT_REGISTER)
_RESUBMIT = Transition(None, Permission.PROJECT_REGISTER)
_CONFIRM = Transition(Status.CONFIRMED, Permission.PROJECT_CONFIRM, needs_document=True)
_RETURN_LOCALLY = Transition(Status.RETURNED, Permission.PROJECT_CONFIRM, needs_reason=True)
_RETURN = Transition(Status.RETURNED, Permission.PROJECT_APPRAISE, needs_reason=True)
_APPRAISE = Transition(Status.APPRAISED, Permission.PROJECT_APPRAISE, needs_document=True)
_SEND_UP = Transition(Status.SENT_TO_MINISTRY, Permission.PROJECT_APPRAISE, _NATIONAL, needs_document=True)
_APPROVE_LOCAL = Transition(Status.APPROVED, Permission.PROJECT_APPROVE, _LOCAL, needs_document=True)
_APPROVE_NATIONAL = Transition(Status.APPROVED, Permission.PROJECT_APPROVE, _NATIONAL, needs_document=True)
_SIGN = Transition(Status.CONTRACTED, Permission.CONTRACT_SIGN, needs_document=True)
_PROGRESS = Transition(Status.IN_PROGRESS, Permission.PROGRESS_REPORT)
_ACCEPT = Transition(Status.ACCEPTED, Permission.PROJECT_ACCEPT, needs_document=True)
_LIQUIDATE = Transition(Status.LIQUIDATED, Permission.PROJECT_LIQUIDATE, needs_document=True)
_SETTLE = Transition(Status.SETTLED, Permission.PROJECT_SETTLE, needs_document=True)
_REFUSE = Transition(Status.REFUSED, Permission.PROJECT_APPRAISE, needs_document=True, needs_reason=True)
_WITHDRAW = Transition(Status.WITHDRAWN, Permission.PROJECT_REGISTER, needs_reason=True)
_STOP = Transition(Status.STOPPED, Permission.PROJECT_STOP, needs_document=True, needs_reason=True)

TRANSITIONS: MappingProxyType[tuple[Status, Action], Transition] = MappingProxyType(
    {
        (Status.DRAFT, Action.SUBMIT): _SUBMIT,
        (Status.DRAFT, Action.WITHDRAW): _WITHDRAW,
        (Status.RETURNED, Action.SUBMIT): _RESUBMIT,
        (Status.RETURNED, Action.WITHDRAW): _WITHDRAW,
        (Status.SUBMITTED, Action.CONFIRM): _CONFIRM,
        (Status.SUBMITTED, Action.RETURN): _RETURN_LOCALLY,
        (Status.SUBMITTED, Action.REFUSE): _REFUSE,
        (Status.SUBMITTED, Action.WITHDRAW): _WITHDRAW,
        (Status.CONFIRMED, Action.APPRAISE): _APPRAISE,
        (Status.CONFIRMED, Action.RETURN): _RETURN,
        (Status.CONFIRMED, Action.REFUSE): _REFUSE,
        (Status.CONFIRMED, Action.WITHDRAW): _WITHDRAW,
        (Status.APPRAISED, Action.SEND_TO_MINISTRY): _SEND_UP,
        (Status.APPRAISED, Action.APPROVE): _APPROVE_LOCAL,
        (Status.APPRAISED, Action.RETURN): _RETURN,
        (Status.APPRAISED, Action.REFUSE): _REFUSE,
        (Status.APPRAISED, Action.WITHDRAW): _WITHDRAW,
        (Status.SENT_TO_MINISTRY, Action.APPROVE): _APPROVE_NATIONAL,
        (Status.SENT_TO_MINISTRY, Action.RETURN): _RETURN,
        (Status.SENT_TO_MINISTRY, Action.REFUSE): _REFUSE,
        (Status.SENT_TO_MINISTRY, Action.WITHDRAW): _WITHDRAW,
        (Status.APPROVED, Action.SIGN_CONTRACT): _SIGN,
        (Status.APPROVED, Action.STOP): _STOP,
        (Status.CONTRACTED, Action.REPORT_PROGRESS): _PROGRESS,
        (Status.CONTRACTED, Action.STOP): _STOP,
        (Status.IN_PROGRESS, Action.REPORT_PROGRESS): _PROGRESS,
        (Status.IN_PROGRESS, Action.ACCEPT): _ACCEPT,
        (Status.IN_PROGRESS, Action.STOP): _STOP,
        (Status.ACCEPTED, Action.LIQUIDATE): _LIQUIDATE,
        (Status.LIQUIDATED, Action.SETTLE): _SETTLE,
    }
)

# Where a returned project takes up again when that is not the level that returned it: what the Ministry had sent back
# goes to the Department, which sends it up anew with the next letter.
RESUMES_AT = MappingProxyType({Status.SENT_TO_MINISTRY: Status.APPRAISED})
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
ENDED = frozenset({Status.SETTLED, Status.REFUSED, Status.WITHDRAWN, Status.STOPPED})
# While somebody may be named to appraise a project: from its submission until it is approved.
APPRAISED_IN = frozenset(
    {Status.SUBMITTED, Status.CONFIRMED, Status.APPRAISED, Status.RETURNED, Status.SENT_TO_MINISTRY}
)
# What was approved may be amended until its results are accepted.
AMENDABLE = frozenset({Status.APPROVED, Status.CONTRACTED, Status.IN_PROGRESS})
# From approval on a project counts in plans and reports, even when stopped later (its money was assigned).
APPROVED_ON = frozenset(
    {
        Status.APPROVED,
        Status.CONTRACTED,
        Status.IN_PROGRESS,
        Status.ACCEPTED,
        Status.LIQUIDATED,
        Status.SETTLED,
        Status.STOPPED,
    }
)


def find_transition(status: Status, action: Action, track: Track) -> Transition | None:
    """The transition for this status, action and track, or None when there is no such move."""
    transition = TRANSITIONS.get((status, action))
    return transition if transition is not None and track in transition.tracks else None


def actions_from(status: Status, track: Track) -> list[Action]:
    """The moves that lead on from a status, in the order of the life cycle."""
    return [action for action in Action if find_transition(status, action, track) is not None]

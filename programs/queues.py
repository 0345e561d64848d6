"""Work that waits for somebody: a table of queues, each made of steps of the workflow, shown to whoever may act."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Q

from khuyencong.accounts.permissions import Permission
from programs.models import MinistryBatchProject
from programs.workflow import BOTH_TRACKS, TRANSITIONS, Action, Status, Track, find_transition


@dataclass(frozen=True)
class Queue:
    """Projects in `stages` (status, tracks) that wait for holders of `permission`.

    What they wait for is a move (`action`), or work on a tab of the project page (`tab_key`, named `button`) or on a
    page that takes the project's pk (`url_name`). `narrowed_by` is what else must hold of them, beside their status.
    """

    key: str
    label: str
    permission: Permission
    stages: tuple[tuple[Status, frozenset[Track]], ...]
    action: Action | None = None
    tab_key: str = ""
    button: str = ""
    url_name: str = ""
    narrowed_by: Callable[[], Q] | None = None

    @property
    def condition(self) -> Q:
        """The stages, and of those only what `narrowed_by` says, where an app above gave such a condition."""
        return self._in_stages & self.narrowed_by() if self.narrowed_by else self._in_stages

    @property
    def _in_stages(self) -> Q:
        condition = Q()
        for status, tracks in self.stages:
            stage = Q(status=status.value)
            condition |= stage if tracks == BOTH_TRACKS else stage & Q(track__in=[track.value for track in tracks])
        return condition


# Moves that take a project on; the others (return, refuse, withdraw, stop) are never what a project waits for.
FORWARD = (
    Action.SUBMIT,
    Action.CONFIRM,
    Action.APPRAISE,
    Action.SEND_TO_MINISTRY,
    Action.APPROVE,
    Action.SIGN_CONTRACT,
    Action.REPORT_PROGRESS,
    Action.ACCEPT,
    Action.LIQUIDATE,
    Action.SETTLE,
)


def _waiting_for(key: str, label: str, action: Action, *statuses: Status) -> Queue:
    """A queue whose tracks and permission come from the transitions themselves."""
    transitions = {status: TRANSITIONS[status, action] for status in statuses}
    (permission,) = {transition.permission for transition in transitions.values()}
    stages = tuple((status, transition.tracks) for status, transition in transitions.items())
    return Queue(key, label, permission, stages, action=action, button=action.label)


def _ministry_agreed() -> Q:
    """The Ministry's last answer agrees."""
    return Q(pk__in=MinistryBatchProject.objects.agreed().order_by().values("project_id"))


def _may_be_approved() -> Q:
    """A local project once appraised, a national one once the Ministry has agreed."""
    return Q(track=Track.LOCAL.value) | _ministry_agreed()


QUEUES: list[Queue] = [
    _waiting_for("bo-sung", "Bị trả lại, cần bổ sung", Action.SUBMIT, Status.RETURNED),
    _waiting_for("dang-soan", "Đang soạn, chưa trình", Action.SUBMIT, Status.DRAFT),
    _waiting_for("xac-nhan", "Chờ xác nhận", Action.CONFIRM, Status.SUBMITTED),
    _waiting_for("tham-dinh", "Chờ thẩm định", Action.APPRAISE, Status.CONFIRMED),
    _waiting_for("gui-bo", "Chờ gửi Bộ Công Thương", Action.SEND_TO_MINISTRY, Status.APPRAISED),
    Queue(
        "ket-qua-bo",
        "Chờ kết quả của Bộ",
        Permission.PROJECT_APPRAISE,
        ((Status.SENT_TO_MINISTRY, frozenset({Track.NATIONAL})),),
        button="Ghi kết quả của Bộ",
        url_name="programs:project-ministry",
        narrowed_by=lambda: ~_ministry_agreed(),
    ),
    replace(
        _waiting_for("phe-duyet", "Chờ phê duyệt", Action.APPROVE, Status.APPRAISED, Status.SENT_TO_MINISTRY),
        narrowed_by=_may_be_approved,
    ),
    _waiting_for("hop-dong", "Chờ ký hợp đồng", Action.SIGN_CONTRACT, Status.APPROVED),
    _waiting_for("bat-dau", "Đã ký hợp đồng, chờ báo cáo tiến độ đầu", Action.REPORT_PROGRESS, Status.CONTRACTED),
    _waiting_for("nghiem-thu", "Đang thực hiện, chờ nghiệm thu", Action.ACCEPT, Status.IN_PROGRESS),
    _waiting_for("thanh-ly", "Chờ thanh lý hợp đồng", Action.LIQUIDATE, Status.ACCEPTED),
    _waiting_for("quyet-toan", "Chờ quyết toán", Action.SETTLE, Status.LIQUIDATED),
    Queue(
        "giai-ngan",
        "Đang thực hiện, theo dõi tạm ứng và thanh toán",
        Permission.LEDGER_RECORD,
        tuple((status, BOTH_TRACKS) for status in (Status.CONTRACTED, Status.IN_PROGRESS, Status.ACCEPTED)),
        tab_key="money",
        button="Mở kinh phí",
    ),
]


def add_queue(queue: Queue) -> None:
    """For an app above that has work of its own on projects; called when the app starts."""
    if all(known.key != queue.key for known in QUEUES):
        QUEUES.append(queue)


def queues_for(permissions: frozenset[Permission]) -> list[Queue]:
    """The queues that holders of these permissions work on, in the order of the life cycle."""
    return [queue for queue in QUEUES if queue.permission in permissions]


def owed_permissions(status: Status, track: Track) -> frozenset[Permission]:
    """Whose turn it is: the permissions of the moves that take a project on from here."""
    transitions = (find_transition(status, action, track) for action in FORWARD)
    return frozenset(transition.permission for transition in transitions if transition is not None)


def turn_condition(permissions: frozenset[Permission]) -> Q:
    """Projects whose next move holders of these permissions may make; nothing where they may make none."""
    theirs = [(s.value, t.value) for s in Status for t in Track if owed_permissions(s, t) & permissions]
    condition = Q(pk__in=[])
    for status, track in theirs:
        condition |= Q(status=status, track=track)
    return condition


def forward_moves(status: Status, track: Track, permissions: frozenset[Permission]) -> list[Action]:
    """The moves that take a project on from here and that these permissions allow."""
    found = [(action, find_transition(status, action, track)) for action in FORWARD]
    return [action for action, transition in found if transition and transition.permission in permissions]

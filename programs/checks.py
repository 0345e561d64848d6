"""What must be true before a move: a named list of checks per action. `funding` adds its own when the app starts."""

from collections import defaultdict
from collections.abc import Callable, Collection

from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs.models import Certainty, MinistryBatchProject, MinistryResult, Project, ProjectKind, SupplementPoint
from programs.queries.dossier import NAMES_SHOWN, missing_before
from programs.workflow import Action, Status, Track

Check = Callable[[Project], None]
Notice = Callable[[Project], list[str]]
CHECKS: dict[Action, list[Check]] = defaultdict(list)
WARNINGS: dict[Action, list[Notice]] = defaultdict(list)


def check_before(action: Action) -> Callable[[Check], Check]:
    """Register a check that runs, on the locked project, before the action."""

    def register(check: Check) -> Check:
        if check not in CHECKS[action]:
            CHECKS[action].append(check)
        return check

    return register


def problems_before(action: Action, project: Project, *, asked_here: Collection[Check] = ()) -> list[str]:
    """Every reason against the action, for a person to see all at once.

    `asked_here`: checks of what the page itself asks for, which cannot hold before its form has been sent.
    """
    problems = []
    for check in CHECKS[action]:
        if check in asked_here:
            continue
        try:
            check(project)
        except Refused as refusal:
            problems.append(refusal.message)
    return problems


def warn_before(action: Action) -> Callable[[Notice], Notice]:
    """Register what a person should know before the action; it never stops the action."""

    def register(notice: Notice) -> Notice:
        if notice not in WARNINGS[action]:
            WARNINGS[action].append(notice)
        return notice

    return register


def warnings_before(action: Action, project: Project) -> list[str]:
    """What a person should know before the action, which goes through all the same."""
    return [text for notice in WARNINGS[action] for text in notice(project)]


def run_checks(action: Action, project: Project) -> None:
    """Errors: Refused with every reason, one a line."""
    problems = problems_before(action, project)
    if problems:
        raise Refused("\n".join(problems))


@check_before(Action.SUBMIT)
def has_beneficiaries(project: Project) -> None:
    """A group project may name its beneficiaries after approval (TT 36/2013/TT-BCT); others may not."""
    if project.kind != ProjectKind.GROUP and not project.participants.exists():
        raise Refused("Chưa có cơ sở thụ hưởng nào trong đề án.")


@check_before(Action.SUBMIT)
def answers_what_was_asked(project: Project) -> None:
    """A returned project goes back when every point of the last return has its answer."""
    if project.state is not Status.RETURNED:
        return
    unanswered = SupplementPoint.objects.of_last_return(project.pk).filter(answer="")
    lines = [f"– {point}" for point in unanswered]
    if lines:
        raise Refused("\n".join([f"Còn {len(lines)} yêu cầu bổ sung chưa có giải trình:", *lines]))


@check_before(Action.REPORT_PROGRESS)
def has_a_report(project: Project) -> None:
    """The report is written just before the move."""
    if not project.progress.exists():
        raise Refused("Chưa có báo cáo tiến độ nào. Hãy ghi ở trang “Báo cáo tiến độ” của đề án.")


@check_before(Action.SIGN_CONTRACT)
def names_beneficiaries(project: Project) -> None:
    if not project.participants.exists():
        raise Refused("Phải có cơ sở thụ hưởng trước khi ký hợp đồng.")


@warn_before(Action.ACCEPT)
def was_checked_in_the_field(project: Project) -> list[str]:
    """No check at the place, or the last one found less than all of the work done."""
    check = project.field_checks.first()
    if check is None:
        return ["Chưa có biên bản kiểm tra tại nơi thực hiện."]
    if check.verified_percent < 100:
        minutes = f"Biên bản kiểm tra gần nhất ({check.minutes_number}, ngày {format_date(check.checked_on)})"
        return [f"{minutes} xác minh {check.verified_percent} % khối lượng, chưa đủ 100 %."]
    return []


def _has_its_papers(action: Action) -> Check:
    """Errors: Refused with every missing paper whose requirement was compared with the law."""

    def has_its_papers(project: Project) -> None:
        missing = missing_before(action, project, only=Certainty.CONFIRMED)
        if missing:
            raise Refused("\n".join(row.told() for row in missing))

    return has_its_papers


def _papers_to_look_for(action: Action) -> Notice:
    def papers_to_look_for(project: Project) -> list[str]:
        missing = missing_before(action, project, only=Certainty.UNVERIFIED)
        return [f"{row.told(NAMES_SHOWN)} Căn cứ chưa đối chiếu nên chỉ nhắc." for row in missing]

    return papers_to_look_for


for _action in Action:
    check_before(_action)(_has_its_papers(_action))
    warn_before(_action)(_papers_to_look_for(_action))


@check_before(Action.APPROVE)
def ministry_has_agreed(project: Project) -> None:
    """A national project is approved once the Ministry has agreed to it, in the batch that it was sent up in last."""
    if project.track_kind is not Track.NATIONAL:
        return
    entry = MinistryBatchProject.objects.filter(project=project).select_related("batch").order_by("-pk").first()
    if entry is None:
        raise Refused("Đề án chưa nằm trong đợt gửi Bộ nào. Hãy trả lại để gửi lại theo đợt ở mục “Đợt gửi Bộ”.")
    if entry.result != MinistryResult.AGREED:
        found = entry.get_result_display() if entry.result else "chưa có kết quả"
        raise Refused(
            f"Bộ chưa đồng ý đề án này ({found}). Kết quả được ghi ở mục “Đợt gửi Bộ”, công văn {entry.batch}."
        )


@check_before(Action.RETURN)
@check_before(Action.REFUSE)
def ministry_answer_is_recorded_in_its_batch(project: Project) -> None:
    """What the Ministry returns or refuses is recorded with its document, and no batch is left waiting for ever."""
    if project.state is not Status.SENT_TO_MINISTRY:
        return
    entry = MinistryBatchProject.objects.filter(project=project, result="").select_related("batch").first()
    if entry is not None:
        raise Refused(
            f"Đề án đang chờ kết quả của Bộ. Hãy ghi kết quả ở mục “Đợt gửi Bộ”, công văn {entry.batch}: "
            "Bộ yêu cầu bổ sung thì đề án được trả lại, Bộ không chấp thuận thì đề án bị từ chối."
        )

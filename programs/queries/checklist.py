"""What is left to do before a draft can be submitted."""

from dataclasses import dataclass

from khuyencong.errors import Refused
from programs.checks import CHECKS, problems_before
from programs.models import Certainty, Project, ProjectKind, SupplementPoint
from programs.queries.dossier import DossierRow, missing_before, read_together
from programs.tabs import Tab
from programs.workflow import Action, Status

SUPPLEMENT_LABEL = "Giải trình yêu cầu bổ sung"


@dataclass(frozen=True)
class ChecklistStep:
    label: str
    url_name: str
    done: bool
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    """Steps in the order in which they are filled in, every reason against submitting now, and papers still missing.

    `papers`: those that are no reason, since their requirement has not been compared with the law.
    """

    steps: list[ChecklistStep]
    problems: list[str]
    papers: list[DossierRow]


def submission_checklist(project: Project, tabs: list[Tab]) -> Checklist:
    """The steps of the tabs that this person sees; another app's tab is done when its checks have nothing to say."""
    done = {
        "general": True,
        "beneficiaries": project.participants.exists(),
        "indicators": project.indicators.exists(),
        "documents": project.documents.exists(),
    }
    steps = [
        ChecklistStep(tab.label, tab.url_name, _is_done(tab, done, project), _note(tab, project))
        for tab in tabs
        if tab.key in done or tab.before_submitting
    ]
    with read_together([project]):
        problems = problems_before(Action.SUBMIT, project)
        papers = missing_before(Action.SUBMIT, project, only=Certainty.UNVERIFIED)
    return Checklist(_supplement_step(project) + steps, problems, papers)


def _supplement_step(project: Project) -> list[ChecklistStep]:
    """For a returned project: whether each point of the last return has its answer."""
    if project.state is not Status.RETURNED:
        return []
    answers = list(SupplementPoint.objects.of_last_return(project.pk).values_list("answer", flat=True))
    if not answers:
        return []
    given = sum(1 for answer in answers if answer)
    note = f"{given}/{len(answers)} yêu cầu"
    return [ChecklistStep(SUPPLEMENT_LABEL, "programs:project-detail", given == len(answers), note)]


def _is_done(tab: Tab, done: dict[str, bool], project: Project) -> bool:
    if tab.key in done:
        return done[tab.key]
    return not _app_objects(_app_of(tab.url_name), project)


def _note(tab: Tab, project: Project) -> str:
    if tab.key == "beneficiaries" and project.kind == ProjectKind.GROUP:
        return "đề án nhóm được bổ sung sau khi phê duyệt"
    return ""


def _app_of(url_name: str) -> str:
    return url_name.partition(":")[0]


def _app_objects(app: str, project: Project) -> bool:
    """Whether a check that the app registered speaks against submitting."""
    for check in CHECKS[Action.SUBMIT]:
        if check.__module__.partition(".")[0] != app:
            continue
        try:
            check(project)
        except Refused:
            return True
    return False

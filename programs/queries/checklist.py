"""What is left to do before a draft can be submitted."""

from dataclasses import dataclass

from khuyencong.errors import Refused
from programs.checks import CHECKS, problems_before
from programs.models import Project, ProjectKind
from programs.tabs import Tab
from programs.workflow import Action

OWN_APP = "programs"


@dataclass(frozen=True)
class ChecklistStep:
    label: str
    url_name: str
    done: bool
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    """Steps in the order in which they are filled in, and every reason against submitting now."""

    steps: list[ChecklistStep]
    problems: list[str]


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
        if tab.key in done or _app_of(tab.url_name) != OWN_APP
    ]
    return Checklist(steps, problems_before(Action.SUBMIT, project))


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

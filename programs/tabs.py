"""The project page's parts: each tab and move is a page of the app that owns it. `funding` adds its own at start."""

from dataclasses import dataclass

from khuyencong.accounts.permissions import Permission
from programs.workflow import Action


@dataclass(frozen=True)
class Tab:
    """`url_name` takes the project's pk."""

    key: str
    label: str
    url_name: str
    permission: Permission
    position: int
    before_submitting: bool = False  # another app's tab that is filled in while a project is prepared


_TABS: dict[str, Tab] = {}
# Moves that need more than a document and a reason have pages of their own; the others share `programs:project-move`.
_MOVE_PAGES: dict[Action, str] = {}


def add_tab(tab: Tab) -> None:
    _TABS[tab.key] = tab


def add_move_page(action: Action, url_name: str) -> None:
    """`url_name` takes the project's pk."""
    _MOVE_PAGES[action] = url_name


def tabs_for(permissions: frozenset[Permission]) -> list[Tab]:
    """The tabs that holders of these permissions see, in page order."""
    return sorted((tab for tab in _TABS.values() if tab.permission in permissions), key=lambda tab: tab.position)


def move_page(action: Action) -> str | None:
    """The url name of the action's own page, or None when the common form serves."""
    return _MOVE_PAGES.get(action)


add_tab(Tab("general", "Thông tin chung", "programs:project-detail", Permission.PROJECT_VIEW, 10))
add_tab(Tab("beneficiaries", "Cơ sở thụ hưởng", "programs:project-beneficiaries", Permission.PROJECT_VIEW, 20))
add_tab(Tab("indicators", "Chỉ tiêu", "programs:project-indicators", Permission.PROJECT_VIEW, 40))
add_tab(Tab("progress", "Tiến độ", "programs:project-progress", Permission.PROJECT_VIEW, 50))
add_tab(Tab("evaluations", "Sau hỗ trợ", "programs:project-evaluations", Permission.PROJECT_VIEW, 55))
add_tab(Tab("documents", "Tài liệu", "programs:project-documents", Permission.PROJECT_VIEW, 60))
add_tab(Tab("history", "Lịch sử", "programs:project-history", Permission.PROJECT_VIEW, 70))
add_move_page(Action.REPORT_PROGRESS, "programs:project-report-progress")
add_move_page(Action.RETURN, "programs:project-return")
add_move_page(Action.SEND_TO_MINISTRY, "programs:project-ministry")

"""Buttons on the project page for work that is no move: each leads to a page of the app that owns it."""

from collections.abc import Callable
from dataclasses import dataclass

from khuyencong.accounts.models import User
from programs import policies
from programs.models import Project

Check = Callable[[User, Project], object]


@dataclass(frozen=True)
class PageButton:
    """`url_name` takes the project's pk; `check` is the policy of that page."""

    label: str
    url_name: str
    check: Check


_BUTTONS: dict[str, PageButton] = {}


def add_page_button(label: str, url_name: str, check: Check) -> None:
    """Called when the app starts; the order of the calls is the order on the page."""
    _BUTTONS[url_name] = PageButton(label, url_name, check)


def buttons_for(user: User, project: Project) -> list[PageButton]:
    """What this person may do with the project now, beside its moves."""
    return [button for button in _BUTTONS.values() if policies.allowed(button.check, user, project)]


add_page_button("Kết quả của Bộ", "programs:project-ministry", policies.check_can_answer_for_ministry)

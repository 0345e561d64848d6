"""Parts of the first page that apps above add: each is a template and what it shows to a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from khuyencong.accounts.models import User


@dataclass(frozen=True)
class HomePart:
    """`build` gives what `template` draws as `part`, or None when there is nothing to show to this person."""

    key: str
    template: str
    build: Callable[[User], Any]


@dataclass(frozen=True)
class ShownPart:
    template: str
    content: Any


_PARTS: dict[str, HomePart] = {}


def add_home_part(part: HomePart) -> None:
    """For an app above that has something to tell; called when the app starts."""
    _PARTS[part.key] = part


def home_parts(user: User) -> list[ShownPart]:
    """What the apps above tell this person, in the order in which they were added."""
    found = ((part, part.build(user)) for part in _PARTS.values())
    return [ShownPart(part.template, content) for part, content in found if content is not None]

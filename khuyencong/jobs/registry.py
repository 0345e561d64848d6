"""What can run as long work: each app lists its kinds in its module `jobs`, found when first asked for.

    @job("project-export", Permission.REPORT_EXPORT)
    def export_projects(progress: Progress, *, query: str) -> FileResult: ...

The function gets its arguments as JSON keeps them, acts for `progress.user`, and asks the same querysets and policies
as a page does: what the person may not see or do when the work runs is refused then, whatever was so when it was asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.utils.module_loading import autodiscover_modules

from khuyencong.accounts.permissions import Permission


@dataclass(frozen=True)
class FileResult:
    """A file to be downloaded. `stream` is read from its start and closed; `name` is what the person's disk gets."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True)
class PageResult:
    """A page of the portal that shows what came of it."""

    url: str


Result = FileResult | PageResult
Work = Callable[..., Result]


@dataclass(frozen=True)
class Kind:
    name: str
    permission: Permission
    work: Work


class UnknownKind(LookupError):
    """No app knows how to do this."""


_KINDS: dict[str, Kind] = {}


def job(name: str, permission: Permission) -> Callable[[Work], Work]:
    """The function is how work of this kind is done, by holders of the permission."""

    def register(work: Work) -> Work:
        if name in _KINDS and _KINDS[name].work is not work:
            raise ValueError(f"Two functions for one kind of job: {name}")
        _KINDS[name] = Kind(name, permission, work)
        return work

    return register


def kind_of(name: str) -> Kind:
    """Errors: UnknownKind."""
    autodiscover_modules("jobs")
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None

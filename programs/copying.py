"""What may be taken along when an earlier project is copied: each part is added by the app that owns it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes
from programs.models import Project, ProjectBeneficiary


@dataclass(frozen=True)
class CopyJob:
    """A copy that is being made. `participants`: those of the source by pk → their parts in the copy."""

    source: Project
    copy: Project
    by: User
    participants: dict[int, ProjectBeneficiary]


# Writes its part of the copy and returns what the history says of it.
CopyPart = Callable[[CopyJob], Changes]


@dataclass(frozen=True)
class Part:
    key: str
    label: str
    position: int
    copy: CopyPart


_PARTS: dict[str, Part] = {}


def on_copy(key: str, label: str, position: int) -> Callable[[CopyPart], CopyPart]:
    """Register a part, in the order of `position`; establishments come first, since other parts hang on them."""

    def register(copy: CopyPart) -> CopyPart:
        _PARTS[key] = Part(key, label, position, copy)
        return copy

    return register


def parts() -> list[Part]:
    return sorted(_PARTS.values(), key=lambda part: part.position)


def copy_parts(job: CopyJob, keys: Collection[str]) -> Changes:
    """Writes the chosen parts; a key that nobody has registered is left alone."""
    told: dict[str, tuple[object, object]] = {}
    for part in parts():
        if part.key in keys:
            told |= part.copy(job)
    return told

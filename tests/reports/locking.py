"""Short ways of locking a report in tests."""

from typing import Any

from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit
from reports.actions.lock import lock_report
from reports.definitions import DEFINITIONS
from reports.models import LockedReport
from reports.parameters import Parameters
from reports.snapshot import fingerprint

ASKED = {
    "year": "2026",
    "start": "15/12/2025",
    "end": "14/12/2026",
    "from_year": "2024",
    "to_year": "2026",
}


def parameters_of(slug: str, user: User, **asked: Any) -> Parameters:
    form = DEFINITIONS[slug].form_class({**ASKED, **asked}, user=user)
    assert form.is_valid(), form.errors
    return form.asked()


def shown_to(user: User, slug: str, **asked: Any) -> str:
    return fingerprint(DEFINITIONS[slug].build(parameters_of(slug, user, **asked)))


QUESTION = ("year", "basis", "known_on", "grouping")


def lock(user: User, slug: str = "kinh-phi", *, area: AdministrativeUnit | None = None, **more: Any) -> LockedReport:
    """`more`: what is asked beside the usual, or what is written on the paper."""
    asked = {"area": str(area.pk)} if area else {}
    asked |= {name: more.pop(name) for name in QUESTION if name in more}
    return lock_report(
        definition=DEFINITIONS[slug],
        parameters=parameters_of(slug, user, **asked),
        by=user,
        shown=shown_to(user, slug, **asked),
        **more,
    )

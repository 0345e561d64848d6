"""Every address that gives a workbook, found in the table of addresses, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from khuyencong.importing.kinds import kinds_for
from reports.dashboard.panels import PANELS
from reports.definitions import DEFINITIONS
from tests.responses import content_of

# Ends in "-export" and gives a Word document.
WORD = {"reports:covering-export"}


def export_names(resolver: Any = None, namespace: str = "") -> Iterator[str]:
    """The names of the portal's own downloads; those of the administration have tests of their own."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver) and one.namespace != "admin":
            yield from export_names(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and (one.name or "").endswith("-export"):
            yield f"{namespace}{one.name}"


def addresses(user: User, keys: dict[str, int]) -> Iterator[str]:
    """`keys`: name of the address → key of the object it is about."""
    slugs = {
        "reports:form-export": list(DEFINITIONS),
        "reports:dashboard-panel-export": list(PANELS),
        "importing:rows-export": [kind.slug for kind in kinds_for(user)],
    }
    for name in sorted(set(export_names()) - WORD):
        for slug in slugs.get(name, [None]):
            args: list[Any] = [slug] if slug else [keys[name]] if name in keys else []
            yield reverse(name, args=args)


def cells_of(response: Any) -> Iterator[Any]:
    for sheet in load_workbook(BytesIO(content_of(response))).worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)

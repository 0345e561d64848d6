"""Short ways of asking for a report in tests."""

from typing import Any

from khuyencong.accounts.models import User
from khuyencong.excel.table import Table
from khuyencong.localities.models import AdministrativeUnit
from reports.definitions import DEFINITIONS
from reports.parameters import Basis, PeriodParameters, YearsParameters
from reports.periods import Period, report_year


def period_parameters(
    user: User, area: AdministrativeUnit, *, period: Period | None = None, basis: Basis | None = None
) -> PeriodParameters:
    return PeriodParameters(user, area, 2026, period or report_year(2026), basis)


def years_parameters(user: User, area: AdministrativeUnit, first: int, last: int) -> YearsParameters:
    return YearsParameters(user, area, first, last)


ASKED = {"year": "2026", "start": "15/12/2025", "end": "14/12/2026", "from_year": "2024", "to_year": "2026"}


def form_parameters(slug: str, user: User, area: AdministrativeUnit, **more: str) -> Any:
    """What the page of the form would ask for 2026; `more` overrides what stands in its address."""
    form = DEFINITIONS[slug].form_class({**ASKED, "area": str(area.pk), **more}, user=user)
    assert form.is_valid(), form.errors
    return form.asked()


def build(slug: str, parameters: Any) -> list[Table]:
    return DEFINITIONS[slug].build(parameters)


def figures(table: Table, label_key: str, *keys: str) -> dict[str, tuple[Any, ...]]:
    """Row label → its figures."""
    return {
        str(table.value(place, label_key)): tuple(table.value(place, key) for key in keys)
        for place in range(len(table.rows))
    }

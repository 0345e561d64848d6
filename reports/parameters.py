"""What a report was asked for, checked and complete."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, TextChoices
from django.utils import timezone

from khuyencong.accounts.models import Signatory, SigningRole, User
from khuyencong.accounts.signatories import signatories_on
from khuyencong.localities.models import AdministrativeUnit, covered_unit_ids
from khuyencong.vietnamese.dates import format_date
from reports.periods import Period


class Basis(TextChoices):
    """Which money a funding form counts."""

    DISBURSED = "disbursed", "Đã giải ngân (ngày chứng từ)"
    APPROVED = "approved", "Được duyệt (ngày quyết định)"


@dataclass(frozen=True)
class Parameters:
    """Who asks, for which area. Figures never leave the person's own area, whatever `area` is."""

    user: User
    area: AdministrativeUnit
    # Only what the portal had recorded by the end of this day; None is all that it knows.
    known_on: datetime.date | None = field(default=None, kw_only=True)

    @cached_property
    def signatories(self) -> dict[SigningRole, Signatory]:
        """Who signs for the person's office today, looked up once for all tables of the report."""
        organisation = self.user.organisation_id
        return signatories_on(organisation, timezone.localdate()) if organisation else {}

    def within(self, place_path: str) -> Q:
        """Rows whose place lies in the chosen area and in the person's own."""
        chosen = Q(**{f"{place_path}__in": covered_unit_ids(self.area.pk)})
        return chosen & Q(**{f"{place_path}__in": covered_unit_ids(self.user.area_id)})

    @property
    def span(self) -> str:
        """The time of the report, as its subtitle says it."""
        raise NotImplementedError

    @property
    def file_part(self) -> str:
        raise NotImplementedError

    @property
    def subtitle(self) -> str:
        return f"{self.span}. Địa bàn: {self.area}"

    def as_query(self) -> dict[str, Any]:
        known = {"known_on": format_date(self.known_on)} if self.known_on else {}
        return {"area": self.area.pk, **known}

    @property
    def _known(self) -> str:
        """The day of what is known, after the time of the report; empty when that is today."""
        return f", số liệu như đã biết đến hết ngày {format_date(self.known_on)}" if self.known_on else ""

    @property
    def _known_part(self) -> str:
        return f"-biet-den-{self.known_on:%Y%m%d}" if self.known_on else ""

    @property
    def querystring(self) -> str:
        """The same question as an address."""
        return urlencode(self.as_query())


@dataclass(frozen=True)
class PeriodParameters(Parameters):
    year: int
    period: Period
    basis: Basis | None = None

    @property
    def span(self) -> str:
        label, spelled = self.period.label, self.period.spelled
        days = spelled.capitalize() if label.startswith("Từ ") else f"{label} ({spelled})"
        return days + self._known

    @property
    def file_part(self) -> str:
        return self.period.file_part + self._known_part

    def as_query(self) -> dict[str, Any]:
        query = {"year": self.year, "start": format_date(self.period.start), "end": format_date(self.period.end)}
        basis = {"basis": self.basis.value} if self.basis else {}
        return {**query, **super().as_query(), **basis}


@dataclass(frozen=True)
class YearsParameters(Parameters):
    first_year: int
    last_year: int

    @property
    def span(self) -> str:
        return self.years_label + self._known

    @property
    def years_label(self) -> str:
        same = self.first_year == self.last_year
        return f"Năm {self.first_year}" if same else f"Giai đoạn {self.first_year}–{self.last_year}"

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def file_part(self) -> str:
        years = str(self.first_year) if len(self.years) == 1 else f"{self.first_year}-{self.last_year}"
        return years + self._known_part

    def as_query(self) -> dict[str, Any]:
        return {"from_year": self.first_year, "to_year": self.last_year, **super().as_query()}

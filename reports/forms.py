"""The parameters above a report. What is missing or wrong is replaced by the default, so that the page always draws."""

import datetime
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from django import forms
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.formfields import VietnameseDateField
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.dates import format_date
from reports.areas import grouped_choices, selectable_units
from reports.parameters import Basis, Parameters, PeriodParameters, YearsParameters
from reports.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    OWN_DAYS,
    PARTS,
    WHOLE_YEAR,
    PeriodError,
    asked_period,
    part_of,
    report_year,
    year_of,
)

P = TypeVar("P", bound=Parameters)

DEFAULT_SPAN, LONGEST_SPAN = 5, 40  # years
YEAR_MESSAGE = f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}."


class YearField(forms.IntegerField):
    """A year that reports are drawn for."""

    default_error_messages = {"invalid": "Năm phải là số có bốn chữ số.", "required": "Chưa nhập năm."}

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, min_value=FIRST_YEAR, max_value=LAST_YEAR)
        for validator in self.validators:
            validator.message = YEAR_MESSAGE  # type: ignore[attr-defined]


class ParametersForm(forms.Form, Generic[P]):
    """Always bound: what the address does not say is the default."""

    area = forms.ChoiceField(
        label="Địa bàn", error_messages={"invalid_choice": "Địa bàn này không thuộc phạm vi của đơn vị bạn."}
    )
    field_order = ["year", "part", "start", "end", "from_year", "to_year", "area", "basis", "grouping", "known_on"]

    def __init__(self, given: Mapping[str, str], *, user: User, today: datetime.date | None = None) -> None:
        self.user = user
        self.today = today or timezone.localdate()
        units = selectable_units(user)
        self.units: dict[str, AdministrativeUnit] = {str(unit.pk): unit for unit in units}
        known = {name: given[name] for name in self.base_fields if name in given}
        super().__init__({**self.default_data(), **known})
        self.fields["area"].choices = grouped_choices(units)  # type: ignore[attr-defined]

    @property
    def own_area(self) -> AdministrativeUnit:
        return self.units[str(self.user.area_id)]

    def default_data(self) -> dict[str, Any]:
        return {"area": self.user.area_id}

    def parameters(self) -> P:
        """What was asked for where all of it is right; otherwise the defaults."""
        return self.asked() if self.is_valid() else self.defaults()

    def asked(self) -> P:
        raise NotImplementedError

    def defaults(self) -> P:
        raise NotImplementedError

    def clean_area(self) -> AdministrativeUnit:
        return self.units[self.cleaned_data["area"]]


class KnownOnForm(forms.Form):
    """Of a form that counts money: the question may be put as of a past day. Empty is all that the portal knows."""

    today: datetime.date
    known_on = VietnameseDateField(label="Số liệu như đã biết đến hết ngày", required=False)

    def clean_known_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["known_on"]
        if day and day > self.today:
            raise forms.ValidationError(
                f"Ngày này ở sau hôm nay ({format_date(self.today)}). Để trống ô này để xem mọi số liệu đã nhập."
            )
        return day


PART_CHOICES = [
    *((part, PARTS[part][2]) for part in PARTS if part == WHOLE_YEAR),
    ("6 tháng", [(part, name) for part, (*_, name) in PARTS.items() if part.startswith("6-thang")]),
    ("Quý", [(part, name) for part, (*_, name) in PARTS.items() if part.startswith("quy")]),
    ("Tháng", [(part, name) for part, (*_, name) in PARTS.items() if part.startswith("thang")]),
    (OWN_DAYS, "Tự chọn ngày"),
]


class PeriodForm(ParametersForm[PeriodParameters]):
    """A year, a part of it or two days, an area."""

    year = YearField(label="Năm")
    part = forms.ChoiceField(
        label="Kỳ báo cáo",
        choices=PART_CHOICES,
        required=False,
        error_messages={"invalid_choice": "Chọn một kỳ trong danh sách."},
    )
    shown_part = forms.CharField(widget=forms.HiddenInput, required=False)
    start = VietnameseDateField(label="Từ ngày", required=False)
    end = VietnameseDateField(label="Đến ngày", required=False)

    def default_data(self) -> dict[str, Any]:
        return {**super().default_data(), "year": year_of(self.today)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"year", "part", "start", "end"} & self.errors.keys():
            return cleaned
        asked = (cleaned[name] for name in ("year", "part", "shown_part", "start", "end"))
        try:
            self.period = asked_period(*asked)
        except PeriodError as error:
            self.add_error(error.field, error.message)
        else:
            # The boxes show the days that are counted, also when they were left empty or belonged to another year.
            days = {"start": format_date(self.period.start), "end": format_date(self.period.end)}
            part = part_of(self.period)
            self.data = {**self.data, **days, "part": part, "shown_part": part}
        return cleaned

    def asked(self) -> PeriodParameters:
        cleaned = self.cleaned_data
        known_on, basis = cleaned.get("known_on"), cleaned.get("basis")
        return PeriodParameters(self.user, cleaned["area"], cleaned["year"], self.period, basis, known_on=known_on)

    def defaults(self) -> PeriodParameters:
        year = year_of(self.today)
        basis = Basis.DISBURSED if "basis" in self.fields else None
        return PeriodParameters(self.user, self.own_area, year, report_year(year), basis)


class MoneyForm(KnownOnForm, PeriodForm):
    """A period, and as known on which day."""


class FundingForm(MoneyForm):
    """A period, and which money: disbursed or approved."""

    basis = forms.ChoiceField(
        label="Cách tính",
        choices=Basis.choices,
        error_messages={"invalid_choice": "Chọn một cách tính trong danh sách."},
    )

    def default_data(self) -> dict[str, Any]:
        return {**super().default_data(), "basis": Basis.DISBURSED.value}

    def clean_basis(self) -> Basis:
        return Basis(self.cleaned_data["basis"])


class YearsForm(KnownOnForm, ParametersForm[YearsParameters]):
    """From one plan year to another."""

    from_year = YearField(label="Từ năm kế hoạch")
    to_year = YearField(label="Đến năm kế hoạch")

    def default_data(self) -> dict[str, Any]:
        first, last = self._default_years()
        return {**super().default_data(), "from_year": first, "to_year": last}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_year"), cleaned.get("to_year")
        if first is None or last is None:
            return cleaned
        if last < first:
            self.add_error("to_year", f"Năm kết thúc {last} đứng trước năm bắt đầu {first}.")
        elif last - first >= LONGEST_SPAN:
            self.add_error("to_year", f"Mỗi lần xem được nhiều nhất {LONGEST_SPAN} năm.")
        return cleaned

    def asked(self) -> YearsParameters:
        cleaned = self.cleaned_data
        years = cleaned["from_year"], cleaned["to_year"]
        return YearsParameters(self.user, cleaned["area"], *years, known_on=cleaned["known_on"])

    def defaults(self) -> YearsParameters:
        return YearsParameters(self.user, self.own_area, *self._default_years())

    def _default_years(self) -> tuple[int, int]:
        last = year_of(self.today)
        return last - DEFAULT_SPAN + 1, last

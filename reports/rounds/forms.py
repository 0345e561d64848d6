"""What is typed when a round is opened or changed, and when an office reports."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.dates import format_date
from reports.areas import grouped_choices, selectable_units
from reports.forms import PART_CHOICES, YearField
from reports.models import ReportingRound
from reports.periods import PARTS, Period, PeriodError, asked_period, part_of, part_of_year, year_of
from reports.rounds.queries import period_of, round_parameters

DAYS_TO_ANSWER = 5
NOTE_LENGTH = 5000


class ReportingRoundForm(forms.Form):
    """The period is chosen as in a report: a year and a part of it, or two days."""

    year = YearField(label="Năm báo cáo")
    part = forms.ChoiceField(
        label="Kỳ báo cáo",
        choices=PART_CHOICES,
        error_messages={"invalid_choice": "Chọn một kỳ trong danh sách."},
        help_text="Chọn một kỳ thì hai ngày dưới đây theo kỳ đó; muốn ngày khác, chọn “Tự chọn ngày”.",
    )
    shown_part = forms.CharField(widget=forms.HiddenInput, required=False)
    start = VietnameseDateField(label="Từ ngày", required=False)
    end = VietnameseDateField(label="Đến ngày", required=False)
    area = forms.ChoiceField(
        label="Địa bàn hỏi số liệu",
        error_messages={"invalid_choice": "Địa bàn này không thuộc phạm vi của đơn vị bạn."},
        help_text="Mọi Phòng Kinh tế cấp xã, huyện trong địa bàn, hoạt động vào ngày cuối kỳ, được hỏi.",
    )
    title = NFCFormCharField(
        label="Tên kỳ",
        max_length=200,
        required=False,
        help_text="Tên đề xuất đổi theo kỳ báo cáo đã chọn; sửa thì giữ tên bạn ghi.",
    )
    shown_title = forms.CharField(widget=forms.HiddenInput, required=False)
    due_date = VietnameseDateField(label="Hạn báo cáo")
    document_number = NFCFormCharField(label="Số công văn", max_length=100, required=False)
    note = NFCFormCharField(label="Yêu cầu thêm", max_length=NOTE_LENGTH, required=False, multiline=True)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args: Any, user: User, edited: ReportingRound | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _stored(edited, user) if edited else _proposed(user)
        super().__init__(*args, **kwargs)
        units = selectable_units(user)
        self.units: dict[str, AdministrativeUnit] = {str(unit.pk): unit for unit in units}
        self.fields["area"].choices = grouped_choices(units)  # type: ignore[attr-defined]

    def clean_area(self) -> AdministrativeUnit:
        return self.units[self.cleaned_data["area"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"year", "part", "start", "end"} & self.errors.keys():
            return cleaned
        try:
            period = asked_period(*(cleaned[name] for name in ("year", "part", "shown_part", "start", "end")))
        except PeriodError as error:
            self.add_error(error.field, error.message)
            return cleaned
        title = cleaned.get("title") or ""
        title = proposed_title(period) if title in ("", cleaned["shown_title"]) else title
        return {**cleaned, "start": period.start, "end": period.end, "title": title}

    def values(self) -> dict[str, Any]:
        names = ("area", "start", "end", "title", "due_date", "document_number", "note")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def version_seen(self) -> int:
        return self.cleaned_data.get("version") or 0


class AreaReportForm(forms.Form):
    note = NFCFormCharField(
        label="Tình hình, khó khăn, kiến nghị",
        max_length=NOTE_LENGTH,
        required=False,
        multiline=True,
        help_text="Không có thì để trống.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


def proposed_title(period: Period) -> str:
    """ "Báo cáo khuyến công quý III năm 2026"."""
    return f"Báo cáo khuyến công {period.label[:1].lower()}{period.label[1:]}"


def current_quarter(today: datetime.date) -> Period:
    """The quarter of the report year that the day falls in."""
    year = year_of(today)
    quarters = (part_of_year(year, part) for part in PARTS if part.startswith("quy"))
    return next(period for period in quarters if period.start <= today <= period.end)


def _proposed(user: User) -> dict[str, Any]:
    """This quarter, the person's own area, a few days to answer after its end."""
    period = current_quarter(timezone.localdate())
    due = period.end + datetime.timedelta(days=DAYS_TO_ANSWER)
    shown = _shown(period, year_of(period.start))
    return {**shown, "title": shown["shown_title"], "area": user.area_id, "due_date": due}


def _stored(asked: ReportingRound, user: User) -> dict[str, Any]:
    period = period_of(asked)
    kept = {name: getattr(asked, name) for name in ("title", "due_date", "document_number", "note", "version")}
    return {**_shown(period, round_parameters(asked, user).year), "area": asked.area_id, **kept}


def _shown(period: Period, year: int) -> dict[str, Any]:
    part = part_of(period)
    days = {"start": format_date(period.start), "end": format_date(period.end)}
    return {"year": year, "part": part, "shown_part": part, "shown_title": proposed_title(period), **days}

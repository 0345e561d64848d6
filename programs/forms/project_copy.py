"""The form of a project that is made from an earlier one."""

from typing import Any

from django import forms
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.localities.successors import Today, unit_today
from programs.actions import project_copy  # noqa: F401  (adds its parts to what may be taken along)
from programs.copying import parts
from programs.forms.project import ProjectEditForm
from programs.models import Project
from programs.rules.copying import next_plan_year, shift_years

OFFERED_IN = ("support_item", "programme", "implementer")


class ProjectCopyForm(ProjectEditForm):
    """The source's own words and choices, a later year and its days; what is no longer offered is left to choose."""

    parts = forms.MultipleChoiceField(
        label="Chép theo",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Bỏ dấu ở phần không cần chép.",
    )

    def __init__(self, *args: Any, user: User, source: Project, **kwargs: Any) -> None:
        self.source = source
        today = timezone.localdate()
        super().__init__(*args, user=user, initial=_initial(source, today.year), **kwargs)
        fields: dict[str, Any] = self.fields
        fields["parts"].choices = [(part.key, part.label) for part in parts()]
        for name in OFFERED_IN:
            chosen = getattr(source, f"{name}_id")
            if fields[name].queryset.filter(pk=chosen).exists():
                self.initial[name] = chosen
        self._offer_place(unit_today(source.place, today))

    def _offer_place(self, now: Today) -> None:
        """Where the source's place lies today; a place that was split is chosen by the person."""
        place: Any = self.fields["place"]
        if now.unit is not None and place.queryset.filter(pk=now.unit.pk).exists():
            self.initial["place"] = now.unit.pk
        elif now.parts:
            names = ", ".join(str(part) for part in now.parts)
            self.initial["place"] = None
            place.help_text = f"{self.source.place} đã được chia vào: {names}. Hãy chọn đúng nơi thực hiện."
        if now.unit is not None and now.unit.pk != self.source.place_id:
            place.help_text = f"{self.source.place} nay thuộc {now.unit}."

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        year, end = data.get("year"), data.get("end_date")
        if year and end and end.year < year:
            self.add_error("end_date", f"Ngày kết thúc nằm trước năm kế hoạch {year}. Hãy sửa thời gian thực hiện.")
        return data


def _initial(source: Project, this_year: int) -> dict[str, Any]:
    year = next_plan_year(source.year, this_year)
    later = year - source.year
    return {
        **{name: getattr(source, name) for name in ("name", "track", "kind", "objective")},
        "version": source.version,
        "year": year,
        "start_date": shift_years(source.start_date, later),
        "end_date": shift_years(source.end_date, later),
        "parts": [part.key for part in parts()],
    }

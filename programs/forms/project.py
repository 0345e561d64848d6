"""The general form of a project."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from khuyencong.localities.models import UnitLevel
from khuyencong.vietnamese.text import same_name
from programs.actions.project import EDITED_FIELDS
from programs.forms.places import PlaceField
from programs.models import Programme, Project, ProjectKind, SupportItem
from programs.queries.project import implementers_open_to, programmes_open_in
from programs.workflow import ENDED, TRACK_CHOICES

FIRST_YEAR = 2005
# Fairs and courses for a whole province are placed at the province itself.
PROJECT_LEVELS = (UnitLevel.COMMUNE, UnitLevel.PROVINCE)


class ProgrammeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        programme: Programme = obj
        return f"{programme.name} ({programme.start_year}–{programme.end_year})"


class ProjectCreateForm(forms.ModelForm):
    """Registering a project; what it offers to choose from depends on the person's area and on today."""

    year = forms.IntegerField(label="Năm kế hoạch", min_value=FIRST_YEAR)
    name = NFCFormCharField(label="Tên đề án", max_length=500)
    track = forms.ChoiceField(label="Cấp khuyến công", choices=[("", "Chọn cấp"), *TRACK_CHOICES])
    kind = forms.ChoiceField(label="Loại đề án", choices=[("", "Chọn loại"), *ProjectKind.choices])
    programme = ProgrammeField(
        Programme.objects.none(), label="Chương trình", required=False, empty_label="Không thuộc"
    )
    place = PlaceField(label="Địa bàn", empty_label="Chọn địa bàn")
    start_date = VietnameseDateField(label="Bắt đầu")
    end_date = VietnameseDateField(label="Kết thúc")
    objective = NFCFormCharField(label="Mục tiêu, nội dung", max_length=8000, multiline=True, required=False)
    note = NFCFormCharField(label="Ghi chú", max_length=300, required=False)

    class Meta:
        model = Project
        fields = EDITED_FIELDS

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        kept = self.instance if self.instance.pk else None
        fields: dict[str, Any] = self.fields
        fields["place"].offer(user, levels=PROJECT_LEVELS, kept=kept.place_id if kept else None)
        fields["implementer"].queryset = implementers_open_to(user, kept=kept.implementer_id if kept else None)
        fields["programme"].queryset = programmes_open_in(
            min(self.today.year, kept.year if kept else self.today.year), kept=kept.programme_id if kept else None
        )
        in_use = Q(is_active=True) | Q(pk=kept.support_item_id if kept else 0)
        fields["support_item"].queryset = SupportItem.objects.filter(in_use)
        fields["support_item"].empty_label = "Chọn nội dung"
        if kept is None:
            # Registration is for next year's plan: dossiers for it go up from May on.
            fields["year"].initial = self.today.year + (1 if self.today.month >= 5 else 0)
            fields["implementer"].initial = user.organisation_id

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > self.today.year + 5:
            raise forms.ValidationError(f"Năm kế hoạch từ {FIRST_YEAR} đến {self.today.year + 5}.")
        return year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("start_date"), data.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        self._check_programme(data)
        self._check_not_registered_twice(data)
        return data

    def _check_programme(self, data: dict[str, Any]) -> None:
        programme, year = data.get("programme"), data.get("year")
        if programme is None or year is None:
            return
        if data.get("track") and programme.track != data["track"]:
            self.add_error("programme", "Chương trình này thuộc cấp khuyến công khác với cấp của đề án.")
        elif not programme.start_year <= year <= programme.end_year:
            period = f"{programme.start_year}–{programme.end_year}"
            self.add_error("programme", f"Năm kế hoạch {year} nằm ngoài giai đoạn {period} của chương trình.")

    def _check_not_registered_twice(self, data: dict[str, Any]) -> None:
        """The same name, year, place and content: a dossier sent twice, or a name that says too little."""
        if not all(data.get(name) for name in ("year", "place", "support_item", "name")):
            return
        others = Project.objects.filter(year=data["year"], place=data["place"], support_item=data["support_item"])
        others = others.exclude(pk=self.instance.pk).exclude(status__in=[status.value for status in ENDED])
        for code, name in others.values_list("code", "name"):
            if same_name(name, data["name"]):
                self.add_error(
                    "name", f"Đề án {code} đã có cùng tên, năm, địa bàn, nội dung. Ghi thêm tên cơ sở để phân biệt."
                )
                return

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes; call after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in EDITED_FIELDS}


class ProjectEditForm(ProjectCreateForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

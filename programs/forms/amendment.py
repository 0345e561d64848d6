"""The form of an amendment: content, establishments, decision. Money has forms of its own in `funding`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField, VersionForm, VietnameseDateField
from khuyencong.vietnamese.text import fold, same_name
from programs.actions.amended_participants import NewParticipant
from programs.actions.amendment import Content, Decision
from programs.actions.indicator import Figure
from programs.forms.figures import show_figure
from programs.forms.indicator import PlannedFormSet, row_choices
from programs.forms.project import ProgrammeField
from programs.models import Beneficiary, IndicatorValue, Programme, Project, ProjectBeneficiary
from programs.queries.amendment import AMENDED_FIELDS
from programs.queries.project import implementers_open_to, programmes_open_in

NEW_PLACES = 3
CANDIDATES = 5
YEARS_BEYOND = 2  # an amendment may move the end of a project into later years, with figures of their own


class EstablishmentField(NFCFormCharField):
    """An establishment that the person may see, typed as its tax code, its name, or # and its number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=250, required=False, **kwargs)
        self.known = Beneficiary.objects.none()

    def clean(self, value: Any) -> Any:
        """The Beneficiary, or None where nothing is typed."""
        text = super().clean(value)
        return self._find(str(text)) if text else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "off"}

    def _find(self, text: str) -> Beneficiary:
        if text.startswith("#") and text[1:].isdecimal():
            found = list(self.known.filter(pk=int(text[1:][:9])))
        else:
            found = list(self.known.filter(tax_code=text)) or list(self.known.filter(folded__contains=fold(text))[:50])
            exact = [one for one in found if same_name(one.name, text)]
            found = exact or found
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(_which(found) if found else f"Không tìm thấy cơ sở “{text[:60]}” trong danh sách.")


def _which(found: Sequence[Beneficiary]) -> str:
    shown = "; ".join(f"#{one.pk} {one.name}, {one.place.name}" for one in found[:CANDIDATES])
    more = ", …" if len(found) > CANDIDATES else ""
    return f"Có nhiều cơ sở như vậy, hãy gõ số sau dấu # của cơ sở cần chọn: {shown}{more}."


class AmendmentForm(DocumentFieldsMixin, VersionForm):
    """What stands now, to be changed, and the decision. `remove_<id>` and `replace_<id>` for each participant."""

    name = NFCFormCharField(label="Tên đề án", max_length=500)
    programme = ProgrammeField(
        Programme.objects.none(), label="Chương trình", required=False, empty_label="Không thuộc"
    )
    implementer = forms.ModelChoiceField(Organisation.objects.none(), label="Đơn vị thực hiện", empty_label=None)
    start_date = VietnameseDateField(label="Bắt đầu")
    end_date = VietnameseDateField(label="Kết thúc")
    objective = NFCFormCharField(label="Mục tiêu, nội dung", max_length=8000, multiline=True, required=False)
    duplicate_reason = NFCFormCharField(
        label="Vì sao không phải hỗ trợ trùng",
        max_length=2000,
        multiline=True,
        required=False,
        help_text="Chỉ cần khi cơ sở thêm hoặc thay có dấu hiệu đã được hỗ trợ; cổng báo dấu hiệu khi ghi.",
    )
    effective_from = VietnameseDateField(label="Áp dụng từ ngày")
    reason = NFCFormCharField(label="Lý do điều chỉnh", max_length=2000, multiline=True)

    def __init__(
        self, *args: Any, project: Project, participants: Sequence[ProjectBeneficiary], user: User, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {name: getattr(project, name) for name in AMENDED_FIELDS} | {"version": project.version}
        super().__init__(*args, **kwargs)
        self.project, self.participants = project, participants
        fields: dict[str, Any] = self.fields
        fields["document_number"].label, fields["document_date"].label = "Số quyết định", "Ngày quyết định"
        fields["implementer"].queryset = implementers_open_to(user, kept=project.implementer_id)
        year = min(timezone.localdate().year, project.year)
        of_track = Q(track=project.track) | Q(pk=project.programme_id)
        fields["programme"].queryset = programmes_open_in(year, kept=project.programme_id).filter(of_track)
        for one in participants:
            fields[f"remove_{one.pk}"] = forms.BooleanField(label=f"Bỏ {one}", required=False)
            fields[f"replace_{one.pk}"] = EstablishmentField(label=f"Thay {one} bằng")
            fields[f"replace_{one.pk}"].known = _known_to(user)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("start_date"), data.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        programme, year = data.get("programme"), self.project.year
        is_new = programme is not None and programme.pk != self.project.programme_id
        if programme and is_new and not programme.start_year <= year <= programme.end_year:
            period = f"{programme.start_year}–{programme.end_year}"
            self.add_error("programme", f"Năm kế hoạch {year} nằm ngoài giai đoạn {period} của chương trình.")
        for one in self.participants:
            if data.get(f"remove_{one.pk}") and data.get(f"replace_{one.pk}"):
                self.add_error(f"replace_{one.pk}", "Chỉ chọn một: bỏ cơ sở, hoặc thay bằng cơ sở khác.")
        return data

    @property
    def participant_rows(self) -> list[tuple[ProjectBeneficiary, Any, Any]]:
        """(participant, its box to leave, its field to be replaced), for the template."""
        return [(one, self[f"remove_{one.pk}"], self[f"replace_{one.pk}"]) for one in self.participants]

    def content(self, figures: Sequence[Figure], added: Sequence[NewParticipant]) -> Content:
        """What the action takes; after `is_valid`."""
        data = self.cleaned_data
        chosen = {one.pk: data[f"replace_{one.pk}"] for one in self.participants}
        return Content(
            values={name: data[name] for name in AMENDED_FIELDS},
            figures=figures,
            removed=[one.pk for one in self.participants if data[f"remove_{one.pk}"]],
            replaced={pk: establishment.pk for pk, establishment in chosen.items() if establishment},
            added=added,
            duplicate_reason=data["duplicate_reason"],
        )

    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(data["document_number"], data["document_date"], data["effective_from"], data["reason"])


class NewParticipantForm(forms.Form):
    establishment = EstablishmentField(label="Cơ sở mới (tên hoặc mã số thuế)")
    content = NFCFormCharField(label="Nội dung được hỗ trợ", max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["establishment"]
        field.known = _known_to(user)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("content") and not self.data.get(self.add_prefix("establishment")):
            self.add_error("establishment", "Ghi tên hoặc mã số thuế của cơ sở mới.")
        return self.cleaned_data


class _BaseNewParticipantFormSet(forms.BaseFormSet):
    def places(self) -> list[int]:
        """The numbers, from 1, of the rows that name an establishment; after `is_valid`."""
        return [place for place, form in enumerate(self.forms, 1) if form.cleaned_data.get("establishment")]

    def added(self) -> list[NewParticipant]:
        rows = [self.forms[place - 1].cleaned_data for place in self.places()]
        return [NewParticipant(row["establishment"].pk, row["content"]) for row in rows]


NewParticipantFormSet = forms.formset_factory(
    NewParticipantForm,
    formset=_BaseNewParticipantFormSet,
    extra=NEW_PLACES,
    max_num=NEW_PLACES,
    absolute_max=NEW_PLACES,
)


def amended_figures_formset(project: Project, values: Sequence[IndicatorValue], data: Any = None) -> Any:
    """The planned figures as rows, with some years more than the project has now."""
    planned = [row for row in values if row.planned_value is not None]
    choices = row_choices(project, planned)
    later = range(project.end_date.year + 1, project.end_date.year + 1 + YEARS_BEYOND)
    choices = replace(choices, years=sorted({*choices.years, *later}))
    initial = [
        {
            "indicator": row.indicator_id,
            "budget": row.budget,
            "year": row.year,
            "value": show_figure(row.planned_value, row.indicator),
        }
        for row in planned
    ]
    return PlannedFormSet(data, prefix="rows", initial=initial, form_kwargs={"choices": choices})


def _known_to(user: User) -> Any:
    return Beneficiary.objects.visible_to(user).select_related("place")

"""A decision on the year's budget: the paper, and a row per support item."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from funding.actions.budget import Decision
from funding.actions.budget_checks import ROW_LIMIT, PlanRow
from funding.models import Source
from funding.queries.budget_items import UNALLOCATED
from khuyencong.errors import Refused
from khuyencong.formfields import NFCFormCharField, VietnameseDateField, VndField
from khuyencong.localities.models import AdministrativeUnit
from programs.models import SupportItem

FIRST_YEAR = 2004  # Nghị định 134/2004/NĐ-CP, the first on khuyến công
ASSIGN, REDUCE = "assign", "reduce"
BLANK_ROWS = 3


class BudgetDecisionForm(forms.Form):
    year = forms.IntegerField(label="Năm", min_value=FIRST_YEAR)
    source = forms.TypedChoiceField(label="Nguồn vốn", coerce=int, choices=())
    province = forms.TypedChoiceField(label="Tỉnh", coerce=int, choices=())
    decision_number = NFCFormCharField(label="Số quyết định", max_length=100)
    decision_date = VietnameseDateField(label="Ngày quyết định")
    note = NFCFormCharField(label="Ghi chú", max_length=300, required=False)

    def __init__(
        self, *args: Any, sources: Sequence[Source], provinces: Sequence[AdministrativeUnit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [(one.pk, one.name) for one in sources]
        province: Any = self.fields["province"]
        province.choices = [(one.pk, str(one)) for one in provinces]

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > timezone.localdate().year + 1:
            raise forms.ValidationError("Chỉ ghi dự toán đến năm sau.")
        return year

    def decision(self) -> Decision:
        """After `is_valid`."""
        values = self.cleaned_data
        return Decision(values["decision_number"], values["decision_date"], values["note"])


class BudgetRowForm(forms.Form):
    item = forms.TypedChoiceField(label="Nội dung hỗ trợ", required=False, coerce=int, empty_value=None, choices=())
    direction = forms.ChoiceField(
        label="Việc", choices=[(ASSIGN, "Giao, bổ sung (+)"), (REDUCE, "Giảm, thu hồi (−)")], initial=ASSIGN
    )
    amount_vnd = VndField(label="Số tiền")

    def __init__(self, *args: Any, items: Sequence[SupportItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.choices = [("", UNALLOCATED), *((one.pk, str(one)) for one in items)]

    def signed_amount_vnd(self) -> int:
        """+ for money assigned, − for money taken back; after `is_valid`."""
        amount: int = self.cleaned_data["amount_vnd"]
        return -amount if self.cleaned_data["direction"] == REDUCE else amount


class BaseBudgetRowFormSet(forms.BaseFormSet):
    @property
    def filled(self) -> list[BudgetRowForm]:
        return [form for form in self.forms if form.cleaned_data and form.has_changed()]

    def plan_rows(self) -> list[PlanRow]:
        """The rows that are filled in, after `is_valid`."""
        return [PlanRow(form.cleaned_data["item"], form.signed_amount_vnd()) for form in self.filled]

    def owner_of(self, refusal: Refused) -> tuple[forms.Form, Refused] | None:
        """The row that a refusal speaks of, and the refusal at the row's own field; None when it is of no row."""
        prefix, _, rest = refusal.field.partition("-")
        place, _, name = rest.partition("-")
        if prefix != "rows" or not place.isdigit():
            return None
        return self.filled[int(place)], type(refusal)(refusal.message, field=name)


BudgetRowFormSet = forms.formset_factory(
    BudgetRowForm,
    formset=BaseBudgetRowFormSet,
    extra=BLANK_ROWS,
    min_num=1,
    validate_min=True,
    max_num=ROW_LIMIT,
    validate_max=True,
)

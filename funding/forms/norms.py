"""What norms are reckoned from, why one is passed, and the question of what one allows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone

from funding.actions.norms import MAX_UNITS, REASON_FIELD, Bases
from funding.queries.norm_series import GivenBasis, Series
from khuyencong.formfields import NFCFormCharField, VietnameseDateField, VndField
from khuyencong.vietnamese.money import Unit
from programs.models import SupportItem
from programs.workflow import TRACK_CHOICES, Track

NOT_APPLIED = "Không áp dụng định mức"


class BasisForm(forms.Form):
    """One row per payee: which norm, the eligible cost, how many units, whether the multiplier's condition holds."""

    def __init__(
        self,
        *args: Any,
        payees: Sequence[tuple[int | None, str]],
        series: Sequence[Series],
        bases: Bases,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.payees, self.series = list(payees), list(series)
        self.has_multiplier = any(one.multiplier_row for one in self.series)
        for payee, _ in self.payees:
            self._add_fields(payee, bases.get(payee))

    def _add_fields(self, payee: int | None, basis: GivenBasis | None) -> None:
        key, label = _key(payee), dict(self.payees)[payee]
        known = basis or GivenBasis()
        if self.series:
            self.fields[f"norm_{key}"] = forms.ChoiceField(
                label=f"Định mức áp dụng, {label}",
                required=False,
                choices=[("", NOT_APPLIED), *((one.newest.pk, one.label) for one in self.series)],
                initial=self._initial_norm(basis),
            )
        self.fields[f"eligible_{key}"] = VndField(
            label=f"Chi phí hợp lệ, {label}",
            required=False,
            allow_zero=True,
            unit=Unit.DONG,
            initial=known.eligible_vnd,
        )
        self.fields[f"units_{key}"] = forms.IntegerField(
            label=f"Số lượng, {label}",
            required=False,
            min_value=1,
            max_value=MAX_UNITS,
            initial=known.unit_count,
        )
        if self.has_multiplier:
            self.fields[f"multiplier_{key}"] = forms.BooleanField(
                label=f"Được áp dụng hệ số, {label}", required=False, initial=known.has_multiplier
            )

    def _initial_norm(self, basis: GivenBasis | None) -> int | str:
        """The norm that was chosen; the only one there is, until somebody has chosen."""
        chosen = next((one for one in self.series if basis and one.has(basis.norm_id)), None)
        if chosen is None and len(self.series) == 1 and (basis is None or basis.norm_id is not None):
            chosen = self.series[0]
        return chosen.newest.pk if chosen else ""

    @property
    def rows(self) -> list[tuple[int | None, str, dict[str, BoundField]]]:
        """(payee, its name, its inputs by kind), for the template."""
        kinds = ("norm", "eligible", "units", "multiplier")
        return [
            (
                payee,
                label,
                {kind: self[name] for kind in kinds if (name := f"{kind}_{_key(payee)}") in self.fields},
            )
            for payee, label in self.payees
        ]

    def bases(self) -> dict[int | None, GivenBasis]:
        """What is typed, or stored while nothing is; what cannot be read counts as left empty."""
        found = {}
        for payee, _ in self.payees:
            key = _key(payee)
            norm = self._readable(f"norm_{key}")
            found[payee] = GivenBasis(
                norm_id=int(norm) if norm else None,
                eligible_vnd=self._readable(f"eligible_{key}"),
                unit_count=self._readable(f"units_{key}") or 1,
                has_multiplier=bool(self._readable(f"multiplier_{key}")),
            )
        if not self.series:  # nothing could be chosen: only what was stated is kept
            found = {payee: basis for payee, basis in found.items() if basis != GivenBasis()}
        return found

    def _readable(self, name: str) -> Any:
        if name not in self.fields:
            return None
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None


class NormReasonForm(forms.Form):
    """Asked only where a norm that does not bind is passed, or none is applied."""

    norm_reason = NFCFormCharField(
        label="Lý do vượt định mức",
        max_length=1000,
        multiline=True,
        required=False,
        help_text="Chỉ ghi khi số tiền vượt một định mức đang ở mức cảnh báo, hoặc không áp dụng định mức.",
    )

    def excuse(self) -> str:
        """After `is_valid`."""
        return str(self.cleaned_data[REASON_FIELD])

    @property
    def is_used(self) -> bool:
        """Whether somebody wrote in it or was asked to."""
        return self.is_bound and bool(self[REASON_FIELD].value() or self.errors)


class NormLookupForm(forms.Form):
    """What would be allowed on a day. Everything but the item is filled in already."""

    item = forms.ModelChoiceField(SupportItem.objects.filter(is_active=True), label="Nội dung hỗ trợ")
    track = forms.ChoiceField(label="Cấp khuyến công", choices=TRACK_CHOICES, initial=Track.LOCAL.value)
    cost = VndField(label="Chi phí hợp lệ (đồng)", required=False, allow_zero=True, unit=Unit.DONG)
    units = forms.IntegerField(label="Số lượng", min_value=1, max_value=MAX_UNITS, initial=1)
    multiplier = forms.BooleanField(label="Đủ điều kiện áp dụng hệ số", required=False)
    day = VietnameseDateField(label="Ngày quyết định", initial=timezone.localdate)


def _key(payee: int | None) -> str:
    return "all" if payee is None else str(payee)

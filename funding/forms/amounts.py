"""The matrix of amounts, beneficiaries × sources: for what is requested and for what is approved."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from funding.models import Source
from funding.queries.money import WHOLE_PROJECT
from funding.rules.ceiling import Amounts, LineKey, cell_name
from khuyencong.formfields import VersionForm, VndField
from khuyencong.vietnamese.money import Unit
from programs.models import ProjectBeneficiary


class AmountsForm(VersionForm):
    """One money field per payee and source, an empty one counting as 0; the first row is the project as a whole."""

    def __init__(
        self,
        *args: Any,
        participants: Sequence[ProjectBeneficiary],
        sources: Iterable[Source],
        amounts: Amounts | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sources = list(sources)
        self.payees: list[tuple[int | None, str]] = [(None, WHOLE_PROJECT), *((p.pk, str(p)) for p in participants)]
        for participant_id, payee in self.payees:
            for source in self.sources:
                key = (participant_id, source.pk)
                self.fields[cell_name(key)] = VndField(
                    label=f"{payee}, {source.name}",
                    required=False,
                    allow_zero=True,
                    unit=Unit.DONG,
                    initial=(amounts or {}).get(key) or None,
                )

    @property
    def rows(self) -> list[tuple[str, str, list[tuple[Source, BoundField]]]]:
        """(row key, payee, a cell per source), for the template."""
        return [
            (
                str(participant_id or "all"),
                payee,
                [(source, self[self._name(participant_id, source)]) for source in self.sources],
            )
            for participant_id, payee in self.payees
        ]

    def amounts(self) -> dict[LineKey, int]:
        """Đồng per line, after `is_valid`."""
        return {
            (participant_id, source.pk): self.cleaned_data.get(self._name(participant_id, source)) or 0
            for participant_id, _ in self.payees
            for source in self.sources
        }

    def readable_amounts(self) -> dict[LineKey, int]:
        """Đồng per line as the form stands; what cannot be read counts as 0."""
        return {
            (participant_id, source.pk): self._readable(self._name(participant_id, source))
            for participant_id, _ in self.payees
            for source in self.sources
        }

    def sums_by_source(self) -> dict[int, int]:
        """Đồng per source as the form stands; what cannot be read counts as 0."""
        sums = dict.fromkeys((source.pk for source in self.sources), 0)
        for participant_id, _ in self.payees:
            for source in self.sources:
                sums[source.pk] += self._readable(self._name(participant_id, source))
        return sums

    def _readable(self, name: str) -> int:
        field = self.fields[name]
        try:
            return field.clean(self[name].value()) or 0
        except forms.ValidationError:
            return 0

    @staticmethod
    def _name(participant_id: int | None, source: Source) -> str:
        return cell_name((participant_id, source.pk))

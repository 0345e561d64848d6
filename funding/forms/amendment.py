"""Amounts of an amendment: the matrix with rows for who joins, and the support of each contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from funding.actions.amendment import Money
from funding.forms.amounts import AmountsForm
from funding.models import Contract, Source
from funding.queries.money import WHOLE_PROJECT
from funding.rules.ceiling import cell_name
from khuyencong.formfields import VndField
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import Unit
from programs.forms.amendment import NEW_PLACES


@dataclass(frozen=True)
class NewPlace:
    """The row of the n-th establishment that joins; its key is -n until it has one."""

    number: int

    @property
    def pk(self) -> int:
        return -self.number

    def __str__(self) -> str:
        return f"Cơ sở mới {self.number}"


NEW_ROWS = [NewPlace(number) for number in range(1, NEW_PLACES + 1)]


class AmendedAmountsForm(AmountsForm):
    def check_places(self, places: Sequence[int]) -> bool:
        """Marks amounts in rows of new establishments without a name; after `is_valid`. `places`: the rows named."""
        for row in NEW_ROWS:
            for source in self.sources if row.number not in places else []:
                name = cell_name((row.pk, source.pk))
                if self.cleaned_data.get(name):
                    self.add_error(name, f"Chưa ghi tên {str(row).lower()} ở phần Cơ sở thụ hưởng.")
        return not self.errors

    def money(self, places: Sequence[int], contracts: dict[int, int]) -> Money:
        """What the action takes. The n-th of `places` is the n-th that joins."""
        joining = {-place: -order for order, place in enumerate(places, 1)}
        amounts = {
            (joining[payee] if payee is not None and payee < 0 else payee, source_id): vnd
            for (payee, source_id), vnd in self.amounts().items()
            if payee is None or payee > 0 or payee in joining
        }
        return Money(amounts, contracts)


class ContractSupportForm(forms.Form):
    """The support of each contract from now on."""

    def __init__(self, *args: Any, contracts: Sequence[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contracts = contracts
        for contract in contracts:
            payee = contract.participant or WHOLE_PROJECT
            self.fields[f"contract_{contract.pk}"] = VndField(
                label=f"Hợp đồng {contract.number} ngày {format_date(contract.signed_date)}, {payee}",
                unit=Unit.DONG,
                initial=contract.support_vnd,
            )

    def support(self) -> dict[int, int]:
        """Contract id → đồng, after `is_valid`."""
        return {contract.pk: self.cleaned_data[f"contract_{contract.pk}"] for contract in self.contracts}


def amended_sources(sources: Sequence[Source], used: frozenset[int]) -> list[Source]:
    """Sources in use, and those that the project has money from."""
    return [source for source in sources if source.is_active or source.pk in used]

"""Choosing a commune: those that exist today in the person's area, and the one that an old record already has."""

from typing import Any

from django import forms

from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from programs.queries.project import places_open_to


class PlaceField(forms.ModelChoiceField):
    """A place; one that no longer exists is named with its parents, since names are shared and move."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", AdministrativeUnit.objects.none())
        super().__init__(**kwargs)

    def offer(
        self, user: User, *, levels: tuple[UnitLevel, ...] = (UnitLevel.COMMUNE,), kept: int | None = None
    ) -> None:
        """Offer the person's places; where there is only one, it is chosen already."""
        units = places_open_to(user, levels=levels, kept=kept)
        self.queryset = units
        first_two = list(units[:2])
        if len(first_two) == 1:
            self.initial = first_two[0]

    def label_from_instance(self, obj: AdministrativeUnit) -> str:
        return obj.full_name if obj.valid_to else str(obj)

"""Norms through time: their rows, which of them rule on a day, which may be chosen."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from funding.models import CostBasis, Norm
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.dates import format_date
from programs.workflow import Track

NO_NORM = "Không có định mức nào trong danh mục cho nội dung hỗ trợ này."


@dataclass(frozen=True)
class GivenBasis:
    """What the officer stated for one payee. `norm_id`: any row of the chosen norm; None: no norm is to be applied."""

    norm_id: int | None = None
    eligible_vnd: int | None = None
    unit_count: int = 1
    has_multiplier: bool = False


@dataclass(frozen=True)
class Series:
    """The rows of one norm through time: one support item, name, track and province; the newest first."""

    rows: tuple[Norm, ...]

    @property
    def newest(self) -> Norm:
        return self.rows[0]

    @property
    def label(self) -> str:
        province = self.newest.province
        return f"{self.newest.name} ({province.name})" if province else self.newest.name

    @property
    def multiplier_row(self) -> Norm | None:
        """The newest row that knows a multiplier."""
        return next((row for row in self.rows if row.multiplier is not None), None)

    def in_force(self, day: datetime.date) -> tuple[Norm, ...]:
        return tuple(row for row in self.rows if _holds(row, day))

    def has(self, norm_id: int | None) -> bool:
        return any(row.pk == norm_id for row in self.rows)


@dataclass(frozen=True)
class Ruling:
    """What a norm says on a day. `rows`: its rows in force; without any, `absent` says why none is applied.

    `needs_reason`: none is applied although the item has one in force.
    """

    day: datetime.date
    rows: tuple[Norm, ...] = ()
    absent: str = ""
    needs_reason: bool = False

    @property
    def row(self) -> Norm | None:
        """The row in force; None where there is none, or where two would contradict each other."""
        return self.rows[0] if len(self.rows) == 1 else None

    @property
    def is_binding(self) -> bool:
        """Confirmed, with a known first day, and alone in force: anything less only warns."""
        return self.row is not None and self.row.binds and self.row.valid_from is not None


def given(basis: CostBasis) -> GivenBasis:
    return GivenBasis(basis.norm_id, basis.eligible_vnd, basis.unit_count, basis.has_multiplier)


def ruling_for(series: Sequence[Series], known: GivenBasis | None, day: datetime.date) -> Ruling:
    """The rows of the chosen norm that are in force on the day; the only norm of an item is chosen by itself.

    A choice that no longer fits the project, for instance because its support item was changed, does not count.
    """
    current = [one for one in series if one.in_force(day)]
    chosen = next((one for one in series if known and one.has(known.norm_id)), None)
    if chosen is not None and chosen.in_force(day):
        return Ruling(day, chosen.in_force(day))
    on = format_date(day)
    if chosen is not None:
        absent = f"Định mức “{chosen.label}” không áp dụng vào ngày {on}."
        return Ruling(day, absent=absent, needs_reason=bool(current))
    if not series:
        return Ruling(day, absent=NO_NORM)
    if not current:
        return Ruling(day, absent=f"Không có định mức nào trong danh mục áp dụng vào ngày {on} cho nội dung này.")
    if known is not None and known.norm_id is None:
        return Ruling(day, absent="Không áp dụng định mức, theo đơn vị lập hồ sơ.", needs_reason=True)
    if len(current) == 1:
        return Ruling(day, current[0].in_force(day))
    names = "; ".join(f"“{one.label}”" for one in current)
    return Ruling(day, absent=f"Chưa chọn định mức trong các định mức của nội dung này: {names}.", needs_reason=True)


def series_of(norms: Sequence[Norm], track: Track, province: AdministrativeUnit | None) -> list[Series]:
    """Norms of one item and track as series. A province's own norms are for its local projects only."""
    own = province.pk if province and track is Track.LOCAL else None
    groups: dict[tuple[str, int | None], list[Norm]] = {}
    for norm in norms:
        if norm.province_id in (None, own):
            groups.setdefault((norm.name, norm.province_id), []).append(norm)
    return [Series(tuple(rows)) for rows in groups.values()]


def norms_on_record(support_item_id: int, track: Track) -> list[Norm]:
    """Every row of an item and track, of all times and provinces."""
    return list(all_norms().filter(support_item=support_item_id, track=track.value))


def offered_series(series: Sequence[Series], chosen: Collection[int | None], day: datetime.date) -> list[Series]:
    """What may be chosen on a form: norms in force on the day, and those already chosen."""
    return [one for one in series if one.in_force(day) or any(one.has(pk) for pk in chosen)]


def all_norms() -> QuerySet[Norm]:
    return Norm.objects.select_related("province").order_by(F("valid_from").desc(nulls_last=True), "pk")


def _holds(norm: Norm, day: datetime.date) -> bool:
    """Like `in_force_on`, of a row already read: an open end reaches for ever."""
    return (norm.valid_from is None or norm.valid_from <= day) and (norm.valid_to is None or day <= norm.valid_to)

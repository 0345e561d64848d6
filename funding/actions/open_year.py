"""Writers of money hold their budget year open until they are done: a closing waits for them, they for a closing."""

import datetime
from collections.abc import Iterable

from django.db import connection

from funding.models import BudgetYear
from funding.queries.provinces import load_provinces, province_of
from khuyencong.errors import Refused
from khuyencong.localities.models import AdministrativeUnit
from programs.models import Project

_SHARED = "SELECT * FROM funding_budgetyear WHERE province_id = %s AND year = %s FOR SHARE"


def hold_year(province: AdministrativeUnit, year: int, *, field: str = "year") -> None:
    """The province's year stays open until this transaction ends. Errors: Refused, at `field`, when it is closed.

    Lock projects before and budgets after it.
    """
    row = _shared_row(province.pk, year)
    if row is None:
        BudgetYear.objects.get_or_create(province=province, year=year)
        row = _shared_row(province.pk, year)
    if row is not None:
        check_open(row, province, field=field)


def check_open(row: BudgetYear, province: AdministrativeUnit, *, field: str = "year") -> None:
    """Errors: Refused, at `field`, when the year of that province is closed."""
    if row.is_closed:
        raise Refused(
            f"Sổ năm {row.year} của {province.name} đã khóa, không ghi thêm hay sửa được. Muốn sửa, lãnh đạo mở "
            "lại sổ có ghi lý do ở trang Kinh phí, mục “Khóa sổ năm”, rồi thực hiện lại.",
            field=field,
        )


def hold_year_of(project: Project, year: int, *, decided_on: datetime.date | None = None, field: str = "year") -> None:
    """The same for a project's money: the province is that of its approval, as on the budget board."""
    province = province_of(project.place_id, decided_on or project.approved_date)
    if province is not None:
        hold_year(province, year, field=field)


def hold_plan_years(projects: Iterable[Project], decided_on: datetime.date | None) -> None:
    """The plan years of projects that one decision approves, in one order for everybody."""
    rows = list(projects)
    provinces = load_provinces({project.place_id for project in rows})
    found = {(provinces.find(project.place_id, decided_on), project.year) for project in rows}
    known = [(province, year) for province, year in found if province is not None]
    for province, year in sorted(known, key=lambda pair: (pair[0].pk, pair[1])):
        hold_year(province, year, field="document_date")


def _shared_row(province_id: int, year: int) -> BudgetYear | None:
    """The row, on PostgreSQL locked against a closing; SQLite has one writer at a time anyhow."""
    if connection.vendor == "postgresql":
        return next(iter(BudgetYear.objects.raw(_SHARED, [province_id, year])), None)
    return BudgetYear.objects.filter(province=province_id, year=year).first()

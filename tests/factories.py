"""Small makers of rows for tests; whatever a test does not name is filled in plausibly."""

import datetime
from itertools import count
from typing import Any

from django.utils import timezone

from khuyencong.accounts.models import Organisation, OrganisationKind, User
from khuyencong.accounts.permissions import Role
from khuyencong.localities.covers import rebuild_covers
from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from programs.models import (
    Beneficiary,
    BeneficiaryKind,
    MinistryBatch,
    MinistryBatchProject,
    Project,
    ProjectBeneficiary,
    ProjectKind,
    SupportItem,
)
from programs.workflow import Status, Track

NUMBERS = count(1)
PASSWORD = "mat-khau-thu-nghiem"
MERGER = datetime.date(2025, 7, 1)


def unit(code: str, *, old: bool = False) -> AdministrativeUnit:
    """The unit of that code: today's, or the one abolished on 30/06/2025."""
    units = AdministrativeUnit.objects.filter(code=code)
    return units.get(valid_to__lt=MERGER) if old else units.get(valid_to__isnull=True)


def make_province(code: str = "91", name: str = "Tỉnh An Giang") -> AdministrativeUnit:
    """A province that has nothing to do with Cà Mau, with one commune."""
    province = AdministrativeUnit.objects.create(code=code, name=name, level=UnitLevel.PROVINCE)
    AdministrativeUnit.objects.create(code=f"{code}001", name="Xã Vĩnh Tế", level=UnitLevel.COMMUNE, parent=province)
    rebuild_covers()
    return province


def make_organisation(area: AdministrativeUnit, **values: Any) -> Organisation:
    number = next(NUMBERS)
    defaults = {"code": f"DV{number}", "name": f"Đơn vị {number}", "kind": OrganisationKind.OTHER}
    return Organisation.objects.create(area=area, **{**defaults, **values})


def make_user(role: Role, organisation: Organisation, **values: Any) -> User:
    number = next(NUMBERS)
    values.setdefault("username", f"{role.value}{number}")
    values.setdefault("full_name", f"{role.label} {number}")
    return User.objects.create_user(password=PASSWORD, role=role.value, organisation=organisation, **values)


def make_beneficiary(**values: Any) -> Beneficiary:
    defaults: dict[str, Any] = {"name": f"Cơ sở sản xuất {next(NUMBERS)}", "kind": BeneficiaryKind.HOUSEHOLD}
    if "place" not in values:
        defaults["place"] = unit("31843")
    return Beneficiary.objects.create(**{**defaults, **values})


def make_project(*, created_by: User, **values: Any) -> Project:
    """A project in whatever status is asked for, placed in xã Hồng Dân unless told otherwise; no money, no steps."""
    number = next(NUMBERS)
    now = timezone.now()
    defaults: dict[str, Any] = {
        "year": 2026,
        "code": f"T-{number:05d}",
        "name": f"Ứng dụng máy móc tiên tiến {number}",
        "track": Track.LOCAL.value,
        "kind": ProjectKind.SPECIFIC,
        "status": Status.DRAFT.value,
        "start_date": datetime.date(2026, 1, 5),
        "end_date": datetime.date(2026, 11, 30),
        "created_at": now,
        "status_at": now,
    }
    if "support_item" not in values:
        defaults["support_item"] = SupportItem.objects.get(row=10)
    if "place" not in values:
        defaults["place"] = unit("31843")
    if "implementer" not in values:
        defaults["implementer"] = created_by.organisation
    return Project.objects.create(created_by=created_by, **{**defaults, **values})


def send_to_ministry(
    project: Project, by: User, result: str = "", batch: MinistryBatch | None = None
) -> MinistryBatchProject:
    """An entry of the project in a batch, straight into the table; answered when `result` is given."""
    now, day = timezone.now(), datetime.date(2025, 3, 1)
    if batch is None:
        batch = MinistryBatch.objects.create(
            organisation=by.organisation,
            year=project.year,
            document_number=f"{next(NUMBERS)}/TTr-SCT",
            document_date=day,
            recorded_by=by,
            recorded_at=now,
        )
    answered: dict[str, Any] = {}
    if result:
        answered = {"result": result, "result_number": "9/BCT", "result_date": day, "result_by": by, "result_at": now}
    return MinistryBatchProject.objects.create(batch=batch, project=project, **answered)


def add_participant(project: Project, beneficiary: Beneficiary | None = None) -> ProjectBeneficiary:
    return ProjectBeneficiary.objects.create(project=project, beneficiary=beneficiary or make_beneficiary())

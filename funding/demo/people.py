"""The demo's offices and accounts: one account per role, all of the same published password."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from khuyencong.accounts.models import Organisation, OrganisationKind, Signatory, SigningRole, User
from khuyencong.accounts.permissions import Role
from khuyencong.audit.record import record
from khuyencong.localities.models import AdministrativeUnit

PASSWORD = "khuyencong-demo"
COMMITTEE = "UBND TỈNH CÀ MAU"

# code, name, kind, area's code today, printed above the name
ORGANISATIONS = [
    ("SCT", "Sở Công Thương", OrganisationKind.DEPARTMENT, "96", COMMITTEE),
    ("TTKC", "Trung tâm Khuyến công", OrganisationKind.CENTRE, "96", "SỞ CÔNG THƯƠNG TỈNH CÀ MAU"),
    ("TTRA", "Thanh tra tỉnh", OrganisationKind.INSPECTORATE, "96", COMMITTEE),
    ("KT-HONGDAN", "Phòng Kinh tế xã Hồng Dân", OrganisationKind.COMMUNE_OFFICE, "31843", "UBND XÃ HỒNG DÂN"),
    ("KT-GANHHAO", "Phòng Kinh tế xã Gành Hào", OrganisationKind.COMMUNE_OFFICE, "31972", "UBND XÃ GÀNH HÀO"),
]
# user name, full name, job title, role, organisation
ACCOUNTS = [
    ("quantri", "Lâm Quốc Bảo", "Quản trị viên", Role.SYSTEM_ADMIN, "SCT"),
    ("chuyenvien", "Nguyễn Thị Ánh Tuyết", "Chuyên viên", Role.DEPARTMENT_OFFICER, "SCT"),
    ("lanhdao", "Trần Văn Đức", "Phó Giám đốc Sở", Role.LEADER, "SCT"),
    ("ketoan", "Phạm Thị Mỹ Duyên", "Kế toán", Role.ACCOUNTANT, "SCT"),
    ("trungtam", "Lý Hoàng Khang", "Cán bộ khuyến công", Role.CENTRE_OFFICER, "TTKC"),
    ("canboxa", "Danh Thị Hồng Đào", "Công chức kinh tế", Role.LOCAL_OFFICER, "KT-HONGDAN"),
    ("canboxa2", "Huỳnh Văn Út", "Công chức kinh tế", Role.LOCAL_OFFICER, "KT-GANHHAO"),
    ("thanhtra", "Võ Minh Trí", "Thanh tra viên", Role.AUDITOR, "TTRA"),
]
# office, role, authority, title, name
SIGNATORIES = [
    ("SCT", SigningRole.REVIEWER, "", "Trưởng phòng", "Lê Thị Thu Hà"),
    ("SCT", SigningRole.HEAD, "KT. Giám đốc", "Phó Giám đốc", "Trần Văn Đức"),
    ("TTKC", SigningRole.HEAD, "", "Giám đốc", "Nguyễn Minh Nhựt"),
]
SIGNING_SINCE = datetime.date(2025, 7, 1)


@dataclass(frozen=True)
class Cast:
    """Who does what in the demo."""

    department: User
    centre: User
    commune: User
    other_commune: User
    accountant: User
    leader: User


def current_unit(code: str) -> AdministrativeUnit:
    """The unit that bears the code today."""
    return AdministrativeUnit.objects.in_force_on(timezone.localdate()).get(code=code)


def old_unit(code: str) -> AdministrativeUnit:
    """The unit that bore the code until 30/06/2025."""
    return AdministrativeUnit.objects.get(code=code, valid_from__isnull=True)


def make_people() -> Cast:
    """Offices and accounts; those already there are left alone."""
    offices = {}
    for code, name, kind, area, parent_name in ORGANISATIONS:
        values = {"name": name, "kind": kind, "area": current_unit(area), "parent_name": parent_name}
        offices[code], created = Organisation.objects.get_or_create(code=code, defaults=values)
        if created:
            record(by=None, action="create", action_label="Lập đơn vị", obj=offices[code])
    _name_signatories(offices)
    users = {}
    for username, full_name, job_title, role, office in ACCOUNTS:
        user = User(
            username=username, full_name=full_name, job_title=job_title, role=role.value, organisation=offices[office]
        )
        user.set_password(PASSWORD)
        user.save()
        record(by=None, action="create", action_label="Lập tài khoản", obj=user)
        users[username] = user
    return Cast(
        department=users["chuyenvien"],
        centre=users["trungtam"],
        commune=users["canboxa"],
        other_commune=users["canboxa2"],
        accountant=users["ketoan"],
        leader=users["lanhdao"],
    )


def _name_signatories(offices: dict[str, Organisation]) -> None:
    """Invented names, like those of the accounts; an office that has signatories keeps its own."""
    named = set(Signatory.objects.values_list("organisation_id", flat=True))
    for code, role, authority, job_title, full_name in SIGNATORIES:
        if offices[code].pk not in named:
            row = Signatory.objects.create(
                organisation=offices[code],
                role=role,
                authority=authority,
                job_title=job_title,
                full_name=full_name,
                valid_from=SIGNING_SINCE,
            )
            record(by=None, action="create", action_label="Ghi người ký báo cáo", obj=row)

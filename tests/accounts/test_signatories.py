"""Who signs for an office: by role and day, in the admin, under the official tables."""

import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from khuyencong.accounts.models import Signatory, SigningRole
from khuyencong.accounts.permissions import Role
from khuyencong.accounts.signatories import HEAD, period_problem, signatories_on, signature_row
from khuyencong.audit.models import AuditEvent
from reports.definitions import DEFINITIONS
from reports.locked import open_report
from tests.excel.samples import project_report, written
from tests.factories import make_organisation, make_province, unit
from tests.reports.asking import form_parameters
from tests.reports.locking import lock

pytestmark = pytest.mark.django_db
D = datetime.date
LIST, ADD = reverse("admin:accounts_signatory_changelist"), reverse("admin:accounts_signatory_add")


def sign_for(user, role=SigningRole.HEAD, name="Trần Văn Bé", **values):
    values = {"job_title": "Giám đốc", "valid_from": D(2020, 1, 1), **values}
    return Signatory.objects.create(organisation=user.organisation, role=role, full_name=name, **values)


def titles(user, *, is_money=True):
    return [(one.title, one.name) for one in signature_row(user, timezone.localdate(), is_money=is_money)]


def test_without_rows_everything_is_as_before(department_officer):
    assert titles(department_officer) == [("NGƯỜI LẬP BIỂU", department_officer.full_name), (HEAD, "")]


def test_who_signs_stands_in_order(department_officer, accountant):
    sign_for(department_officer, authority="KT. Giám đốc", job_title="Phó Giám đốc")
    sign_for(department_officer, SigningRole.REVIEWER, "Lê Thị Hà", job_title="Trưởng phòng")
    sign_for(department_officer, SigningRole.ACCOUNTANT, "Phạm Thị Duyên", job_title="Kế toán trưởng")
    sign_for(accountant, name="Người của đơn vị khác")
    drawn, reviewer, money, head = titles(department_officer)
    assert drawn == ("NGƯỜI LẬP BIỂU", department_officer.full_name)
    assert (reviewer, money) == (("TRƯỞNG PHÒNG", "Lê Thị Hà"), ("KẾ TOÁN TRƯỞNG", "Phạm Thị Duyên"))
    assert head == ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Trần Văn Bé")
    assert titles(department_officer, is_money=False) == [drawn, reviewer, head]


def test_first_and_last_day_count(department_officer):
    sign_for(department_officer, name="Người trước", valid_to=D(2025, 6, 30))
    sign_for(department_officer, name="Người sau", valid_from=D(2025, 7, 1))

    def head(day):
        return signatories_on(department_officer.organisation_id, day).get(SigningRole.HEAD)

    assert head(D(2019, 12, 31)) is None
    assert (head(D(2025, 6, 30)).full_name, head(D(2025, 7, 1)).full_name) == ("Người trước", "Người sau")


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [
        (D(2019, 1, 1), D(2019, 12, 31), False),
        (D(2019, 1, 1), D(2020, 1, 1), True),
        (D(2019, 1, 1), None, True),
        (D(2025, 6, 30), None, True),
        (D(2025, 7, 1), None, False),
    ],
)
def test_two_people_of_one_role_on_one_day_are_refused(department_officer, first, last, is_refused):
    there = sign_for(department_officer, valid_to=D(2025, 6, 30))
    values = {"organisation": department_officer.organisation, "valid_from": first, "valid_to": last}
    problem = period_problem(Signatory(role=SigningRole.HEAD, **values))
    assert bool(problem) is is_refused
    assert not is_refused or ("Trần Văn Bé" in problem and "30/06/2025" in problem)
    assert period_problem(Signatory(role=SigningRole.REVIEWER, **values)) == ""
    assert period_problem(there) == ""


def form_data(user, **values):
    data = {"organisation": user.organisation_id, "role": "head", "authority": "", "job_title": "Giám đốc"}
    return {**data, "full_name": "Trần  Văn Bé", "valid_from": "01/07/2025", "valid_to": "", **values}


def test_the_admin_writes_and_audits(client, system_admin):
    client.force_login(system_admin)
    assert client.post(ADD, form_data(system_admin)).status_code == 302
    row = Signatory.objects.get(full_name="Trần Văn Bé")
    event = AuditEvent.objects.about(f"signatory:{row.pk}").get()
    assert (event.action, event.actor_id, event.place_id) == ("admin_add", system_admin.pk, system_admin.area_id)
    again = client.post(ADD, form_data(system_admin, full_name="Người khác", valid_from="01/08/2026"))
    assert "Trùng thời gian với Trần Văn Bé" in again.content.decode()
    assert "Người khác" in again.content.decode()
    assert Signatory.objects.count() == 1
    backwards = client.post(ADD, form_data(system_admin, role="reviewer", valid_to="01/01/2025"))
    assert "Ngày kết thúc phải sau ngày bắt đầu." in backwards.content.decode()
    change = reverse("admin:accounts_signatory_change", args=[row.pk])
    assert client.post(change, form_data(system_admin, valid_to="31/12/2026")).status_code == 302
    assert AuditEvent.objects.about(f"signatory:{row.pk}").first().changes == {"Đến hết ngày": [None, "2026-12-31"]}
    assert "Trần Văn Bé" in client.get(LIST).content.decode()


def test_offices_elsewhere_are_out_of_reach(client, system_admin):
    abroad = make_organisation(make_province())
    row = Signatory.objects.create(
        organisation=abroad, role="head", job_title="Giám đốc", full_name="Người nơi khác", valid_from=D(2025, 7, 1)
    )
    client.force_login(system_admin)
    assert "Người nơi khác" not in client.get(LIST).content.decode()
    change = reverse("admin:accounts_signatory_change", args=[row.pk])
    assert client.get(change).status_code == 302  # to the index, with "does not exist"
    refused = client.post(ADD, form_data(system_admin, organisation=abroad.pk, valid_from="01/01/2020"))
    assert refused.status_code == 200
    assert Signatory.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_others_add_none(client, cast, role):
    client.force_login(cast[role])
    assert client.post(ADD, form_data(cast[role])).status_code == 403
    assert not Signatory.objects.exists()


def preview(client, *rows):
    book, content = Workbook(), BytesIO()
    for row in (("Mã đơn vị", "Vai trò ký", "Chức vụ khi ký", "Họ và tên", "Từ ngày"), *rows):
        book.active.append(row)
    book.save(content)
    upload = SimpleUploadedFile("nguoi-ky.xlsx", content.getvalue())
    data = {"import_file": upload, "format": "0", "resource": "0"}
    return client.post(reverse("admin:accounts_signatory_import"), data).context["result"]


def test_a_sheet_is_held_to_the_same_rules(client, system_admin):
    client.force_login(system_admin)
    own, abroad = system_admin.organisation.code, make_organisation(make_province()).code
    person = ("Thủ trưởng đơn vị", "Giám đốc", "Trần Văn Bé", "01/07/2025")
    assert not preview(client, (own, *person)).has_validation_errors()
    twice = preview(client, (own, *person), (own, *person[:2], "Người khác", "01/08/2025"))
    assert [bool(row.validation_error) for row in twice.rows] == [False, True]
    assert "Trùng thời gian" in str(twice.rows[1].validation_error)
    elsewhere = preview(client, (abroad, *person))
    assert "không thuộc địa bàn của bạn" in str(elsewhere.rows[0].validation_error)


@pytest.mark.parametrize(("slug", "has_accountant"), [("kinh-phi", True), ("ket-qua", False), ("lang-nghe", False)])
def test_official_tables_are_signed_by_them(department_officer, slug, has_accountant):
    sign_for(department_officer, authority="KT. Giám đốc", job_title="Phó Giám đốc")
    sign_for(department_officer, SigningRole.ACCOUNTANT, "Phạm Thị Duyên", job_title="Kế toán trưởng")
    parameters = form_parameters(slug, department_officer, unit("96"))
    (table, *_) = DEFINITIONS[slug].build(parameters)
    assert ("Phạm Thị Duyên" in [one.name for one in table.signatures]) is has_accountant
    assert table.signatures[-1].title == "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"


def test_a_locked_report_keeps_those_of_its_day(department_officer):
    row = sign_for(department_officer, name="Người ký hôm đó")
    report = lock(department_officer)
    row.full_name = "Người ký sau này"
    row.save()
    opened = open_report(report)
    assert not opened.problem
    assert [one.signatures[-1].name for one in opened.tables] == ["Người ký hôm đó"]


def test_names_stand_level_beside_a_title_of_two_lines(department_officer):
    sign_for(department_officer, authority="KT. Giám đốc", job_title="Phó Giám đốc")
    sign_for(department_officer, SigningRole.REVIEWER, "Lê Thị Hà", job_title="Trưởng phòng")
    sign_for(department_officer, SigningRole.ACCOUNTANT, "Phạm Thị Duyên", job_title="Kế toán trưởng")
    row = signature_row(department_officer, timezone.localdate(), is_money=True)
    table = project_report()
    object.__setattr__(table, "signatures", row)
    sheet = load_workbook(BytesIO(written(table))).active
    texts = [cell.value for cell in sheet[sheet.max_row] if cell.value]
    assert len(texts) == 4
    assert "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC" in texts[-1]
    assert len({text.count("\n") for text in texts}) == 1

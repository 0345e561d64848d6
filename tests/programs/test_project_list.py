"""The list: what each person sees, search, filters, order, fragment, export."""

import datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from programs.models import SupportItem
from programs.workflow import Status, Track
from tests.factories import add_participant, make_project, unit

pytestmark = pytest.mark.django_db
LIST = "/de-an/"
EXPORT = "/de-an/xuat-excel/"


@pytest.fixture
def projects(department_officer):
    first = make_project(
        created_by=department_officer, code="DP-2026-0001", name="Hỗ trợ máy tráng bánh tráng", year=2026
    )
    second = make_project(
        created_by=department_officer,
        code="QG-2025-0002",
        name="Đào tạo nghề đan lục bình",
        year=2025,
        track=Track.NATIONAL.value,
        status=Status.APPROVED.value,
        place=unit("31972"),
        support_item=SupportItem.objects.get(row=1),
    )
    return first, second


def codes(response):
    return [project.code for project in response.context["listing"].page_obj]


def rows_of(response):
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_commune_officer_sees_the_projects_of_the_commune_only(client, local_officer, projects):
    client.force_login(local_officer)
    assert codes(client.get(LIST)) == ["DP-2026-0001"]


def test_a_stranger_from_another_province_sees_none_on_any_way(client, stranger, projects):
    client.force_login(stranger)
    assert codes(client.get(LIST)) == []
    assert b"DP-2026-0001" not in client.get(LIST, headers={"HX-Request": "true"}).content
    assert rows_of(client.get(EXPORT))[1:] == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("?q=banh+trang", ["DP-2026-0001"]),
        ("?q=B%C3%81NH+tr%C3%A1ng", ["DP-2026-0001"]),
        ("?q=dan+luc+binh", ["QG-2025-0002"]),
        ("?q=0002", ["QG-2025-0002"]),
        ("?nam=2025", ["QG-2025-0002"]),
        ("?trang_thai=draft", ["DP-2026-0001"]),
        ("?cap=national", ["QG-2025-0002"]),
        ("?sort=ten", ["QG-2025-0002", "DP-2026-0001"]),
        ("?sort=-ten", ["DP-2026-0001", "QG-2025-0002"]),
        ("?nam=abc&trang_thai=x&dia_ban=1%27&sort=zz&page=99&viec=la", ["DP-2026-0001", "QG-2025-0002"]),
    ],
)
def test_search_filters_and_order(client, department_officer, projects, address, expected):
    client.force_login(department_officer)
    assert codes(client.get(LIST + address)) == expected


def test_filter_by_content_and_by_queue(client, department_officer, projects):
    client.force_login(department_officer)
    item = SupportItem.objects.get(row=1)
    assert codes(client.get(LIST, {"noi_dung": item.pk})) == ["QG-2025-0002"]
    assert codes(client.get(LIST, {"viec": "dang-soan"})) == ["DP-2026-0001"]


def test_filter_by_todays_commune_finds_what_was_merged_into_it(client, department_officer, projects):
    old = make_project(created_by=department_officer, code="CU-1", year=2020, place=unit("31852", old=True))
    client.force_login(department_officer)
    assert codes(client.get(LIST, {"dia_ban": unit("31843").pk})) == ["DP-2026-0001", old.code]
    assert codes(client.get(LIST, {"dia_ban": unit("956", old=True).pk})) == [old.code]


def test_htmx_gets_the_fragment_and_caches_keep_the_two_apart(client, department_officer, projects):
    client.force_login(department_officer)
    fragment = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert codes(fragment) == codes(client.get(LIST))


def test_the_export_has_the_rows_of_the_filtered_list(client, department_officer, projects):
    for _ in range(3):
        add_participant(projects[1])
    client.force_login(department_officer)
    response = client.get(EXPORT, {"nam": "2025"})
    heading, *rows = rows_of(response)
    assert heading == [
        "Mã đề án",
        "Tên đề án",
        "Địa bàn",
        "Năm",
        "Cấp khuyến công",
        "Nội dung hỗ trợ",
        "Trạng thái",
        "Người thẩm định",
        "Số cơ sở thụ hưởng",
    ]
    item = str(SupportItem.objects.get(row=1))
    expected = ["QG-2025-0002", "Đào tạo nghề đan lục bình", str(unit("31972")), "2025"]
    assert rows == [[*expected, "Khuyến công quốc gia", item, "Đã phê duyệt", None, 3]]


def test_a_name_that_looks_like_a_formula_stays_text(client, department_officer):
    make_project(created_by=department_officer, name='=HYPERLINK("http://a.vn","x")')
    client.force_login(department_officer)
    response = client.get(EXPORT)
    cell = load_workbook(BytesIO(b"".join(response.streaming_content))).active["B2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://a.vn","x")')


def add_projects(user, count):
    for number in range(count):
        project = make_project(created_by=user, place=unit("31843"), start_date=datetime.date(2026, 1, 1 + number % 28))
        if number % 7 == 0:
            add_participant(project)


def fetch(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("address", [LIST, EXPORT])
def test_the_number_of_queries_does_not_grow(client, department_officer, address):
    client.force_login(department_officer)
    counts = []
    for more in (20, 180):
        add_projects(department_officer, more)
        fetch(client, address)
        with CaptureQueriesContext(connection) as queries:
            fetch(client, address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_pages_hold_every_project_once(client, department_officer):
    add_projects(department_officer, 60)
    client.force_login(department_officer)
    seen = [code for page in (1, 2, 3) for code in codes(client.get(LIST, {"page": page}))]
    assert len(seen) == len(set(seen)) == 60


def test_buttons_follow_the_permissions(client, auditor, local_officer, projects):
    create = reverse("programs:project-create")
    client.force_login(auditor)
    assert create not in client.get(LIST).content.decode()
    client.force_login(local_officer)
    assert create in client.get(LIST).content.decode()

"""The covering report says what the forms say: the document is read again and held against their tables."""

import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document

from funding.models import Budget, BudgetEntry
from khuyencong.accounts.models import Signatory
from khuyencong.accounts.permissions import Role
from khuyencong.excel.html import cell_text
from khuyencong.excel.table import RowStyle
from khuyencong.vietnamese.money import format_million, format_percent, in_words
from programs.models import LegalDocument
from reports.covering import covering_report
from reports.covering_exports import export_covering
from reports.covering_sources import bases_of
from reports.definitions import DEFINITIONS
from reports.definitions.place_groups import PlaceForm
from reports.definitions.standings import NUMBER, STANDINGS
from reports.models import AreaReport, ReportingRound
from tests.factories import unit
from tests.programs.word import text_of
from tests.reports.asking import ASKED, form_parameters
from tests.reports.world import area_unit, make_world, source_of
from tests.responses import content_of

pytestmark = pytest.mark.django_db
D = datetime.date
SIDES = ("central", "provincial")
PLACE_KEYS = ("projects", "beneficiaries", "approved_total", "disbursed_total")


def asked(user, area, **more):
    form = PlaceForm({**ASKED, "area": str(area.pk), **more}, user=user)
    assert form.is_valid(), form.errors
    return form.asked()


def table_of(slug, user, area, **more):
    return DEFINITIONS[slug].build(form_parameters(slug, user, area, **more))[0]


def document_of(parameters):
    return content_of(export_covering(parameters))


def tables_in(content):
    """The ruled tables, by the text of their headings: rows of texts."""
    found = {}
    for table in Document(BytesIO(content)).tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        found[" | ".join(rows[0])] = rows[1:]
    return found


def rows_under(content, *words):
    return next(rows for heading, rows in tables_in(content).items() if all(word in heading for word in words))


def shown(table, place, key):
    column = next(column for column in table.columns if column.key == key)
    return cell_text(table.column_at(place, column), table.value(place, key))


def not_empty(table, *keys):
    normal = (RowStyle.NORMAL, RowStyle.SUB)
    return [
        place
        for place, row in enumerate(table.rows)
        if row.style in normal and any(table.value(place, key) for key in keys)
    ]


def last(table):
    return len(table.rows) - 1


def assign(by, kind, vnd, *, year=2026):
    budget, _ = Budget.objects.get_or_create(year=year, source=source_of(kind), province=unit("96"))
    BudgetEntry.objects.create(
        budget=budget,
        amount_vnd=vnd,
        decision_number="9/QĐ-UBND",
        decision_date=D(2025, 12, 20),
        recorded_by=by,
        recorded_at=timezone.now(),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("area_name", ["province", "commune", "old_district"])
def test_every_figure_is_that_of_the_form(department_officer, seed, area_name):
    make_world(seed, department_officer)
    area = area_unit(area_name)
    content = document_of(asked(department_officer, area))
    results = table_of("ket-qua", department_officer, area)
    approved = table_of("kinh-phi", department_officer, area, basis="approved")
    disbursed = table_of("kinh-phi", department_officer, area, basis="disbursed")
    assert rows_under(content, "Chỉ tiêu") == [
        [shown(results, place, key) for key in ("number", "name", "unit", *SIDES)]
        for place in not_empty(results, *SIDES)
    ]
    check_standings(content, table_of("tong-hop-de-an", department_officer, area))
    check_items(content, approved, disbursed)
    check_places(content, table_of("dia-ban", department_officer, area))
    text = text_of(content)
    for table in (approved, disbursed):
        total = sum(table.value(last(table), side) for side in SIDES)
        words = in_words(total)
        assert f"{format_million(total)} triệu đồng (Bằng chữ: {words[:1].upper()}{words[1:]})" in text
    assert "{{" not in text
    assert "{%" not in text


def check_standings(content, table):
    tracks = [place for place, row in enumerate(table.rows) if row.style is RowStyle.GROUP]
    places = [*tracks, last(table)]
    expected = [
        [one.label, *(shown(table, place, key + NUMBER) for place in places)]
        for key, one in STANDINGS.items()
        if table.value(last(table), key + NUMBER)
    ]
    expected.append(["Cộng", *(shown(table, place, "every") for place in places)])
    assert rows_under(content, "Tình trạng") == expected
    assert f"có {shown(table, last(table), 'every')} đề án" in text_of(content)


def check_items(content, approved, disbursed):
    wanted = {}
    for first, table in ((2, approved), (4, disbursed)):
        for place in not_empty(table, *SIDES):
            number = table.value(place, "number")
            row = wanted.setdefault(int(number), [number, table.value(place, "name"), *["0,0"] * 4])
            row[first : first + 2] = [shown(table, place, side) for side in SIDES]
    totals = [shown(table, last(table), side) for table in (approved, disbursed) for side in SIDES]
    rows = rows_under(content, "Nội dung chi")
    assert rows == [*(wanted[number] for number in sorted(wanted)), ["", "Tổng cộng", *totals]]


def check_places(content, table):
    rows = rows_under(content, "Địa bàn")
    named = [
        [table.value(place, "name"), *(shown(table, place, key) for key in PLACE_KEYS)]
        for place in not_empty(table, *PLACE_KEYS)
    ]
    assert [row[1:] for row in rows[:-1]] == named
    assert rows[-1] == ["", "Tổng cộng", *(shown(table, last(table), key) for key in PLACE_KEYS)]


def test_disbursed_is_held_against_the_years_plan(department_officer):
    make_world(4, department_officer)
    assign(department_officer, "central", 3_000_000_000)
    assign(department_officer, "provincial", 2_500_000_000)
    assign(department_officer, "provincial", -100_000_000)
    assign(department_officer, "provincial", 9_000_000_000, year=2025)
    area = area_unit("province")
    content = document_of(asked(department_officer, area))
    disbursed = table_of("kinh-phi", department_officer, area, basis="disbursed")
    central, provincial = (disbursed.value(last(disbursed), side) for side in SIDES)
    rows = rows_under(content, "Nguồn vốn")
    assert [row[1] for row in rows] == ["3.000,0", "2.400,0", "5.400,0"]
    shares = [(central, 3_000_000_000), (provincial, 2_400_000_000), (central + provincial, 5_400_000_000)]
    assert [row[4] for row in rows] == [format_percent(*share) for share in shares]
    assert f"giải ngân trong kỳ bằng {format_percent(*shares[2])}% dự toán giao năm 2026." in text_of(content)
    commune = document_of(asked(department_officer, area_unit("commune")))
    assert "chưa ghi dự toán giao năm 2026 cho riêng địa bàn này" in text_of(commune)
    assert [row[4] for row in rows_under(commune, "Nguồn vốn")] == ["–"] * 3


def test_an_empty_province_gets_zeros_and_lines_to_write_on(department_officer):
    content = document_of(asked(department_officer, area_unit("province")))
    text = text_of(content)
    assert "có 0 đề án" in text
    assert "Không đồng" in text
    assert "Trong kỳ chưa có kết quả nghiệm thu của đề án nào." in text
    assert "1. Khó khăn, vướng mắc:" in text
    assert "THỦ TRƯỞNG ĐƠN VỊ" in text
    assert not any("Nội dung chi" in heading for heading in tables_in(content))


def test_the_head_signs_with_authority_and_title(department_officer):
    Signatory.objects.create(
        organisation=department_officer.organisation,
        role="head",
        authority="KT. Giám đốc",
        job_title="Phó Giám đốc",
        full_name="Trần Văn Bé",
        valid_from=D(2020, 1, 1),
    )
    lines = text_of(document_of(asked(department_officer, area_unit("province")))).split("\n")
    place = lines.index("KT. GIÁM ĐỐC")
    assert lines[place + 1] == "PHÓ GIÁM ĐỐC"
    assert "Trần Văn Bé" in lines[place:]
    assert "- UBND TỈNH CÀ MAU;" in lines
    assert "Số: ……/BC-SCT" in lines


def test_only_law_that_is_known_to_be_in_force_is_named(reference):
    LegalDocument.objects.update(valid_from=None, valid_to=None)
    for number, first, end in (
        ("1/NQ", D(2020, 1, 1), None),
        ("2/NQ", None, None),
        ("3/NQ", D(2020, 1, 1), D(2026, 12, 13)),
        ("4/NQ", D(2026, 12, 15), None),
    ):
        LegalDocument.objects.create(number=number, kind="resolution", title="Thử", valid_from=first, valid_to=end)
    assert bases_of(D(2026, 12, 14)) == [{"ten": "Nghị quyết số 1/NQ: Thử"}]


@pytest.fixture
def round_of_2026(department_officer):
    return ReportingRound.objects.create(
        area=unit("96"),
        title="Năm 2026",
        start=D(2025, 12, 15),
        end=D(2026, 12, 14),
        due_date=D(2026, 12, 20),
        opened_by=department_officer,
        opened_at=timezone.now(),
    )


def report_of(user, asked_round, note):
    return AreaReport.objects.create(
        round=asked_round, organisation=user.organisation, note=note, reported_by=user, reported_at=timezone.now()
    )


def test_what_communes_wrote_in_the_round_of_the_period(
    department_officer, local_officer, other_local_officer, round_of_2026
):
    report_of(local_officer, round_of_2026, "Bản đầu")
    report_of(local_officer, round_of_2026, "Thiếu vốn đối ứng.\nĐề nghị {{ hỗ trợ }} thêm.")
    report_of(other_local_officer, round_of_2026, "")

    def written(user, **more):
        return covering_report(asked(user, user.organisation.area, **more)).values["kien_nghi"]

    said = [{"don_vi": local_officer.organisation.name, "noi_dung": "Thiếu vốn đối ứng. Đề nghị {{ hỗ trợ }} thêm."}]
    assert written(department_officer) == said
    assert written(local_officer) == said
    assert written(other_local_officer) == []
    assert written(department_officer, end="13/12/2026") == []
    text = text_of(document_of(asked(department_officer, unit("96"))))
    assert "Đề nghị {{ hỗ trợ }} thêm." in text
    assert "Bản đầu" not in text


def test_a_commune_is_told_of_its_own_area_alone(cast):
    officer = cast[Role.LOCAL_OFFICER]
    make_world(5, officer)
    content = document_of(asked(officer, officer.organisation.area))
    check_places(content, table_of("dia-ban", officer, officer.organisation.area))
    check_standings(content, table_of("tong-hop-de-an", officer, officer.organisation.area))

"""A national project that is returned, sent to the Ministry, amended, and stopped, with its money coming back."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from funding.actions.request import set_requested
from funding.models import LedgerEntry, Source
from khuyencong.accounts.models import User
from khuyencong.audit.models import AuditEvent
from programs.actions.beneficiary import add_beneficiary
from programs.actions.participant import add_participants
from programs.actions.project import register_project
from programs.models import BeneficiaryKind, Project, ProjectKind, SupportItem
from programs.workflow import Status, Track
from tests.e2e.officers import Officer, fill_voucher, matrix_cell

PAYEE = "Công ty TNHH Cơ khí Vĩnh Mỹ Thử"
MILLION = 1_000_000
TODAY = timezone.localdate()
DAY = TODAY.strftime("%d/%m/%Y")
LATER = (TODAY + datetime.timedelta(days=30)).strftime("%d/%m/%Y")


@pytest.fixture
def draft(live_server):
    """What the first journey does by hand: a registered project of xã Hồng Dân with its money asked for."""
    call_command("seed_demo", stdout=StringIO())
    officer = User.objects.get(username="canboxa")
    project = register_project(
        values={
            "year": TODAY.year,
            "name": "Ứng dụng máy cắt laser trong gia công cơ khí nông cụ",
            "track": Track.NATIONAL.value,
            "kind": ProjectKind.SPECIFIC,
            "programme": None,
            "support_item": SupportItem.objects.get(row=10),
            "place": officer.organisation.area,
            "implementer": officer.organisation,
            "start_date": TODAY,
            "end_date": TODAY + datetime.timedelta(days=60),
            "objective": "",
            "note": "",
        },
        by=officer,
    )
    payee = {"name": PAYEE, "kind": BeneficiaryKind.ENTERPRISE, "place": officer.organisation.area}
    made = add_beneficiary(values=payee, by=officer, accept_similar=True)
    add_participants(project_id=project.pk, beneficiary_ids=[made.pk], content="", by=officer)
    participant = project.participants.get()
    sources = dict(Source.objects.values_list("code", "pk"))
    amounts = {(participant.pk, sources["KCQG"]): 200 * MILLION, (participant.pk, sources["DOIUNG"]): 300 * MILLION}
    set_requested(
        project_id=project.pk, amounts=amounts, by=officer, version=Project.objects.get(pk=project.pk).version
    )
    return project.code


def test_the_ways_back_of_a_national_project(page, draft, screenshots):
    code = draft
    submit(page, code)
    return_for_supplement(page, code, screenshots)
    answer_and_submit(page, code, screenshots)
    appraise_and_send_up(page, code, screenshots)
    approve_sign_and_advance(page, code)
    amend(page, code, screenshots)
    stop(page, code, screenshots)
    recover(page, code, screenshots)
    check_story(page, code)


def state(code):
    return Project.objects.get(code=code, year=TODAY.year).state


def submit(page, code):
    officer = Officer(page, "canboxa")
    officer.open_project(code)
    officer.follow("Trình đề án")
    officer.press("Trình đề án")
    expect(page.get_by_text("Đã trình").first).to_be_visible()


def return_for_supplement(page, code, screenshots):
    officer = Officer(page, "chuyenvien")
    officer.make_move(code, "Xác nhận", "21/XN-SCT", DAY)
    officer.open_project(code)
    officer.follow("Trả lại bổ sung")
    page.locator("[name=reason]").fill("Hồ sơ chưa đủ")
    for row, (section, content) in enumerate(
        [("Tài liệu", "Nộp báo giá máy của hai nhà cung cấp"), ("Chỉ tiêu", "Ghi số lao động tăng thêm")]
    ):
        page.locator(f"[name=diem-{row}-section]").select_option(label=section)
        page.locator(f"[name=diem-{row}-content]").fill(content)
    officer.look(screenshots, "national-return")
    page.get_by_role("main").get_by_role("button", name="Trả lại bổ sung", exact=True).click()
    expect(page.get_by_role("heading", name="Cần bổ sung")).to_be_visible()
    assert state(code) is Status.RETURNED


def answer_and_submit(page, code, screenshots):
    officer = Officer(page, "canboxa")
    officer.open_project(code)
    expect(page.get_by_text("Nộp báo giá máy của hai nhà cung cấp").first).to_be_visible()
    officer.follow("Trình đề án")
    officer.press("Trình đề án")
    # Not before every point is answered.
    expect(page.get_by_text("Ghi số lao động tăng thêm").first).to_be_visible()
    assert state(code) is Status.RETURNED
    officer.open_project(code)
    boxes = page.locator("#bo-sung textarea")
    expect(boxes).to_have_count(2)
    boxes.nth(0).fill("Đã nộp hai báo giá ngày hôm nay")
    boxes.nth(1).fill("Tăng 4 lao động")
    officer.press("Ghi giải trình")
    officer.look(screenshots, "national-answered")
    officer.follow("Trình đề án")
    officer.press("Trình đề án")
    expect(page.get_by_text("Đã xác nhận").first).to_be_visible()
    assert state(code) is Status.CONFIRMED


def appraise_and_send_up(page, code, screenshots):
    officer = Officer(page, "chuyenvien")
    officer.make_move(code, "Thẩm định đạt", "22/BB-SCT", DAY)
    officer.open_project(code)
    officer.follow("Gửi Bộ Công Thương")
    page.locator("[name=document_number]").fill("23/TTr-SCT")
    page.locator("[name=document_date]").fill(DAY)
    officer.look(screenshots, "national-batch")
    officer.press("Gửi Bộ 1 đề án")
    assert state(code) is Status.SENT_TO_MINISTRY
    page.get_by_label(f"Đánh dấu {code}").check()
    page.locator("[name=result]").select_option(label="Bộ đồng ý đưa vào kế hoạch")
    page.locator("[name=document_number]").fill("456/QĐ-BCT")
    page.locator("[name=document_date]").fill(DAY)
    officer.press_and_confirm("Ghi kết quả")
    expect(page.get_by_text("456/QĐ-BCT").first).to_be_visible()
    officer.look(screenshots, "national-batch-answered")


def approve_sign_and_advance(page, code):
    officer = Officer(page, "lanhdao")
    officer.open_project(code)
    officer.follow("Phê duyệt")
    officer.fill_paper("457/QĐ-SCT", DAY)
    officer.press_and_confirm("Phê duyệt")
    expect(page.get_by_text("Đã phê duyệt").first).to_be_visible()
    officer = Officer(page, "trungtam")
    officer.open_project(code)
    officer.follow("Ký hợp đồng")
    row = page.get_by_role("table", name="Các hợp đồng").locator("tbody tr").first
    row.locator("select[name$=participant]").select_option(label=PAYEE)
    row.locator("[name$=number]").fill("9/HĐ-TTKC")
    row.locator("[name$=signed_date]").fill(DAY)
    row.locator("[name$=support_vnd]").fill("200.000.000")
    officer.press("Ghi hợp đồng")
    expect(page.get_by_text("Đã ký hợp đồng").first).to_be_visible()
    officer = Officer(page, "ketoan")
    officer.open_project(code)
    officer.tab("Kinh phí")
    officer.follow("Ghi tạm ứng")
    fill_voucher(page, "Khuyến công quốc gia (TW)", PAYEE, "60 triệu", "TU-QG", DAY)
    officer.press("Ghi tạm ứng")
    expect(page.get_by_text("TU-QG").first).to_be_visible()


def amend(page, code, screenshots):
    officer = Officer(page, "lanhdao")
    officer.open_project(code)
    officer.follow("Điều chỉnh")
    page.locator("[name=end_date]").fill(LATER)
    matrix_cell(page, PAYEE, "Khuyến công quốc gia (TW)").fill("50 triệu")
    page.locator("[name^=contract_]").fill("50.000.000")
    officer.fill_paper("460/QĐ-SCT", DAY, "Giảm quy mô máy")
    page.locator("[name=effective_from]").fill(DAY)
    officer.press_and_confirm("Ghi điều chỉnh")
    # Not below the 60 triệu that are out.
    expect(page.locator(".kc-error").first).to_be_visible()
    expect(matrix_cell(page, PAYEE, "Khuyến công quốc gia (TW)")).to_have_value("50 triệu")
    matrix_cell(page, PAYEE, "Khuyến công quốc gia (TW)").fill("150 triệu")
    page.locator("[name^=contract_]").fill("150 triệu")
    officer.press_and_confirm("Ghi điều chỉnh")
    expect(page.get_by_text("Điều chỉnh lần 1").first).to_be_visible()
    expect(page.get_by_text("200.000.000").first).to_be_visible()
    officer.look(screenshots, "national-amended")


def stop(page, code, screenshots):
    officer = Officer(page, "lanhdao")
    officer.open_project(code)
    officer.follow("Ngừng triển khai")
    page.locator("input[name^=amount_]").fill("20 triệu")
    page.locator("[name=due_date]").fill(LATER)
    officer.fill_paper("470/QĐ-SCT", DAY, "Cơ sở chuyển ra ngoài tỉnh")
    officer.look(screenshots, "national-stop")
    officer.press_and_confirm("Ngừng triển khai")
    expect(page.get_by_role("table", name="Khoản phải thu hồi theo cơ sở và nguồn vốn")).to_be_visible()
    assert state(code) is Status.STOPPED


def recover(page, code, screenshots):
    officer = Officer(page, "ketoan")
    officer.open_project(code)
    officer.tab("Kinh phí")
    officer.follow("Ghi thu hồi")
    fill_voucher(page, "Khuyến công quốc gia (TW)", PAYEE, "50.000.000", "TH-QUA", DAY)
    officer.press("Ghi thu hồi")
    # Ten million more than is demanded.
    expect(page.locator(".kc-error").first).to_be_visible()
    fill_voucher(page, "Khuyến công quốc gia (TW)", PAYEE, "40.000.000", "TH-QG", DAY)
    officer.press("Ghi thu hồi")
    expect(page.get_by_text("Đã thu đủ").first).to_be_visible()
    officer.look(screenshots, "national-recovered")
    project = Project.objects.get(code=code, year=TODAY.year)
    entries = LedgerEntry.objects.filter(project=project).with_effect()
    assert sum(entry.effect_vnd for entry in entries) == 20 * MILLION


def check_story(page, code):
    auditor = Officer(page, "thanhtra")
    auditor.open_project(code)
    auditor.tab("Lịch sử")
    project = Project.objects.get(code=code, year=TODAY.year)
    done = list(AuditEvent.objects.about(f"project:{project.pk}").order_by("pk").values_list("action", flat=True))
    steps = ["submit", "confirm", "return", "submit", "appraise", "send_to_ministry", "approve", "sign_contract"]
    steps += ["record_advance", "amend", "demand_recovery", "stop", "record_recovery"]
    assert [action for action in done if action in steps] == steps
    auditor.tab("Điều chỉnh")
    expect(page.get_by_text("460/QĐ-SCT").first).to_be_visible()

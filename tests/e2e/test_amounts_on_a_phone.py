"""The matrix of amounts on a phone: blocks instead of columns, errors within sight."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.makers import MILLION, YEAR, add_line, give_budget
from tests.funding.makers import page as page_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
INPUTS = "table.kc-stacked input[type=text]"


@pytest.fixture
def project(local_officer, accountant):
    give_budget(accountant, 500 * MILLION)
    project = make_project(created_by=local_officer, year=YEAR, status=Status.APPRAISED.value)
    for name in ("Hợp tác xã chế biến khô và nước mắm Gành Hào", "Cơ sở đan lát Ba Đình"):
        payee = add_participant(project, make_beneficiary(name=name))
        add_line(project, "KCDP", 120 * MILLION, participant=payee)
        add_line(project, "DOIUNG", 80 * MILLION, participant=payee)
    return project


@pytest.fixture
def signed_in(page, base_url, leader):
    client = Client()
    client.force_login(leader)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])
    return page


def test_each_beneficiary_is_a_block_with_labelled_inputs(signed_in, project, screenshots):
    signed_in.goto(page_of("project-approve", project))
    for size, name in ((DESK, "amounts-desk"), (PHONE, "amounts-phone")):
        signed_in.set_viewport_size(size)
        signed_in.screenshot(path=screenshots / f"{name}.png", full_page=True)
    inputs = signed_in.locator(INPUTS)
    boxes = [one.bounding_box() for one in inputs.all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in boxes)
    assert boxes == sorted(boxes, key=lambda box: box["y"])  # one under another
    names = signed_in.locator("table[data-sum-table] tbody tr:first-child td").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert names == ['"Khuyến công địa phương"', '"Đối ứng của cơ sở"', '"Cộng: "']

    inputs.nth(2).fill("130 triệu")
    signed_in.locator("[name=document_number]").fill("15/QĐ-UBND")
    signed_in.locator("[name=document_date]").fill("01/08/2025")
    signed_in.get_by_role("button", name="Phê duyệt", exact=True).click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Phê duyệt", exact=True).click()
    error = signed_in.locator("table.kc-stacked .kc-error")
    expect(error).to_contain_text("lớn hơn đề nghị 120.000.000 đồng (vượt 10.000.000 đồng)")
    box = error.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    signed_in.screenshot(path=screenshots / "amounts-phone-refused.png", full_page=True)

"""The day on which something was known, on the pages: the question, the rows, the workbook, the lock, the audit."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from khuyencong.vietnamese.dates import format_date
from reports.actions.lock import lock_report, locked_now
from reports.comparison import compare
from reports.definitions import DEFINITIONS
from reports.forms import KnownOnForm
from reports.locked import open_report
from reports.snapshot import fingerprint
from tests.factories import unit
from tests.funding.makers import MILLION, PAID, YEAR, add_entry, approved_project
from tests.reports.asking import form_parameters
from tests.reports.locking import lock
from tests.responses import content_of

pytestmark = pytest.mark.django_db
HANOI = datetime.timezone(datetime.timedelta(hours=7))
ENTERED = datetime.datetime(2025, 10, 10, 9, 0, tzinfo=HANOI)
ASKED = {"year": str(YEAR), "start": "01/01/2025", "end": "31/12/2025", "basis": "disbursed"}
BEFORE, SINCE = {**ASKED, "known_on": "09/10/2025"}, {**ASKED, "known_on": "10/10/2025"}
SAYS = "số liệu như đã biết đến hết ngày 09/10/2025"
MONEY_FORMS = [slug for slug, one in DEFINITIONS.items() if issubclass(one.form_class, KnownOnForm)]


@pytest.fixture
def officer(client, department_officer, local_officer, accountant):
    """Sees 20 million entered on 01/09 and 30 million entered on 10/10, both paid on 01/09."""
    project = approved_project(local_officer, 100 * MILLION)
    first = datetime.datetime(2025, 9, 1, 17, 0, tzinfo=HANOI)
    add_entry(project, accountant, 20 * MILLION, voucher_date=PAID, recorded_at=first)
    add_entry(project, accountant, 30 * MILLION, voucher_date=PAID, recorded_at=ENTERED)
    client.force_login(department_officer)
    return department_officer


def page_of(slug="kinh-phi"):
    return reverse("reports:form-page", args=[slug])


def test_every_money_form_asks_for_the_day_and_no_other_form_does():
    asked = {"kinh-phi", "nhieu-nam", "giai-ngan", "dia-ban", "chuong-trinh", "du-an"}
    assert asked <= set(MONEY_FORMS)
    assert not {"ket-qua", "binh-chon", "lang-nghe", "tong-hop-de-an"} & set(MONEY_FORMS)


def test_the_same_question_on_two_days(client, officer):
    before, since = (client.get(page_of(), asked).content.decode() for asked in (BEFORE, SINCE))
    assert SAYS in before
    assert "không tính phê duyệt, điều chỉnh, chứng từ" in before
    assert ">20,0<" in before.replace("\n", "").replace(" ", "")
    assert ">50,0<" in since.replace("\n", "").replace(" ", "")
    assert 'value="09/10/2025"' in before
    plain = client.get(page_of(), ASKED).content.decode()
    assert "như đã biết đến hết ngày 09" not in plain
    assert "known_on=" not in plain.replace("known_on=31%2F12%2F2025", "")


def test_the_rows_behind_a_figure_are_of_that_day(client, officer):
    page = client.get(page_of(), BEFORE).content.decode()
    link = f'href="{reverse("reports:form-rows", args=["kinh-phi"])}?'
    address = page.split(link)[1].split('"')[0].replace("&amp;", "&")
    assert "known_on=09%2F10%2F2025" in address
    rows = client.get(f"{reverse('reports:form-rows', args=['kinh-phi'])}?{address}")
    assert [line.amount for line in rows.context["lines"]] == [20 * MILLION]
    assert SAYS in rows.content.decode()


def test_the_workbook_its_name_and_its_audit_event_say_the_day(client, officer):
    response = client.get(reverse("reports:form-export", args=["kinh-phi"]), BEFORE)
    assert "kinh-phi-khuyen-cong-2025-biet-den-20251009.xlsx" in response["Content-Disposition"]
    sheet = load_workbook(BytesIO(content_of(response))).active
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(SAYS in text for text in texts)
    assert any(text.startswith("Số liệu như đã biết đến hết ngày 09/10/2025") for text in texts)
    changes = AuditEvent.objects.filter(action="report_export").latest("pk").changes
    assert SAYS in changes["Kỳ"][1]
    assert changes["Tệp"][1] == "kinh-phi-khuyen-cong-2025-biet-den-20251009.xlsx"


def test_a_lock_keeps_the_day_and_what_comes_later_changes_nothing(officer, accountant):
    report = lock(officer)
    assert "known_on" not in report.parameters
    parameters = form_parameters("kinh-phi", officer, unit("96"), **BEFORE)
    assert locked_now("kinh-phi", parameters) is None
    kept = lock_as_known(officer, parameters)
    assert kept.parameters["known_on"] == "09/10/2025"
    assert SAYS in kept.span
    assert locked_now("kinh-phi", parameters) == kept
    tomorrow_too = form_parameters("kinh-phi", officer, unit("96"), **SINCE)
    assert locked_now("kinh-phi", tomorrow_too) is None
    late = approved_project(officer, 10 * MILLION)
    add_entry(late, accountant, 5 * MILLION, voucher_date=PAID)
    again = DEFINITIONS["kinh-phi"].form_class(kept.parameters, user=officer)
    assert again.is_valid()
    assert compare(open_report(kept).tables, DEFINITIONS["kinh-phi"].build(again.asked())).differences == []
    assert AuditEvent.objects.filter(action="report_lock").latest("pk").changes["Kỳ"][1] == kept.span


def lock_as_known(user, parameters):
    definition = DEFINITIONS["kinh-phi"]
    shown = fingerprint(definition.build(parameters))
    return lock_report(definition=definition, parameters=parameters, by=user, shown=shown)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("tomorrow", "Ngày này ở sau hôm nay"), ("31/02/2025", "không có trong lịch"), ("hôm qua", "Không đọc được ngày")],
)
def test_a_day_that_cannot_be_is_told_beside_the_field_and_kept(typed, words, client, officer):
    if typed == "tomorrow":
        typed = format_date(timezone.localdate() + datetime.timedelta(days=1))
    response = client.get(page_of(), {**ASKED, "known_on": typed})
    assert words in response.context["form"].errors["known_on"][0]
    text = response.content.decode()
    assert 'id="id_known_on_error"' in text
    assert f'value="{typed}"' in text
    for name in ("form-export", "form-rows"):
        away = client.get(reverse(f"reports:{name}", args=["kinh-phi"]), {**ASKED, "known_on": typed})
        assert away.status_code == 302
    assert not AuditEvent.objects.filter(action="report_export").exists()


def test_today_is_all_that_is_known(client, officer):
    today = format_date(timezone.localdate())
    response = client.get(page_of(), {**ASKED, "known_on": today})
    assert not response.context["form"].errors
    assert response.context["tables"]


@pytest.mark.parametrize("slug", MONEY_FORMS)
def test_before_everything_there_are_zeros(slug, client, officer):
    definition = DEFINITIONS[slug]
    parameters = form_parameters(slug, officer, unit("96"), **{**ASKED, "known_on": "01/01/1990"})
    for table in definition.build(parameters):
        links = [
            link for row in table.rows for column, link in row.links.items() if column not in definition.not_opened
        ]
        assert not links
        assert any("01/01/1990" in note for note in table.notes)
    response = client.get(page_of(slug), {**ASKED, "known_on": "01/01/1990"})
    assert response.status_code == 200


def test_one_press_to_the_end_of_the_period_and_back(client, officer):
    past = {**ASKED, "year": "2020", "start": "01/01/2020", "end": "31/12/2020"}
    there = {one.label: one.url for one in client.get(page_of(), past).context["shortcuts"]}
    url = there["Như đã biết đến hết ngày 31/12/2020"]
    back = {one.label: one.url for one in client.get(url).context["shortcuts"]}
    assert "known_on=31%2F12%2F2020" in url
    assert not client.get(back["Số liệu hiện nay"]).context["parameters"].known_on
    results = client.get(page_of("ket-qua"), past).context["shortcuts"]
    assert not [one for one in results if "đã biết" in one.label]


def test_a_commune_sees_its_own_on_a_past_day_too(client, other_local_officer, officer):
    client.force_login(other_local_officer)
    table = client.get(page_of(), {**ASKED, "known_on": "10/10/2025"}).context["tables"]
    assert ">50,0<" not in str(table)
    rows = reverse("reports:form-rows", args=["kinh-phi"])
    page = client.get(rows, {**SINCE, "row": "tong", "column": "provincial"})
    assert page.context["breakdown"].total == 0

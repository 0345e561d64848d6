"""The pages of rounds, as each role sees and sends them."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.vietnamese.dates import format_date
from programs.models import CraftVillage
from programs.workflow import Status
from reports.actions.reporting_round import close_round, edit_round
from reports.models import AreaReport, ReportingRound
from reports.periods import part_of_year
from tests.factories import make_organisation, make_project, make_user, unit
from tests.reports.rounds import days, make_round, report, round_values, shown_to, today
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("reports:round-list"), reverse("reports:round-create")


def page_of(name, asked, *args):
    return reverse(f"reports:{name}", args=[asked.pk, *args])


@pytest.fixture
def asked(department_officer, local_officer, other_local_officer):
    return make_round(department_officer)


def typed(**changes):
    year = today().year + 1
    form = {"year": str(year), "part": "quy-2", "shown_part": "quy-1", "start": "01/01/2020", "end": "02/01/2020"}
    due = format_date(part_of_year(year, "quy-2").end)
    rest = {"area": str(unit("96").pk), "title": "", "due_date": due, "document_number": "7/SCT", "note": "Gấp"}
    return {**form, **rest, **changes}


def test_the_department_opens_a_round_named_by_its_period(client, department_officer, local_officer):
    client.force_login(department_officer)
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, typed())
    opened = ReportingRound.objects.get()
    assert response.url == page_of("round-detail", opened)
    period = part_of_year(today().year + 1, "quy-2")
    assert (opened.start, opened.end, opened.document_number) == (period.start, period.end, "7/SCT")
    assert opened.title == f"Báo cáo khuyến công quý II năm {today().year + 1}"
    assert AuditEvent.objects.get().action == "reporting_round_open"


def test_the_proposed_title_follows_the_period_and_an_own_one_stays(client, department_officer, local_officer):
    client.force_login(department_officer)
    form = client.get(NEW).context["form"]
    proposed = form["title"].value()
    assert proposed == form["shown_title"].value()
    assert proposed.startswith("Báo cáo khuyến công quý ")
    client.post(NEW, typed(title=proposed, shown_title=proposed))
    assert ReportingRound.objects.get().title == f"Báo cáo khuyến công quý II năm {today().year + 1}"
    due = format_date(part_of_year(today().year + 1, "quy-3").end)
    client.post(NEW, typed(part="quy-3", title="Báo cáo gấp", shown_title=proposed, due_date=due))
    assert ReportingRound.objects.order_by("pk").last().title == "Báo cáo gấp"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": "1"}, "year"),
        ({"part": "x"}, "part"),
        ({"part": "tu-chon", "start": "31/02/2026"}, "start"),
        ({"part": "tu-chon", "start": "05/05/2026", "end": "04/05/2026"}, "end"),
        ({"due_date": ""}, "due_date"),
        ({"due_date": "01/01/2020"}, "due_date"),
        ({"area": "0"}, "area"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    client, department_officer, local_officer, changes, field
):
    client.force_login(department_officer)
    response = client.post(NEW, typed(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Gấp" in response.content.decode()
    assert not ReportingRound.objects.exists()


def test_the_same_period_again_is_refused_in_words(client, department_officer, local_officer):
    client.force_login(department_officer)
    client.post(NEW, typed())
    response = client.post(NEW, typed())
    assert response.status_code == 422
    assert "Kỳ báo cáo này đã được mở" in response.content.decode()


def test_editing_keeps_what_was_typed_when_somebody_was_faster(client, department_officer, asked):
    client.force_login(department_officer)
    address = page_of("round-edit", asked)
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown |= {"due_date": format_date(asked.due_date), "note": "Bản của tôi"}
    edit_round(round_id=asked.pk, values=round_values(title="Bản kia"), by=department_officer, version=0)
    response = client.post(address, shown)
    assert response.status_code == 409
    assert "Bản của tôi" in response.content.decode()
    assert ReportingRound.objects.get().note == ""
    assert client.post(address, {**shown, "version": "1"}).status_code == 302
    assert ReportingRound.objects.get().note == "Bản của tôi"


def test_a_round_that_was_answered_is_not_edited(client, department_officer, asked, local_officer):
    report(asked, local_officer)
    client.force_login(department_officer)
    response = client.get(page_of("round-edit", asked), follow=True)
    assert "Đã có 1 đơn vị báo cáo cho kỳ này" in response.content.decode()
    response = client.post(page_of("round-edit", asked), typed(version="0"))
    assert response.status_code == 422
    assert "Đã có 1 đơn vị báo cáo cho kỳ này" in response.content.decode()


def test_the_board_says_who_has_and_who_has_not(client, department_officer, asked, local_officer, other_local_officer):
    make_project(created_by=local_officer, status=Status.IN_PROGRESS.value, approved_date=asked.start)
    report(asked, local_officer, "Thiếu điện")
    client.force_login(department_officer)
    response = client.get(page_of("round-detail", asked))
    lines = {line.office: line for line in response.context["lines"]}
    mine, other = lines[local_officer.organisation], lines[other_local_officer.organisation]
    assert (mine.state, mine.projects) == ("Đã báo cáo", 1)
    assert (other.state, other.projects) == ("Chưa báo cáo", 0)
    assert response.context["standing"].missing == 1
    page = response.content.decode()
    assert local_officer.full_name in page
    assert "Chưa có thư điện tử" in page
    for value, offices in (("chua", [other]), ("da", [mine]), ("tre", [])):
        filtered = client.get(page_of("round-detail", asked), {"bao-cao": value})
        assert [line.office for line in filtered.context["lines"]] == [one.office for one in offices]


def test_the_projects_of_a_place_open_from_the_board(client, department_officer, asked, local_officer):
    common = {"created_by": local_officer, "status": Status.IN_PROGRESS.value, "approved_date": asked.start}
    here = make_project(**common)
    make_project(**common, place=unit("31972"))
    client.force_login(department_officer)
    address = f"{page_of('round-missing', asked, 'tien-do')}?dia-ban={local_officer.area_id}"
    assert address in client.get(page_of("round-detail", asked)).content.decode()
    assert [line.label for line in client.get(address).context["lines"]] == [here.code]
    assert len(client.get(page_of("round-missing", asked, "tien-do")).context["lines"]) == 2


def test_an_office_without_an_account_is_marked(client, department_officer, asked):
    make_organisation(unit("31900"), kind=OrganisationKind.COMMUNE_OFFICE)
    client.force_login(department_officer)
    assert "Chưa có tài khoản" in client.get(page_of("round-detail", asked)).content.decode()


def test_everybody_reads_the_rounds_of_the_own_area(client, asked, cast, stranger, other_local_officer):
    names = [("round-detail",), ("round-missing", "tien-do"), ("round-export",)]
    for user in cast.values():
        client.force_login(user)
        assert asked in client.get(LIST).context["listing"].page_obj
        for name, *more in names:
            response = client.get(page_of(name, asked, *more))
            content_of(response)
            assert response.status_code == 200, (name, user.role)
    client.force_login(stranger)
    assert asked not in client.get(LIST).context["listing"].page_obj
    for name, *more in names:
        assert client.get(page_of(name, asked, *more)).status_code == 404
    client.force_login(other_local_officer)
    lines = client.get(page_of("round-detail", asked)).context["lines"]
    assert [line.office for line in lines] == [other_local_officer.organisation]


@pytest.mark.parametrize("name", ["round-edit", "round-close", "round-reopen", "round-remind"])
def test_forged_posts(client, asked, name, auditor, local_officer, stranger):
    for user, status in ((auditor, 403), (local_officer, 403), (stranger, 404)):
        client.force_login(user)
        assert client.post(page_of(name, asked), {"version": "0", "all": "1"}).status_code == status
    assert not AuditEvent.objects.exists()


def test_a_report_of_another_commune_is_no_address(client, asked, local_officer, other_local_officer, stranger, leader):
    one = report(asked, local_officer)
    for user, status in ((leader, 200), (local_officer, 200), (other_local_officer, 404), (stranger, 404)):
        client.force_login(user)
        assert client.get(reverse("reports:area-report-detail", args=[one.pk])).status_code == status
    narrow = make_round(leader, area=unit("31843"), start=days(-400), end=days(-300))
    client.force_login(other_local_officer)
    assert client.post(page_of("area-report-create", narrow), {"shown": "x"}).status_code == 404
    client.force_login(leader)
    assert client.post(page_of("area-report-create", asked), {"shown": "x"}).status_code == 403


def test_closing_and_reopening_by_the_buttons(client, department_officer, asked):
    client.force_login(department_officer)
    for bad in ({}, {"version": "5"}, {"version": "²"}):
        response = client.post(page_of("round-close", asked), bad)
        assert response.status_code == 409
        assert "vừa được người khác thay đổi" in response.content.decode()
    assert client.post(page_of("round-close", asked), {"version": "0"}).status_code == 302
    assert "Đã kết thúc" in client.get(page_of("round-detail", asked)).content.decode()
    assert client.post(page_of("round-close", asked), {"version": "1"}).status_code == 422
    assert client.post(page_of("round-reopen", asked), {"version": "1"}).status_code == 302
    assert ReportingRound.objects.get().closed_at is None


def test_an_officer_sees_the_figures_with_their_rows_and_confirms(client, asked, local_officer):
    make_project(created_by=local_officer, status=Status.IN_PROGRESS.value, approved_date=asked.start, year=2026)
    CraftVillage.objects.create(name="Nghề rèn Hồng Dân", craft="Rèn", place=unit("31843"))
    CraftVillage.objects.create(name="Nghề muối", craft="Muối", place=unit("31972"))
    client.force_login(local_officer)
    address = page_of("area-report-create", asked)
    response = client.get(address)
    page = response.content.decode()
    assert "Nghề rèn Hồng Dân" in page
    assert "Nghề muối" not in page
    for figure in response.context["figures"]:
        assert client.get(figure.url).status_code == 200, figure
    sent = {"shown": response.context["form"]["shown"].value(), "note": "Thiếu điện"}
    done = client.post(address, sent)
    one = AreaReport.objects.get()
    assert done.url == reverse("reports:area-report-detail", args=[one.pk])
    assert (one.note, one.organisation, one.reported_by) == ("Thiếu điện", local_officer.organisation, local_officer)
    shown = client.get(done.url).content.decode()
    assert "Thiếu điện" in shown
    assert "Làng nghề trong địa bàn" in shown


def test_sent_twice_the_second_is_shown_what_the_first_did(client, asked, local_officer):
    client.force_login(local_officer)
    address = page_of("area-report-create", asked)
    sent = {"shown": shown_to(asked, local_officer), "note": "Một lần"}
    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent | {"note": "Hai lần"})
    assert again.status_code == 409
    assert "Hai lần" in again.content.decode()
    fresh = again.context["form"]["shown"].value()
    assert client.post(address, {"shown": fresh, "note": "Hai lần"}).status_code == 302
    first, second = AreaReport.objects.order_by("pk")
    earlier = client.get(reverse("reports:area-report-detail", args=[first.pk])).content.decode()
    assert "Đơn vị đã báo cáo lại sau lần này" in earlier
    assert reverse("reports:area-report-detail", args=[second.pk]) in earlier


def test_a_closed_round_says_so_and_keeps_what_was_typed(client, asked, local_officer, department_officer):
    shown = shown_to(asked, local_officer)
    close_round(round_id=asked.pk, by=department_officer, version=0)
    client.force_login(local_officer)
    address = page_of("area-report-create", asked)
    for response in (client.get(address), client.post(address, {"shown": shown, "note": "Trễ"})):
        assert response.status_code == 422
        assert "đã kết thúc lúc" in response.content.decode()
    assert not AreaReport.objects.exists()


def test_home_shows_the_rounds_that_wait(client, asked, local_officer, department_officer, leader, auditor):
    title = asked.title
    client.force_login(local_officer)
    assert page_of("area-report-create", asked) in client.get("/").content.decode()
    report(asked, local_officer)
    assert page_of("area-report-create", asked) not in client.get("/").content.decode()
    for user in (department_officer, leader):
        client.force_login(user)
        page = client.get("/").content.decode()
        assert "1/2 đơn vị" in page
        assert title in page
    client.force_login(auditor)
    assert title not in client.get("/").content.decode()


def test_home_does_not_ask_what_is_closed_or_to_come(client, department_officer, local_officer):
    closed = make_round(department_officer)
    close_round(round_id=closed.pk, by=department_officer, version=0)
    make_round(department_officer, start=days(2), end=days(40), due_date=days(50))
    client.force_login(local_officer)
    assert "Kỳ báo cáo chờ đơn vị bạn" not in client.get("/").content.decode()


def test_the_workbook_is_the_list_and_is_logged(client, department_officer, asked, local_officer):
    report(asked, local_officer, "Thiếu điện")
    client.force_login(department_officer)
    response = client.get(page_of("round-export", asked), {"bao-cao": "da"})
    sheet = load_workbook(BytesIO(content_of(response))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Đơn vị", local_officer.organisation.name]
    assert rows[1][3] == "Đã báo cáo"
    assert rows[1][9] == "Thiếu điện"
    event = AuditEvent.objects.order_by("pk").last()
    assert (event.action, event.changes["Số dòng"]) == ("reporting_round_export", [None, 1])
    assert event.changes["Điều kiện"] == [None, "bao-cao=da"]


@pytest.mark.parametrize("what", ["tien-do", "ket-qua", "lang-nghe"])
def test_the_lists_of_what_is_missing(client, asked, local_officer, what):
    make_project(created_by=local_officer, status=Status.IN_PROGRESS.value, approved_date=asked.start)
    make_project(created_by=local_officer, status=Status.ACCEPTED.value, accepted_date=asked.start)
    CraftVillage.objects.create(name="Nghề rèn", craft="Rèn", place=unit("31843"))
    client.force_login(local_officer)
    response = client.get(page_of("round-missing", asked, what))
    (line,) = response.context["lines"]
    assert client.get(line.url).status_code == 200
    assert client.get(page_of("round-missing", asked, what), {"q": "không có gì"}).context["lines"] == []
    assert client.get(page_of("round-missing", asked, "x")).status_code == 404


def test_pages_hold_many_offices(client, department_officer, asked):
    for _ in range(30):
        office = make_organisation(unit("31900"), kind=OrganisationKind.COMMUNE_OFFICE)
    make_user(Role.LOCAL_OFFICER, office)
    client.force_login(department_officer)
    response = client.get(page_of("round-detail", asked), {"page": "2"})
    assert len(response.context["lines"]) == 32 - 25


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        response = client.get(address)
        content_of(response)
    assert response.status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["round-list", "round-detail", "round-export", "home"])
def test_more_offices_and_rounds_are_no_more_queries(client, department_officer, asked, local_officer, name):
    client.force_login(department_officer)
    address = {"round-list": LIST, "home": "/"}.get(name) or page_of(name, asked)
    report(asked, local_officer)
    queries(client, address)
    few = queries(client, address)
    for number in range(20):
        office = make_organisation(unit("31900"), kind=OrganisationKind.COMMUNE_OFFICE)
        person = make_user(Role.LOCAL_OFFICER, office)
        make_project(created_by=person, place=unit("31900"), status=Status.IN_PROGRESS.value, approved_date=asked.start)
        report(asked, person)
        make_round(department_officer, start=days(-900 - number), end=days(-800))
    assert queries(client, address) == few
    assert few < 40

"""Pages of locked reports: lock, list, figures, workbook, comparison, unlocking; who gets in, and what is refused."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.vietnamese.dates import format_datetime
from reports.actions.lock import unlock_report
from reports.locked import BROKEN
from reports.models import LockedReport, ReportUnlock
from tests.factories import make_province, unit
from tests.reports.locking import ASKED, lock, shown_to
from tests.reports.world import make_world
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST = reverse("reports:locked-report-list")
KEY = {"year": "2026", "start": "15/12/2025", "end": "14/12/2026"}


def address(name, pk):
    return reverse(f"reports:locked-report-{name}", args=[pk])


def lock_address(slug="kinh-phi", **asked):
    return reverse("reports:form-lock", args=[slug], query={**KEY, **asked})


def text_of(response):
    return response.content.decode()


@pytest.fixture
def officer(client, department_officer):
    client.force_login(department_officer)
    return department_officer


@pytest.fixture
def report(department_officer):
    make_world(1, department_officer)
    return lock(department_officer)


def test_from_the_forms_page_to_the_locked_report(client, officer):
    page = client.get(reverse("reports:form-page", args=["kinh-phi"]), KEY)
    assert "/bao-cao/kinh-phi/khoa/?" in text_of(page)
    form = client.get(lock_address())
    shown = form.context["form"].initial["shown"]
    response = client.post(lock_address(), {"shown": shown, "document_number": " 12/BC-SCT ", "note": "Bản gửi Bộ"})
    report = LockedReport.objects.get()
    assert response.url == address("detail", report.pk)
    assert (report.document_number, report.note, report.locked_by) == ("12/BC-SCT", "Bản gửi Bộ", officer)
    text = text_of(client.get(response.url))
    assert f"Số liệu đã khóa lúc {format_datetime(report.locked_at)} bởi {officer}, mã {report.code}." in text
    assert report.sha256 in text
    live = text_of(client.get(reverse("reports:form-page", args=["kinh-phi"]), KEY))
    assert address("detail", report.pk) in live
    assert "/bao-cao/kinh-phi/khoa/?" not in live
    other = text_of(client.get(reverse("reports:form-page", args=["kinh-phi"]), {**KEY, "basis": "approved"}))
    assert address("detail", report.pk) not in other


def test_the_page_draws_the_stored_figures(client, officer, report):
    live = client.get(reverse("reports:form-page", args=["kinh-phi"]), KEY).context["tables"][0]
    make_world(2, officer)
    stored = client.get(address("detail", report.pk)).context["tables"][0]
    assert [[cell.text for cell in row.cells] for row in stored.rows] == [
        [cell.text for cell in row.cells] for row in live.rows
    ]
    assert not any(cell.link for row in stored.rows for cell in row.cells)


def sheet_texts(response):
    sheet = load_workbook(BytesIO(content_of(response))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_holds_the_stored_cells(client, officer, report):
    before = sheet_texts(client.get(reverse("reports:form-export", args=["kinh-phi"]), ASKED))
    make_world(2, officer)
    after = sheet_texts(client.get(address("export", report.pk)))
    said = [row for row in after if row[0] and str(row[0]).startswith("Số liệu đã khóa lúc")]
    assert [row for row in after if row not in said] == before
    assert f"mã {report.code}" in said[0][0]
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.action, event.object_id, event.actor_id) == ("locked_report_export", report.pk, officer.pk)


def test_the_comparison_page(client, officer, report):
    same = client.get(address("compare", report.pk))
    assert same.context["found"].differences == []
    assert "Không có ô nào khác" in text_of(same)
    make_world(2, officer)
    response = client.get(address("compare", report.pk))
    found = response.context["found"]
    assert found.differences
    assert found.equal
    assert f"{len(found.differences)} ô khác" in text_of(response)
    assert found.differences[0].locked in text_of(response)


def test_a_long_comparison_is_paged(client, officer):
    empty = lock(officer, "du-an")
    make_world(1, officer)
    first = client.get(address("compare", empty.pk))
    last = client.get(address("compare", empty.pk), {"page": "99"})
    count = len(first.context["found"].differences)
    assert count > 100
    assert len(first.context["listing"].page_obj) == 100
    assert last.context["listing"].page_obj.end_index() == count
    assert "?page=2" in text_of(first)


def test_a_form_that_is_gone_is_still_read(client, officer, report):
    old = LockedReport.objects.create(
        **{
            field.name: getattr(report, field.name)
            for field in LockedReport._meta.fields
            if field.name not in ("id", "slug")
        },
        slug="bieu-cu",
    )
    assert client.get(address("detail", old.pk)).status_code == 200
    assert "Không so sánh được" in text_of(client.get(address("compare", old.pk)))


def test_a_broken_report_warns_and_is_not_downloaded(client, officer, report):
    values = {one.name: getattr(report, one.name) for one in LockedReport._meta.fields if one.name != "id"}
    broken = LockedReport.objects.create(**{**values, "sha256": "0" * 64})
    for name in ("detail", "compare"):
        text = text_of(client.get(address(name, broken.pk)))
        assert "CẢNH BÁO: KHÔNG DÙNG SỐ LIỆU NÀY." in text
        assert BROKEN in text
    assert "Tải Excel" not in text_of(client.get(address("detail", broken.pk)))
    assert client.get(address("export", broken.pk)).status_code == 302
    assert "CẢNH BÁO" not in text_of(client.get(address("detail", report.pk)))


def test_a_second_lock_is_refused_with_who_and_when(client, officer, report):
    shown = shown_to(officer, "kinh-phi")
    for response in (client.get(lock_address()), client.post(lock_address(), {"shown": shown})):
        assert response.status_code == 422
        assert f"Báo cáo này đã được {officer} khóa lúc" in text_of(response)
    assert LockedReport.objects.count() == 1


def test_figures_that_changed_are_shown_anew_and_what_was_typed_is_kept(client, officer):
    response = client.post(lock_address(), {"shown": "khong-phai", "note": "Bản gửi Bộ"})
    assert response.status_code == 409
    assert "vừa thay đổi" in text_of(response)
    assert "Bản gửi Bộ" in text_of(response)
    again = {"shown": response.context["form"].data["shown"], "note": "Bản gửi Bộ"}
    assert client.post(lock_address(), again).status_code == 302
    assert LockedReport.objects.get().note == "Bản gửi Bộ"


def test_too_long_a_note_is_named_and_kept(client, officer):
    response = client.post(lock_address(), {"shown": shown_to(officer, "kinh-phi"), "note": "x" * 301})
    assert response.status_code == 422
    assert "x" * 301 in text_of(response)
    assert not LockedReport.objects.exists()


def test_another_provinces_area_is_not_found(client, officer):
    foreign = make_province()
    for send in (client.get, client.post):
        assert send(lock_address(area=foreign.pk)).status_code == 404
    assert client.post(lock_address(start="31/02/2026")).status_code == 302
    assert client.get(reverse("reports:form-lock", args=["khong-co"])).status_code == 404
    assert not LockedReport.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_forged_posts_per_role(role, client, cast, report):
    client.force_login(cast[role])
    may_lock = role in (Role.LEADER, Role.DEPARTMENT_OFFICER)
    asked = {"basis": "approved"}
    shown = shown_to(cast[role], "kinh-phi", **asked)
    assert ("/mo-khoa/" in text_of(client.get(address("detail", report.pk)))) is (role is Role.LEADER)
    assert client.post(lock_address(**asked), {"shown": shown}).status_code == (302 if may_lock else 403)
    unlocked = client.post(address("unlock", report.pk), {"reason": "Sai số liệu"})
    assert unlocked.status_code == (302 if role is Role.LEADER else 403)
    assert ReportUnlock.objects.exists() is (role is Role.LEADER)


def test_a_stranger_finds_none_of_it(client, stranger, leader, report):
    client.force_login(stranger)
    for name in ("detail", "export", "compare"):
        assert client.get(address(name, report.pk)).status_code == 404
    assert client.get(LIST).context["listing"].paginator.count == 0
    leader.organisation.area = stranger.organisation.area
    leader.organisation.save()
    client.force_login(leader)
    assert client.post(address("unlock", report.pk), {"reason": "Sai"}).status_code == 404
    assert not ReportUnlock.objects.exists()


def test_a_commune_sees_its_own_locked_reports_only(client, local_officer, department_officer, report):
    own = lock(department_officer, area=unit("31843"))
    client.force_login(local_officer)
    assert [one.pk for one in client.get(LIST).context["listing"].page_obj] == [own.pk]
    assert client.get(address("detail", own.pk)).status_code == 200
    assert client.get(address("compare", own.pk)).context["found"].differences == []
    assert client.get(address("detail", report.pk)).status_code == 404


def test_unlocking_with_a_reason(client, leader, report):
    client.force_login(leader)
    empty = client.post(address("unlock", report.pk), {"reason": " "})
    assert empty.status_code == 422
    assert "Ghi rõ lý do mở khóa." in text_of(empty)
    assert client.post(address("unlock", report.pk), {"reason": "Sai số liệu"}).status_code == 302
    again = client.post(address("unlock", report.pk), {"reason": "Lý do gõ lại"})
    assert again.status_code == 422
    assert f"đã được {leader} mở khóa lúc" in text_of(again)
    assert "Lý do gõ lại" in text_of(again)
    assert client.get(address("unlock", report.pk)).status_code == 302
    text = text_of(client.get(LIST))
    assert "Đã mở khóa" in text
    assert "Sai số liệu" in text
    detail = text_of(client.get(address("detail", report.pk)))
    assert "Đã mở khóa lúc" in detail
    assert "Sai số liệu" in detail
    notes = [str(row[0]) for row in sheet_texts(client.get(address("export", report.pk)))]
    assert any("bản này không còn hiệu lực" in note for note in notes)


def test_the_filters_of_the_list(client, leader, report):
    client.force_login(leader)
    commune = lock(leader, "ket-qua", area=unit("31843"))
    unlock_report(report_id=report.pk, reason="Sai", by=leader)

    def listed(**chosen):
        return [one.pk for one in client.get(LIST, chosen).context["listing"].page_obj]

    assert listed() == [commune.pk, report.pk]
    assert listed(bieu="ket-qua") == listed(tinh_trang="dang-khoa") == [commune.pk]
    assert listed(**{"dia-ban": str(unit("31843").pk)}) == [commune.pk]
    assert listed(tinh_trang="da-mo") == [report.pk]


def test_the_number_of_queries_does_not_grow(client, leader, report):
    client.force_login(leader)
    addresses = [LIST, address("detail", report.pk), address("compare", report.pk), lock_address(basis="approved")]
    few = [queries(client, one) for one in addresses]
    make_world(2, leader)
    for code in ("31843", "31972"):
        unlock_report(report_id=lock(leader, area=unit(code)).pk, reason="Sai", by=leader)
    assert [queries(client, one) for one in addresses] == few
    assert max(few) <= 16


def queries(client, where):
    client.get(where)
    with CaptureQueriesContext(connection) as found:
        assert client.get(where).status_code == 200
    return len(found)

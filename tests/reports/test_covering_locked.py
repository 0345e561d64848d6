"""What is signed together says the same: forms that are locked go into the covering report as they were locked."""

import datetime

import pytest
from django.urls import reverse

from funding.models import LedgerEntry, LedgerKind
from funding.models.budget import BUDGETED_KINDS
from programs.workflow import APPROVED_ON
from reports.actions.lock import unlock_report
from reports.covering_figures import covering_figures
from reports.definitions import DEFINITIONS
from reports.models import LockedReport
from tests.programs.word import text_of
from tests.reports.locking import lock
from tests.reports.test_covering import asked, document_of
from tests.reports.world import area_unit, make_world

pytestmark = pytest.mark.django_db
ADDRESS = {"year": "2026", "start": "15/12/2025", "end": "14/12/2026"}


@pytest.fixture
def world(department_officer):
    make_world(3, department_officer)
    return department_officer


def later_voucher(by):
    """One more voucher inside the year, on a line that has one."""
    within = (datetime.date(2026, 1, 1), datetime.date(2026, 6, 30))
    entries = LedgerEntry.objects.filter(voucher_date__range=within, source__kind__in=BUDGETED_KINDS, reverses=None)
    payments = entries.filter(kind=LedgerKind.PAYMENT, project__place=area_unit("commune"))
    entry = payments.filter(project__status__in=[status.value for status in APPROVED_ON]).first()
    assert entry is not None
    entry.pk, entry.amount_vnd, entry.voucher_number = None, entry.amount_vnd + 7_000_000, "Sau khi khóa"
    entry._state.adding = True
    entry.save(force_insert=True)
    return entry


def total_of(figures):
    return figures.table.value(len(figures.table.rows) - 1, "central"), figures.table.value(
        len(figures.table.rows) - 1, "provincial"
    )


def test_a_locked_form_is_read_as_it_was_locked(world):
    parameters = asked(world, area_unit("province"))
    report = lock(world, "kinh-phi", basis="disbursed")
    before = covering_figures(parameters)
    assert before.disbursed.locked == report
    assert before.approved.locked is None
    later_voucher(world)
    after = covering_figures(parameters)
    assert total_of(after.disbursed) == total_of(before.disbursed)
    live = DEFINITIONS["kinh-phi"].build(after.disbursed.parameters)[0]
    assert total_of(after.disbursed) != (
        live.value(len(live.rows) - 1, "central"),
        live.value(len(live.rows) - 1, "provincial"),
    )
    text = text_of(document_of(parameters))
    assert f"mã {report.code}" in text


def test_an_unlocked_report_is_not_read(world, leader):
    parameters = asked(world, area_unit("province"))
    report = lock(world, "ket-qua")
    assert covering_figures(parameters).results.locked == report
    unlock_report(report_id=report.pk, reason="Ghi sót một chứng từ", by=leader)
    assert covering_figures(parameters).results.locked is None


def test_only_exactly_the_same_question_counts(world):
    lock(world, "kinh-phi", area=area_unit("commune"), basis="disbursed")
    lock(world, "tong-hop-de-an", year="2025")
    lock(world, "dia-ban", known_on="31/05/2026")
    assert [one.locked for one in covering_figures(asked(world, area_unit("province"))).every] == [None] * 5
    commune = covering_figures(asked(world, area_unit("commune")))
    assert [name for name, one in vars(commune).items() if one.locked] == ["disbursed"]


def test_a_locked_report_that_was_tampered_with_is_not_read_and_the_page_says_so(world, leader, client):
    broken = lock(world, "ket-qua")
    values = {field.name: getattr(broken, field.name) for field in LockedReport._meta.fields if field.name != "id"}
    unlock_report(report_id=broken.pk, reason="Khóa lại", by=leader)
    LockedReport.objects.create(**{**values, "sha256": "0" * 64})
    client.force_login(world)
    page = client.get(reverse("reports:covering-page"), ADDRESS)
    assert "Bản khóa không dùng được" in page.content.decode()
    assert covering_figures(asked(world, area_unit("province"))).results.locked is None


def test_the_page_leads_to_the_locked_report(world, client):
    report = lock(world, "ket-qua")
    client.force_login(world)
    page = client.get(reverse("reports:covering-page"), ADDRESS)
    text = page.content.decode()
    assert reverse("reports:locked-report-detail", args=[report.pk]) in text
    assert report.code in text
    assert text.count("Số liệu hiện nay, chưa khóa") == 4

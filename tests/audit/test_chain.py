"""The audit trail cannot be changed, and where somebody has changed it all the same, it shows."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.db.transaction import TransactionManagementError

from khuyencong.audit.append_only import install_statements, remove_statements
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import FIRST_HASH, Entry, broken_links, record, record_many
from programs.models import Sector

TABLE = "audit_auditevent"


@pytest.fixture
def three_events(db):
    sector = Sector.objects.create(name="Nghề thử")
    return [
        record(by=None, action="try", action_label=f"Việc {number}", obj=sector, changes={"Số": (None, number)})
        for number in range(3)
    ]


@pytest.fixture
def tamper(three_events):
    """Runs SQL with the triggers out of the way, as somebody with the database password could."""

    def run(sql, *params):
        with connection.cursor() as cursor:
            for statement in remove_statements(connection.vendor, TABLE):
                cursor.execute(statement)
            cursor.execute(sql, params)
            for statement in install_statements(connection.vendor, TABLE):
                cursor.execute(statement)

    return run


def verify():
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return out.getvalue(), ""


def test_an_untouched_trail_verifies(three_events):
    report, faults = verify()
    assert report.startswith("Nhật ký nguyên vẹn")
    assert three_events[-1].hash[:16] in report
    assert faults == ""


def test_each_event_names_the_one_before(db):
    before = AuditEvent.objects.order_by("-pk").first()
    sector = Sector.objects.create(name="Nghề thử")
    first = record(by=None, action="try", action_label="Một", obj=sector)
    second = record(by=None, action="try", action_label="Hai", obj=sector)
    assert first.previous_hash == (before.hash if before else FIRST_HASH)
    assert second.previous_hash == first.hash


@pytest.mark.parametrize(
    "column",
    ["action_label", "actor_name", "reason", "object_label", "document_number", "organisation_name"],
)
def test_an_edited_row_is_found(three_events, tamper, column):
    edited = three_events[1]
    tamper(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", "bị sửa", edited.pk)
    report, faults = verify()
    assert report == "Nhật ký có 1 chỗ sai."
    assert faults.strip() == f"Sự kiện {edited.pk}: nội dung đã bị sửa"


def test_an_edited_value_is_found(three_events, tamper):
    tamper(f"UPDATE {TABLE} SET changes = %s WHERE id = %s", '{"Số": [null, 99]}', three_events[0].pk)
    assert f"Sự kiện {three_events[0].pk}: nội dung đã bị sửa" in verify()[1]


def test_a_missing_row_is_found(three_events, tamper):
    tamper(f"DELETE FROM {TABLE} WHERE id = %s", three_events[1].pk)
    report, faults = verify()
    assert report == "Nhật ký có 1 chỗ sai."
    assert faults.startswith(f"Sự kiện {three_events[2].pk}: không nối với sự kiện đứng trước")


@pytest.mark.parametrize(
    "sql",
    [f"UPDATE {TABLE} SET reason = 'x'", f"DELETE FROM {TABLE}", f"UPDATE {TABLE} SET hash = 'x' || substr(hash, 2)"],
)
def test_the_database_refuses_update_and_delete(three_events, sql):
    with pytest.raises(Error, match="append-only table"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEvent.objects.filter(pk__in=[event.pk for event in three_events]).count() == 3


def test_the_orm_is_refused_too(three_events):
    with pytest.raises(Error, match="append-only table"), transaction.atomic():
        three_events[0].delete()
    three_events[0].reason = "x"
    with pytest.raises(Error, match="append-only table"), transaction.atomic():
        three_events[0].save()


@pytest.mark.django_db(transaction=True)
def test_no_event_is_written_outside_a_transaction():
    sector = Sector(pk=1, name="Nghề thử")
    with pytest.raises(TransactionManagementError):
        record(by=None, action="try", action_label="Việc", obj=sector)
    assert not AuditEvent.objects.exists()


def test_many_events_are_one_chain_with_those_around_them(db, monkeypatch):
    monkeypatch.setattr("khuyencong.audit.record.MANY_AT_ONCE", 2)
    sectors = [Sector.objects.create(name=f"Nghề {number}") for number in range(5)]
    first = record(by=None, action="try", action_label="Trước", obj=sectors[0])
    entries = (Entry("try", f"Việc {one}", one, {"Tên": (None, one.name)}, place_id=None) for one in sectors)
    assert record_many(entries, by=None) == 5
    last = record(by=None, action="try", action_label="Sau", obj=sectors[0])
    events = list(AuditEvent.objects.order_by("pk"))
    assert [event.action_label for event in events] == ["Trước", *(f"Việc {one}" for one in sectors), "Sau"]
    assert (events[0], events[-1]) == (first, last)
    assert list(broken_links(events)) == []
    assert events[3].changes == {"Tên": [None, "Nghề 2"]}
    assert events[3].subject == f"sector:{sectors[2].pk}"


def test_many_events_want_the_transaction_of_their_change(transactional_db):
    sector = Sector.objects.create(name="Nghề thử")
    with pytest.raises(TransactionManagementError):
        record_many([Entry("try", "Việc", sector)], by=None)

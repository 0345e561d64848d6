"""A long writing and a form at the same moment: nobody meets a deadlock, and nobody's work is lost unseen."""

from threading import Event

import openpyxl
import pytest

from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from khuyencong.importing import checking
from khuyencong.importing.actions.apply import apply_batch, undo_batch
from khuyencong.importing.kinds import find_kind
from khuyencong.importing.models import BatchState, ImportBatch
from programs.actions import beneficiary as beneficiary_actions
from programs.actions import craft_village as village_actions
from programs.actions.registers import fingerprint
from programs.imports import undo
from programs.models import Beneficiary, CraftVillage
from tests.at_once import at_once
from tests.factories import unit
from tests.importing.corpus import saved
from tests.importing.room import checked

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NAMES = [f"Làng nghề {letter}" for letter in "ABCD"]
PATIENCE = 10.0  # seconds


@pytest.fixture
def two_rows_at_a_time(monkeypatch):
    monkeypatch.setattr(checking, "PORTION", 2)
    monkeypatch.setattr(checking.portions, "__defaults__", (2,))


def workbook(header, rows):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    return saved(book)


@pytest.fixture
def villages(department_officer, two_rows_at_a_time):
    """Four villages of two communes, and a checked file that changes the craft of each, a portion for each commune."""
    places = [unit("31843")] * 2 + [unit("31972")] * 2
    for name, place in zip(NAMES, places, strict=True):
        CraftVillage.objects.create(name=name, craft="Đan lát", place=place)
    rows = [(name, "Dệt chiếu", place.name) for name, place in zip(NAMES, places, strict=True)]
    content = workbook(("Tên làng nghề", "Nghề", "Xã, phường"), rows)
    batch = checked(find_kind("lang-nghe"), content, department_officer)
    assert batch.counts == {"changed": 4}
    return batch


class Meeting:
    """The file stops after its first portion until the form holds its row, and the form begins only then."""

    def __init__(self, monkeypatch, module):
        self.first_written, self.form_holds = Event(), Event()
        real = module.record

        def record(**values):
            self.form_holds.set()
            return real(**values)

        monkeypatch.setattr(module, "record", record)

    def tell(self, done):
        if done == 2:
            self.first_written.set()
            self.form_holds.wait(PATIENCE)

    def form(self, act):
        assert self.first_written.wait(PATIENCE)
        try:
            return act()
        finally:
            self.form_holds.set()


def applying(batch, by, meeting):
    return lambda: apply_batch(batch_id=batch.pk, only_good=False, version=batch.version, by=by, tell=meeting.tell)


def chain_is_whole():
    return not list(broken_links(AuditEvent.objects.order_by("pk")))


def test_a_form_that_holds_a_row_of_a_later_portion(villages, department_officer, monkeypatch):
    """The form is written; the file finds the row changed and says so, and has written nothing."""
    meeting = Meeting(monkeypatch, village_actions)
    last = CraftVillage.objects.get(name=NAMES[-1])
    values = {"name": last.name, "craft": "Làm muối", "place": last.place, "source_note": ""}
    version = fingerprint(last, village_actions.EDITED_FIELDS)

    def edit():
        village_actions.edit_craft_village(village_id=last.pk, values=values, by=department_officer, version=version)

    results = at_once(applying(villages, department_officer, meeting), lambda: meeting.form(edit))
    assert results[1] == "done"
    assert "Dòng khác đi: 5" in results[0], results
    crafts = dict(CraftVillage.objects.filter(name__in=NAMES).values_list("name", "craft"))
    assert crafts == dict.fromkeys(NAMES[:3], "Đan lát") | {NAMES[3]: "Làm muối"}
    assert chain_is_whole()


def test_a_form_for_a_row_that_is_written_already_waits(villages, department_officer, monkeypatch):
    """It waits for the file's end, and then its page is out of date."""
    meeting = Meeting(monkeypatch, village_actions)
    first = CraftVillage.objects.get(name=NAMES[0])
    values = {"name": first.name, "craft": "Làm muối", "place": first.place, "source_note": ""}
    version = fingerprint(first, village_actions.EDITED_FIELDS)
    meeting.form_holds.wait = lambda _patience: Event().wait(0.5)  # it comes to hold nothing: it stands in the queue

    def edit():
        village_actions.edit_craft_village(village_id=first.pk, values=values, by=department_officer, version=version)

    results = at_once(applying(villages, department_officer, meeting), lambda: meeting.form(edit))
    assert results[0] == "done"
    assert "người khác sửa" in results[1]
    assert set(CraftVillage.objects.filter(name__in=NAMES).values_list("craft", flat=True)) == {"Dệt chiếu"}
    assert chain_is_whole()


def test_a_form_that_adds_what_a_later_portion_adds(department_officer, two_rows_at_a_time, monkeypatch):
    meeting = Meeting(monkeypatch, beneficiary_actions)
    codes = ("0100109106", "0300588569", "0100112437", "0100686209")
    rows = [(f"Xưởng {code}", "Doanh nghiệp", code, "Xã Hồng Dân") for code in codes]
    content = workbook(("Tên cơ sở", "Loại hình", "Mã số thuế", "Xã, phường"), rows)
    batch = checked(find_kind("co-so"), content, department_officer)
    assert batch.counts == {"new": 4}
    empty = dict.fromkeys(("owner_name", "owner_citizen_id", "phone", "address", "note"), "")
    values = {**empty, "name": "Lò rèn", "kind": "sme", "tax_code": codes[-1], "place": unit("31843")}
    values |= {"sector": None, "founded_year": None}

    def add():
        beneficiary_actions.add_beneficiary(values=values, by=department_officer)

    results = at_once(applying(batch, department_officer, meeting), lambda: meeting.form(add))
    assert results[1] == "done"
    assert results[0] not in ("", "done")  # told, and nothing written
    assert list(Beneficiary.objects.values_list("name", flat=True)) == ["Lò rèn"]
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    assert chain_is_whole()


def test_a_form_while_a_batch_is_taken_back(villages, department_officer, monkeypatch):
    batch = apply_batch(batch_id=villages.pk, only_good=False, version=villages.version, by=department_officer)
    meeting = Meeting(monkeypatch, village_actions)
    real, done = undo._take_back_some, []

    def take_back_some(*args):
        if done:
            meeting.tell(2)
        done.append(1)
        return real(*args)

    monkeypatch.setattr(undo, "AT_ONCE", 2)
    monkeypatch.setattr(undo, "_take_back_some", take_back_some)
    last = CraftVillage.objects.get(name=NAMES[-1])
    values = {"name": last.name, "craft": "Làm muối", "place": last.place, "source_note": ""}
    version = fingerprint(last, village_actions.EDITED_FIELDS)

    def edit():
        village_actions.edit_craft_village(village_id=last.pk, values=values, by=department_officer, version=version)

    def take_back():
        undo_batch(batch_id=batch.pk, version=batch.version, by=department_officer)

    results = at_once(take_back, lambda: meeting.form(edit))
    assert results[1] == "done"
    assert "đã được sửa" in results[0] or "Dòng 5" in results[0], results
    assert ImportBatch.objects.get().state == BatchState.APPLIED
    assert chain_is_whole()

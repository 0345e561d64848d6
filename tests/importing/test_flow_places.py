"""The room with a kind that has places and years: what holds for rows that leave a cell blank."""

from collections.abc import Sequence

import pytest

from khuyencong.accounts.models import User
from khuyencong.importing import kinds
from khuyencong.importing.actions.check import check_batch
from khuyencong.importing.actions.correct import correct_row
from khuyencong.importing.actions.mapping import settle_columns
from khuyencong.importing.actions.upload import upload_batch
from khuyencong.importing.fields import FieldKind, ImportField, Understood
from khuyencong.importing.forms.mapping import MappingForm
from khuyencong.importing.kinds import Importer, Verdict, find_kind
from khuyencong.importing.models import RowVerdict
from khuyencong.importing.queries import place_choices
from khuyencong.importing.settled import mapping_of
from programs.models import Beneficiary
from tests.factories import make_beneficiary, unit
from tests.importing.room import NOTHING_CHOSEN, as_upload, checked, partner_kind, text_of, url, workbook
from tests.importing.sample_kind import PartnerKind
from tests.responses import content_of

__all__ = ["partner_kind"]
pytestmark = pytest.mark.django_db
FIELDS = (
    ImportField("name", "Tên", required=True),
    ImportField("place", "Xã, phường", FieldKind.PLACE, required=True),
    ImportField("year", "Năm", FieldKind.YEAR, required=True),
)


class AllNew(Importer):
    def check(self, rows):
        return [Verdict(row.number, RowVerdict.NEW) for row in rows]

    def write(self, rows: Sequence[Understood]):
        raise NotImplementedError


class PlacedKind(PartnerKind):
    slug = "noi-thu"

    def fields(self, user: User):
        return FIELDS

    def importer(self, user, options):
        return AllNew()


@pytest.fixture
def placed(monkeypatch):
    kind = PlacedKind()
    monkeypatch.setitem(kinds._KINDS, kind.slug, kind)
    return kind


def sent(kind, by, *rows, **chosen):
    content = workbook(*rows, header=("STT", "Tên", "Xã, phường", "Năm"), title="DANH SÁCH")
    batch = upload_batch(kind=kind, upload=as_upload(content), by=by)
    settle_columns(
        batch_id=batch.pk,
        kind=kind,
        columns=mapping_of(batch.columns),
        chosen=NOTHING_CHOSEN | chosen,
        version=batch.version,
        by=by,
    )
    return check_batch(batch_id=batch.pk, by=by)


def values(batch):
    return {row.number: row.values for row in batch.rows.all()}


def test_blank_cells_take_what_was_settled(placed, local_officer):
    home = unit("31843").pk
    rows = ((1, "A", "", ""), (2, "B", "Xã Hồng Dân", 2024), (3, "C", "Xã Lạ", ""))
    batch = sent(placed, local_officer, *rows, default_place=home, default_year=2026)
    found = values(batch)
    assert found[4] == {"name": "A", "place": home, "year": 2026}
    assert found[5]["year"] == 2024
    assert "place" not in found[6]  # a wrong name is not a blank one
    assert batch.counts["refused"] >= 1


def test_without_them_they_are_refused(placed, local_officer):
    batch = sent(placed, local_officer, (1, "A", "", ""))
    assert batch.counts == {"refused": 1}
    assert set(batch.rows.get().problems) == {"place", "year"}


def test_the_form_asks_for_them_only_where_they_help(placed, partner_kind, local_officer):
    batch = sent(placed, local_officer, (1, "A", "", ""))
    form = MappingForm(batch=batch, import_fields=FIELDS, places=place_choices(local_officer))
    assert {"default_place", "day", "default_year"} <= form.fields.keys()
    assert "unit" not in form.fields
    data = {"c1": "name", "version": 1, "default_place": unit("31843").pk, "default_year": 2026, "day": "31/12/2024"}
    form = MappingForm(data, batch=batch, import_fields=FIELDS, places=place_choices(local_officer))
    assert form.is_valid(), form.errors
    assert form.chosen()["day"] == "2024-12-31"
    forged = data | {"default_place": unit("31972").pk}
    form = MappingForm(forged, batch=batch, import_fields=FIELDS, places=place_choices(local_officer))
    assert not form.is_valid()  # a commune of others


def test_a_place_that_is_asked_back_is_chosen(placed, department_officer):
    batch = sent(placed, department_officer, (1, "A", "Hồng Dân", ""), default_year=None)
    row = batch.rows.get()
    choices = dict(row.problems["place"][0]["choices"])  # the district of old and the commune of today
    picked = str(unit("31843").pk)
    fix = {"value": int(picked), "label": choices[picked]}
    row = correct_row(
        batch_id=batch.pk,
        number=4,
        kind=placed,
        fixes={"place": fix, "year": "2026"},
        version=batch.version,
        by=department_officer,
    )
    assert (row.values, row.verdict) == ({"name": "A", "place": int(picked), "year": 2026}, "new")


def test_establishments_come_back_equal(client, department_officer):
    for code in ("31843", "31972", "31867"):
        make_beneficiary(place=unit(code), tax_code="", phone="0912345678", owner_citizen_id="096085001234")
    client.force_login(department_officer)
    content = content_of(client.get(url("rows-export", "co-so")))
    batch = checked(find_kind("co-so"), content, department_officer)
    assert batch.counts == {"equal": Beneficiary.objects.count()}
    page = text_of(client.get(url("batch-detail", batch.pk)))
    assert "0912345678" not in page
    assert "096085001234" not in page


def test_a_csv_is_read(partner_kind, local_officer):
    content = "STT;Tên tổ chức;Người liên hệ\n1;Hội Nông dân;Bà Tư\n".encode()
    batch = checked(partner_kind, content, local_officer, name="hoi.csv")
    assert batch.rows.get().values == {"name": "Hội Nông dân", "contact": "Bà Tư"}

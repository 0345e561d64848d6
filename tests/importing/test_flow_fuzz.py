"""Whatever a file or a person sends through the room: an answer, never an error page, and never half of a file."""

import io
import random
from types import SimpleNamespace

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from khuyencong.importing.models import BatchState, ImportBatch
from programs.models import Beneficiary, CraftVillage, CraftVillageYear
from tests.factories import make_beneficiary, unit
from tests.importing.corpus import saved, to_tcvn3, to_vni, xlsx
from tests.importing.room import url
from tests.responses import content_of

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
KINDS = {
    "co-so": ["STT", "Tên cơ sở", "Loại hình", "Mã số thuế", "Điện thoại", "Xã, phường", "Huyện", "Năm thành lập"],
    "lang-nghe": ["STT", "Tên làng nghề", "Xã", "Năm", "Tổng số hộ", "Hộ làm nghề", "Lao động", "Doanh thu"],
}
REGISTERS = (Beneficiary, CraftVillage, CraftVillageYear)
LIKELY = [
    *("Xã Hồng Dân", "Ninh Quới", "TT Ngan Dừa", "Gành Hào", "Hồng Dân", "Hộ kinh doanh", "HTX", "0100109106", "mới"),
    *("2013", "năm 2024", "4.020", "31/02/2025", "12 người", "=1+1", "-", "Tổng cộng", "GIÁM ĐỐC", "1", "(1)", "II"),
    *("Lò rèn Tư Được", "Cơ sở dệt chiếu", "\x00", "\ud7ff", "9" * 400, "0912345678", " ", "#REF!"),
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(LIKELY),
    st.integers(-(10**15), 10**15),
    st.integers(0, 2030),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.text(max_size=30),
)
FONTS = {"Arial": str, ".VnTime": to_tcvn3, "VNI-Times": to_vni}


def _put(sheet, row, place, value, font):
    cell = sheet.cell(row, place)
    try:
        cell.value = FONTS[font](value) if isinstance(value, str) else value
    except (ValueError, IllegalCharacterError):  # what no workbook can hold
        cell.value = None
    if isinstance(value, str) and cell.data_type == "f":
        cell.data_type = "s"
    cell.font = Font(name=font)


@st.composite
def tables(draw):
    """(kind, content): a header somewhere, rows of anything, cells merged at random, each column in some old font."""
    slug = draw(st.sampled_from(list(KINDS)))
    labels, top = KINDS[slug], draw(st.integers(1, 5))
    fonts = [draw(st.sampled_from(list(FONTS))) for _ in labels]
    book = openpyxl.Workbook()
    for place, label in enumerate(labels, start=1):
        _put(book.active, top, place, label, fonts[place - 1])
    for row in range(top + 1, top + 1 + draw(st.integers(1, 6))):
        for place in range(1, len(labels) + 1):
            _put(book.active, row, place, draw(CELLS), fonts[place - 1])
    for _ in range(draw(st.integers(0, 2))):
        left, first = draw(st.integers(1, len(labels))), draw(st.integers(1, top + 6))
        book.active.merge_cells(
            start_row=first,
            start_column=left,
            end_row=first + draw(st.integers(0, 3)),
            end_column=left + draw(st.integers(0, 2)),
        )
    return slug, saved(book)


@pytest.fixture
def officer(department_officer):
    make_beneficiary(name="Lò rèn Tư Được", place=unit("31843"), tax_code="0100109106")
    client = Client()  # an exception in a view is raised here
    client.force_login(department_officer)
    return client


def upload(client, slug, content, name="tep.xlsx"):
    response = client.post(url("batch-create"), {"kind": slug, "file": SimpleUploadedFile(name, content)})
    assert response.status_code in (302, 422)
    return ImportBatch.objects.order_by("pk").last() if response.status_code == 302 else None


def stored():
    return {model._meta.label_lower: set(model.objects.values_list("pk", flat=True)) for model in REGISTERS}


def check_counts(batch):
    batch.refresh_from_db()
    if batch.state != BatchState.READ:
        found = {}
        for verdict in batch.rows.values_list("verdict", flat=True):
            found[verdict] = found.get(verdict, 0) + 1
        assert batch.counts == found


def check_nothing_half(batch, before):
    """The register has grown by exactly the new objects that the batch names."""
    new = {(one.model, one.object_id) for one in batch.objects_written.all() if not one.before}
    grown = {(label, pk) for label, pks in stored().items() for pk in pks - before[label]}
    assert grown == new
    for one in batch.objects_written.all():
        assert apps.get_model(one.model).objects.filter(pk=one.object_id).exists()
    if batch.state != BatchState.APPLIED:
        assert not new


def post(client, name, batch, values, *args):
    response = client.post(url(name, batch.pk, *args), values)
    assert response.status_code in (302, 404, 409, 422), response.status_code
    batch.refresh_from_db()
    return response


def correct(client, batch, dice, texts):
    for number in list(batch.rows.values_list("number", flat=True))[:3]:
        page = client.get(url("row-edit", batch.pk, number))
        if page.status_code != 200:
            continue
        form = page.context["form"]
        values = {"version": batch.version}
        for name, field in form.fields.items():
            choices = [value for value, _ in getattr(field, "choices", ())]
            options = [*choices, form.initial.get(name, field.initial) or "", dice.choice(texts or [""])]
            values[name] = values.get(name) or dice.choice(options)
        post(client, "row-edit", batch, values, number)
        check_counts(batch)


def walk(client, batch, dice, texts):
    for name in ("batch-map", "batch-detail", "batch-apply", "batch-list"):
        assert client.get(url(name, *([] if name == "batch-list" else [batch.pk]))).status_code in (200, 302)
    if batch.state == BatchState.CHECKED:
        assert content_of(client.get(url("errors-download", batch.pk)))
        correct(client, batch, dice, texts)
    before = stored()
    post(client, "batch-apply", batch, {"version": batch.version, "do": dice.choice(["tat-ca", "dong-dung", "", "x"])})
    check_nothing_half(batch, before)
    if batch.state == BatchState.APPLIED and dice.random() < 0.7:
        written = batch.objects_written.count()
        post(client, "batch-undo", batch, {"version": batch.version})
        assert batch.state == BatchState.UNDONE, written
        assert stored() == before
    check_counts(batch)


@FEW
@given(table=tables(), seed=st.integers(0, 2**32), texts=st.lists(st.text(max_size=40) | st.sampled_from(LIKELY)))
def test_any_table_goes_all_the_way_or_says_why(officer, table, seed, texts):
    dice = random.Random(seed)
    batch = upload(officer, *table)
    if batch is None:
        return
    columns = {f"c{place}": name for place, name in batch.columns.items()}
    post(officer, "batch-map", batch, {**columns, "version": batch.version})
    walk(officer, batch, dice, texts)
    assert not list(broken_links(AuditEvent.objects.order_by("pk")))


@FEW
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_any_mapping_is_taken_or_asked_back(officer, data, seed):
    content = xlsx(
        KINDS["lang-nghe"],
        [1, "Làng nghề A", "Xã Hồng Dân", 2020, 50, 20, 40, "1.250,5 triệu"],
        [2, "Làng nghề B", "Ninh Quới", "x", 50, 60, -1, "4.020"],
    )
    batch = upload(officer, "lang-nghe", content)
    names = ["", "name", "place", "place_parent", "year", "households", "workers", "revenue_vnd", "record", "x", "\x00"]
    anything = st.sampled_from(
        ["", "0", "-1", "99999999999999999999", "2013", "31/12/2024", "x", "DONG", "now", "\x00"]
    )
    values = {f"c{place}": data.draw(st.sampled_from(names)) for place in range(9)}
    values |= {name: data.draw(anything) for name in ("unit", "day", "default_place", "default_year")}
    how = ["", "any", "now", "whole", "field:year", "field:reported_date", "field:", "field:name"]
    values |= {"dated_by": data.draw(st.sampled_from(how)), "version": data.draw(st.sampled_from(["1", "0", "", "x"]))}
    post(officer, "batch-map", batch, values)
    header = {"sheet": data.draw(st.sampled_from(["Sheet1", "", "x"])), "header_row": data.draw(anything)}
    if data.draw(st.booleans()):
        post(officer, "batch-table", batch, {**header, "version": batch.version})
    walk(officer, batch, random.Random(seed), ["1", "Xã Hồng Dân", "=1", "\x00"])


@FEW
@given(cut=st.integers(0, 4000), noise=st.binary(max_size=40), place=st.integers(0, 4000), name=st.sampled_from("xcoz"))
def test_half_a_file_is_told(officer, cut, noise, place, name):
    whole = xlsx(KINDS["co-so"], [1, "Lò rèn", "Hộ kinh doanh", "", "", "Xã Hồng Dân", "", 2000])
    content = whole[:cut]
    content = content[:place] + noise + content[place + len(noise) :]
    suffix = {"x": "xlsx", "c": "csv", "o": "ods", "z": "xls"}[name]
    before = stored()
    batch = upload(officer, "co-so", content, f"tep.{suffix}")
    if batch is not None:
        columns = {f"c{column}": field for column, field in batch.columns.items()}
        post(officer, "batch-map", batch, {**columns, "version": batch.version})
        walk(officer, batch, random.Random(1), [])
    else:
        assert stored() == before


@FEW
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode), slug=st.sampled_from(list(KINDS)))
def test_any_bytes_are_told(officer, content, slug):
    for suffix in ("csv", "xlsx"):
        batch = upload(officer, slug, content, f"tep.{suffix}")
        if batch is not None:
            assert officer.get(url("batch-map", batch.pk)).status_code == 200


def test_the_walk_reaches_the_end(officer):
    """The fuzzing is worth something only if whole files get through it."""
    content = xlsx(KINDS["co-so"], [1, "Xưởng cưa Sáu Tàu", "Hộ kinh doanh", "", "", "Xã Hồng Dân", "", 2000])
    batch = upload(officer, "co-so", io.BytesIO(content).getvalue())
    columns = {f"c{place}": name for place, name in batch.columns.items()}
    post(officer, "batch-map", batch, {**columns, "version": batch.version})
    assert batch.counts == {"new": 1}
    walk(officer, batch, SimpleNamespace(choice=lambda options: options[0], random=lambda: 0.0), [])
    assert batch.state == BatchState.UNDONE

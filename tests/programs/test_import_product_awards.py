"""Awards in a file of products: added as the form adds them, never changed, counted by the form, taken back whole."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions.product import add_award
from programs.imports.product import ProductKindOfImport
from programs.models import Product, ProductAwardEvent
from reports.periods import report_year
from tests.factories import make_beneficiary, unit
from tests.programs.importing import (
    batch_of,
    checked,
    problems,
    stored,
    taken_back,
    understood,
    verdicts,
    written,
)
from tests.reports.asking import build, figures, period_parameters

pytestmark = pytest.mark.django_db
KIND = ProductKindOfImport()
D = datetime.date
REGISTERED = {"level": "province", "kind": "registered", "event_date": "2024-03-01"}
CERTIFIED = {"level": "province", "kind": "certified", "event_date": "2024-09-01", "decision_number": "88/QĐ-UBND"}
WITHDRAWN = {"level": "province", "kind": "withdrawn", "event_date": "2025-02-01", "decision_number": "9/QĐ-UBND"}


def row(**values):
    return {"name": "Muối hồng", "group": "food", "tax_code": "0100109106", **values}


@pytest.fixture
def owner(reference):
    return make_beneficiary(name="HTX Muối Đông Hải", tax_code="0100109106")


@pytest.fixture
def product(owner):
    return Product.objects.create(beneficiary=owner, name="Muối hồng", group="food")


@pytest.fixture
def certified(product, local_officer):
    for kind, day, number in (("registered", D(2024, 3, 1), ""), ("certified", D(2024, 9, 1), "88/QĐ-UBND")):
        values = {"level": "province", "kind": kind, "event_date": day, "decision_number": number}
        add_award(product_id=product.pk, values=values, by=local_officer)
    return product


def everything():
    return stored(Product), stored(ProductAwardEvent)


def events():
    columns = ("level", "kind", "event_date", "decision_number")
    return list(ProductAwardEvent.objects.order_by("pk").values_list(*columns))


def test_a_product_with_three_awards_is_one_product(local_officer, owner):
    rows = understood(row(**REGISTERED), row(**CERTIFIED), row(**WITHDRAWN))
    found = checked(KIND, local_officer, rows)
    assert [(str(one.verdict), one.object_id) for one in found] == [("new", None)] * 3
    assert found[0].changes["Tên sản phẩm"] == ("", "Muối hồng")
    assert found[1].changes == {
        "Cấp": ("", "Cấp tỉnh"),
        "Việc": ("", "Được cấp giấy chứng nhận"),
        "Ngày": ("", "01/09/2024"),
        "Số quyết định": ("", "88/QĐ-UBND"),
    }
    objects = written(KIND, local_officer, rows)
    made = Product.objects.get()
    assert [one.kind for one in made.award_events.all()] == ["registered", "certified", "withdrawn"]
    assert [one.model for one in objects] == ["programs.product", *["programs.productawardevent"] * 3]
    trail = AuditEvent.objects.order_by("pk")
    assert [event.action for event in trail] == ["product_add", *["product_award"] * 3]
    assert {event.subject for event in trail} == {f"product:{made.pk}"}
    assert {event.place_id for event in trail} == {owner.place_id}
    assert trail[2].document_number == "88/QĐ-UBND"
    call_command("verify_audit", stdout=StringIO())


def test_a_certificate_may_bring_its_registration(local_officer, owner):
    rows = understood(row(**CERTIFIED, registered_date="2024-03-01"))
    (verdict,) = checked(KIND, local_officer, rows)
    assert verdict.changes["Đăng ký tham gia bình chọn: ngày"] == ("", "01/03/2024")
    assert len(written(KIND, local_officer, rows)) == 3
    assert events() == [
        ("province", "registered", D(2024, 3, 1), ""),
        ("province", "certified", D(2024, 9, 1), "88/QĐ-UBND"),
    ]
    assert verdicts(KIND, local_officer, rows) == ["equal"]


def test_a_registration_that_is_known_is_not_recorded_twice(local_officer, product):
    ProductAwardEvent.objects.create(product=product, **REGISTERED)
    written(KIND, local_officer, understood(row(**CERTIFIED, registered_date="2024-03-01")))
    assert len(events()) == 2


def test_the_same_rows_twice_change_nothing(local_officer, owner):
    rows = understood(row(**REGISTERED), row(**CERTIFIED), row(**REGISTERED | {"level": "region"}))
    written(KIND, local_officer, rows)
    before, count = everything(), AuditEvent.objects.count()
    assert verdicts(KIND, local_officer, rows) == ["equal"] * 3
    assert written(KIND, local_officer, rows) == []
    assert (everything(), AuditEvent.objects.count()) == (before, count)


@pytest.mark.parametrize("number", ["88/QĐ-UBND", "88/qđ-ubnd", None])
def test_an_award_that_is_there_is_equal(local_officer, certified, number):
    assert verdicts(KIND, local_officer, understood(row(**CERTIFIED | {"decision_number": number}))) == ["equal"]


def test_an_award_with_another_decision_is_refused_with_both_shown(local_officer, certified):
    before = everything()
    rows = understood(row(**CERTIFIED | {"decision_number": "99/QĐ-UBND"}))
    (verdict,) = checked(KIND, local_officer, rows)
    assert verdict.verdict == "refused"
    message = problems(verdict)["decision_number"]
    assert "“88/QĐ-UBND” ↔ “99/QĐ-UBND”" in message
    assert "cấp tỉnh, ngày 01/09/2024" in message
    with pytest.raises(Refused, match="Dòng 2"), transaction.atomic():
        KIND.importer(local_officer, {}).write(rows)
    assert everything() == before


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("kind", CERTIFIED),
        ("kind", CERTIFIED | {"registered_date": "2024-09-02"}),
        ("kind", WITHDRAWN),
        ("event_date", REGISTERED | {"event_date": "2999-01-01"}),
        ("event_date", REGISTERED | {"event_date": None}),
        ("level", REGISTERED | {"level": None}),
        ("level", REGISTERED | {"level": "district", "event_date": "2025-07-01"}),
        ("kind", REGISTERED | {"kind": None}),
        ("kind", REGISTERED | {"kind": "praised"}),
        ("decision_number", CERTIFIED | {"decision_number": None, "registered_date": "2024-03-01"}),
        ("decision_number", CERTIFIED | {"decision_number": "x" * 101}),
        ("registered_date", REGISTERED | {"registered_date": "2024-02-01"}),
    ],
)
def test_what_the_form_refuses_is_refused_at_its_field(local_officer, product, field, said):
    (verdict,) = checked(KIND, local_officer, understood(row(**said)))
    assert verdict.verdict == "refused"
    assert list(problems(verdict)) == [field]


def test_districts_awarded_until_they_were_abolished(local_officer, product):
    rows = understood(row(**REGISTERED | {"level": "district", "event_date": "2025-06-30"}))
    assert verdicts(KIND, local_officer, rows) == ["new"]


def test_a_certificate_above_its_registration_is_refused(local_officer, product):
    rows = understood(row(**CERTIFIED), row(**REGISTERED))
    found = checked(KIND, local_officer, rows)
    assert [str(one.verdict) for one in found] == ["refused", "new"]
    assert problems(found[0])["kind"].startswith("Chưa đăng ký bình chọn ở cấp này. Hãy ghi thêm ngày đăng ký")


def test_the_same_award_twice_in_one_file(local_officer, owner):
    rows = understood(
        row(**REGISTERED), row(**REGISTERED), row(**CERTIFIED), row(**CERTIFIED | {"decision_number": "9"})
    )
    assert verdicts(KIND, local_officer, rows) == ["new", "duplicate", "new", "refused"]
    written(KIND, local_officer, rows)
    assert len(events()) == 2


def test_portions_that_are_checked_and_written_in_turn_are_as_they_were_shown(local_officer, owner):
    """As a batch is applied: one run, each portion judged once more after the one before was written."""
    known = Product.objects.create(beneficiary=owner, name="Muối ớt", group="food")
    rows = understood(
        row(**REGISTERED),
        row(name="Muối ớt", **REGISTERED | {"level": "region"}, group="other"),
        row(name="MUỐI HỒNG", **CERTIFIED),
        row(name="Muối ớt", **CERTIFIED | {"level": "region"}, group="other"),
        row(**REGISTERED),
        row(name="Muối ớt", **WITHDRAWN, group="other"),
        row(name="Muối ớt", **WITHDRAWN | {"level": "region", "group": "other"}),
    )
    parts = [rows[:2], rows[2:4], rows[4:]]
    first, again = KIND.importer(local_officer, {}), KIND.importer(local_officer, {})
    shown = [first.check(part) for part in parts]
    with transaction.atomic():
        for part, verdict in zip(parts, shown, strict=True):
            assert again.check(part) == verdict
            again.write([one for one, found in zip(part, verdict, strict=True) if found.verdict in ("new", "changed")])
    told = [str(one.verdict) for part in shown for one in part]
    assert told == ["new", "new", "new", "new", "duplicate", "refused", "new"]
    assert [one.object_id for one in shown[1]] == [None, known.pk]
    assert Product.objects.count() == 2
    assert len(events()) == 5
    assert AuditEvent.objects.filter(action="product_edit").count() == 1


def test_what_was_exported_comes_back_unchanged(department_officer, certified):
    ProductAwardEvent.objects.create(product=certified, **REGISTERED | {"level": "national"})
    for name in ("Mắm cá", "Mắm Cá", "Mâm cá"):
        for place in (unit("31843"), unit("31843", old=True)):
            namesake = make_beneficiary(name="Cơ sở Hoà", place=place)
            Product.objects.create(beneficiary=namesake, name=name, group="food")
    rows = understood(*KIND.rows(department_officer))
    assert len(rows) == 9
    assert verdicts(KIND, department_officer, rows) == ["equal"] * 9
    bare = understood(*({name: value for name, value in one.values.items() if name != "record"} for one in rows[:3]))
    assert verdicts(KIND, department_officer, bare) == ["equal"] * 3


def test_only_the_own_area_is_exported(other_local_officer, certified):
    assert list(KIND.rows(other_local_officer)) == []


def counted(user):
    """Registered and certified of the food group by the form, at both levels."""
    [table] = build("binh-chon", period_parameters(user, unit("96"), period=report_year(2024)))
    found = figures(table, "number", "central", "province")
    return {code: found[code] for code in ("1.2", "2.2")}


def test_the_form_moves_by_what_was_imported_and_back(department_officer, certified):
    assert counted(department_officer) == {"1.2": (0, 1), "2.2": (0, 1)}
    rows = understood(
        row(name="Muối ớt", **CERTIFIED, registered_date="2024-03-01"),
        row(name="Muối tiêu", **REGISTERED),
        row(**REGISTERED | {"level": "region"}),
        row(**REGISTERED | {"level": "national"}),
        row(**CERTIFIED),
    )
    objects = written(KIND, department_officer, rows)
    assert counted(department_officer) == {"1.2": (1, 3), "2.2": (0, 2)}
    taken_back(KIND, department_officer, objects)
    assert counted(department_officer) == {"1.2": (0, 1), "2.2": (0, 1)}


def test_taking_back_restores_every_column(local_officer, certified):
    before = everything()
    rows = understood(
        row(**REGISTERED | {"level": "region"}, group="other"),
        row(**CERTIFIED | {"level": "region"}, group="other"),
        row(name="Muối ớt", **REGISTERED),
    )
    objects = written(KIND, local_officer, rows)
    assert len(objects) == 5
    assert taken_back(KIND, local_officer, objects) == 5
    assert everything() == before
    (event,) = AuditEvent.objects.filter(action="product_import_restore")
    assert event.changes == {"Nhóm": ["Nhóm sản phẩm khác", "Nhóm chế biến nông, lâm, thủy sản và thực phẩm"]}
    assert (event.subject, event.place_id) == (f"product:{certified.pk}", certified.beneficiary.place_id)
    removed = AuditEvent.objects.filter(action="productawardevent_import_remove", subject=f"product:{certified.pk}")
    assert {event.place_id for event in removed} == {certified.beneficiary.place_id}
    assert removed.count() == 2
    call_command("verify_audit", stdout=StringIO())


def test_what_rests_on_an_imported_registration_keeps_the_batch(local_officer, product):
    objects = written(KIND, local_officer, understood(row(**REGISTERED)))
    values = {"level": "province", "kind": "certified", "event_date": D(2024, 9, 1), "decision_number": "88/QĐ-UBND"}
    award = add_award(product_id=product.pk, values=values, by=local_officer)
    after = everything()
    _, rows = batch_of(KIND, local_officer, objects)
    assert KIND.dependants(rows) == [
        "Dòng 2: Muối hồng đã được ghi “Được cấp giấy chứng nhận”, cấp tỉnh, ngày 01/09/2024 dựa vào lần nhập này."
    ]
    with pytest.raises(Refused, match="dựa vào lần nhập này"):
        taken_back(KIND, local_officer, objects)
    assert everything() == after
    ProductAwardEvent.objects.create(product=product, **REGISTERED | {"event_date": "2024-02-01"})
    assert taken_back(KIND, local_officer, objects) == 1
    assert award in product.award_events.all()


def test_what_hangs_on_a_new_product_keeps_the_batch(local_officer, owner):
    objects = written(KIND, local_officer, understood(row(**REGISTERED)))
    ProductAwardEvent.objects.create(product=Product.objects.get(), **REGISTERED | {"level": "region"})
    _, rows = batch_of(KIND, local_officer, objects)
    assert KIND.dependants(rows) == ["Dòng 2: Muối hồng đang có thêm 1 lần bình chọn."]
    with pytest.raises(Refused, match="đang có thêm 1 lần bình chọn"):
        taken_back(KIND, local_officer, objects)
    assert len(events()) == 2


def test_what_was_changed_since_is_not_overwritten(local_officer, product):
    objects = written(KIND, local_officer, understood(row(group="other")))
    Product.objects.update(group="machinery")
    with pytest.raises(Refused, match="đã được sửa hoặc xóa sau khi nhập"):
        taken_back(KIND, local_officer, objects)
    assert Product.objects.get().group == "machinery"


@pytest.mark.parametrize("who", ["auditor", "other_local_officer"])
def test_others_take_nothing_back(request, local_officer, owner, who):
    objects = written(KIND, local_officer, understood(row(**REGISTERED)))
    with pytest.raises(NotAllowed):
        taken_back(KIND, request.getfixturevalue(who), objects)
    assert len(events()) == 1

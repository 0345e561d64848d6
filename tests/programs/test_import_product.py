"""Products of a file: whose they are, which they are, and what is refused. Their awards: test_import_product_awards."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.kinds import find_kind, kinds_for
from programs.imports.product import ProductKindOfImport
from programs.models import Product, ProductAwardEvent
from tests.factories import make_beneficiary, unit
from tests.programs.importing import checked, problems, stored, understood, verdicts, written

pytestmark = pytest.mark.django_db
KIND = ProductKindOfImport()
OWNER, NAME = "HTX Muối Đông Hải", "Muối hồng"


def row(**values):
    return {"name": NAME, "group": "food", "beneficiary_name": OWNER, "place": unit("31843").pk, **values}


@pytest.fixture
def owner(reference):
    return make_beneficiary(name=OWNER, tax_code="0100109106")


@pytest.fixture
def product(owner):
    return Product.objects.create(beneficiary=owner, name=NAME, group="food")


def test_it_is_offered_to_those_who_may_edit(cast):
    assert find_kind("san-pham").label == "Sản phẩm và kết quả bình chọn"
    holders = {role for role, user in cast.items() if any(one.slug == "san-pham" for one in kinds_for(user))}
    assert holders == {Role.DEPARTMENT_OFFICER, Role.LOCAL_OFFICER}


def test_a_new_product_is_written_with_its_event(local_officer, owner):
    rows = understood(row())
    (verdict,) = checked(KIND, local_officer, rows)
    assert (verdict.verdict, verdict.object_id) == ("new", None)
    assert verdict.changes == {
        "Cơ sở": ("", OWNER),
        "Tên sản phẩm": ("", NAME),
        "Nhóm": ("", "Nhóm chế biến nông, lâm, thủy sản và thực phẩm"),
    }
    (one,) = written(KIND, local_officer, rows)
    made = Product.objects.get()
    assert (made.beneficiary, made.name, made.group, made.folded) == (owner, NAME, "food", "muoi hong")
    assert (one.model, one.object_id, one.before) == ("programs.product", made.pk, {})
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.place_id) == ("product_add", f"product:{made.pk}", owner.place_id)
    assert event.changes["Cơ sở"] == [None, OWNER]
    call_command("verify_audit", stdout=StringIO())


@pytest.mark.parametrize(
    "said",
    [
        {"tax_code": "0100109106"},
        {"tax_code": "0100 109 106", "beneficiary_name": None, "place": None},
        {"beneficiary_name": "htx muoi dong hai"},
        {"beneficiary": "{pk}", "beneficiary_name": None, "place": None},
    ],
)
def test_ways_to_say_whose_it_is(local_officer, owner, said):
    said = {name: value.format(pk=owner.pk) if isinstance(value, str) else value for name, value in said.items()}
    written(KIND, local_officer, understood(row(**said)))
    assert Product.objects.get().beneficiary == owner


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("beneficiary_name", {"beneficiary_name": "Cơ sở chưa từng có"}),
        ("beneficiary_name", {"beneficiary_name": None}),
        ("place", {"place": None}),
        ("tax_code", {"place": None, "tax_code": "0300588569"}),
        ("beneficiary", {"beneficiary": "999999"}),
        ("beneficiary", {"beneficiary": "x"}),
        ("beneficiary_name", {"beneficiary": "{pk}", "beneficiary_name": "Lò rèn Ba Tri"}),
        ("name", {"name": " "}),
        ("name", {"name": "x" * 201}),
        ("group", {"group": None}),
        ("group", {"group": "toys"}),
        ("record", {"record": "999999"}),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(local_officer, owner, field, said):
    said = {name: value.format(pk=owner.pk) if isinstance(value, str) else value for name, value in said.items()}
    values = {name: value for name, value in row(**said).items() if value not in (None, " ")}
    (verdict,) = checked(KIND, local_officer, understood(values))
    assert verdict.verdict == "refused"
    assert list(problems(verdict)) == [field]
    with pytest.raises(Refused, match="Dòng 2"), transaction.atomic():
        KIND.importer(local_officer, {}).write(understood(values))
    assert not Product.objects.exists()


def test_two_establishments_of_one_name_are_asked_about(local_officer, owner):
    other = make_beneficiary(name=OWNER)
    (verdict,) = checked(KIND, local_officer, understood(row()))
    assert verdict.verdict == "duplicate"
    (problem,) = verdict.problems
    assert (problem.field, set(problem.choices)) == ("beneficiary", {str(owner.pk), str(other.pk)})
    written(KIND, local_officer, understood(row(beneficiary=str(other.pk))))
    assert Product.objects.get().beneficiary == other


@pytest.mark.parametrize(
    "said",
    [
        {"beneficiary_name": "HTX Muối Đông Hải", "tax_code": "0300588569"},
        {"beneficiary_name": "Cơ sở muối Đông Hải", "place": "31843"},
        {"beneficiary_name": "Lò rèn Ba Tri", "tax_code": "0100109106"},
    ],
)
def test_an_establishment_that_only_may_be_meant_is_asked_about(local_officer, owner, said):
    if "place" in said:
        said = {**said, "place": unit(said["place"]).pk}
    (verdict,) = checked(KIND, local_officer, understood(row(**said)))
    assert verdict.verdict == "duplicate"
    assert list(verdict.problems[0].choices) == [str(owner.pk)]


def test_an_establishment_in_the_commune_that_became_this_one_is_asked_about(department_officer):
    old = make_beneficiary(name=OWNER, place=unit("31843", old=True))
    (verdict,) = checked(KIND, department_officer, understood(row()))
    assert list(verdict.problems[0].choices) == [str(old.pk)]
    assert verdicts(KIND, department_officer, understood(row(place=old.place_id))) == ["new"]


def test_another_area_is_refused_and_nothing_of_it_is_named(local_officer, other_local_officer, product):
    elsewhere = make_beneficiary(name="Cơ sở nơi khác", place=unit("31972"), tax_code="0300588569")
    hidden = Product.objects.create(beneficiary=elsewhere, name="Bí mật", group="food")
    rows = understood(
        row(place=unit("31972").pk),
        row(tax_code="0300588569", place=None, beneficiary_name=None),
        row(beneficiary=str(elsewhere.pk)),
        row(record=str(hidden.pk)),
    )
    found = checked(KIND, local_officer, rows)
    assert [str(one.verdict) for one in found] == ["refused"] * 4
    assert [list(problems(one)) for one in found] == [["place"], ["tax_code"], ["beneficiary"], ["record"]]
    assert not any("nơi khác" in text or "Bí mật" in text for one in found for text in problems(one).values())
    assert verdicts(KIND, other_local_officer, understood(row(record=str(product.pk)))) == ["refused"]


def test_the_same_rows_twice_change_nothing(local_officer, owner):
    rows = understood(row(), row(name="Muối ớt", group="other"))
    assert len(written(KIND, local_officer, rows)) == 2
    before, events = stored(Product), AuditEvent.objects.count()
    assert verdicts(KIND, local_officer, rows) == ["equal", "equal"]
    assert written(KIND, local_officer, rows) == []
    assert (stored(Product), AuditEvent.objects.count()) == (before, events)


def test_a_blank_group_changes_nothing_and_another_one_is_told(local_officer, product):
    assert verdicts(KIND, local_officer, understood(row(group=None))) == ["equal"]
    (verdict,) = checked(KIND, local_officer, understood(row(group="other")))
    group = ("Nhóm chế biến nông, lâm, thủy sản và thực phẩm", "Nhóm sản phẩm khác")
    assert (verdict.verdict, verdict.object_id, verdict.changes) == ("changed", product.pk, {"Nhóm": group})
    written(KIND, local_officer, understood(row(group="other")))
    product.refresh_from_db()
    assert product.group == "other"
    assert AuditEvent.objects.get(action="product_edit").changes == {"Nhóm": list(group)}


@pytest.mark.parametrize("name", ["MUỐI HỒNG", "muối hồng", "Muoi hong"])
def test_capitals_and_marks_left_out_are_the_same_product(local_officer, product, name):
    assert verdicts(KIND, local_officer, understood(row(name=name))) == ["equal"]


def test_marks_that_differ_are_asked_about(local_officer, product):
    (verdict,) = checked(KIND, local_officer, understood(row(name="Muối hông")))
    assert (verdict.verdict, set(verdict.problems[0].choices)) == ("duplicate", {str(product.pk), "mới"})
    rows = understood(row(name="Muối hông", record="mới"))
    assert verdicts(KIND, local_officer, rows) == ["new"]
    written(KIND, local_officer, rows)
    assert Product.objects.count() == 2


def test_a_record_number_renames(local_officer, product):
    rows = understood(row(name="Muối hồng sấy", record=str(product.pk)))
    (verdict,) = checked(KIND, local_officer, rows)
    assert (verdict.verdict, verdict.changes) == ("changed", {"Tên sản phẩm": (NAME, "Muối hồng sấy")})
    written(KIND, local_officer, rows)
    product.refresh_from_db()
    assert (product.name, product.folded) == ("Muối hồng sấy", "muoi hong say")


@pytest.mark.parametrize("mark", ["mới", "{pk}"])
def test_a_name_that_the_establishment_has_is_refused(local_officer, product, mark):
    other = Product.objects.create(beneficiary=product.beneficiary, name="Muối ớt", group="food")
    (verdict,) = checked(KIND, local_officer, understood(row(record=mark.format(pk=other.pk))))
    assert problems(verdict) == {"name": "Cơ sở đã có sản phẩm cùng tên."}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("beneficiary", {"beneficiary": "{other}"}),
        ("tax_code", {"tax_code": "0300588569"}),
        ("beneficiary_name", {"beneficiary_name": "Lò rèn Ba Tri"}),
    ],
)
def test_a_product_does_not_move_to_another_establishment(local_officer, product, field, said):
    other = make_beneficiary(name="Lò rèn Ba Tri", tax_code="0300588569")
    said = {name: value.format(other=other.pk) for name, value in said.items()}
    (verdict,) = checked(KIND, local_officer, understood(row(record=str(product.pk), **said)))
    assert list(problems(verdict)) == [field]
    assert "không chuyển sang cơ sở khác" in problems(verdict)[field]


@pytest.mark.parametrize("is_known", [True, False])
def test_rows_that_contradict_each_other_are_refused(local_officer, owner, is_known):
    if is_known:
        Product.objects.create(beneficiary=owner, name=NAME, group="other")
    said = {"level": "province", "kind": "registered"}
    rows = understood(row(event_date="2024-03-01", **said), row(event_date="2025-03-01", group="machinery", **said))
    found = checked(KIND, local_officer, rows)
    assert [str(one.verdict) for one in found] == ["new", "refused"]
    assert "dòng 2 của tệp ghi “Nhóm chế biến nông" in problems(found[1])["group"]


def test_a_product_twice_in_one_file_is_written_once(local_officer, owner):
    rows = understood(row(), row(name="muối hồng"))
    assert verdicts(KIND, local_officer, rows) == ["new", "duplicate"]
    written(KIND, local_officer, rows)
    assert Product.objects.count() == 1


def test_the_right_is_asked_for_again(auditor, owner):
    for act in (KIND.importer(auditor, {}).check, KIND.importer(auditor, {}).write):
        with pytest.raises(NotAllowed), transaction.atomic():
            act(understood(row()))


def test_queries_do_not_grow_with_the_rows(local_officer, product, django_assert_num_queries):
    award = {"level": "province", "kind": "registered", "event_date": "2024-03-01"}
    ProductAwardEvent.objects.create(product=product, **award)
    for size in (3, 200):
        rows = understood(*(row(name=f"Muối {n}", tax_code="0100109106", **award) for n in range(size)), row(**award))
        # right; places, what they became; establishments by place and by code; products; awards
        with django_assert_num_queries(6):
            checked(KIND, local_officer, rows)

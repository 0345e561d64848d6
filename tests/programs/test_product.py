"""Products: awards as dated events, certificates that stand."""

import datetime

import pytest
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions.product import add_award
from programs.models import Product, ProductAwardEvent
from tests.factories import make_beneficiary, unit

LIST = reverse("programs:product-list")
CREATE = reverse("programs:product-create")
EDITORS = {Role.DEPARTMENT_OFFICER, Role.LOCAL_OFFICER}
D = datetime.date


@pytest.fixture
def product(reference):
    return Product.objects.create(beneficiary=make_beneficiary(name="HTX Muối"), name="Muối hồng", group="food")


def award(kind, day, level="province", number=""):
    return {"level": level, "kind": kind, "event_date": day, "decision_number": number}


def register_and_certify(product, by, level="province"):
    add_award(product_id=product.pk, values=award("registered", D(2024, 3, 1), level), by=by)
    add_award(product_id=product.pk, values=award("certified", D(2024, 9, 1), level, "88/QĐ-UBND"), by=by)


def shown_certificates(client):
    (row,) = client.get(LIST).context["listing"].page_obj
    return row.certificates


def test_a_certificate_stands_until_it_is_withdrawn(client, local_officer, product):
    client.force_login(local_officer)
    assert shown_certificates(client) == []
    register_and_certify(product, local_officer)
    assert shown_certificates(client) == ["Cấp tỉnh"]
    add_award(product_id=product.pk, values=award("withdrawn", D(2025, 2, 1), number="9/QĐ-UBND"), by=local_officer)
    assert shown_certificates(client) == []
    assert not client.get(LIST, {"chung-nhan": "province"}).context["listing"].page_obj.object_list


def test_filters_by_standing_certificate(client, local_officer, product):
    register_and_certify(product, local_officer)
    client.force_login(local_officer)
    found = {
        level: bool(client.get(LIST, {"chung-nhan": level}).context["listing"].page_obj.object_list)
        for level in ("province", "national")
    }
    assert found == {"province": True, "national": False}


def refused_field(product, by, values):
    with pytest.raises(Refused) as refusal:
        add_award(product_id=product.pk, values=values, by=by)
    return refusal.value.field


def test_no_certificate_without_a_registration_at_that_level(local_officer, product):
    add_award(product_id=product.pk, values=award("registered", D(2024, 3, 1)), by=local_officer)
    national = award("certified", D(2024, 9, 1), "national", "1/QĐ-BCT")
    too_early = award("certified", D(2024, 2, 1), number="88/QĐ-UBND")
    assert refused_field(product, local_officer, national) == "kind"
    assert refused_field(product, local_officer, too_early) == "kind"
    assert ProductAwardEvent.objects.count() == 1


def test_no_certificate_without_a_decision(local_officer, product):
    add_award(product_id=product.pk, values=award("registered", D(2024, 3, 1)), by=local_officer)
    assert refused_field(product, local_officer, award("certified", D(2024, 9, 1))) == "decision_number"


def test_no_withdrawal_of_what_was_not_certified(local_officer, product):
    assert refused_field(product, local_officer, award("withdrawn", D(2024, 9, 1), number="2/QĐ")) == "kind"


def test_districts_award_nothing_since_the_merger(local_officer, product):
    assert refused_field(product, local_officer, award("registered", D(2025, 7, 1), "district")) == "level"
    assert add_award(product_id=product.pk, values=award("registered", D(2025, 6, 30), "district"), by=local_officer).pk


def test_nothing_is_dated_tomorrow_or_recorded_twice(local_officer, product):
    tomorrow = D.today() + datetime.timedelta(days=2)
    assert refused_field(product, local_officer, award("registered", tomorrow)) == "event_date"
    add_award(product_id=product.pk, values=award("registered", D(2024, 3, 1)), by=local_officer)
    assert refused_field(product, local_officer, award("registered", D(2024, 3, 1))) == "kind"


def test_an_award_is_kept_under_its_product(local_officer, product):
    register_and_certify(product, local_officer)
    event = AuditEvent.objects.about(f"product:{product.pk}").first()
    assert (event.action, event.document_number) == ("product_award", "88/QĐ-UBND")
    assert event.place_id == product.beneficiary.place_id


def test_the_page_shows_the_reason_at_the_field(client, local_officer, product):
    client.force_login(local_officer)
    data = award("certified", "01/09/2024", number="88/QĐ-UBND")
    response = client.post(reverse("programs:product-award-add", args=[product.pk]), data)
    assert response.status_code == 422
    assert response.context["form"].errors["kind"] == ["Chưa đăng ký bình chọn ở cấp này."]
    assert "88/QĐ-UBND" in response.content.decode()


def test_adding_begins_with_the_establishment(client, local_officer):
    beneficiary = make_beneficiary(name="Cơ sở mắm")
    client.force_login(local_officer)
    assert f"?co-so={beneficiary.pk}" in client.get(CREATE).content.decode()
    address = f"{CREATE}?co-so={beneficiary.pk}"
    assert client.post(address, {"name": "Mắm cá", "group": "food"}).status_code == 302
    assert Product.objects.get().beneficiary == beneficiary
    assert AuditEvent.objects.get().changes["Cơ sở"] == [None, "Cơ sở mắm"]
    repeated = client.post(address, {"name": "Mắm cá", "group": "food"})
    assert repeated.context["form"].errors["name"] == ["Cơ sở đã có sản phẩm cùng tên."]


@pytest.mark.parametrize("value", ["x", "²", "-1", "9" * 30])
def test_a_strange_establishment_id_shows_the_choice(client, local_officer, value):
    client.force_login(local_officer)
    response = client.get(CREATE, {"co-so": value})
    assert response.templates[0].name == "programs/product_choose_beneficiary.html"


def test_an_establishment_elsewhere_is_not_found(client, local_officer):
    elsewhere = make_beneficiary(place=unit("31972"))
    client.force_login(local_officer)
    assert client.get(CREATE, {"co-so": elsewhere.pk}).status_code == 404


def test_editing_tells_before_and_after(client, local_officer, product):
    client.force_login(local_officer)
    address = reverse("programs:product-edit", args=[product.pk])
    version = client.get(address).context["form"].initial["version"]
    data = {"name": "Muối hồng sấy", "group": "food", "version": version}
    assert client.post(address, data).status_code == 302
    assert AuditEvent.objects.get().changes == {"Tên sản phẩm": ["Muối hồng", "Muối hồng sấy"]}
    assert client.post(address, {**data, "name": "Khác"}).status_code == 409


def test_the_action_asks_for_the_right_and_the_area(auditor, other_local_officer, product):
    for user in (auditor, other_local_officer):
        with pytest.raises(NotAllowed):
            add_award(product_id=product.pk, values=award("registered", D(2024, 3, 1)), by=user)


@pytest.mark.parametrize("role", list(Role))
def test_roles(client, cast, product, role):
    client.force_login(cast[role])
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("programs:product-detail", args=[product.pk])).status_code == 200
    for name in ("edit", "award-add"):
        response = client.get(reverse(f"programs:product-{name}", args=[product.pk]))
        assert response.status_code == (200 if role in EDITORS else 403)


@pytest.mark.parametrize("name", ["detail", "edit", "award-add"])
def test_a_stranger_gets_404(client, stranger, product, name):
    client.force_login(stranger)
    assert client.get(reverse(f"programs:product-{name}", args=[product.pk])).status_code == 404


@pytest.mark.parametrize("size", [20, 200])
def test_queries_do_not_grow_with_the_rows(client, department_officer, django_assert_num_queries, size):
    beneficiary = make_beneficiary()
    products = Product.objects.bulk_create(
        Product(beneficiary=beneficiary, name=f"Sản phẩm {n}", group="food") for n in range(size)
    )
    ProductAwardEvent.objects.bulk_create(
        ProductAwardEvent(product=one, level="province", kind="registered", event_date=D(2024, 3, 1))
        for one in products
    )
    client.force_login(department_officer)
    # session, user, places of the filter, count, rows, their award events
    with django_assert_num_queries(6):
        client.get(LIST)

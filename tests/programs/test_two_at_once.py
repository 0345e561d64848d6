"""Two people who write the same thing at the same moment: one is done, the other is told why not."""

import pytest
from django.db import IntegrityError

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from programs.actions import beneficiary as beneficiaries
from programs.actions import craft_village as villages
from programs.actions import product as products
from programs.actions.project import register_project
from programs.actions.registers import fingerprint
from programs.models import Beneficiary, CraftVillage, Product, ProductGroup, Project, ProjectKind, SupportItem
from tests.at_once import at_once, won_and_refused
from tests.factories import make_beneficiary, unit

TAX_CODE = "1900123454"
ROUNDS = range(3)


def establishment(name="Cơ sở đan lát", **changes):
    empty = dict.fromkeys(("owner_name", "owner_citizen_id", "phone", "address", "note"), "")
    values = {**empty, "name": name, "kind": "household", "tax_code": TAX_CODE, "place": unit("31843")}
    return {**values, "sector": None, "founded_year": None, **changes}


def village(name="Làng nghề đan đát"):
    return {"name": name, "craft": "Đan đát", "place": unit("31843"), "source_note": ""}


def product(name="Giỏ lục bình"):
    return {"name": name, "group": ProductGroup.HANDICRAFT}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_tax_code_goes_to_one_establishment(_round, local_officer):
    def add(name):
        return lambda: beneficiaries.add_beneficiary(values=establishment(name), by=local_officer)

    refusal = won_and_refused(at_once(add("Cơ sở Một"), add("Cơ sở Hai")))
    assert refusal == "Mã số thuế này đã có ở một cơ sở khác."
    assert Beneficiary.objects.count() == AuditEvent.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_name_goes_to_one_village_and_one_product(_round, local_officer, department_officer):
    def add_village():
        villages.add_craft_village(values=village(), by=department_officer)

    def add_product():
        products.add_product(beneficiary=owner, values=product(), by=department_officer)

    owner = make_beneficiary()
    assert won_and_refused(at_once(add_village, add_village)) == "Địa bàn này đã có làng nghề cùng tên."
    assert won_and_refused(at_once(add_product, add_product)) == "Cơ sở đã có sản phẩm cùng tên."


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", ROUNDS)
def test_projects_registered_together_get_codes_of_their_own(_round, local_officer):

    values = {
        "year": 2031,
        "name": "Đề án",
        "track": "local",
        "kind": ProjectKind.SPECIFIC,
        "programme": None,
        "support_item": SupportItem.objects.get(row=1),
        "place": unit("31843"),
        "implementer": local_officer.organisation,
        "start_date": "2031-01-01",
        "end_date": "2031-12-31",
        "objective": "",
        "note": "",
    }

    def register():
        register_project(values=dict(values), by=local_officer)

    assert at_once(register, register) == ["done", "done"]
    assert set(Project.objects.values_list("code", flat=True)) == {"DP-2031-0001", "DP-2031-0002"}


@pytest.mark.django_db
def test_what_passes_the_check_and_not_the_database_is_refused_at_its_field(department_officer, monkeypatch):
    """The moment between the check and the write, on any database."""
    by, owner = department_officer, make_beneficiary(tax_code=TAX_CODE)
    other = make_beneficiary()
    villages.add_craft_village(values=village(), by=by)
    second = villages.add_craft_village(values=village("Làng nghề rèn"), by=by)
    products.add_product(beneficiary=owner, values=product(), by=by)
    two = products.add_product(beneficiary=owner, values=product("Chiếu"), by=by)
    monkeypatch.setattr(beneficiaries, "_check_not_there_already", lambda *args, **kwargs: None)
    for module in (villages, products):
        monkeypatch.setattr(module, "_check_name_free", lambda *args, **kwargs: None)
    versions = {
        one: fingerprint(one, module.EDITED_FIELDS)
        for one, module in ((other, beneficiaries), (second, villages), (two, products))
    }
    acts = {
        "tax_code": [
            lambda: beneficiaries.add_beneficiary(values=establishment(), by=by),
            lambda: beneficiaries.edit_beneficiary(
                beneficiary_id=other.pk, values=establishment(), by=by, version=versions[other]
            ),
        ],
        "name": [
            lambda: villages.add_craft_village(values=village(), by=by),
            lambda: villages.edit_craft_village(
                village_id=second.pk, values=village(), by=by, version=versions[second]
            ),
            lambda: products.add_product(beneficiary=owner, values=product(), by=by),
            lambda: products.edit_product(product_id=two.pk, values=product(), by=by, version=versions[two]),
        ],
    }
    before = (Beneficiary.objects.count(), CraftVillage.objects.count(), Product.objects.count())
    for field, attempts in acts.items():
        for act in attempts:
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.field == field
            assert "đã có" in refusal.value.message
    assert (Beneficiary.objects.count(), CraftVillage.objects.count(), Product.objects.count()) == before


@pytest.mark.django_db
def test_another_error_of_the_database_stays_an_error():
    with pytest.raises(IntegrityError), refusing_duplicates(Beneficiary, beneficiary_tax_code_unique="tax_code"):
        Beneficiary.objects.create(name=None, place=unit("31843"))

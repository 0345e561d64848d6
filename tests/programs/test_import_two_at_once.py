"""Two people who write files, or a file and a form, at the same moment."""

import pytest
from django.db import transaction

from khuyencong.audit.models import AuditEvent
from programs.actions.beneficiary import add_beneficiary
from programs.imports.beneficiary import BeneficiaryKindOfImport
from programs.imports.craft_village import CraftVillageKindOfImport
from programs.models import Beneficiary, CraftVillage, CraftVillageYear
from tests.at_once import at_once, won_and_refused
from tests.factories import unit
from tests.programs.importing import understood

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)
ESTABLISHMENTS, VILLAGES = BeneficiaryKindOfImport(), CraftVillageKindOfImport()


def writing(kind, user, rows):
    """A file of two portions, in one transaction."""

    def act():
        with transaction.atomic():
            run = kind.importer(user, {})
            for row in rows:
                run.write([row])

    return act


@pytest.mark.parametrize("_round", ROUNDS)
def test_files_with_the_same_codes_in_another_order(_round, local_officer, department_officer):
    place = unit("31843").pk
    rows = [
        {"name": f"Lò rèn {number}", "kind": "household", "place": place, "tax_code": code}
        for number, code in enumerate(("0100109106", "0300588569"))
    ]
    acts = [
        writing(ESTABLISHMENTS, local_officer, understood(*rows)),
        writing(ESTABLISHMENTS, department_officer, understood(*reversed(rows))),
    ]
    assert at_once(*acts) == ["done", "done"]
    assert Beneficiary.objects.count() == AuditEvent.objects.count() == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_file_and_a_form_with_one_code(_round, local_officer):
    empty = dict.fromkeys(("owner_name", "owner_citizen_id", "phone", "address", "note"), "")
    place = unit("31843")
    values = {**empty, "name": "Xưởng mộc", "kind": "household", "tax_code": "0100109106", "place": place}
    values |= {"sector": None, "founded_year": None}
    rows = understood({"name": "Lò rèn", "kind": "household", "place": place.pk, "tax_code": "0100109106"})
    file = writing(ESTABLISHMENTS, local_officer, rows)
    refusal = won_and_refused(at_once(file, lambda: add_beneficiary(values=values, by=local_officer)))
    assert "ã số thuế này" in refusal
    assert Beneficiary.objects.count() == AuditEvent.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_files_with_the_same_village_and_year(_round, local_officer, department_officer):
    figures = {"year": 2023, "households": 50, "craft_households": 12, "workers": 30, "reported_date": "2024-01-10"}
    rows = understood({"name": "Làng rèn", "craft": "Rèn", "place": unit("31843").pk, **figures})
    acts = [writing(VILLAGES, user, rows) for user in (local_officer, department_officer)]
    assert at_once(*acts) == ["done", "done"]
    assert (CraftVillage.objects.count(), CraftVillageYear.objects.count()) == (1, 1)

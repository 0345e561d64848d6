"""Numbers of persons and telephones are compared by their digits, and rows from before get theirs too."""

import importlib

import pytest
from django.apps import apps

from programs.models import Beneficiary
from tests.factories import make_beneficiary

pytestmark = pytest.mark.django_db


def test_a_saved_establishment_has_its_keys(reference):
    owner = make_beneficiary(owner_citizen_id="095 190 001234", phone="+84 (291) 3.822.999")
    assert (owner.citizen_key, owner.phone_key) == ("095190001234", "02913822999")


def test_what_is_too_short_to_be_a_number_has_none(reference):
    owner = make_beneficiary(owner_citizen_id="không rõ", phone="12 34")
    assert (owner.citizen_key, owner.phone_key) == ("", "")


def test_rows_from_before_get_their_keys(reference):
    written = make_beneficiary(owner_citizen_id="095190001234", phone="0291 3822 999")
    bare = make_beneficiary()
    Beneficiary.objects.update(citizen_key="", phone_key="")
    importlib.import_module("programs.migrations.0008_keys_of_persons").fill(apps, None)
    written.refresh_from_db()
    bare.refresh_from_db()
    assert (written.citizen_key, written.phone_key) == ("095190001234", "02913822999")
    assert (bare.citizen_key, bare.phone_key) == ("", "")

from decimal import Decimal

import pytest

from funding.models import AdvanceLimit, Norm, Source
from funding.reference import load_funding_reference

pytestmark = pytest.mark.django_db


def test_sources_norms_and_limits_are_loaded(reference):
    assert list(Source.objects.values_list("code", flat=True)) == ["KCQG", "KCDP", "HUYEN", "DOIUNG", "KHAC"]
    assert Norm.objects.count() == 12
    assert AdvanceLimit.objects.count() == 4


def test_a_norm_keeps_what_the_file_knows_and_nothing_more(reference):
    norm = Norm.objects.get(support_item__row=10, legal_basis__contains="28/2018")
    assert (norm.rate_percent, norm.cap_vnd, norm.certainty) == (50, 300_000_000, "confirmed")
    assert (norm.multiplier, norm.multiplier_note) == (Decimal("1.50"), "dây chuyền công nghệ")
    assert not Norm.objects.exclude(pk=norm.pk).exclude(multiplier=None, multiplier_note="").exists()
    assert not Norm.objects.exclude(valid_from=None, valid_to=None).exists()
    fair = Norm.objects.get(support_item__row=14)
    assert (fair.rate_percent, fair.cap_vnd) == (80, None)


def test_loading_again_changes_nothing_that_was_edited(reference):
    Source.objects.filter(code="KCDP").update(name="Kinh phí tỉnh", is_active=False)
    Norm.objects.filter(support_item__row=14).update(certainty="confirmed")
    counts = Source.objects.count(), Norm.objects.count(), AdvanceLimit.objects.count()
    load_funding_reference()
    assert (Source.objects.count(), Norm.objects.count(), AdvanceLimit.objects.count()) == counts
    assert Source.objects.get(code="KCDP").name == "Kinh phí tỉnh"
    assert Norm.objects.get(support_item__row=14).certainty == "confirmed"

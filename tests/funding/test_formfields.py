import datetime

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.formfields import (
    MAX_FIELD_VND,
    NFCFormCharField,
    PaperForm,
    VietnameseDateField,
    VndField,
    add_refusal,
)
from khuyencong.vietnamese.money import Unit


@pytest.mark.parametrize(
    ("text", "vnd"), [("1.234.567", 1234567), ("120 triệu", 120_000_000), ("6 tỷ 788,9 triệu", 6_788_900_000)]
)
def test_money_is_read_as_offices_write_it(text, vnd):
    assert VndField().clean(text) == vnd


@pytest.mark.parametrize("text", ["4.020", "150", "-5", "abc", "", "0", str(MAX_FIELD_VND + 1)])
def test_money_that_is_unclear_or_impossible_is_asked_back(text):
    with pytest.raises(ValidationError):
        VndField().clean(text)


def test_the_unit_of_the_column_counts_and_zero_may_be_let_in():
    field = VndField(unit=Unit.DONG, required=False, allow_zero=True)
    assert (field.clean("4.020"), field.clean("0"), field.clean(""), field.clean("  ")) == (4020, 0, None, None)


@given(st.integers(1, MAX_FIELD_VND), st.sampled_from([None, *Unit]))
def test_a_stored_amount_reads_back_as_itself(vnd, unit):
    field = VndField(unit=unit)
    assert field.clean(field.prepare_value(vnd)) == vnd
    assert not field.has_changed(vnd, field.prepare_value(vnd))


def test_dates_are_day_first_and_shown_so():
    field = VietnameseDateField()
    assert field.clean("05/02/2026") == datetime.date(2026, 2, 5)
    assert field.prepare_value(datetime.date(2026, 2, 5)) == "05/02/2026"
    assert field.prepare_value("32/01/2026") == "32/01/2026"
    for text in ("32/01/2026", "hôm qua", ""):
        with pytest.raises(ValidationError):
            field.clean(text)
    assert 'placeholder="dd/mm/yyyy"' in str(PaperForm()["document_date"])


def test_text_is_brought_to_one_form():
    assert NFCFormCharField().clean("  Cà\u0300  Mau ".replace("à\u0300", "a\u0300")) == "Cà Mau"
    assert NFCFormCharField(multiline=True).clean("một \r\n hai") == "một\nhai"
    with pytest.raises(ValidationError):
        NFCFormCharField().clean(" \u200b ")


def test_a_paper_form_asks_for_what_the_move_needs():
    data = {"version": "3", "document_number": "", "document_date": "", "reason": ""}
    assert set(PaperForm(data).errors) == {"document_number", "document_date"}
    assert set(PaperForm(data, needs_document=False, needs_reason=True).errors) == {"reason"}
    assert PaperForm(data, needs_document=False).is_valid()


def test_a_refusal_is_shown_at_its_field_or_above_the_form():
    data = {"version": "3", "document_number": "1", "document_date": "05/02/2026", "reason": ""}
    form = PaperForm(data)
    assert form.is_valid()
    assert add_refusal(form, Refused("Số đã dùng", field="document_number")) == 422
    assert add_refusal(form, Overtaken("Đã thay đổi")) == 409
    assert add_refusal(form, Refused("Một\nHai", field="version")) == 422
    assert form.errors["document_number"] == ["Số đã dùng"]
    assert form.non_field_errors() == ["Đã thay đổi", "Một", "Hai"]
    assert isinstance(form.fields["version"].widget, forms.HiddenInput)
    with pytest.raises(PermissionDenied):
        add_refusal(form, NotAllowed("Không có quyền"))

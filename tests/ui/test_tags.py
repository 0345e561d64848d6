"""The template tags: figures, dates, fields with their errors, lists of what is wrong."""

import datetime
from enum import Enum

import pytest
from django import forms
from django.template import Context, Template

from khuyencong.ui.templatetags import kc


class VndField(forms.CharField):
    """Stands for the portal's money field: known to the tags by its name and its unit."""

    class Unit(Enum):
        DONG = 1

    unit = Unit.DONG


class SampleForm(forms.Form):
    name = forms.CharField(label="Tên đề án", help_text="Như trong quyết định.")
    year = forms.IntegerField(label="Năm", required=False)
    amount = VndField(label="Kinh phí", required=False)
    track = forms.ChoiceField(label="Chương trình", choices=[("n", "Quốc gia"), ("l", "Địa phương")], required=False)
    kind = forms.ChoiceField(label="Loại", choices=[("a", "A")], widget=forms.RadioSelect, required=False)
    agreed = forms.BooleanField(label="Cam kết", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source: str, **context: object) -> str:
    """The HTML with single spaces: where a template breaks its lines is of no account."""
    return " ".join(Template("{% load kc %}" + source).render(Context(context)).split())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ 1234567000|vnd }}", "1.234.567.000"),
        ("{{ 0|vnd }}", "0"),
        ("{{ nothing|vnd }}", "–"),
        ("{{ 2768900000|million }}", "2.768,9"),
        ("{{ 2768900000|million:0 }}", "2.769"),
        ("{{ 408|percent:1000 }}", "40,8"),
        ("{{ 0|percent:1000 }}", "0,0"),
        ("{{ 408|percent:0 }}", "–"),
        ("{{ day|vn_date }}", "05/02/2026"),
        ("{{ nothing|vn_date }}", "–"),
        ("{{ day|long_date }}", "ngày 05 tháng 02 năm 2026"),
        ("{{ '079123456789'|mask }}", "*********789"),
        ("{{ nothing|mask }}", "–"),
    ],
)
def test_figures_and_dates_are_written_as_offices_write_them(source: str, shown: str) -> None:
    assert render(source, day=datetime.date(2026, 2, 5), nothing=None) == shown


def test_field_ties_label_help_and_error_to_the_input() -> None:
    form = SampleForm({"name": ""})
    html = render("{% field form.name %}", form=form)
    assert '<label class="form-label" for="id_name">Tên đề án' in html
    assert 'aria-describedby="id_name_error id_name_helptext"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext">Như trong quyết định.' in html
    assert "(bắt buộc)" in html
    assert "form-control is-invalid" in html


def test_field_without_error_or_help_is_described_by_nothing() -> None:
    html = render("{% field form.track %}", form=SampleForm())
    assert "form-select" in html
    assert "aria-describedby" not in html
    assert "is-invalid" not in html
    assert "(bắt buộc)" not in html


def test_number_that_cannot_be_read_stays_on_the_page() -> None:
    html = render("{% field form.year %}", form=SampleForm({"name": "x", "year": "hai nghìn"}))
    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html
    assert 'value="hai nghìn"' in html


def test_money_input_is_marked_with_its_unit_and_keeps_what_was_typed() -> None:
    html = render('{% field form.amount suffix="đồng" %}', form=SampleForm({"name": "x", "amount": "6 tỷ 788,9 triệu"}))
    assert "data-money" in html
    assert 'data-unit="1"' in html
    assert 'value="6 tỷ 788,9 triệu"' in html
    assert '<span class="input-group-text">đồng</span>' in html


def test_radio_buttons_are_a_fieldset_with_a_legend() -> None:
    html = render("{% field form.kind %}", form=SampleForm())
    assert "<fieldset" in html
    assert "Loại</legend>" in html


def test_checkbox_label_stands_behind_the_box() -> None:
    html = render("{% field form.agreed %}", form=SampleForm())
    assert html.index("form-check-input") < html.index("Cam kết")


def test_hidden_field_is_only_its_input() -> None:
    html = render("{% field form.secret %}", form=SampleForm()).strip()
    assert html.startswith("<input")
    assert "label" not in html


def test_further_arguments_become_attributes() -> None:
    html = render('{% field form.amount data_sum_row="r1" hide_label=True %}', form=SampleForm())
    assert 'data-sum-row="r1"' in html
    assert "form-label visually-hidden" in html


def test_what_was_typed_is_escaped() -> None:
    html = render("{% field form.name %}", form=SampleForm({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html


def test_form_errors_link_to_their_fields_and_name_the_row() -> None:
    rows = forms.formset_factory(SampleForm)(
        {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0", "rows-0-name": "x", "rows-1-year": "2026"}, prefix="rows"
    )
    form = SampleForm({"name": ""})
    form.add_error(None, "Tổng không khớp.")
    html = render("{% form_errors form rows %}", form=form, rows=rows)
    assert "Cần sửa 3 chỗ" in html
    assert "<li>Tổng không khớp.</li>" in html
    assert '<a href="#id_name">Tên đề án</a>' in html
    assert '<a href="#id_rows-1-name">Dòng 2, Tên đề án</a>' in html
    assert 'role="alert"' in html


def test_form_without_errors_has_no_summary() -> None:
    assert render("{% form_errors form %}", form=SampleForm({"name": "x"})).strip() == ""


def test_formset_table_brings_its_management_form_and_a_template_for_new_rows() -> None:
    rows = forms.formset_factory(SampleForm, extra=2, can_delete=True)(prefix="rows")
    html = render('{% include "components/_formset_table.html" with formset=rows %}', rows=rows)
    assert 'name="rows-TOTAL_FORMS" value="2"' in html
    assert 'name="rows-__prefix__-name"' in html
    assert html.count("data-formset-row>") == 3
    fixed = render('{% include "components/_formset_table.html" with formset=rows grow=False %}', rows=rows)
    assert "__prefix__" not in fixed


def test_status_badge_says_the_status_in_words_and_colours_it() -> None:
    badge = render('{% status_badge "settled" "Đã quyết toán" %}').strip()
    assert badge == '<span class="kc-badge kc-tone-good">Đã quyết toán</span>'
    assert "kc-tone-neutral" in render('{% status_badge "never heard of" "?" %}')
    assert "kc-tone-bad" in render('{% status_badge "draft" "Đang soạn" tone="bad" %}')


def test_icon_exists_in_the_vendored_set() -> None:
    assert 'icons.svg#search"' in kc.icon("search")

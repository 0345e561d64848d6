"""The portal's own template tags: `{% load kc %}`."""

import datetime
from typing import Any

from django import forms, template
from django.contrib.messages import constants
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from khuyencong.ui import status as statuses
from khuyencong.ui import widgets
from khuyencong.ui.listpage import ListPage
from khuyencong.vietnamese import codes, dates, money

register = template.Library()

EMPTY = "–"
ALERT_CLASSES = {
    constants.DEBUG: "secondary",
    constants.INFO: "info",
    constants.SUCCESS: "success",
    constants.WARNING: "warning",
    constants.ERROR: "danger",
}


@register.filter
def vnd(value: int | None) -> str:
    """1234567000 → 1.234.567.000; nothing → –."""
    return EMPTY if _is_blank(value) else money.format_vnd(value)


@register.filter
def million(value: int | None, digits: int = 1) -> str:
    """Whole đồng in triệu đồng: 2768900000 → 2.768,9."""
    return EMPTY if _is_blank(value) else money.format_million(value, digits)


@register.filter
def percent(numerator: int | None, denominator: int | None) -> str:
    """`{{ paid|percent:budget }}` → 73,5, without the sign; – when there is nothing to divide by."""
    if _is_blank(numerator) or not denominator:
        return EMPTY
    return money.format_percent(numerator, denominator)


@register.filter
def vn_date(value: datetime.date | None) -> str:
    return dates.format_date(value) if value else EMPTY


@register.filter
def vn_datetime(value: datetime.datetime | None) -> str:
    return dates.format_datetime(value) if value else EMPTY


@register.filter
def long_date(value: datetime.date | None) -> str:
    """ngày 05 tháng 02 năm 2026."""
    return dates.format_long_date(value) if value else EMPTY


@register.filter
def mask(value: str | None, keep: int = 3) -> str:
    """Personal numbers with only their last digits showing."""
    return codes.mask(str(value), keep) if value else EMPTY


@register.filter
def alert_class(message: Any) -> str:
    return ALERT_CLASSES.get(message.level, "info")


@register.filter
def is_current(item: Any) -> str:
    return "page" if item.active else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative picture from the vendored set; the words beside it carry the meaning."""
    return format_html(
        '<svg class="kc-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/bootstrap-icons/icons.svg"),
        name,
    )


@register.simple_tag
def sort_url(listing: ListPage, key: str) -> str:
    return listing.sort_url(key)


@register.simple_tag
def page_url(listing: ListPage, number: int) -> str:
    return listing.page_url(number)


@register.simple_tag
def widget(field: BoundField, **attrs: Any) -> SafeString:
    """Only the input, with its classes: for a place that draws label and errors itself."""
    return widgets.draw(field, _html_attrs(attrs))


@register.inclusion_tag("components/_field.html")
def field(
    field: BoundField,
    label: str | None = None,
    help: str | None = None,
    suffix: str = "",
    hide_label: bool = False,
    **attrs: Any,
) -> dict[str, Any]:
    """Label, input, help and errors of one form field.

    Further arguments become attributes of the input: `{% field form.x data_sum_row="1" %}` writes data-sum-row="1".
    """
    if help is not None:
        field.help_text = help
    return {
        "field": field,
        "input": widgets.draw(field, _html_attrs(attrs)),
        "label": field.label if label is None else label,
        "suffix": suffix,
        "hide_label": hide_label,
        "is_check": isinstance(field.field.widget, forms.CheckboxInput),
        "is_group": field.use_fieldset,
        "required_mark": field.field.required and not field.field.disabled,
        "describedby": widgets.describedby(field),
    }


@register.inclusion_tag("components/_form_errors.html")
def form_errors(form: forms.BaseForm, *formsets: forms.BaseFormSet) -> dict[str, Any]:
    """What is wrong with a form and its tables of rows, each line a link to its field."""
    lines: list[tuple[str, str, str]] = [("", "", str(error)) for error in form.non_field_errors()]
    lines += _field_error_lines(form)
    for formset in formsets:
        lines += [("", "", str(error)) for error in formset.non_form_errors()]
        for number, row in enumerate(formset.forms, 1):
            lines += [("", f"Dòng {number}", str(error)) for error in row.non_field_errors()]
            lines += [(target, f"Dòng {number}, {label}", text) for target, label, text in _field_error_lines(row)]
    return {"lines": lines}


@register.inclusion_tag("components/_status_badge.html")
def status_badge(value: object, label: str = "", tone: str = "") -> dict[str, str]:
    """`{% status_badge project.status project.get_status_display %}`."""
    return {"label": label or str(value), "tone": tone or statuses.tone_of(value)}


@register.inclusion_tag("components/_sort_header.html")
def sort_header(listing: ListPage, key: str, label: str, css: str = "") -> dict[str, Any]:
    """A `<th>` whose link sorts the list by that column."""
    return {"header": listing.sort_header(key), "label": label, "css": css, "target": listing.target}


def _is_blank(value: Any) -> bool:
    # A template gives "" for a name that it does not know.
    return value is None or value == ""


def _field_error_lines(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    return [
        ("" if bound.is_hidden else bound.id_for_label or bound.auto_id, str(bound.label), str(error))
        for bound in form
        for error in bound.errors
    ]


def _html_attrs(attrs: dict[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}

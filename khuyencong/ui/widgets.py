"""How a form field is drawn: Bootstrap's classes by kind of widget, chosen when the page is rendered."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

CHOICE_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
FRACTIONS = (forms.DecimalField, forms.FloatField)
FIGURES = (forms.IntegerField, *FRACTIONS)


def is_money(field: BoundField) -> bool:
    """Whether the field holds an amount of money, so that the page may group its digits while they are typed."""
    return field.field.__class__.__name__ == "VndField" or "data-money" in field.field.widget.attrs


def css_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CHOICE_LISTS):
        return "kc-choice-list"
    if isinstance(widget, forms.CheckboxInput):
        classes = ["form-check-input"]
    elif isinstance(widget, forms.Select):
        classes = ["form-select"]
    else:
        classes = ["form-control"]
        if is_money(field) or isinstance(field.field, FIGURES):
            classes.append("kc-figure")
    if field.errors:
        classes.append("is-invalid")
    return " ".join(classes)


def describedby(field: BoundField) -> str:
    """The ids of the help and the errors beside the field, in the order in which they should be read out."""
    ids = [f"{field.auto_id}_error"] if field.errors else []
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    return " ".join(ids)


def draw(field: BoundField, extra: dict[str, Any] | None = None) -> SafeString:
    """The widget as HTML, with what was typed, its classes and its ties to the help and the errors."""
    own = field.field.widget.attrs
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [own.get("class", ""), css_class(field)]))}
    attrs |= _money_attrs(field) if is_money(field) else {}
    if isinstance(field.field.widget, forms.Textarea) and str(own.get("rows", "10")) == "10":
        attrs["rows"] = 3
    if not field.use_fieldset and describedby(field):
        attrs["aria-describedby"] = describedby(field)
    return field.as_widget(_typed_widget(field), attrs=attrs | (extra or {}))


def _money_attrs(field: BoundField) -> dict[str, Any]:
    # No numeric keyboard: "6 tỷ 788,9 triệu" is a valid answer, on a phone too.
    unit = getattr(field.field, "unit", None)
    attrs: dict[str, Any] = {"data-money": "", "autocomplete": "off"}
    return attrs if unit is None else attrs | {"data-unit": unit.value}


def _typed_widget(field: BoundField) -> forms.Widget:
    """The field's widget; for a number, a text box: a browser drops what type=number cannot read ("1,5")."""
    widget = field.field.widget
    if type(widget) is not forms.NumberInput:
        return widget
    whole = isinstance(field.field, forms.IntegerField) and not isinstance(field.field, FRACTIONS)
    attrs = {name: value for name, value in widget.attrs.items() if name not in {"min", "max", "step"}}
    return forms.TextInput(attrs | {"inputmode": "numeric" if whole else "decimal", "autocomplete": "off"})

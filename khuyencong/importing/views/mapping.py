"""Saying what each column is, and which table of the file is meant."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from khuyencong.importing import policies
from khuyencong.importing.actions.mapping import settle_columns
from khuyencong.importing.actions.table import choose_table
from khuyencong.importing.fields import FieldKind
from khuyencong.importing.forms.mapping import MappingForm
from khuyencong.importing.forms.upload import TableForm
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.policies import ROOM, reason_against
from khuyencong.importing.presenting import masked_sample
from khuyencong.importing.queries import place_choices
from khuyencong.importing.reading.cells import column_name
from khuyencong.importing.settled import Settled, day_field_of, mapping_of
from khuyencong.importing.summary import left_out_rows
from khuyencong.importing.views.common import TABLE_JOB, by_job, check_now_or_later, is_long, load_own


@requires(*ROOM)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_map(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column is; sent, the rows are checked at once, or by a job when there are many."""
    batch = load_own(request, pk)
    user: Any = request.user
    if reason := reason_against(policies.check_can_map, user, batch):
        messages.error(request, reason)
        return redirect("importing:batch-detail", pk)
    form, status = _form(batch, user, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _settle(batch, form, user)
            except Refused as refusal:
                status = add_refusal(form, refusal)
    return _page(request, batch, form, TableForm(batch=batch), status=status)


def _form(batch: ImportBatch, user: Any, data: QueryDict | None = None) -> MappingForm:
    kind = policies.kind_of(batch)
    fields = kind.file_fields(user)
    places = place_choices(user) if any(one.kind is FieldKind.PLACE for one in fields) else []
    return MappingForm(data, batch=batch, import_fields=fields, places=places, day_field=day_field_of(kind, fields))


def _settle(batch: ImportBatch, form: MappingForm, user: Any) -> HttpResponse:
    settled = settle_columns(
        batch_id=batch.pk,
        kind=policies.kind_of(batch),
        columns=form.columns(),
        chosen=form.chosen(),
        version=form.cleaned_data["version"],
        by=user,
    )
    return check_now_or_later(settled, user, from_file=True)


@requires(*ROOM)
@require_POST
def batch_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Another sheet or header row."""
    batch = load_own(request, pk)
    user: Any = request.user
    form, status = TableForm(request.POST, batch=batch), 422
    if form.is_valid():
        try:
            return _choose(batch, form, user)
        except Refused as refusal:
            status = add_refusal(form, refusal)
    return _page(request, batch, _form(batch, user), form, status=status)


def _choose(batch: ImportBatch, form: TableForm, user: Any) -> HttpResponse:
    chosen = {
        "sheet_name": form.cleaned_data["sheet"],
        "header_row": form.cleaned_data["header_row"] or 0,
        "version": form.cleaned_data["version"],
    }
    policies.check_can_map(user, batch)
    if is_long(batch):
        return by_job(TABLE_JOB, f"Đọc lại tệp {batch.original_name}", user, batch_id=batch.pk, **chosen)
    choose_table(batch_id=batch.pk, kind=policies.kind_of(batch), by=user, **chosen)
    return redirect("importing:batch-map", batch.pk)


def _page(
    request: HttpRequest, batch: ImportBatch, form: MappingForm, table_form: TableForm, *, status: int
) -> HttpResponse:
    settled = Settled.from_json(batch.options)
    by_name = {one.name: one for one in form.import_fields}
    mapping = mapping_of(batch.columns)
    columns = [
        {
            "name": column_name(place),
            "label": label,
            "samples": [
                masked_sample(text, by_name.get(mapping.get(place, "")))
                for text in (settled.samples[place] if place < len(settled.samples) else ())
            ],
            "field": form[f"c{place}"],
        }
        for place, label in enumerate(batch.headers)
    ]
    options = [
        form[name] for name in ("unit", "dated_by", "day", "default_place", "default_year") if name in form.fields
    ]
    context = {
        "batch": batch,
        "kind": policies.kind_of(batch),
        "form": form,
        "table_form": table_form,
        "columns": columns,
        "options": options,
        "settled": settled,
        "left_out": left_out_rows(batch),
        "unclear": [column["name"] for column in columns if not column["field"].value() and column["label"]],
        "required": [one.label for one in form.import_fields if one.required],
    }
    return render(request, "importing/batch_map.html", context, status=status)


@requires(*ROOM)
@require_POST
def batch_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """All kept rows once more: after corrections of a long file, or when the portal's data has moved on."""
    batch = load_own(request, pk)
    user: Any = request.user
    try:
        policies.check_can_correct(user, batch)
        return check_now_or_later(batch, user, from_file=False)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("importing:batch-detail", pk)

"""Correcting one row."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from khuyencong.importing import policies
from khuyencong.importing.actions.correct import correct_row
from khuyencong.importing.fields import FieldKind
from khuyencong.importing.forms.row import RowForm
from khuyencong.importing.models import ImportBatch, ImportRow, RowVerdict
from khuyencong.importing.policies import ROOM, reason_against
from khuyencong.importing.presenting import Presenter
from khuyencong.importing.settled import mapping_of
from khuyencong.importing.views.common import is_long, load_own


@requires(*ROOM)
@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What stands in place of the row's cells; sent, the row is judged again."""
    batch = load_own(request, pk)
    user: Any = request.user
    row = get_object_or_404(batch.rows.all(), number=number)
    if reason := reason_against(policies.check_can_correct, user, batch):
        messages.error(request, reason)
        return redirect("importing:batch-detail", pk)
    kind = policies.kind_of(batch)
    fields = kind.file_fields(user)
    form, status = _form(request, batch, row, fields), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = correct_row(
                    batch_id=pk,
                    number=number,
                    kind=kind,
                    fixes=form.fixes(),
                    version=form.cleaned_data["version"],
                    by=user,
                    everywhere=form.cleaned_data.get("everywhere", False),
                )
                return _after(request, batch, row)
            except Refused as refusal:
                status = add_refusal(form, refusal)
    return _page(request, batch, row, form, status=status)


def _form(request: HttpRequest, batch: ImportBatch, row: ImportRow, fields: Any) -> RowForm:
    return RowForm(
        request.POST if request.method == "POST" else None,
        row=row,
        import_fields=fields,
        mapping=mapping_of(batch.columns),
        version=batch.version,
        may_repeat=not is_long(batch),
    )


def _after(request: HttpRequest, batch: ImportBatch, row: ImportRow) -> HttpResponse:
    """On to the next row that is refused; to this one again while it is not good."""
    if row.verdict == RowVerdict.REFUSED:
        messages.warning(request, f"Đã lưu dòng {row.number} nhưng vẫn còn chỗ cần sửa, xem bên dưới.")
        return redirect("importing:row-edit", batch.pk, row.number)
    messages.success(request, f"Đã sửa dòng {row.number}: {row.get_verdict_display() or 'chờ kiểm tra lại'}.")
    left = batch.rows.filter(verdict=RowVerdict.REFUSED)
    following = left.filter(number__gt=row.number).order_by("number").first() or left.order_by("number").first()
    if following is not None:
        return redirect("importing:row-edit", batch.pk, following.number)
    return redirect(reverse("importing:batch-detail", args=[batch.pk]))


def _page(request: HttpRequest, batch: ImportBatch, row: ImportRow, form: RowForm, *, status: int) -> HttpResponse:
    presenter = Presenter(batch, form.import_fields, [row])
    entries: list[dict[str, Any]] = []
    shown = presenter.row(row, form.import_fields)
    for one, cell in zip(form.import_fields, shown.cells, strict=True):
        bound = [form[name] for name in (f"p_{one.name}", f"t_{one.name}") if name in form.fields]
        entries.append({"cell": cell, "fields": bound})
    known = {one.label for one in form.import_fields}
    context = {
        "batch": batch,
        "row": row,
        "shown": shown,
        "form": form,
        "name": next((cell.read for cell in shown.cells if cell.label == _first_text(form)), ""),
        "of_row": [message for label, message in shown.reasons if label not in known],
        "troubled": [entry for entry in entries if entry["cell"].problems],
        "others": [entry for entry in entries if not entry["cell"].problems],
        "refused": batch.counts.get(RowVerdict.REFUSED.value, 0),
    }
    return render(request, "importing/row_edit.html", context, status=status)


def _first_text(form: RowForm) -> str:
    """What a row is called by: the first text that every row must have."""
    texts = (one for one in form.import_fields if one.required and one.kind is FieldKind.TEXT and not one.is_personal)
    return next((one.label for one in texts), "")

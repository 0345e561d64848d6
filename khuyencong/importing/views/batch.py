"""Batches: the list, sending a file in, what came of its rows."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from khuyencong.importing import policies
from khuyencong.importing.actions.upload import upload_batch
from khuyencong.importing.forms.upload import LIMITS, UploadForm
from khuyencong.importing.kinds import find_kind, kinds_for
from khuyencong.importing.models import BatchState, ImportBatch
from khuyencong.importing.policies import ROOM, is_unread, reason_against
from khuyencong.importing.presenting import (
    STATE_TONES,
    VERDICTS,
    WAITING_KEY,
    Presenter,
    count_tiles,
    counts_line,
)
from khuyencong.importing.queries import batches_for
from khuyencong.importing.settled import Settled
from khuyencong.importing.summary import left_out_rows, reading_told
from khuyencong.importing.views.common import load_batch, load_kind, load_own, read_later
from khuyencong.ui.listpage import Filter, ListPage, render_list

ROWS_A_PAGE = 50


@requires(*ROOM)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    kinds = [(kind.slug, kind.label) for kind in kinds_for(user)]
    listing = ListPage(
        request,
        batches_for(user),
        search_fields=(),
        filters=[
            Filter("loai", "Loại dữ liệu", kinds, "kind"),
            Filter("trang_thai", "Trạng thái", BatchState.choices, "state"),
        ],
        noun="lần nhập",
    )
    labels = dict(kinds)
    shown = [(batch, labels[batch.kind], STATE_TONES[batch.state], counts_line(batch)) for batch in listing.page_obj]
    context = {"listing": listing, "shown": shown, "can_import": bool(kinds)}
    return render_list(request, "importing/batch_list.html", "importing/_batch_table.html", context)


@requires(*ROOM)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_create(request: HttpRequest) -> HttpResponse:
    """Choose the kind, take its template, send the file in."""
    user: Any = request.user
    kinds = list(kinds_for(user))
    status = 200
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kinds=kinds)
        status = 422
        if form.is_valid():
            kind = load_kind(user, form.cleaned_data["kind"])
            try:
                batch = upload_batch(kind=kind, upload=form.cleaned_data["file"], by=user)
                return read_later(batch, user) if is_unread(batch) else redirect("importing:batch-map", batch.pk)
            except Refused as refusal:
                status = add_refusal(form, refusal)
    else:
        form = UploadForm(kinds=kinds, initial={"kind": request.GET.get("kind") or request.GET.get("loai", "")})
    context = {"form": form, "kinds": kinds, "limits": LIMITS}
    return render(request, "importing/batch_create.html", context, status=status)


@requires(*ROOM)
@require_safe
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of each row, and what may be done next."""
    batch = load_batch(request, pk)
    user: Any = request.user
    kind = find_kind(batch.kind)
    assert kind is not None  # `load_batch` knows only kinds that there are
    listing = _rows(request, batch)
    rows = list(listing.page_obj)
    all_fields = kind.file_fields(user)
    presenter = Presenter(batch, all_fields, rows)
    fields = presenter.shown_fields(rows)
    context = _buttons(user, batch) | {
        "batch": batch,
        "kind": kind,
        "tone": STATE_TONES[batch.state],
        "tiles": count_tiles(batch),
        "chosen": request.GET.get("ket_qua", ""),
        "listing": listing,
        "fields": fields,
        "rows": [presenter.row(row, fields) for row in rows],
        "settled": Settled.from_json(batch.options),
        "is_unread": is_unread(batch),
        "left_out": left_out_rows(batch),
        "reading": reading_told(batch, kind, all_fields) if not is_unread(batch) else [],
    }
    return render_list(request, "importing/batch_detail.html", "importing/_row_table.html", context)


@requires(*ROOM)
@require_POST
def batch_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Once more, where the job that was to read the file came to no end."""
    batch = load_own(request, pk)
    user: Any = request.user
    if reason := reason_against(policies.check_can_read, user, batch):
        messages.error(request, reason)
        return redirect("importing:batch-detail", pk)
    return read_later(batch, user)


def _rows(request: HttpRequest, batch: ImportBatch) -> ListPage:
    def of_verdict(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(verdict="" if value == WAITING_KEY else value)

    choices = [(verdict or WAITING_KEY, label) for verdict, (label, _, _) in VERDICTS.items()]
    return ListPage(
        request,
        batch.rows.all() if batch.state != BatchState.READ else batch.rows.none(),
        search_fields=(),
        filters=[Filter("ket_qua", "Kết quả", choices, of_verdict)],
        page_size=ROWS_A_PAGE,
        noun="dòng",
    )


def _buttons(user: Any, batch: ImportBatch) -> dict[str, Any]:
    """What may be done, and why not where a person would ask."""
    is_own = not reason_against(policies.check_can_work, user, batch)
    return {
        "is_own": is_own,
        "can_read": not reason_against(policies.check_can_read, user, batch),
        "can_map": not reason_against(policies.check_can_map, user, batch),
        "can_correct": not reason_against(policies.check_can_correct, user, batch),
        "can_apply": not reason_against(policies.check_can_apply, user, batch, only_good=True),
        "apply_reason": reason_against(policies.check_can_apply, user, batch, only_good=True) if is_own else "",
        "can_undo": not reason_against(policies.check_can_undo, user, batch),
        "waiting": batch.counts.get(policies.WAITING, 0),
        "refused": batch.counts.get("refused", 0),
        "duplicates": batch.counts.get("duplicate", 0),
    }

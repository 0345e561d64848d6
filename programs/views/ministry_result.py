"""A batch, project by project, and what the Ministry answered on each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.ui.listpage import Filter, ListPage
from programs import policies
from programs.actions.ministry import correct_result, record_results
from programs.forms.ministry import MinistryCorrectionForm, MinistryResultForm
from programs.forms.project_bulk import TICK, read_ticks
from programs.models import MinistryBatch, MinistryBatchProject, MinistryResult
from programs.queries.ministry import RESULT_CHOICES, batch_rows, entry_rows, with_result
from programs.views.project_page import acting_user
from programs.views.refusals import page_status, reason_against, refuse_move
from programs.views.registers import history_of, submit
from programs.workflow import Status

PAGE_SIZE = 50


@requires(Permission.PROJECT_VIEW)
@require_safe
def ministry_batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _load(request, pk)
    return _page(request, batch, MinistryResultForm(), {}, status=200)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def ministry_result(request: HttpRequest, pk: int) -> HttpResponse:
    """One document of the Ministry for the ticked projects; ticks and typed text are kept when it is refused."""
    user, batch = acting_user(request), _load(request, pk)
    if request.method != "POST":
        return redirect("programs:ministry-batch-detail", pk=pk)
    ticks, form = read_ticks(request.POST.getlist(TICK)), MinistryResultForm(request.POST)
    done, status = submit(form, lambda: record_results(batch_id=pk, versions=ticks, answer=form.answer(), by=user))
    if done is None:
        return _page(request, batch, form, ticks, status=status)
    label = MinistryResult(form.cleaned_data["result"]).label
    messages.success(request, f"Đã ghi “{label}” cho {len(done)} đề án.")
    return redirect("programs:ministry-batch-detail", pk=pk)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def ministry_result_correct(request: HttpRequest, pk: int, project_pk: int) -> HttpResponse:
    user, batch = acting_user(request), _load(request, pk)
    entry = get_object_or_404(entry_rows(user, batch), project_id=project_pk)
    project, status = entry.project, 200
    form = MinistryCorrectionForm(
        request.POST if request.method == "POST" else None,
        initial={
            "version": project.version,
            "result": entry.result,
            "document_number": entry.result_number,
            "document_date": entry.result_date,
        },
    )
    if request.method == "POST":
        done, status = _correct(form, entry, user)
        if done:
            messages.success(request, f"Đã sửa kết quả của {project.code}.")
            return redirect("programs:ministry-batch-detail", pk=pk)
    closed = reason_against(policies.check_can_correct_ministry_result, user, entry, project)
    context = {"form": form, "batch": batch, "entry": entry, "closed": closed}
    status = page_status(status, closed)
    return render(request, "programs/ministry_result_correct.html", context, status=status)


def _correct(form: MinistryCorrectionForm, entry: MinistryBatchProject, user: User) -> tuple[bool, int]:
    if not form.is_valid():
        return False, 422
    version = form.cleaned_data["version"]
    try:
        correct_result(entry_id=entry.pk, version=version, answer=form.answer(), by=user)
    except Refused as refusal:
        entry.refresh_from_db()
        return False, refuse_move(form, refusal, entry.project.version)
    return True, 302


def _load(request: HttpRequest, pk: int) -> MinistryBatch:
    """The batch with its counts. Errors: Http404 when the user may not see it."""
    rows = batch_rows(acting_user(request)).select_related("organisation", "recorded_by")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest,
    batch: MinistryBatch,
    form: MinistryResultForm,
    ticks: dict[int, int],
    *,
    status: int,
) -> HttpResponse:
    user = acting_user(request)
    listing = ListPage(
        request,
        entry_rows(user, batch),
        search_fields=("project__folded",),
        filters=(Filter("ket_qua", "Kết quả", RESULT_CHOICES, with_result),),
        sorts={"ma": ("project__code",), "ten": ("project__sort_key",), "ket-qua": ("result", "project__code")},
        default_sort="ma",
        page_size=PAGE_SIZE,
        target="",
        noun="đề án trong đợt",
        search_label="Tìm theo mã, tên đề án",
    )
    listing.path = reverse("programs:ministry-batch-detail", args=[batch.pk])
    may_record = policies.allowed(policies.check_can_record_ministry_result, user, batch)
    context: dict[str, Any] = {
        "batch": batch,
        "listing": listing,
        "rows": [_row(entry, may_record) for entry in listing.page_obj],
        "form": form if may_record and batch.waiting_count else None,  # type: ignore[attr-defined]
        "ticks": ticks,
        "tick": TICK,
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
        "history": history_of(batch, user),
    }
    return render(request, "programs/ministry_batch_detail.html", context, status=status)


def _row(entry: MinistryBatchProject, may_record: bool) -> dict[str, Any]:
    """What may be done with an entry: tick it while it waits, correct an agreement not yet approved on."""
    is_there = entry.project.state is Status.SENT_TO_MINISTRY
    return {
        "entry": entry,
        "waits": may_record and is_there and not entry.result,
        "may_correct": may_record and is_there and entry.result == MinistryResult.AGREED,
    }

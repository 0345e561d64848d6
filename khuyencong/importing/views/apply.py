"""Writing a batch and taking it back: a page that says what will happen, and the press."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import VersionForm, add_refusal
from khuyencong.importing import policies
from khuyencong.importing.actions.apply import apply_batch, undo_batch
from khuyencong.importing.checking import DIRECT_ROWS
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.policies import ROOM, reason_against
from khuyencong.importing.presenting import count_tiles
from khuyencong.importing.views.common import APPLY_JOB, UNDO_JOB, by_job, is_long, load_own

ONLY_GOOD = "dong-dung"


@requires(*ROOM)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows, or (pressed with `do=dong-dung`) those that are not refused."""
    batch = load_own(request, pk)
    user: Any = request.user
    only_good = request.POST.get("do") == ONLY_GOOD
    if reason := reason_against(policies.check_can_apply, user, batch, only_good=True):
        messages.error(request, reason)
        return redirect("importing:batch-detail", pk)
    form, status = VersionForm(request.POST or None, initial={"version": batch.version}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _apply(request, batch, only_good, form.cleaned_data["version"])
            except Refused as refusal:
                status = add_refusal(form, refusal)
    context = {
        "batch": batch,
        "kind": policies.kind_of(batch),
        "form": form,
        "tiles": count_tiles(batch),
        "refused": batch.counts.get("refused", 0),
        "duplicates": batch.counts.get("duplicate", 0),
        "written": sum(batch.counts.get(verdict, 0) for verdict in policies.WRITTEN),
        "only_good": ONLY_GOOD,
        "can_apply_all": not reason_against(policies.check_can_apply, user, batch, only_good=False),
        "is_long": is_long(batch),
    }
    return render(request, "importing/batch_apply.html", context, status=status)


def _apply(request: HttpRequest, batch: ImportBatch, only_good: bool, version: int) -> HttpResponse:
    user: Any = request.user
    policies.check_can_apply(user, batch, only_good=only_good)
    if is_long(batch):
        title = f"Ghi dữ liệu từ tệp {batch.original_name}"
        return by_job(APPLY_JOB, title, user, batch_id=batch.pk, only_good=only_good, version=version)
    apply_batch(batch_id=batch.pk, only_good=only_good, version=version, by=user)
    messages.success(request, "Đã ghi dữ liệu vào cổng. Nếu nhầm tệp, có thể hoàn lại ở trang này.")
    return redirect("importing:batch-detail", batch.pk)


@requires(*ROOM)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = load_own(request, pk)
    user: Any = request.user
    if reason := reason_against(policies.check_can_undo, user, batch):
        messages.error(request, reason)
        return redirect("importing:batch-detail", pk)
    written = batch.objects_written.order_by("pk")
    count, added = written.count(), written.filter(before={}).count()
    form, status = VersionForm(request.POST or None, initial={"version": batch.version}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _undo(request, batch, form.cleaned_data["version"], count)
            except Refused as refusal:
                status = add_refusal(form, refusal)
    kind = policies.kind_of(batch)
    context = {
        "batch": batch,
        "kind": kind,
        "form": form,
        "hanging": kind.dependants(list(written)) if count <= DIRECT_ROWS else [],  # of a long one the job says it
        "is_long": count > DIRECT_ROWS,
        "added": added,
        "changed": count - added,
    }
    return render(request, "importing/batch_undo.html", context, status=status)


def _undo(request: HttpRequest, batch: ImportBatch, version: int, count: int) -> HttpResponse:
    user: Any = request.user
    if count > DIRECT_ROWS:
        title = f"Hoàn lại dữ liệu của tệp {batch.original_name}"
        return by_job(UNDO_JOB, title, user, batch_id=batch.pk, version=version)
    undo_batch(batch_id=batch.pk, version=version, by=user)
    messages.success(request, "Đã hoàn lại: dữ liệu mới thêm đã bỏ, dữ liệu đã sửa trở về như trước khi ghi.")
    return redirect("importing:batch-detail", batch.pk)

"""What the pages of a batch share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from khuyencong.accounts.models import User
from khuyencong.errors import NotAllowed
from khuyencong.importing import policies
from khuyencong.importing.actions.check import check_batch
from khuyencong.importing.checking import DIRECT_ROWS
from khuyencong.importing.kinds import ImportKind, find_kind
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.queries import batches_for
from khuyencong.importing.settled import Settled
from khuyencong.jobs.actions import start_job

READ_JOB, TABLE_JOB, CHECK_JOB = "import-read", "import-table", "import-check"
APPLY_JOB, UNDO_JOB, EXPORT_JOB = "import-apply", "import-undo", "import-export"


def load_batch(request: HttpRequest, pk: int) -> ImportBatch:
    """Errors: 404 for a batch of another area or of a kind that the person may not bring in."""
    user: Any = request.user
    batch: ImportBatch = get_object_or_404(batches_for(user), pk=pk)
    return batch


def load_own(request: HttpRequest, pk: int) -> ImportBatch:
    """A batch of the person's own office. Errors: 404, and 403 for that of another office of the area."""
    batch = load_batch(request, pk)
    user: Any = request.user
    try:
        policies.check_can_work(user, batch)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    return batch


def load_kind(user: User, slug: str) -> ImportKind:
    """Errors: 404 for a kind that nobody knows, 403 for one that the person may not bring in."""
    kind = find_kind(slug)
    if kind is None:
        raise Http404("Không có loại dữ liệu này.")
    try:
        policies.check_can_import(user, kind)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    return kind


def is_long(batch: ImportBatch) -> bool:
    """Whether its rows are worked on by a job."""
    return Settled.from_json(batch.options).row_count > DIRECT_ROWS


def check_now_or_later(batch: ImportBatch, user: User, *, from_file: bool) -> HttpResponse:
    """A short batch at once, a long one by a job; to the page that shows what came of it. Errors: Refused."""
    if not is_long(batch):
        check_batch(batch_id=batch.pk, by=user, from_file=from_file)
        return redirect("importing:batch-detail", batch.pk)
    return by_job(CHECK_JOB, f"Kiểm tra tệp {batch.original_name}", user, batch_id=batch.pk, from_file=from_file)


def read_later(batch: ImportBatch, user: User) -> HttpResponse:
    return by_job(READ_JOB, f"Đọc tệp {batch.original_name}", user, batch_id=batch.pk)


def by_job(kind: str, title: str, user: User, **arguments: Any) -> HttpResponse:
    return redirect("jobs:job-detail", start_job(kind=kind, title=title, arguments=arguments, by=user).pk)

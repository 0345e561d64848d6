"""One's own long work: the list, the page that shows how far a job is, its result."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from khuyencong.jobs.actions import take_result
from khuyencong.jobs.models import Job
from khuyencong.jobs.queue import is_overdue
from khuyencong.jobs.runner import launch
from khuyencong.ui.listpage import ListPage, render_list


@requires(Permission.HOME)
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    listing = ListPage(request, Job.objects.visible_to(request.user), search_fields=(), noun="việc")
    context = {"listing": listing, "keep_days": settings.JOBS_KEEP_DAYS}
    return render_list(request, "jobs/job_list.html", "jobs/_job_table.html", context)


@requires(Permission.HOME)
@require_safe
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page asks for its fragment again until the job has ended; without JavaScript a link loads it again."""
    job = _own(request, pk)
    if is_overdue(job, timezone.now()):
        launch()  # nobody was there to pass the place on: whoever looks at it does
        job = _own(request, pk)
    context = {"job": job, "ahead": _ahead(job), "keep_days": settings.JOBS_KEEP_DAYS}
    return render_list(request, "jobs/job_detail.html", "jobs/_job_progress.html", context)


@requires(Permission.HOME)
@require_safe
def job_download(request: HttpRequest, pk: int) -> FileResponse:
    """Errors: 403 when the right to such a file was lost, 404 when there is none."""
    job, user = _own(request, pk), request.user
    try:
        take_result(job=job, by=user)  # type: ignore[arg-type]
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        raise Http404(refusal.message) from refusal
    try:
        stream = job.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Tệp kết quả không còn.") from error
    return FileResponse(stream, as_attachment=True, filename=job.file_name)


def _own(request: HttpRequest, pk: int) -> Job:
    jobs: Any = Job.objects.visible_to(request.user)
    job: Job = get_object_or_404(jobs, pk=pk)
    return job


def _ahead(job: Job) -> int:
    """How many jobs of the portal come before this one; asked only while it waits."""
    if job.is_finished or job.started_at:
        return 0
    return Job.objects.unfinished().filter(created_at__lt=job.created_at).count()

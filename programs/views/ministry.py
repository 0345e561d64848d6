"""Pages of batches sent to the Ministry: what was sent, what is to be sent, the list for signature."""

from dataclasses import dataclass
from typing import IO

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.excel.response import workbook_response
from khuyencong.excel.workbook import write_workbook
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs import policies
from programs.actions.ministry import BATCH_LIMIT, send_batch
from programs.checks import problems_before
from programs.forms.ministry import MinistryBatchForm
from programs.forms.project_bulk import TICK, read_ticks
from programs.ministry_table import batch_table
from programs.models import MinistryBatch, Project
from programs.queries.dossier import read_together
from programs.queries.ministry import (
    batch_rows,
    batch_years,
    entry_rows,
    newest_batch_id,
    waiting_to_be_sent,
    years_to_send,
)
from programs.queries.project import place_choices, within_place
from programs.views.project_page import acting_user, load_project
from programs.views.registers import submit
from programs.workflow import Action, Status, Track

PAGE_SIZE = 100


@dataclass(frozen=True)
class Foreseen:
    """A ticked project, and every reason why it cannot go with this batch."""

    project: Project
    problems: tuple[str, ...]


@requires(Permission.PROJECT_VIEW)
@require_safe
def ministry_batch_list(request: HttpRequest) -> HttpResponse:
    user = acting_user(request)
    listing = ListPage(
        request,
        batch_rows(user),
        search_fields=(),
        filters=(Filter("nam", "Năm kế hoạch", lambda: batch_years(user), "year"),),
        sorts={"ngay": ("document_date",), "nam": ("year", "document_date")},
        default_sort="-ngay",
        noun="đợt gửi Bộ",
    )
    context = {"listing": listing, "may_send": user.has_permission(Permission.PROJECT_APPRAISE)}
    page, table = "programs/ministry_batch_list.html", "programs/_ministry_batch_table.html"
    return render_list(request, page, table, context)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def ministry_batch_create(request: HttpRequest) -> HttpResponse:
    """Without ticks the projects to choose from, with ticks what would be sent; `do` sends."""
    user = acting_user(request)
    sent = request.POST if request.method == "POST" else request.GET
    ticks = read_ticks(sent.getlist(TICK))
    if len(ticks) > BATCH_LIMIT:
        messages.error(request, f"Mỗi đợt gửi tối đa {BATCH_LIMIT} đề án. Hãy đánh dấu ít hơn.")
    elif ticks:
        return _check(request, user, ticks)
    elif request.method == "POST":
        messages.error(request, "Chưa đánh dấu đề án nào.")
    return _choose(request, user)


def _choose(request: HttpRequest, user: User) -> HttpResponse:
    """A year is always chosen while there are projects: a batch is of one plan year."""
    years = years_to_send(user)
    if request.method == "POST" or (years and request.GET.get("nam") not in {str(year) for year in years}):
        address = reverse("programs:ministry-batch-create")
        year = request.GET.get("nam") or (years[0] if years else "")
        return redirect(f"{address}?nam={year}")
    listing = ListPage(
        request,
        waiting_to_be_sent(user),
        ranked_fields=("name", "code"),
        filters=(
            Filter("nam", "Năm kế hoạch", [(year, str(year)) for year in years], "year", empty_label="Mới nhất"),
            Filter("dia_ban", "Địa bàn", lambda: place_choices(user), within_place),
        ),
        sorts={"ma": ("code",), "ten": ("sort_key",), "dia-ban": ("place__sort_key", "code")},
        default_sort="ma",
        page_size=PAGE_SIZE,
        noun="đề án chờ gửi Bộ",
        search_label="Tìm theo mã, tên đề án",
    )
    context = {"listing": listing, "tick": TICK, "limit": BATCH_LIMIT}
    page, table = "programs/ministry_batch_choose.html", "programs/_ministry_choose_table.html"
    return render_list(request, page, table, context)


def _check(request: HttpRequest, user: User, ticks: dict[int, int]) -> HttpResponse:
    sending, status = "do" in request.POST, 200
    form = MinistryBatchForm(request.POST) if sending else MinistryBatchForm(initial=request.POST.dict())
    if sending:
        batch, status = submit(
            form,
            lambda: send_batch(versions=ticks, by=user, paper=form.paper(), note=form.cleaned_data["note"]),
        )
        if batch is not None:
            messages.success(request, f"Đã gửi {len(ticks)} đề án lên Bộ theo công văn {batch}.")
            return redirect("programs:ministry-batch-detail", pk=batch.pk)
    found = Project.objects.visible_to(user).filter(pk__in=ticks).select_related("place")
    projects = list(found.order_by("code", "pk"))
    foreseen = _foresee(projects, user)
    good = [one.project for one in foreseen if not one.problems]
    context = {
        "form": form,
        "foreseen": foreseen,
        "good": len(good),
        "year": good[0].year if good else None,
        "target": Status.SENT_TO_MINISTRY,
        "missing": len(ticks) - len(projects),
        "tick": TICK,
    }
    return render(request, "programs/ministry_batch_check.html", context, status=status)


def _foresee(projects: list[Project], user: User) -> list[Foreseen]:
    """What sending would do to each, changing nothing; the batch is of the newest year that can be sent."""
    with read_together(projects):
        reasons = {project.pk: _reasons(project, user) for project in projects}
    years = [project.year for project in projects if not reasons[project.pk]]
    year = max(years, default=0)
    for project in projects:
        if not reasons[project.pk] and project.year != year:
            text = f"Đề án của năm kế hoạch {project.year}; đợt này gửi năm {year}. Hãy gửi ở một đợt khác."
            reasons[project.pk] = (text,)
    return [Foreseen(project, reasons[project.pk]) for project in projects]


def _reasons(project: Project, user: User) -> tuple[str, ...]:
    try:
        # The area has been asked about in loading the projects, all of them at once.
        transition = policies.check_move_exists(project, Action.SEND_TO_MINISTRY)
        policies.check_permission(user, transition.permission)
    except Refused as refusal:
        return tuple(refusal.message.split("\n"))
    return tuple(problems_before(Action.SEND_TO_MINISTRY, project))


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_ministry(request: HttpRequest, pk: int) -> HttpResponse:
    """From a project to where it is sent up, or to the batch that it was sent in last."""
    user, project = acting_user(request), load_project(request, pk)
    waits = project.state is Status.APPRAISED and project.track_kind is Track.NATIONAL
    if waits and user.has_permission(Permission.PROJECT_APPRAISE):
        return redirect(f"{reverse('programs:ministry-batch-create')}?{TICK}={project.pk}-{project.version}")
    batch_id = newest_batch_id(user, project)
    if batch_id is not None:
        return redirect("programs:ministry-batch-detail", pk=batch_id)
    messages.error(request, f"Đề án {project.code} chưa nằm trong đợt gửi Bộ nào.")
    return redirect("programs:project-detail", pk=pk)


@requires(Permission.REPORT_EXPORT)
@require_safe
def ministry_batch_export(request: HttpRequest, pk: int) -> FileResponse:
    """The list of the batch as a workbook for signature."""
    user = acting_user(request)
    batch = get_object_or_404(MinistryBatch.objects.visible_to(user).select_related("organisation"), pk=pk)
    entries = entry_rows(user, batch).select_related("project__support_item", "project__implementer")
    rows = list(entries.annotate(participant_count=Count("project__participants")))
    table = batch_table(batch, rows, user)

    def write(stream: IO[bytes]) -> None:
        write_workbook([table], stream=stream)

    return workbook_response(write, filename=f"Danh-muc-gui-Bo-{batch.year}-{batch.document_date:%Y-%m-%d}.xlsx")

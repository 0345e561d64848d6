"""Pages of a council's session: agenda, who was there, closing."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.ui.listpage import Filter, ListPage
from programs.actions import council_session as actions
from programs.actions.council_close import close_session
from programs.actions.project import Paper
from programs.council_policies import check_can_change_session
from programs.forms.council import AgendaAddForm, AttendanceForm, CouncilSessionForm, SessionCloseForm
from programs.models import CouncilSession
from programs.policies import allowed
from programs.queries.council import agenda_rows, candidates, readiness, visible_sessions
from programs.views.council import FORM_PAGE, council_form_context, load_council, press
from programs.views.project_page import acting_user
from programs.views.refusals import reason_against, refuse_move
from programs.views.registers import history_of, submit
from programs.workflow import TRACK_CHOICES


@requires(Permission.PROJECT_VIEW)
@require_safe
def council_session_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, session = acting_user(request), load_session(request, pk)
    may_edit = allowed(check_can_change_session, user, session)
    listing = ListPage(request, agenda_rows(session), search_fields=(), target="", noun="đề án")
    context = session_context(session) | {
        "listing": listing,
        "attendance": session.attendance.select_related("member"),
        "may_edit": may_edit,
        "readiness": readiness(session) if may_edit else None,
        "history": history_of(session, user),
    }
    return render(request, "programs/council_session_detail.html", context)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_session_create(request: HttpRequest, pk: int) -> HttpResponse:
    user, council, status = acting_user(request), load_council(request, pk), 200
    form = CouncilSessionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.open_session(council_id=pk, **form.values(), by=user))
        if saved is not None:
            messages.success(request, "Đã mở phiên họp. Tiếp theo: chọn đề án đưa vào chương trình.")
            return redirect("programs:council-session-agenda", pk=saved.pk)
    page = council_form_context(council, form, "Mở phiên họp", "Mở phiên họp")
    return render(request, FORM_PAGE, page, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, session, status = acting_user(request), load_session(request, pk), 200
    form = CouncilSessionForm(request.POST if request.method == "POST" else None, edited=session)
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_session(session_id=pk, values=form.values(), by=user, version=version)
        )
        if saved is not None:
            messages.success(request, "Đã lưu phiên họp.")
            return redirect("programs:council-session-detail", pk=pk)
    elif away := turned_away(request, session):
        return away
    page = session_context(session) | {"form": form, "title": "Sửa phiên họp", "button": "Ghi phiên họp"}
    return render(request, FORM_PAGE, page | {"back": session_address(session)}, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_session_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Projects to choose from, and those ticked put on the agenda."""
    user, session, status = acting_user(request), load_session(request, pk), 200
    form = AgendaAddForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        saved, status = submit(form, partial(_add, session, form, user))
        if saved is not None:
            messages.success(request, f"Đã đưa {saved} đề án vào phiên họp.")
            return redirect("programs:council-session-detail", pk=pk)
    elif away := turned_away(request, session):
        return away
    context = session_context(session) | {"form": form, "listing": _candidates(request, session)}
    return render(request, "programs/council_session_agenda.html", context, status=status)


def _add(session: CouncilSession, form: AgendaAddForm, user: Any) -> int:
    chosen = [project.pk for project in form.cleaned_data["projects"]]
    return actions.add_to_agenda(session_id=session.pk, project_ids=chosen, by=user)


def _candidates(request: HttpRequest, session: CouncilSession) -> ListPage:
    rows = candidates(acting_user(request), session).select_related("place", "support_item")
    return ListPage(
        request,
        rows.defer("objective", "note"),
        ranked_fields=("name", "code"),
        filters=(Filter("cap", "Cấp khuyến công", TRACK_CHOICES, "track"),),
        sorts={"cho": ("status_at",), "ma": ("code",), "ten": ("sort_key",)},
        default_sort="cho",
        target="",
        noun="đề án chờ thẩm định",
        search_label="Tìm theo mã, tên đề án",
    )


@requires(Permission.PROJECT_APPRAISE)
@require_POST
def council_session_agenda_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    session = load_session(request, pk)
    item = get_object_or_404(session.agenda, pk=item_pk)
    act = partial(actions.remove_from_agenda, item_id=item.pk, by=acting_user(request))
    press(request, act, "Đã bỏ {} khỏi chương trình phiên họp.")
    return redirect("programs:council-session-detail", pk=pk)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_session_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    user, session, status = acting_user(request), load_session(request, pk), 200
    form = AttendanceForm(request.POST if request.method == "POST" else None, session=session)
    if request.method == "POST":
        version = request.POST.get("version", "")
        _, status = submit(
            form,
            lambda: actions.record_attendance(session_id=pk, present=form.present(), by=user, version=version),
        )
        if status == 302:
            messages.success(request, "Đã ghi thành viên có mặt. Tiếp theo: mở từng đề án để ghi phiếu và kết luận.")
            return redirect("programs:council-session-detail", pk=pk)
    elif away := turned_away(request, session):
        return away
    page = session_context(session) | {"form": form, "title": "Thành viên có mặt", "button": "Ghi có mặt"}
    return render(request, FORM_PAGE, page | {"back": session_address(session)}, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_session_close(request: HttpRequest, pk: int) -> HttpResponse:
    session, status = load_session(request, pk), 200
    posted = request.POST if request.method == "POST" else None
    form = SessionCloseForm(posted, initial={"version": session.version, "minutes_date": session.held_on})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _close(request, session, form.cleaned_data)
            except Refused as refusal:
                session = load_session(request, pk)
                status = refuse_move(form, refusal, session.version)
            else:
                messages.success(request, "Đã kết thúc phiên họp; các đề án đã chuyển theo kết luận.")
                return redirect("programs:council-session-detail", pk=pk)
    elif away := turned_away(request, session):
        return away
    told = form.is_bound and form.non_field_errors()
    context = session_context(session) | {"form": form, "readiness": None if told else readiness(session)}
    context["agenda"] = agenda_rows(session)
    return render(request, "programs/council_session_close.html", context, status=status)


def _close(request: HttpRequest, session: CouncilSession, data: dict[str, Any]) -> None:
    minutes = Paper(data["minutes_number"], data["minutes_date"])
    close_session(session_id=session.pk, minutes=minutes, by=acting_user(request), version=data["version"])


def load_session(request: HttpRequest, pk: int) -> CouncilSession:
    """Errors: Http404 when the user may not see it."""
    sessions = visible_sessions(acting_user(request)).select_related("council__organisation", "closed_by")
    return get_object_or_404(sessions, pk=pk)


def session_context(session: CouncilSession) -> dict[str, Any]:
    """What the head of every page of a session shows."""
    return {"session": session, "council": session.council, "today": timezone.localdate()}


def session_address(session: CouncilSession) -> str:
    return reverse("programs:council-session-detail", args=[session.pk])


def turned_away(request: HttpRequest, session: CouncilSession) -> HttpResponse | None:
    """Where to send somebody who opens a form of a closed session; None when it can be used."""
    reason = reason_against(check_can_change_session, acting_user(request), session)
    if not reason:
        return None
    messages.error(request, reason)
    return redirect("programs:council-session-detail", pk=session.pk)

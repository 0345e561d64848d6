"""Pages of one project before a council: sheets, conflicts of interest, the conclusion, the minutes."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from programs.actions import council_sheet as actions
from programs.actions.council_minutes import draft_minutes
from programs.council_policies import check_can_change_session, check_can_judge
from programs.forms.council import ConclusionForm, ConflictForm, SheetForm
from programs.models import CouncilMember, SessionProject
from programs.policies import allowed
from programs.queries.council import agenda_rows, criteria_for
from programs.views.council import FORM_PAGE, press
from programs.views.council_session import load_session, session_context, turned_away
from programs.views.project_page import acting_user
from programs.views.refusals import reason_against
from programs.views.registers import submit
from programs.views.word_document import word_response

WRITES = ["GET", "HEAD", "POST"]


@requires(Permission.PROJECT_VIEW)
@require_safe
def council_project(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    user, item = acting_user(request), _load_item(request, pk, item_pk)
    sheets = item.sheets.select_related("member", "recorded_by").prefetch_related("marks__criterion")
    context = _context(item) | {
        "rows": _member_rows(item, {sheet.member_id: sheet for sheet in sheets}),
        "may_edit": allowed(check_can_change_session, user, item.session),
        "may_draft": user.has_permission(Permission.PROJECT_APPRAISE),
    }
    return render(request, "programs/council_project.html", context)


def _member_rows(item: SessionProject, sheets: dict[int, Any]) -> list[dict[str, Any]]:
    """A line per member: whether they were there, what keeps them from judging, their sheet."""
    conflicts = {conflict.member_id: conflict for conflict in item.conflicts.all()}
    present = dict(item.session.attendance.values_list("member_id", "is_present"))
    return [
        {
            "member": member,
            "present": present.get(member.pk),
            "conflict": conflicts.get(member.pk),
            "sheet": sheets.get(member.pk),
            "may_judge": bool(present.get(member.pk)) and member.pk not in conflicts,
        }
        for member in item.session.council.members.all()
    ]


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(WRITES)
def council_sheet(request: HttpRequest, pk: int, item_pk: int, member_pk: int) -> HttpResponse:
    user, item, status = acting_user(request), _load_item(request, pk, item_pk), 200
    member = get_object_or_404(item.session.council.members, pk=member_pk)
    posted = request.POST if request.method == "POST" else None
    form = SheetForm(posted, item=item, member=member, criteria=criteria_for(item))
    if request.method == "POST":
        saved, status = submit(form, partial(_record_sheet, item, member, form, user))
        if saved is not None:
            messages.success(request, f"Đã ghi phiếu của {member}.")
            return _to_project(item)
    elif away := turned_away(request, item.session):
        return away
    elif reason := reason_against(check_can_judge, item, member):
        messages.error(request, reason)
        return _to_project(item)
    return render(
        request, "programs/council_sheet.html", _context(item) | {"form": form, "member": member}, status=status
    )


def _record_sheet(item: SessionProject, member: CouncilMember, form: SheetForm, user: User) -> Any:
    data = form.cleaned_data
    return actions.record_sheet(
        item_id=item.pk,
        member_id=member.pk,
        verdict=data["verdict"],
        comment=data["comment"],
        marks=form.marks(),
        by=user,
        version=data["version"],
    )


@requires(Permission.PROJECT_APPRAISE)
@require_POST
def council_sheet_remove(request: HttpRequest, pk: int, item_pk: int, member_pk: int) -> HttpResponse:
    item = _load_item(request, pk, item_pk)
    act = partial(actions.remove_sheet, item_id=item.pk, member_id=member_pk, by=acting_user(request))
    press(request, act, "Đã bỏ phiếu của {}.")
    return _to_project(item)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(WRITES)
def council_conflict_add(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    user, item, status = acting_user(request), _load_item(request, pk, item_pk), 200
    form = ConflictForm(request.POST if request.method == "POST" else None, item=item)
    if request.method == "POST":
        saved, status = submit(form, partial(_record_conflict, item, form, user))
        if saved is not None:
            messages.success(request, f"Đã ghi xung đột lợi ích của {saved.member}.")
            return _to_project(item)
    elif away := turned_away(request, item.session):
        return away
    page = _context(item) | {"form": form, "title": "Ghi xung đột lợi ích", "button": "Ghi xung đột lợi ích"}
    return render(request, FORM_PAGE, page, status=status)


def _record_conflict(item: SessionProject, form: ConflictForm, user: User) -> Any:
    member, reason = form.cleaned_data["member"], form.cleaned_data["reason"]
    return actions.record_conflict(item_id=item.pk, member_id=member.pk, reason=reason, by=user)


@requires(Permission.PROJECT_APPRAISE)
@require_POST
def council_conflict_remove(request: HttpRequest, pk: int, item_pk: int, conflict_pk: int) -> HttpResponse:
    item = _load_item(request, pk, item_pk)
    act = partial(actions.remove_conflict, item_id=item.pk, conflict_id=conflict_pk, by=acting_user(request))
    press(request, act, "Đã bỏ ghi xung đột lợi ích của {}.")
    return _to_project(item)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(WRITES)
def council_conclusion(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    user, item, status = acting_user(request), _load_item(request, pk, item_pk), 200
    form = ConclusionForm(request.POST if request.method == "POST" else None, item=item)
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.record_conclusion(item_id=item_pk, by=user, **form.cleaned_data))
        if saved is not None:
            messages.success(request, f"Đã ghi kết luận: {saved.get_verdict_display()}.")
            return _to_project(item)
    elif away := turned_away(request, item.session):
        return away
    page = _context(item) | {"form": form, "title": "Kết luận của hội đồng", "button": "Ghi kết luận"}
    return render(request, FORM_PAGE, page, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_GET
def council_minutes(request: HttpRequest, pk: int, item_pk: int) -> HttpResponseBase:
    """The Word minutes of what this session found on the project."""
    item = _load_item(request, pk, item_pk)
    try:
        name, content = draft_minutes(item=item, by=acting_user(request))
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _to_project(item)
    return word_response(content, name)


def _load_item(request: HttpRequest, pk: int, item_pk: int) -> SessionProject:
    """Errors: Http404 when the user may not see the session, or the project is not on its agenda."""
    session = load_session(request, pk)
    item = get_object_or_404(agenda_rows(session).prefetch_related("conflicts"), pk=item_pk)
    item.session = session
    return item


def _context(item: SessionProject) -> dict[str, Any]:
    back = reverse("programs:council-project", args=[item.session_id, item.pk])
    return session_context(item.session) | {"item": item, "project": item.project, "back": back}


def _to_project(item: SessionProject) -> HttpResponse:
    return redirect("programs:council-project", pk=item.session_id, item_pk=item.pk)

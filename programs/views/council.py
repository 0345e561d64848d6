"""Pages of councils: who sits on them, and their sessions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions import council as actions
from programs.council_policies import check_can_keep
from programs.forms.council import CouncilForm, CouncilMemberForm
from programs.models import Council
from programs.policies import allowed
from programs.queries.council import council_rows
from programs.views.project_page import acting_user
from programs.views.registers import history_of, submit

STATES = [("dang", "Đang hoạt động"), ("het", "Đã hết nhiệm vụ")]
FORM_PAGE = "programs/council_form.html"


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    ended = {"ended_on__lt": timezone.localdate()}
    return rows.filter(**ended) if state == "het" else rows.exclude(**ended)


@requires(Permission.PROJECT_VIEW)
@require_safe
def council_list(request: HttpRequest) -> HttpResponse:
    user = acting_user(request)
    listing = ListPage(
        request,
        council_rows(user),
        search_fields=(),
        filters=(Filter("tinh_trang", "Tình trạng", STATES, _in_state),),
        sorts={"ngay": ("decision_date",), "ten": ("name",)},
        default_sort="-ngay",
        noun="hội đồng",
    )
    context = {
        "listing": listing,
        "today": timezone.localdate(),
        "may_edit": user.has_permission(Permission.PROJECT_APPRAISE),
    }
    return render_list(request, "programs/council_list.html", "programs/_council_table.html", context)


@requires(Permission.PROJECT_VIEW)
@require_safe
def council_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, council = acting_user(request), load_council(request, pk)
    sessions = council.sessions.annotate(project_count=Count("agenda"))
    context = {
        "council": council,
        "members": council.members.annotate(used_count=Count("attendance") + Count("conflicts") + Count("sheets")),
        "listing": ListPage(request, sessions, search_fields=(), target="", noun="phiên họp"),
        "may_edit": allowed(check_can_keep, user, council),
        "history": history_of(council, user),
    }
    return render(request, "programs/council_detail.html", context)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_create(request: HttpRequest) -> HttpResponse:
    user, status = acting_user(request), 200
    form = CouncilForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.add_council(values=form.values(), by=user))
        if saved is not None:
            messages.success(request, f"Đã ghi {saved.name}. Tiếp theo: ghi các thành viên.")
            return redirect("programs:council-detail", pk=saved.pk)
    page = {"form": form, "title": "Ghi hội đồng thẩm định", "button": "Ghi hội đồng"}
    return render(request, FORM_PAGE, page | {"back": reverse("programs:council-list")}, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, council, status = acting_user(request), load_council(request, pk), 200
    form = CouncilForm(request.POST if request.method == "POST" else None, user=user, edited=council)
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_council(council_id=pk, values=form.values(), by=user, version=version)
        )
        if saved is not None:
            messages.success(request, f"Đã lưu {saved.name}.")
            return redirect("programs:council-detail", pk=pk)
    page = council_form_context(council, form, f"Sửa: {council}", "Ghi hội đồng")
    return render(request, FORM_PAGE, page, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_member_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, council, status = acting_user(request), load_council(request, pk), 200
    form = CouncilMemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.add_member(council_id=pk, values=form.values(), by=user))
        if saved is not None:
            messages.success(request, f"Đã thêm {saved}, {saved.get_role_display()}.")
            return redirect("programs:council-detail", pk=pk)
    page = council_form_context(council, form, "Thêm thành viên", "Thêm thành viên")
    return render(request, FORM_PAGE, page, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def council_member_edit(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    user, council, status = acting_user(request), load_council(request, pk), 200
    member = get_object_or_404(council.members, pk=member_pk)
    form = CouncilMemberForm(request.POST if request.method == "POST" else None, edited=member)
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_member(member_id=member_pk, values=form.values(), by=user, version=version)
        )
        if saved is not None:
            messages.success(request, f"Đã lưu {saved}.")
            return redirect("programs:council-detail", pk=pk)
    page = council_form_context(council, form, f"Sửa thành viên: {member}", "Ghi thành viên")
    return render(request, FORM_PAGE, page, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_POST
def council_member_remove(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    council = load_council(request, pk)
    member = get_object_or_404(council.members, pk=member_pk)
    press(request, lambda: actions.remove_member(member_id=member.pk, by=acting_user(request)), "Đã bỏ {}.")
    return redirect("programs:council-detail", pk=pk)


def load_council(request: HttpRequest, pk: int) -> Council:
    """Errors: Http404 when the user may not see it."""
    councils = Council.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(councils, pk=pk)


def council_form_context(council: Council, form: Any, title: str, button: str) -> dict[str, Any]:
    """A form of one card below a council."""
    back = reverse("programs:council-detail", args=[council.pk])
    return {"form": form, "title": title, "button": button, "back": back, "council": council}


def press(request: HttpRequest, act: Any, done: str) -> bool:
    """One press: runs the act and tells what came of it, `done` with what it returned.

    Errors: PermissionDenied when the person lacks the right.
    """
    try:
        result = act()
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done.format(result))
    return True

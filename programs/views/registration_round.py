"""Pages of registration rounds: everybody sees when registration closes, the Department says when."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions import registration_round as actions
from programs.forms.registration_round import RegistrationRoundForm
from programs.models import RegistrationRound
from programs.views.project_page import acting_user
from programs.views.registers import submit
from programs.workflow import TRACK_CHOICES

STATES = [("dang-mo", "Đang mở"), ("chua-mo", "Chưa mở"), ("da-dong", "Đã đóng")]


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    today = timezone.localdate()
    if state == "chua-mo":
        return rows.filter(opens_on__gt=today)
    return (
        rows.filter(closes_on__lt=today)
        if state == "da-dong"
        else rows.filter(opens_on__lte=today, closes_on__gte=today)
    )


@requires(Permission.PROJECT_VIEW)
@require_safe
def registration_round_list(request: HttpRequest) -> HttpResponse:
    listing = ListPage(
        request,
        RegistrationRound.objects.select_related("programme"),
        search_fields=(),
        filters=(
            Filter("cap", "Cấp khuyến công", TRACK_CHOICES, "track"),
            Filter("tinh_trang", "Tình trạng", STATES, _in_state),
        ),
        sorts={"nam": ("year", "track"), "dong": ("closes_on",)},
        default_sort="-nam",
        noun="đợt đăng ký",
    )
    context = {
        "listing": listing,
        "today": timezone.localdate(),
        "may_edit": acting_user(request).has_permission(Permission.PROJECT_APPRAISE),
    }
    page, table = "programs/registration_round_list.html", "programs/_registration_round_table.html"
    return render_list(request, page, table, context)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_round_create(request: HttpRequest) -> HttpResponse:
    user, status = acting_user(request), 200
    form = RegistrationRoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.add_round(values=form.values(), by=user))
        if saved is not None:
            messages.success(request, f"Đã mở: {saved}.")
            return redirect("programs:registration-round-list")
    return render(request, "programs/registration_round_form.html", {"form": form}, status=status)


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, status = acting_user(request), 200
    edited = get_object_or_404(RegistrationRound, pk=pk)
    form = RegistrationRoundForm(request.POST if request.method == "POST" else None, edited=edited)
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_round(round_id=pk, values=form.values(), by=user, version=version)
        )
        if saved is not None:
            messages.success(request, f"Đã lưu: {saved}.")
            return redirect("programs:registration-round-list")
    context = {"form": form, "edited": edited}
    return render(request, "programs/registration_round_form.html", context, status=status)

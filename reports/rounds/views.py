"""Rounds: the list, opening and changing one, who has not reported, what is missing, reminding, closing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.ui.listpage import Filter, ListPage, render_list
from khuyencong.vietnamese.dates import format_date
from programs.policies import allowed
from programs.views.project_page import acting_user
from programs.views.refusals import reason_against
from programs.views.registers import history_of, place_filter, submit
from reports import policies
from reports.actions import reporting_round as actions
from reports.actions.reporting_reminder import WARN_DAYS, Reminded, remind_offices
from reports.models import ReportingRound
from reports.rounds.board import office_lines, office_listing
from reports.rounds.exports import export_offices
from reports.rounds.forms import ReportingRoundForm
from reports.rounds.mail import send_to
from reports.rounds.missing import MISSING
from reports.rounds.queries import office_rows, period_of, round_parameters, standing_of, with_progress
from reports.rounds.wording import told_of

STATES = [("dang-mo", "Đang mở"), ("qua-han", "Quá hạn, chưa kết thúc"), ("da-ket-thuc", "Đã kết thúc")]
TICK = "don-vi"


@requires(Permission.REPORT_VIEW)
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    user = acting_user(request)
    listing = ListPage(
        request,
        with_progress(_visible(user), user),
        search_fields=(),
        filters=(Filter("tinh_trang", "Tình trạng", STATES, _in_state),),
        sorts={"ky": ("end", "pk"), "han": ("due_date", "pk")},
        default_sort="-ky",
        noun="kỳ báo cáo",
    )
    context = {
        "listing": listing,
        "today": timezone.localdate(),
        "can_open": user.has_permission(Permission.REPORT_ROUND),
    }
    return render_list(request, "reports/round_list.html", "reports/_round_table.html", context)


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "qua-han":
        return rows.filter(closed_at__isnull=True, due_date__lt=timezone.localdate())
    return rows.filter(closed_at__isnull=state == "dang-mo")


@requires(Permission.REPORT_ROUND)
@require_http_methods(["GET", "HEAD", "POST"])
def round_create(request: HttpRequest) -> HttpResponse:
    user, status = acting_user(request), 200
    form = ReportingRoundForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        opened, status = submit(form, lambda: actions.open_round(values=form.values(), by=user))
        if opened is not None:
            since = max(opened.start, timezone.localdate())
            told = f"Đơn vị thấy kỳ này ở trang “Việc của tôi” từ ngày {format_date(since)}."
            messages.success(request, f"Đã mở: {opened}. {told}")
            return redirect("reports:round-detail", opened.pk)
    return render(request, "reports/round_form.html", {"form": form}, status=status)


@requires(Permission.REPORT_ROUND)
@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, status = acting_user(request), 200
    asked = _load(request, pk)
    form = ReportingRoundForm(request.POST if request.method == "POST" else None, user=user, edited=asked)
    if request.method == "POST":
        saved, status = submit(
            form,
            lambda: actions.edit_round(round_id=pk, values=form.values(), by=user, version=form.version_seen),
        )
        if saved is not None:
            messages.success(request, f"Đã lưu: {saved}.")
            return redirect("reports:round-detail", pk)
    elif reason := reason_against(policies.check_can_edit_round, user, asked):
        messages.error(request, reason)
        return redirect("reports:round-detail", pk)
    return render(request, "reports/round_form.html", {"form": form, "edited": asked}, status=status)


@requires(Permission.REPORT_VIEW)
@require_safe
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has reported and who has not; what they are asked for."""
    return _board(request, _load(request, pk))


def _board(request: HttpRequest, asked: ReportingRound, status: int = 200) -> HttpResponse:
    user, today = acting_user(request), timezone.localdate()
    listing = office_listing(request, asked, user, reverse("reports:round-detail", args=[asked.pk]))
    context = {
        "asked": asked,
        "period": period_of(asked),
        "today": today,
        "listing": listing,
        "lines": office_lines(listing.page_obj, asked, user),
        "standing": standing_of(office_rows(asked, user), asked, today),
        "tick": TICK,
        "warn_days": WARN_DAYS,
        "gaps": _gaps(asked, user),
        "history": history_of(asked, user),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
        "can_report": allowed(policies.check_can_report, user, asked),
        "can_edit": allowed(policies.check_can_edit_round, user, asked),
        "can_close": allowed(policies.check_can_close_round, user, asked),
        "can_reopen": allowed(policies.check_can_reopen_round, user, asked),
        "can_remind": allowed(policies.check_can_remind, user, asked),
        "version": [("version", asked.version)],
    }
    page, table = "reports/round_detail.html", "reports/_round_office_table.html"
    response = render_list(request, page, table, context)
    response.status_code = status
    return response


def _gaps(asked: ReportingRound, user: User) -> list[tuple[Any, int]]:
    parameters = round_parameters(asked, user)
    return [(kind, kind.rows(parameters).count()) for kind in MISSING.values()]


@requires(Permission.REPORT_EXPORT)
@require_safe
def round_export(request: HttpRequest, pk: int) -> FileResponse:
    user, asked = acting_user(request), _load(request, pk)
    listing = office_listing(request, asked, user, request.path)
    lines = office_lines(listing.object_list, asked, user)
    return export_offices(asked, lines, by=user, condition=listing.querystring)


@requires(Permission.REPORT_VIEW)
@require_safe
def round_missing(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One sort of gap in the round's period, within the person's area."""
    user, asked = acting_user(request), _load(request, pk)
    if what not in MISSING:
        raise Http404("Không có danh sách này.")
    kind = MISSING[what]
    parameters = round_parameters(asked, user)
    listing = ListPage(
        request,
        kind.rows(parameters),
        filters=(place_filter(user),),
        noun=kind.noun,
        search_label="Tên",
    )
    context = {
        "asked": asked,
        "kind": kind,
        "parameters": parameters,
        "listing": listing,
        "lines": [kind.line(row) for row in listing.page_obj],
    }
    return render_list(request, "reports/round_missing.html", "reports/_round_missing_table.html", context)


@requires(Permission.REPORT_ROUND)
@require_POST
def round_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticked offices, or all that are missing; the e-mails go out once the reminders are safe."""
    user, asked = acting_user(request), _load(request, pk)
    ticked = {int(text) for text in request.POST.getlist(TICK) if text.isascii() and text.isdigit() and len(text) < 10}
    try:
        told = remind_offices(round_id=pk, office_ids=None if "all" in request.POST else ticked, by=user)
    except Refused as refusal:
        return _refused(request, asked, refusal)
    _tell(request, told)
    return redirect("reports:round-detail", pk)


def _tell(request: HttpRequest, told: Reminded) -> None:
    reachable = [one.recipient_id for one in told.new if one.recipient.email]
    sent, failed = send_to(reachable)
    done, open_points = told_of(told, sent, failed)
    messages.add_message(request, messages.SUCCESS if told.new else messages.INFO, done)
    for line in open_points:
        messages.warning(request, line)


@requires(Permission.REPORT_ROUND)
@require_POST
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _turn(request, pk, actions.close_round, "Đã kết thúc kỳ báo cáo. Đơn vị không báo cáo thêm được nữa.")


@requires(Permission.REPORT_ROUND)
@require_POST
def round_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _turn(request, pk, actions.reopen_round, "Đã mở lại kỳ báo cáo. Đơn vị báo cáo tiếp được.")


def _turn(request: HttpRequest, pk: int, act: Callable[..., ReportingRound], done: str) -> HttpResponse:
    _load(request, pk)
    version = request.POST.get("version", "")
    known = version.isascii() and version.isdigit() and len(version) < 10
    try:
        act(round_id=pk, by=acting_user(request), version=int(version) if known else -1)
    except Refused as refusal:
        return _refused(request, _load(request, pk), refusal)
    messages.success(request, done)
    return redirect("reports:round-detail", pk)


def _refused(request: HttpRequest, asked: ReportingRound, refusal: Refused) -> HttpResponse:
    """The board as it is now, with the reason. Errors: PermissionDenied when the person lacks the right."""
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied(refusal.message)
    messages.error(request, refusal.message)
    return _board(request, asked, 409 if isinstance(refusal, Overtaken) else 422)


def _visible(user: User) -> QuerySet[ReportingRound]:
    return ReportingRound.objects.visible_to(user).select_related("area", "opened_by")


def _load(request: HttpRequest, pk: int) -> ReportingRound:
    return get_object_or_404(_visible(acting_user(request)), pk=pk)

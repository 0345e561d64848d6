"""Pages of craft villages."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions import craft_village as actions
from programs.forms.craft_village import CraftVillageEventForm, CraftVillageForm, CraftVillageYearForm
from programs.models import CraftRecognitionKind, CraftVillage, CraftVillageEventKind
from programs.views.registers import history_of, place_filter, submit

NOT_RECOGNISED = ("none", "Chưa công nhận")


def _with_status(rows: Any, value: str) -> Any:
    return rows.filter(status__isnull=True) if value == NOT_RECOGNISED[0] else rows.filter(status=value)


STATUS_FILTER = Filter("tinh-trang", "Tình trạng", [NOT_RECOGNISED, *CraftVillageEventKind.choices], _with_status)
RECOGNITION_FILTER = Filter("danh-hieu", "Danh hiệu", CraftRecognitionKind.choices, "status_recognition")


@requires(Permission.CRAFT_VILLAGE_VIEW)
@require_safe
def craft_village_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    listing = ListPage(
        request,
        CraftVillage.objects.visible_to(user).with_status().select_related("place"),
        ranked_fields=("name",),
        filters=(STATUS_FILTER, RECOGNITION_FILTER, place_filter(user)),
        sorts={"ten": ("sort_key",), "nghe": ("craft", "sort_key"), "dia-ban": ("place__sort_key", "sort_key")},
        default_sort="ten",
        noun="làng nghề",
        search_label="Tên làng nghề, nghề",
    )
    for village in listing.page_obj:
        _label(village)
    context = {"listing": listing, "may_edit": user.has_permission(Permission.CRAFT_VILLAGE_EDIT)}
    return render_list(request, "programs/craft_village_list.html", "programs/_craft_village_table.html", context)


@requires(Permission.CRAFT_VILLAGE_VIEW)
@require_safe
def craft_village_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    villages = CraftVillage.objects.visible_to(user).with_status().select_related("place__parent__parent")
    village = get_object_or_404(villages, pk=pk)
    _label(village)
    context = {
        "village": village,
        "events": village.events.select_related("regime"),
        "years": village.years.all(),
        "may_edit": user.has_permission(Permission.CRAFT_VILLAGE_EDIT),
        "history": history_of(village, user),
    }
    return render(request, "programs/craft_village_detail.html", context)


@requires(Permission.CRAFT_VILLAGE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def craft_village_create(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = CraftVillageForm(request.POST if request.method == "POST" else None, user=user)
    status = 200
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.add_craft_village(values=form.values(), by=user))
        if saved is not None:
            messages.success(request, f"Đã thêm {saved.name}. Tình trạng: chưa công nhận, đến khi ghi quyết định.")
            return redirect("programs:craft-village-detail", pk=saved.pk)
    context = {"form": form, "back": reverse("programs:craft-village-list")}
    return render(request, "programs/craft_village_form.html", context, status=status)


@requires(Permission.CRAFT_VILLAGE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def craft_village_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    village = get_object_or_404(CraftVillage.objects.visible_to(user).select_related("place"), pk=pk)
    form = CraftVillageForm(request.POST if request.method == "POST" else None, user=user, village=village)
    status = 200
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_craft_village(village_id=pk, values=form.values(), by=user, version=version)
        )
        if saved is not None:
            messages.success(request, f"Đã lưu {saved.name}.")
            return redirect("programs:craft-village-detail", pk=pk)
    context = {"form": form, "village": village, "back": reverse("programs:craft-village-detail", args=[pk])}
    return render(request, "programs/craft_village_form.html", context, status=status)


@requires(Permission.CRAFT_VILLAGE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def craft_village_event_add(request: HttpRequest, pk: int) -> HttpResponse:
    return _add_row(request, pk, CraftVillageEventForm, actions.add_event, "Ghi quyết định", "Đã ghi quyết định.")


@requires(Permission.CRAFT_VILLAGE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def craft_village_year_add(request: HttpRequest, pk: int) -> HttpResponse:
    return _add_row(request, pk, CraftVillageYearForm, actions.add_year, "Ghi số liệu năm", "Đã ghi số liệu năm.")


def _add_row(
    request: HttpRequest, pk: int, form_class: type[forms.Form], act: Callable[..., Any], heading: str, done: str
) -> HttpResponse:
    """A page that adds one dated row to a village."""
    user: Any = request.user
    village = get_object_or_404(CraftVillage.objects.visible_to(user), pk=pk)
    form = form_class(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        saved, status = submit(form, lambda: act(village_id=pk, values=form.cleaned_data, by=user))
        if saved is not None:
            messages.success(request, done)
            return redirect("programs:craft-village-detail", pk=pk)
    context = {"form": form, "village": village, "heading": heading}
    return render(request, "programs/craft_village_row.html", context, status=status)


def _label(village: Any) -> None:
    """The badge of a village: its latest decision, or that there is none."""
    if village.status is None:
        village.badge, village.badge_label = "not_recognised", NOT_RECOGNISED[1]
        return
    village.badge, village.badge_label = village.status, CraftVillageEventKind(village.status).label
    village.recognition_label = CraftRecognitionKind(village.status_recognition).label

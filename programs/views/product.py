"""Pages of rural-industrial products and their awards."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions import product as actions
from programs.forms.product import ProductAwardForm, ProductForm
from programs.models import AwardLevel, Beneficiary, Product, ProductAwardEvent, ProductAwardKind, ProductGroup
from programs.views.beneficiary import listing_of as beneficiary_listing
from programs.views.registers import history_of, place_filter, submit

EVENTS_IN_ORDER = Prefetch("award_events", ProductAwardEvent.objects.order_by("event_date", "pk"))


def _certified_at(rows: QuerySet, level: str) -> QuerySet:
    """Products whose latest certificate at that level has not been withdrawn since."""
    events = ProductAwardEvent.objects.filter(product=OuterRef("pk"), level=level).exclude(
        kind=ProductAwardKind.REGISTERED
    )
    latest = events.order_by("-event_date", "-pk").values("kind")[:1]
    return rows.annotate(latest_act=Subquery(latest)).filter(latest_act=ProductAwardKind.CERTIFIED)


def certificates(events: Iterable[ProductAwardEvent]) -> list[str]:
    """Levels at which the product holds a certificate, highest first; `events` in order of date."""
    standing = {}
    for event in events:
        if event.kind != ProductAwardKind.REGISTERED:
            standing[event.level] = event.kind == ProductAwardKind.CERTIFIED
    return [str(level.label) for level in AwardLevel if standing.get(level.value)]


@requires(Permission.PRODUCT_VIEW)
@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    listing = ListPage(
        request,
        Product.objects.visible_to(user).select_related("beneficiary__place").prefetch_related(EVENTS_IN_ORDER),
        search_fields=("folded", "beneficiary__folded"),
        ranked_fields=("name",),
        filters=(
            Filter("nhom", "Nhóm", ProductGroup.choices, "group"),
            Filter("chung-nhan", "Chứng nhận", AwardLevel.choices, _certified_at),
            place_filter(user, "beneficiary__place_id"),
        ),
        sorts={"ten": ("sort_key",), "co-so": ("beneficiary__sort_key", "sort_key")},
        default_sort="ten",
        noun="sản phẩm",
        search_label="Sản phẩm, cơ sở",
    )
    for product in listing.page_obj:
        product.certificates = certificates(product.award_events.all())
    context = {"listing": listing, "may_edit": user.has_permission(Permission.PRODUCT_EDIT)}
    return render_list(request, "programs/product_list.html", "programs/_product_table.html", context)


@requires(Permission.PRODUCT_VIEW)
@require_safe
def product_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    product = _visible(request, pk)
    events = list(product.award_events.order_by("event_date", "pk"))
    context = {
        "product": product,
        "events": events,
        "certificates": certificates(events),
        "may_edit": user.has_permission(Permission.PRODUCT_EDIT),
        "history": history_of(product, user),
    }
    return render(request, "programs/product_detail.html", context)


@requires(Permission.PRODUCT_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def product_create(request: HttpRequest) -> HttpResponse:
    """For the establishment that `co-so` names; without it the page asks which one."""
    user: Any = request.user
    chosen = request.GET.get("co-so", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        return _choose_beneficiary(request)
    beneficiary = get_object_or_404(Beneficiary.objects.visible_to(user), pk=int(chosen))
    form = ProductForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        saved, status = submit(
            form, lambda: actions.add_product(beneficiary=beneficiary, values=form.values(), by=user)
        )
        if saved is not None:
            messages.success(request, f"Đã thêm sản phẩm {saved.name}.")
            return redirect("programs:product-detail", pk=saved.pk)
    return render(request, "programs/product_form.html", {"form": form, "beneficiary": beneficiary}, status=status)


def _choose_beneficiary(request: HttpRequest) -> HttpResponse:
    context = {"listing": beneficiary_listing(request, target="")}
    return render(request, "programs/product_choose_beneficiary.html", context)


@requires(Permission.PRODUCT_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    product = _visible(request, pk)
    form = ProductForm(request.POST if request.method == "POST" else None, product=product)
    status = 200
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_product(product_id=pk, values=form.values(), by=user, version=version)
        )
        if saved is not None:
            messages.success(request, f"Đã lưu sản phẩm {saved.name}.")
            return redirect("programs:product-detail", pk=pk)
    context = {"form": form, "product": product, "beneficiary": product.beneficiary}
    return render(request, "programs/product_form.html", context, status=status)


@requires(Permission.PRODUCT_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def product_award_add(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    product = _visible(request, pk)
    form = ProductAwardForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.add_award(product_id=pk, values=form.cleaned_data, by=user))
        if saved is not None:
            messages.success(request, f"Đã ghi: {saved.get_kind_display().lower()}.")
            return redirect("programs:product-detail", pk=pk)
    return render(request, "programs/product_award.html", {"form": form, "product": product}, status=status)


def _visible(request: HttpRequest, pk: int) -> Product:
    products = Product.objects.visible_to(request.user).select_related("beneficiary__place")
    return get_object_or_404(products, pk=pk)

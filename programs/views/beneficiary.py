"""Pages of establishments."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.columns import Column, Kind
from khuyencong.excel.flat import write_flat
from khuyencong.excel.response import workbook_response
from khuyencong.ui.listpage import Filter, ListPage, render_list
from khuyencong.vietnamese.codes import mask
from programs.actions import beneficiary as actions
from programs.forms.beneficiary import BeneficiaryForm
from programs.models import Beneficiary, BeneficiaryKind
from programs.queries.supports import supports_of
from programs.views.registers import history_of, next_address, place_filter, submit

KIND_FILTER = Filter("loai-hinh", "Loại hình", BeneficiaryKind.choices, "kind")
SORTS = {"ten": ("sort_key",), "ma-so-thue": ("tax_code",), "dia-ban": ("place__sort_key", "sort_key"), "moi": ("-pk",)}
EXPORT_COLUMNS = (
    Column("number", "STT", Kind.INTEGER, width=6, summed=False),
    Column("name", "Tên cơ sở", width=40),
    Column("kind", "Loại hình", width=22),
    Column("tax_code", "Mã số thuế", width=16),
    Column("owner_name", "Người đại diện", width=24),
    Column("owner_citizen_id", "Số định danh (đã che)", width=16),
    Column("phone", "Điện thoại (đã che)", width=14),
    Column("address", "Địa chỉ", width=40),
    Column("place", "Xã, phường", width=24),
    Column("sector", "Ngành nghề", width=30),
    Column("founded_year", "Năm thành lập", width=10),
)


def listing_of(request: HttpRequest, **options: Any) -> ListPage:
    """The person's establishments as the address asks for them; the page, the export and the choice share it."""
    user: Any = request.user
    return ListPage(
        request,
        Beneficiary.objects.visible_to(user).select_related("place", "sector"),
        ranked_fields=("name",),
        filters=(KIND_FILTER, place_filter(user)),
        sorts=SORTS,
        default_sort="ten",
        noun="cơ sở",
        search_label="Tên, mã số thuế, người đại diện",
        **options,
    )


@requires(Permission.BENEFICIARY_VIEW)
@require_safe
def beneficiary_list(request: HttpRequest) -> HttpResponse:
    context = {"listing": listing_of(request), "may_edit": may_edit(request)}
    return render_list(request, "programs/beneficiary_list.html", "programs/_beneficiary_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def beneficiary_export(request: HttpRequest) -> FileResponse:
    listing = listing_of(request)
    user: Any = request.user

    def write(stream: Any) -> None:
        count = write_flat(EXPORT_COLUMNS, export_rows(listing), stream, title="Cơ sở thụ hưởng")
        actions.record_export(by=user, row_count=count, condition=listing.querystring)

    return workbook_response(write, filename="co-so-thu-huong.xlsx")


def export_rows(listing: ListPage) -> Iterator[dict[str, Any]]:
    """Personal numbers leave the portal masked; a tax code is text, or Excel drops its leading zero."""
    for number, one in enumerate(listing.object_list.iterator(chunk_size=2000), 1):
        yield {
            "number": number,
            "name": one.name,
            "kind": one.get_kind_display(),
            "tax_code": one.tax_code,
            "owner_name": one.owner_name,
            "owner_citizen_id": mask(one.owner_citizen_id),
            "phone": mask(one.phone),
            "address": one.address,
            "place": str(one.place),
            "sector": one.sector.name if one.sector else "",
            "founded_year": str(one.founded_year or ""),
        }


@requires(Permission.BENEFICIARY_VIEW)
@require_safe
def beneficiary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    beneficiary = get_object_or_404(
        Beneficiary.objects.visible_to(user).select_related("place__parent__parent", "sector"), pk=pk
    )
    context = {
        "beneficiary": beneficiary,
        "supports": supports_of(beneficiary, user),
        "sees_money": user.has_permission(Permission.MONEY_VIEW),
        "products": beneficiary.products.all(),
        "tax_doubt": beneficiary.tax_doubt,
        "may_edit": may_edit(request),
        "may_add_product": user.has_permission(Permission.PRODUCT_EDIT),
        "history": history_of(beneficiary, user),
    }
    return render(request, "programs/beneficiary_detail.html", context)


@requires(Permission.BENEFICIARY_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def beneficiary_create(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = BeneficiaryForm(request.POST if request.method == "POST" else None, user=user)
    status = 200
    if request.method == "POST":
        saved, status = submit(form, lambda: actions.add_beneficiary(**_given(form), by=user))
        if saved is not None:
            return _saved(request, form, saved, f"Đã thêm cơ sở {saved.name}.")
    context = {"form": form, "next": next_address(request, ""), "back": reverse("programs:beneficiary-list")}
    return render(request, "programs/beneficiary_form.html", context, status=status)


@requires(Permission.BENEFICIARY_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def beneficiary_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    beneficiary = get_object_or_404(Beneficiary.objects.visible_to(user).select_related("place", "sector"), pk=pk)
    form = BeneficiaryForm(request.POST if request.method == "POST" else None, user=user, beneficiary=beneficiary)
    status = 200
    if request.method == "POST":
        version = request.POST.get("version", "")
        saved, status = submit(
            form, lambda: actions.edit_beneficiary(beneficiary_id=pk, **_given(form), by=user, version=version)
        )
        if saved is not None:
            return _saved(request, form, saved, f"Đã lưu cơ sở {saved.name}.")
    back = reverse("programs:beneficiary-detail", args=[pk])
    context = {"form": form, "beneficiary": beneficiary, "next": next_address(request, ""), "back": back}
    return render(request, "programs/beneficiary_form.html", context, status=status)


def may_edit(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_permission(Permission.BENEFICIARY_EDIT))


def _given(form: BeneficiaryForm) -> dict[str, Any]:
    return {"values": form.values(), "accept_similar": form.cleaned_data["accept_similar"]}


def _saved(request: HttpRequest, form: BeneficiaryForm, saved: Beneficiary, text: str) -> HttpResponse:
    messages.success(request, text)
    for doubt in form.doubts():
        messages.warning(request, doubt)
    return redirect(next_address(request, reverse("programs:beneficiary-detail", args=[saved.pk])))

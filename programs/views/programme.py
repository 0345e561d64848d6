"""Pages of programmes: to read; an administrator edits them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.models import Programme, Project
from programs.workflow import TRACK_CHOICES


@requires(Permission.PROGRAMME_VIEW)
@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    listing = ListPage(
        request,
        Programme.objects.select_related("legal_basis"),
        ranked_fields=("name",),
        filters=(Filter("cap", "Cấp", TRACK_CHOICES, "track"),),
        sorts={"ma": ("code",), "nam": ("start_year", "code")},
        default_sort="-nam",
        noun="chương trình",
        search_label="Mã, tên chương trình",
    )
    return render_list(request, "programs/programme_list.html", "programs/_programme_table.html", {"listing": listing})


@requires(Permission.PROGRAMME_VIEW)
@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    programme = get_object_or_404(Programme.objects.select_related("legal_basis"), pk=pk)
    context = {
        "programme": programme,
        "targets": programme.targets.select_related("indicator"),
        "project_count": Project.objects.visible_to(user).filter(programme=programme).count(),
        "edit_url": reverse("admin:programs_programme_change", args=[pk])
        if user.has_permission(Permission.REFERENCE_EDIT)
        else "",
    }
    return render(request, "programs/programme_detail.html", context)

"""Django's admin as the portal uses it: for reference data, guarded by the role table."""

from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from khuyencong.accounts.permissions import Permission


class PortalAdminSite(admin.AdminSite):
    """Lets in whoever the role table lets in; `is_staff` and `is_superuser` open nothing here."""

    site_header = "Khuyến công – Quản trị danh mục"
    site_title = "Quản trị khuyến công"
    index_title = "Danh mục và tra cứu"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return user.is_authenticated and user.has_permission(Permission.ADMIN_SITE)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes only admins that ask the role table and write the audit; those of other packages stay out."""
        if getattr(admin_class, "asks_role_table", False):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A signed-in person without the right gets 403, not another login form."""
        guarded = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return update_wrapper(answer, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal has one login page, the one that locks out after repeated wrong passwords."""
        from django.contrib.auth.views import redirect_to_login  # this module is loaded before the models are

        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return HttpResponseRedirect(reverse("admin:index"))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("login"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("password_change"))


# Django marks its own login view as open to anonymous people by this attribute; so must the one that replaces it.
PortalAdminSite.login.login_required = False  # type: ignore[attr-defined]


class PortalAdminConfig(AdminConfig):
    default_site = "khuyencong.adminsite.PortalAdminSite"

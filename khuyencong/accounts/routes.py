"""Every route says who may use it, and `manage.py check` fails when one does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.checks import Error, Tags, register
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from khuyencong.accounts.permissions import Permission

View = Callable[..., HttpResponseBase]
# The admin guards each of its routes in PortalAdminSite.admin_view; its login is the portal's own.
GUARDED_NAMESPACES = frozenset({"admin"})


@dataclass(frozen=True)
class Access:
    """Who may use a route: anybody, anybody signed in, or holders of one of the permissions."""

    anybody: bool = False
    any_of: frozenset[Permission] = frozenset()

    def allows(self, permissions: frozenset[Permission]) -> bool:
        return not self.any_of or bool(self.any_of & permissions)


@dataclass(frozen=True)
class Route:
    """One address of the portal as the tests and the system check see it."""

    name: str
    pattern: str
    callback: View
    access: Access | None


def requires(*any_of: Permission) -> Callable[[View], View]:
    """Let in a signed-in user who holds at least one of the permissions; answer 403 to the others."""
    access = Access(any_of=frozenset(any_of))

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated or not access.allows(user.portal_permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let in anybody who has signed in."""
    view.access = Access()  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Let in anybody, signed in or not."""
    view.access = Access(anybody=True)  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def all_routes() -> Iterator[Route]:
    """Every route of the portal, except those below a guarded namespace."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace in GUARDED_NAMESPACES:
                continue
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", pattern, entry.callback, getattr(entry.callback, "access", None))


@register(Tags.security)
def check_routes(**kwargs: Any) -> list[Error]:
    """An undeclared route is an error, not a page open to all."""
    return [
        Error(
            f"Route '{route.pattern}' ({route.name}) does not declare who may use it.",
            hint="Decorate the view with @requires(Permission.…), @signed_in or @public.",
            id="khuyencong.E001",
        )
        for route in all_routes()
        if route.access is None
    ]

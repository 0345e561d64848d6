"""What every page receives."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from khuyencong.ui.navigation import NavItem, build_menu


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_items` for base.html; computed only when a template asks, so that a fragment does not pay for it."""

    def items() -> list[NavItem]:
        user: Any = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not hasattr(user, "has_permission"):
            return []
        return build_menu(user, request.path)

    return {"nav_items": SimpleLazyObject(items)}

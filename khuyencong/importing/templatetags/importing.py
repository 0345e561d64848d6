"""Ways into the import room from the lists of other rooms: `{% load importing %}`."""

from typing import Any

from django import template

from khuyencong.importing.kinds import find_kind
from khuyencong.importing.policies import check_can_import, reason_against

register = template.Library()


@register.inclusion_tag("importing/_list_links.html", takes_context=True)
def import_links(context: dict[str, Any], slug: str) -> dict[str, Any]:
    """“Xuất để sửa” and “Nhập từ Excel” for those who may; nothing for others, and for a kind that nobody knows."""
    kind, request = find_kind(slug), context.get("request")
    user: Any = getattr(request, "user", None)
    may = kind is not None and user is not None and not reason_against(check_can_import, user, kind)
    return {"kind": kind if may else None}

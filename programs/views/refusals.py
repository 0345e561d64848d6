"""How a refusal is shown: the reason on the page, or 403 where the person lacks the right."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from khuyencong.errors import NotAllowed, Refused
from khuyencong.formfields import add_refusal


def reason_against(check: Callable[..., Any], *args: Any) -> str:
    """Why the check refuses, or "". Errors: PermissionDenied when the person lacks the right."""
    try:
        check(*args)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        return refusal.message
    return ""


def page_status(status: int, closed: str) -> int:
    """The status of a form's page; one that cannot be used now (`closed`, the reason) is never a plain 200."""
    return 422 if closed and status == 200 else status


def refuse_move(form: Any, refusal: Refused, version: int) -> int:
    """Like `add_refusal`; after somebody else's act the page shows the new state, so what is sent again rests on that.

    `version`: the one that the page now shows. Returns the HTTP status.
    """
    status = add_refusal(form, refusal)
    if status == 409:
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = str(version)
    return status

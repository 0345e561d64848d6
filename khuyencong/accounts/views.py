"""The role table, on one screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from khuyencong.accounts.permissions import ROLE_LABELS, ROLE_PERMISSIONS, Permission
from khuyencong.accounts.routes import requires


@requires(Permission.ROLE_TABLE_VIEW)
def role_table(request: HttpRequest) -> HttpResponse:
    rows = [
        (permission.value, [permission in ROLE_PERMISSIONS[role] for role in ROLE_LABELS]) for permission in Permission
    ]
    return render(request, "accounts/role_table.html", {"roles": ROLE_LABELS.values(), "rows": rows})

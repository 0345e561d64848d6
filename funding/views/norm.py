"""What a norm would allow on a day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from funding.forms.norms import NormLookupForm
from funding.queries.norm_lookup import Question, ask
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.workflow import Track


@requires(Permission.MONEY_VIEW)
@require_safe
def norm_lookup(request: HttpRequest) -> HttpResponse:
    """Asks and answers by address, so that an answer can be sent on; nothing is kept."""
    user: Any = request.user
    form = NormLookupForm(request.GET if "item" in request.GET else None)
    answer = None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        answer = ask(
            Question(
                item=data["item"],
                track=Track(data["track"]),
                eligible_vnd=data["cost"] or 0,
                unit_count=data["units"],
                has_multiplier=data["multiplier"],
                day=data["day"],
            ),
            area_id=user.area_id,
        )
    status = 422 if form.is_bound and answer is None else 200
    return render(request, "funding/norm_lookup.html", {"form": form, "answer": answer}, status=status)

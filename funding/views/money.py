"""The project's money tab."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from funding import policies
from funding.models import Approval, LedgerKind
from funding.queries.acceptance import cost_table
from funding.queries.carry_over import carry_overs_of
from funding.queries.contract import contract_rows
from funding.queries.ledger import running_ledger
from funding.queries.money import project_money
from funding.queries.norms import norm_checks_of
from funding.queries.recovery import debts
from funding.queries.settlement import settlement_of
from funding.views.common import load_project, project_context
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.policies import allowed
from programs.workflow import Status


@requires(Permission.MONEY_VIEW)
@require_safe
def project_money_page(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    user: Any = request.user
    context = project_context(
        request,
        project,
        money=project_money(project),
        ledger=running_ledger(project),
        contracts=contract_rows(project),
        approval=Approval.objects.filter(project=project).select_related("approved_by").first(),
        norm_checks=norm_checks_of(project),
        accepted=cost_table(project),
        can_request=allowed(policies.check_can_set_requested, user, project),
        can_reverse=user.has_permission(Permission.LEDGER_RECORD) and project.state is not Status.SETTLED,
        settlement=settlement_of(project),
        debts=debts(project, timezone.localdate()),
        carry_overs=carry_overs_of(project),
        can_carry_over=allowed(policies.check_can_carry_over, user, project),
        kinds=[kind for kind in LedgerKind if allowed(policies.check_can_record, user, project, kind)],
    )
    return render(request, "funding/project_money.html", context)

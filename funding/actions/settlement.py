"""Settlement (quyết toán) of a liquidated project."""

from django.db import transaction

from khuyencong.accounts.models import User
from programs.actions.project import Paper, move
from programs.models import Project
from programs.workflow import Action


@transaction.atomic
def settle(*, project_id: int, by: User, version: int, paper: Paper, reason: str = "") -> Project:
    """Close the project's money by the settlement document; no advance or payment is recorded after it.

    Errors: NotAllowed; Overtaken; Refused when nothing was paid, or more than was approved (see `funding.checks`).
    """
    return move(project_id=project_id, action=Action.SETTLE, by=by, version=version, paper=paper, reason=reason)

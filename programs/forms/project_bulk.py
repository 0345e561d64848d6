"""Many projects at once: which were ticked, which move, and the one paper behind it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField
from programs.workflow import TRANSITIONS, Action, Transition

# Moves that rest on one paper or one reason for many projects; the others need figures of each project.
BULK_MOVES = (Action.CONFIRM, Action.APPRAISE, Action.RETURN, Action.REFUSE)

# The name of the boxes beside the rows: a project's pk, and behind a hyphen the version that the page showed.
TICK = "de_an"
ALL_FILTERED = "tat_ca"
BULK_LIMIT = 200
_TICKED = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,9}))?")
UNSEEN = 0
"""No project ever has this version: a tick without one is overtaken by whatever there is."""


def read_ticks(values: Iterable[str]) -> dict[int, int]:
    """pk → version shown (`UNSEEN` when none was); what does not read as a tick is left out."""
    found = (_TICKED.fullmatch(value) for value in values)
    return {int(match[1]): int(match[2] or UNSEEN) for match in found if match}


class ProjectBulkForm(DocumentFieldsMixin, forms.Form):
    """What is done to every ticked project. `transition` says what the chosen move needs; without it nothing is."""

    move = forms.ChoiceField(label="Việc với các đề án đã đánh dấu", choices=())
    reason = NFCFormCharField(label="Lý do, ý kiến", max_length=2000, multiline=True, required=False)
    field_order = ("move", "document_number", "document_date", "reason")

    def __init__(
        self, *args: Any, moves: Sequence[Action], transition: Transition | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        move: Any = self.fields["move"]
        move.choices = [("", "Chọn việc"), *((action.value, action.label) for action in moves)]
        for name in ("document_number", "document_date"):
            self.fields[name].required = bool(transition and transition.needs_document)
        self.fields["reason"].required = bool(transition and transition.needs_reason)


def bulk_moves_for(permissions: frozenset[Permission]) -> list[Action]:
    """The moves for many projects that these permissions allow from some status."""
    open_to = {action for (_, action), transition in TRANSITIONS.items() if transition.permission in permissions}
    return [action for action in BULK_MOVES if action in open_to]


def bulk_form_for(user: User) -> ProjectBulkForm | None:
    """The bar under the list, for those who have a move to make."""
    moves = bulk_moves_for(user.portal_permissions)
    return ProjectBulkForm(moves=moves) if moves else None

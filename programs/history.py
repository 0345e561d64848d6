"""The kinds of events in a project's history: which acts belong to which. `funding` adds its own at start."""

from collections import defaultdict
from enum import StrEnum, unique

from django.db.models import Q

from programs.workflow import Action


@unique
class EventKind(StrEnum):
    """The value stands in the address of the history."""

    STEP = "buoc"
    EDIT = "sua-doi"
    MONEY = "kinh-phi"
    DOCUMENT = "tai-lieu"

    @property
    def label(self) -> str:
        return {
            "buoc": "Bước xử lý",
            "sua-doi": "Sửa đổi",
            "kinh-phi": "Kinh phí",
            "tai-lieu": "Tài liệu",
        }[self.value]


KIND_CHOICES = [(kind.value, kind.label) for kind in EventKind]
# The acts of each kind; what is named nowhere is an edit.
_ACTIONS: dict[EventKind, set[str]] = defaultdict(set)
# Objects of these apps are money, whatever was done to them.
_MONEY_OBJECTS = "funding."


def add_actions(kind: EventKind, *actions: str) -> None:
    """The names under which the acts are recorded; called by the app that owns them."""
    _ACTIONS[kind].update(actions)


def kind_of(action: str, object_type: str) -> EventKind:
    """The one kind of an event."""
    if object_type.startswith(_MONEY_OBJECTS):
        return EventKind.MONEY
    return next((kind for kind, actions in _ACTIONS.items() if action in actions), EventKind.EDIT)


def condition_of(kind: EventKind) -> Q:
    """The same as a filter on events: each event passes exactly one of the four."""
    money_object = Q(object_type__startswith=_MONEY_OBJECTS)
    if kind is EventKind.EDIT:
        named = {action for actions in _ACTIONS.values() for action in actions}
        return ~money_object & ~Q(action__in=named)
    named_here = Q(action__in=_ACTIONS[kind])
    return money_object | named_here if kind is EventKind.MONEY else ~money_object & named_here


add_actions(
    EventKind.STEP,
    *(action.value for action in Action),
    "register",
    "copy_project",
    "answer_points",
    "assign_appraiser",
    "field_check",
    "ministry_result",
    "ministry_result_correct",
)
add_actions(EventKind.DOCUMENT, "attach_document", "draft_document")

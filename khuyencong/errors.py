"""What a person may be told: an act refused, with the reason in Vietnamese."""


class Refused(Exception):
    """The right person, but the state, the law or the money says no. `field` names the form field to show it at."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(Refused):
    """The person lacks the right, whatever the state."""


class Overtaken(Refused):
    """Somebody else's later act has changed what the person was looking at."""

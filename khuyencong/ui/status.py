"""The colour of a status. Colour only helps the eye: the badge always carries the words too."""

from types import MappingProxyType

NEUTRAL = "neutral"

# neutral: not begun; waiting: on somebody's desk; active: work under way; good: agreed or done; attention: needs
# correcting; bad: ended without result.
TONES = MappingProxyType(
    {
        "draft": "neutral",
        "not_recognised": "neutral",
        "submitted": "waiting",
        "confirmed": "waiting",
        "appraised": "waiting",
        "sent_to_ministry": "waiting",
        "registered": "waiting",
        "pending": "waiting",
        "approved": "active",
        "contracted": "active",
        "in_progress": "active",
        "accepted": "good",
        "liquidated": "good",
        "settled": "good",
        "recognised": "good",
        "certified": "good",
        "returned": "attention",
        "unverified": "attention",
        "suspended": "attention",
        "faded": "attention",
        "refused": "bad",
        "withdrawn": "bad",
        "stopped": "bad",
    }
)


def tone_of(status: object) -> str:
    """The tone of a stored status value; a value that is not in the table is neutral."""
    return TONES.get(str(status), NEUTRAL)

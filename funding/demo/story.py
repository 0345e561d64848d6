"""What is to be told of one project of the demo, and the road that it takes."""

from dataclasses import dataclass

from khuyencong.localities.models import AdministrativeUnit
from programs.workflow import Status, Track

# The road to settlement; a project stops at the state it is meant to show.
ROAD = [
    Status.DRAFT,
    Status.SUBMITTED,
    Status.CONFIRMED,
    Status.APPRAISED,
    Status.SENT_TO_MINISTRY,
    Status.APPROVED,
    Status.CONTRACTED,
    Status.IN_PROGRESS,
    Status.ACCEPTED,
    Status.LIQUIDATED,
    Status.SETTLED,
]
# Side ways leave the road after this state.
LEAVES_AFTER = {
    Status.RETURNED: Status.CONFIRMED,
    Status.REFUSED: Status.CONFIRMED,
    Status.WITHDRAWN: Status.SUBMITTED,
    Status.STOPPED: Status.IN_PROGRESS,
}


@dataclass(frozen=True)
class Story:
    """What is to be told of one project. `amounts`: source code → đồng, one mapping per beneficiary.

    `employed`: persons in work at a survey after training, and women among them.
    """

    year: int
    track: Track
    item: int
    name: str
    place: AdministrativeUnit
    beneficiaries: tuple[tuple[str, str], ...]
    amounts: tuple[dict[str, int], ...]
    indicators: dict[str, int]
    until: Status
    employed: tuple[int, int] | None = None

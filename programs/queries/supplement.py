"""Reading what a project was returned for."""

from dataclasses import dataclass

from programs.models import Project, Step, SupplementPoint
from programs.tabs import Tab
from programs.workflow import Action


@dataclass(frozen=True)
class PointRow:
    """A point, and the url name of the part of the project page that it is about; "" where the reader has none."""

    number: int
    point: SupplementPoint
    url_name: str

    @property
    def anchor(self) -> str:
        return f"yeu-cau-{self.point.pk}"


@dataclass(frozen=True)
class Supplement:
    """The last return of a project: who, when, on which paper, and each point with its answer."""

    step: Step
    rows: list[PointRow]

    @property
    def answered(self) -> int:
        return sum(1 for row in self.rows if row.point.answer)

    @property
    def reason(self) -> str:
        """The general reason; "" where the one point says just that."""
        said = len(self.rows) == 1 and self.rows[0].point.content == self.step.reason
        return "" if said else self.step.reason

    @property
    def is_complete(self) -> bool:
        return self.answered == len(self.rows)


def last_supplement(project: Project, tabs: list[Tab]) -> Supplement | None:
    """None for a project that was never returned; two queries. `tabs`: those that the reader sees."""
    returns = project.steps.filter(action=Action.RETURN.value).select_related("by__organisation")
    step = returns.order_by("-pk").first()
    if step is None:
        return None
    url_names = {tab.key: tab.url_name for tab in tabs}
    points = SupplementPoint.objects.filter(step=step).select_related("answered_by__organisation")
    rows = [PointRow(number, point, url_names.get(point.section, "")) for number, point in enumerate(points, start=1)]
    return Supplement(step, rows)

"""The panels, in the order of the page."""

from reports.dashboard.panels.base import Panel
from reports.dashboard.panels.items import ITEMS
from reports.dashboard.panels.late import LATE
from reports.dashboard.panels.places import PLACES_PANEL
from reports.dashboard.panels.progress import PROGRESS
from reports.dashboard.panels.stages import STAGES
from reports.dashboard.panels.years import YEARS

LEFT = (STAGES, YEARS, PROGRESS, LATE)
RIGHT = (PLACES_PANEL, ITEMS)
PANELS: dict[str, Panel] = {panel.key: panel for panel in (*LEFT, *RIGHT)}

__all__ = ["LEFT", "PANELS", "RIGHT", "Panel"]

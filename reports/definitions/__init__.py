"""The official forms, in the order in which an office fills them."""

from types import MappingProxyType

from reports.definitions.base import Definition
from reports.definitions.comparison_form import COMPARISON
from reports.definitions.craft_villages import CRAFT_VILLAGES
from reports.definitions.disbursement import DISBURSEMENT
from reports.definitions.evaluation import EVALUATION
from reports.definitions.funding import FUNDING
from reports.definitions.places import PLACES
from reports.definitions.product_awards import PRODUCT_AWARDS
from reports.definitions.programmes import PROGRAMMES
from reports.definitions.projects import PROJECTS
from reports.definitions.results import RESULTS
from reports.definitions.several_years import SEVERAL_YEARS
from reports.definitions.standings import STANDINGS_OF_YEAR

FORMS = (
    RESULTS,
    FUNDING,
    COMPARISON,
    PRODUCT_AWARDS,
    PROJECTS,
    SEVERAL_YEARS,
    DISBURSEMENT,
    PLACES,
    PROGRAMMES,
    CRAFT_VILLAGES,
    STANDINGS_OF_YEAR,
    EVALUATION,
)
DEFINITIONS: MappingProxyType[str, Definition] = MappingProxyType({one.slug: one for one in FORMS})

__all__ = ["DEFINITIONS", "Definition"]

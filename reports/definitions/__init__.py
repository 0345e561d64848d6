"""The official forms, in the order in which an office fills them."""

from types import MappingProxyType

from reports.definitions.base import Definition
from reports.definitions.funding import FUNDING
from reports.definitions.product_awards import PRODUCT_AWARDS
from reports.definitions.projects import PROJECTS
from reports.definitions.results import RESULTS
from reports.definitions.several_years import SEVERAL_YEARS

DEFINITIONS: MappingProxyType[str, Definition] = MappingProxyType(
    {one.slug: one for one in (RESULTS, FUNDING, PRODUCT_AWARDS, PROJECTS, SEVERAL_YEARS)}
)

__all__ = ["DEFINITIONS", "Definition"]

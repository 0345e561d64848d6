"""Each official form once more, in plain Python over the rows of the tables, cell by cell."""

from collections.abc import Callable
from types import MappingProxyType

from tests.reports.independent.comparing import comparison
from tests.reports.independent.evaluating import evaluation
from tests.reports.independent.places import craft_villages, places
from tests.reports.independent.projects import project_report, standings
from tests.reports.independent.records import Cells, Question, Records
from tests.reports.independent.spending import disbursement, programmes, several_years
from tests.reports.independent.yearly import funding, product_awards, results

COMPUTATIONS: MappingProxyType[str, Callable[[Records, Question], Cells]] = MappingProxyType(
    {
        "ket-qua": results,
        "kinh-phi": funding,
        "so-sanh": comparison,
        "binh-chon": product_awards,
        "du-an": project_report,
        "nhieu-nam": several_years,
        "giai-ngan": disbursement,
        "dia-ban": places,
        "chuong-trinh": programmes,
        "lang-nghe": craft_villages,
        "tong-hop-de-an": standings,
        "sau-ho-tro": evaluation,
    }
)

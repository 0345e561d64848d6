"""The money on the list that goes to the Ministry: what is asked for, by source. Registered when the app starts."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Sum as SumOf

from funding.models import FundingLine, SourceKind
from khuyencong.excel.columns import Column, Kind, Sum
from programs.ministry_table import AmountColumns, Amounts, add_amounts

GROUP = ("Kinh phí đề nghị",)
KEY_OF = {SourceKind.CENTRAL.value: "central", SourceKind.COUNTERPART.value: "counterpart"}
COLUMNS = (
    Column("central", "KCQG", Kind.MONEY_MILLION, width=11, groups=GROUP),
    Column("counterpart", "Đối ứng", Kind.MONEY_MILLION, width=11, groups=GROUP),
    Column("other", "Nguồn khác", Kind.MONEY_MILLION, width=11, groups=GROUP),
    Column(
        "total",
        "Cộng",
        Kind.MONEY_MILLION,
        width=11,
        groups=GROUP,
        formula=Sum(("central", "counterpart", "other")),
    ),
)


def requested(project_ids: Sequence[int]) -> Amounts:
    """Whole đồng that each project asks for, per column; one query."""
    lines = FundingLine.objects.filter(project__in=project_ids).order_by().values_list("project_id", "source__kind")
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("central", "counterpart", "other"), 0))
    for project_id, kind, vnd in lines.annotate(vnd=SumOf("requested_vnd")):
        found[project_id][KEY_OF.get(kind, "other")] += vnd
    return found


add_amounts(AmountColumns(COLUMNS, requested))

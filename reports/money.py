"""The money that reports count: one place for what was approved, what went out, and as it was known on which day."""

from django.db.models import Q, QuerySet

from funding.models import CarryOver, LedgerEntry, Source
from funding.queries import as_known
from funding.queries.as_known import ApprovedMoney, AsOf
from khuyencong.vietnamese.dates import format_date
from programs.models import Project
from reports.parameters import Parameters, PeriodParameters

# A decision on an amendment counts by the same day as the decision that it amends, and versions follow its order.
AMENDED_UNTIL = (
    "Kinh phí được duyệt là số có hiệu lực vào ngày cuối kỳ: lần điều chỉnh có ngày quyết định sau ngày cuối kỳ chưa "
    "tính vào."
)
AMENDED_NOW = "Kinh phí được duyệt đã tính các lần điều chỉnh."


def as_of(parameters: Parameters) -> AsOf:
    """As known on the day asked for; amendments count until the end of the period, where there is one."""
    period = parameters.period if isinstance(parameters, PeriodParameters) else None
    return AsOf(parameters.known_on, period.end if period else None)


def approved_projects(parameters: Parameters) -> QuerySet[Project]:
    return as_known.approved_projects(as_of(parameters)).filter(parameters.within("place_id"))


def decided_projects(parameters: PeriodParameters) -> QuerySet[Project]:
    """Approved by a decision of the period."""
    return approved_projects(parameters).filter(approval__decision_date__range=parameters.period.days)


def approved_money(parameters: Parameters, projects: QuerySet[Project], sources: Q) -> ApprovedMoney:
    """Approved amounts of the projects from the sources that the condition names."""
    return as_known.approved_money(projects, Source.objects.filter(sources), as_of(parameters))


def ledger_entries(parameters: Parameters, sources: Q) -> QuerySet[LedgerEntry]:
    """Entries with `effect_vnd` of the area; the form says which days count."""
    found = as_known.ledger_entries(as_of(parameters)).filter(parameters.within("project__place_id"))
    return found.filter(source__in=Source.objects.filter(sources).order_by().values("pk"))


def carry_overs(parameters: Parameters) -> QuerySet[CarryOver]:
    return as_known.carry_overs(as_of(parameters))


def is_known(parameters: Parameters) -> Q:
    """Projects whose approval was recorded by the day asked for."""
    return as_known.is_known(as_of(parameters))


def is_stopped(parameters: Parameters) -> Q:
    return as_known.is_stopped(as_of(parameters))


def was_accepted(parameters: Parameters) -> Q:
    return as_known.was_accepted(as_of(parameters))


def known_notes(parameters: Parameters) -> tuple[str, ...]:
    """What a table says of the day that it was asked for; nothing when it shows all that is known."""
    if parameters.known_on is None:
        return ()
    day = format_date(parameters.known_on)
    return (
        f"Số liệu như đã biết đến hết ngày {day}: không tính phê duyệt, điều chỉnh, chứng từ, bút toán hủy, chuyển "
        "nguồn, nghiệm thu, ngừng triển khai nhập vào cổng sau ngày đó. Đề án nhập vào cổng mà không kèm quyết định "
        "phê duyệt tính từ ngày lập trên cổng.",
        "Nội dung hỗ trợ, địa bàn, chương trình và cơ sở thụ hưởng của đề án ghi như hiện nay.",
    )

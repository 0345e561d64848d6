"""Báo cáo dự án khuyến công: the projects approved in the period, one sheet per budget, and their beneficiaries."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from funding.models import FundingLine, SourceKind
from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from khuyencong.excel.table import Sum as SumOf
from programs.models import ILLUSTRATION_NOTE, BudgetSide, Project, ProjectBeneficiary
from programs.workflow import Track
from reports.definitions.base import MONEY_UNIT, Definition, official_table
from reports.forms import MoneyForm
from reports.money import AMENDED_UNTIL, approved_money, decided_projects, known_notes
from reports.parameters import PeriodParameters

SIDE_OF_TRACK = {Track.NATIONAL: BudgetSide.CENTRAL, Track.LOCAL: BudgetSide.PROVINCIAL}
# Money that no decision of the state assigns: it counts as declared where no approved figure was entered.
DECLARED = frozenset({SourceKind.COUNTERPART, SourceKind.OTHER})
BASIS = (
    "Đề án có ngày quyết định phê duyệt trong kỳ, kể cả đề án ngừng triển khai sau đó; kinh phí được duyệt. "
    f"{AMENDED_UNTIL}"
)
TRACK_RULE = (
    "Mỗi đề án nằm ở một biểu, theo cấp khuyến công của đề án (quốc gia hoặc địa phương), với toàn bộ nguồn vốn của nó."
)
NO_BENEFICIARY = "(chưa ghi cơ sở thụ hưởng)"

Money = Mapping[str, int]


def approved_projects(parameters: PeriodParameters) -> QuerySet[Project]:
    return decided_projects(parameters).order_by("approval__decision_date", "code", "pk")


def build(parameters: PeriodParameters) -> list[Table]:
    projects = list(approved_projects(parameters))
    money = _money(parameters)
    by_track = {track: [one for one in projects if one.track == track] for track in SIDE_OF_TRACK}
    sheets = [_project_table(parameters, track, by_track[track], money) for track in SIDE_OF_TRACK]
    return [*sheets, _beneficiary_table(parameters, by_track)]


def _money(parameters: PeriodParameters) -> Mapping[int, Money]:
    """Project → source kind → whole đồng."""
    projects, by = decided_projects(parameters), ("project_id", "source__kind")
    money: dict[int, Counter[str]] = {}
    for (project, kind), vnd in approved_money(parameters, projects, Q()).sums(*by).items():
        money.setdefault(project, Counter())[kind] += vnd
    declared = FundingLine.objects.filter(project__in=projects.values("pk"), source__kind__in=DECLARED)
    undecided = declared.filter(approved_vnd__isnull=True).order_by()
    for project, kind, vnd in undecided.values_list(*by).annotate(vnd=Sum("requested_vnd")):
        money.setdefault(project, Counter())[kind] += vnd
    return money


def _project_table(
    parameters: PeriodParameters, track: Track, projects: Sequence[Project], money: Mapping[int, Money]
) -> Table:
    side = SIDE_OF_TRACK[track]
    rows = [_project_row(place, one, money.get(one.pk, {})) for place, one in enumerate(projects, start=1)]
    has_rest = any(row.cells["rest"] for row in rows)
    total = Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS)
    return official_table(
        parameters,
        title=f"BÁO CÁO DỰ ÁN {track.label.upper()}",
        columns=_project_columns(has_rest),
        rows=[*(rows if has_rest else map(_without_rest, rows)), total],
        notes=(BASIS, TRACK_RULE, *known_notes(parameters)),
        unit_note=MONEY_UNIT,
        sheet_name=f"Dự án {side.label}",
        is_illustrated=_is_illustrated(projects),
    )


def _is_illustrated(projects: Sequence[Project]) -> bool:
    return any(project.note == ILLUSTRATION_NOTE for project in projects)


def _project_columns(has_rest: bool) -> tuple[Column, ...]:
    """The official columns; one more, for district and other money, only where there is any."""
    source, amount, money = "Nguồn vốn khuyến công", "Kinh phí", Kind.MONEY_MILLION
    rest = (Column("rest", "Ngân sách huyện, xã và nguồn khác", money, groups=(amount,), width=13),)
    parts = ("support", "counterpart", "rest") if has_rest else ("support", "counterpart")
    return (
        Column("number", "STT", width=6, align=Align.CENTER),
        Column("name", "Tên đề án", width=46),
        Column("years", "Thời gian thực hiện (năm)", width=12, align=Align.CENTER),
        Column("central", "TW", money, groups=(source,), width=12),
        Column("provincial", "Địa phương", money, groups=(source,), width=12),
        Column("total", "Tổng kinh phí", money, groups=(amount,), width=13, formula=SumOf(parts)),
        Column("support", "KC hỗ trợ", money, groups=(amount,), width=12, formula=SumOf(("central", "provincial"))),
        Column("counterpart", "DN đối ứng", money, groups=(amount,), width=12),
        *(rest if has_rest else ()),
    )


def _project_row(place: int, project: Project, money: Money) -> Row:
    cells: dict[str, Value] = {
        "number": str(place),
        "name": project.name,
        "years": years_of(project),
        "central": money.get(SourceKind.CENTRAL, 0),
        "provincial": money.get(SourceKind.PROVINCIAL, 0),
        "counterpart": money.get(SourceKind.COUNTERPART, 0),
        "rest": money.get(SourceKind.DISTRICT, 0) + money.get(SourceKind.OTHER, 0),
    }
    return Row(cells, links={"name": reverse("programs:project-detail", args=[project.pk])})


def _without_rest(row: Row) -> Row:
    return Row({key: value for key, value in row.cells.items() if key != "rest"}, links=row.links)


def years_of(project: Project) -> str:
    """2026, or 2025–2026 for a project that runs over the turn of a year."""
    first, last = project.start_date.year, project.end_date.year
    return str(first) if first == last else f"{first}–{last}"


def _beneficiary_table(parameters: PeriodParameters, by_track: Mapping[Track, Sequence[Project]]) -> Table:
    participants = _participants(parameters)
    rows: list[Row] = []
    for track, projects in by_track.items():
        rows.append(Row({"name": track.label}, RowStyle.GROUP))
        for place, project in enumerate(projects, start=1):
            rows += _beneficiary_rows(place, project, participants.get(project.pk, []))
    columns = (
        Column("number", "STT", width=6, align=Align.CENTER),
        Column("name", "Tên đề án", width=40),
        Column("beneficiary", "Cơ sở thụ hưởng", width=30),
        Column("kind", "Loại hình", width=18),
        Column("address", "Địa chỉ", width=36),
        Column("content", "Nội dung được hỗ trợ", width=28),
    )
    return official_table(
        parameters,
        title="DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN THỤ HƯỞNG",
        columns=columns,
        rows=rows if any(by_track.values()) else [],
        notes=("Kèm theo hai biểu dự án; số thứ tự là số thứ tự của đề án trong biểu.", *known_notes(parameters)),
        sheet_name="Cơ sở thụ hưởng",
        is_illustrated=any(map(_is_illustrated, by_track.values())),
    )


def _participants(parameters: PeriodParameters) -> dict[int, list[ProjectBeneficiary]]:
    """Project → its beneficiaries, in the order in which they joined; one query."""
    chosen = approved_projects(parameters).order_by().values("pk")
    found = ProjectBeneficiary.objects.filter(project__in=chosen).select_related("beneficiary__place").order_by("pk")
    by_project: dict[int, list[ProjectBeneficiary]] = {}
    for one in found:
        by_project.setdefault(one.project_id, []).append(one)
    return by_project


def _beneficiary_rows(place: int, project: Project, participants: Sequence[ProjectBeneficiary]) -> list[Row]:
    """A row for each beneficiary; a project still without one is listed all the same."""
    cells: dict[str, Value] = {"number": str(place), "name": project.name}
    if not participants:
        return [Row({**cells, "beneficiary": NO_BENEFICIARY})]
    return [Row({**cells, **_beneficiary_cells(one)}) for one in participants]


def _beneficiary_cells(participant: ProjectBeneficiary) -> dict[str, str]:
    beneficiary = participant.beneficiary
    return {
        "beneficiary": beneficiary.name,
        "kind": beneficiary.get_kind_display(),
        "address": ", ".join(part for part in (beneficiary.address, str(beneficiary.place)) if part),
        "content": participant.content,
    }


PROJECTS = Definition(
    slug="du-an",
    title="Báo cáo dự án khuyến công",
    explanation="Các đề án được phê duyệt trong kỳ: hai biểu theo nguồn vốn, kèm danh sách cơ sở thụ hưởng.",
    file_stem="bao-cao-du-an",
    form_class=MoneyForm,
    build=build,
    not_opened=dict.fromkeys(
        ("central", "provincial", "total", "support", "counterpart", "rest"),
        "Mỗi dòng là một đề án, tên của nó mở trang đề án có đủ từng khoản tiền.",
    ),
)

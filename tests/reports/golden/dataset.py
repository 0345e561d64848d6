"""A small province that can be added up by hand: the expected workbooks beside this file are its forms for 2026.

Money in triệu đồng; the report year 2026 runs from 15/12/2025 to 14/12/2026. Hồng Dân and Gành Hào are communes of
today; Ninh Hòa is an old one, in the old district Hồng Dân and today part of the commune Hồng Dân.

| code  | track, item, place, year    | decided    | approved            | vouchers                         |
|-------|-----------------------------|------------|---------------------|----------------------------------|
| DP-01 | local, 1, Ninh Hòa, 2025    | 01/03/2025 | KCĐP 120            | 60 in 2025, 60 on 15/02/2026     |
| DP-02 | local, 10, Hồng Dân, 2026   | 10/01/2026 | KCĐP 200, own 300   | 80,5 and 119,5                   |
| DP-03 | local, 10, Gành Hào, 2026   | 05/03/2026 | KCĐP 150            | 45, 20 back; stopped 01/09/2026  |
| DP-04 | local, 24, Hồng Dân, 2026   | no day     | KCĐP 50             | 15                               |
| DP-05 | local, 10, Hồng Dân, 2026   | refused    | (asked for 99)      |                                  |
| DP-06 | local, 10, Hồng Dân, 2026   | 15/12/2026 | KCĐP 70             |                                  |
| QG-01 | national, 9, Gành Hào, 2025 | 10/02/2025 | KCQG 300            | 300 on 14/12/2025                |
| QG-02 | national, 9, Ninh Hòa, 2026 | 20/12/2025 | KCQG 400, KCĐP 100, | KCQG 150 and 250, KCĐP 90;       |
|       |                             |            | own 600             | 10 paid by mistake and reversed  |

DP-01 was carried over into 2026. DP-01, DP-02, DP-04 belong to the programme.
"""

import datetime
from typing import Any

from django.utils import timezone

from funding.models import Approval, Budget, BudgetEntry, CarryOver, FundingLine, LedgerEntry
from khuyencong.accounts.models import OrganisationKind, Signatory, User
from khuyencong.accounts.permissions import Role
from programs.models import (
    CraftVillage,
    CraftVillageEvent,
    CraftVillageYear,
    IndicatorValue,
    Product,
    ProductAwardEvent,
    Programme,
    ProgrammeTarget,
    Project,
    ResultIndicator,
    Step,
    SupportEvaluation,
    SupportItem,
)
from programs.workflow import Action, Status, Track
from tests.factories import add_participant, make_beneficiary, make_organisation, make_project, make_user, unit
from tests.reports.world import source_of

D = datetime.date
MILLION = 1_000_000
PLACES = {"Hồng Dân": ("31843", False), "Ninh Hòa": ("31852", True), "Gành Hào": ("31972", False)}
# Code → name, item, place, year, status, decided on, start, end.
PROJECTS: dict[str, tuple[Any, ...]] = {
    "DP-01": ("Dạy nghề đan lát", 1, "Ninh Hòa", 2025, Status.SETTLED, D(2025, 3, 1), D(2025, 4, 1), D(2026, 3, 31)),
    "DP-02": ("Máy tráng bánh", 10, "Hồng Dân", 2026, Status.SETTLED, D(2026, 1, 10), D(2026, 1, 5), D(2026, 11, 30)),
    "DP-03": ("Máy sấy cá", 10, "Gành Hào", 2026, Status.STOPPED, D(2026, 3, 5), D(2026, 3, 1), D(2026, 11, 30)),
    "DP-04": ("Chi hội nghị", 24, "Hồng Dân", 2026, Status.IN_PROGRESS, None, D(2026, 4, 1), D(2026, 11, 30)),
    "DP-05": ("Máy không đạt", 10, "Hồng Dân", 2026, Status.REFUSED, None, D(2026, 4, 1), D(2026, 11, 30)),
    "DP-06": ("Máy duyệt muộn", 10, "Hồng Dân", 2026, Status.APPROVED, D(2026, 12, 15), D(2026, 1, 2), D(2026, 12, 1)),
    "QG-01": ("Mô hình làm muối", 9, "Gành Hào", 2025, Status.SETTLED, D(2025, 2, 10), D(2025, 3, 1), D(2025, 11, 30)),
    "QG-02": ("Mô hình xay xát", 9, "Ninh Hòa", 2026, Status.ACCEPTED, D(2025, 12, 20), D(2025, 12, 25), D(2026, 6, 9)),
}  # fmt: skip
BENEFICIARIES = {
    "DP-01": ["Tổ đan lát"],
    "DP-02": ["Lò bánh Năm Lành"],
    "DP-03": ["Vựa cá Bảy Khô"],
    "QG-01": ["Xay xát Út Lúa"],
    "QG-02": ["Xay xát Út Lúa", "Hợp tác xã Rạng Đông"],
}
# Name → kind, place, address.
ESTABLISHMENTS = {
    "Tổ đan lát": ("cooperative_group", "Ninh Hòa", ""),
    "Lò bánh Năm Lành": ("household", "Hồng Dân", "Ấp Bà Hiên"),
    "Vựa cá Bảy Khô": ("household", "Gành Hào", ""),
    "Xay xát Út Lúa": ("enterprise", "Ninh Hòa", "Ấp Ninh Thạnh"),
    "Hợp tác xã Rạng Đông": ("cooperative", "Hồng Dân", ""),
}
# (project, kind of source, requested, approved)
LINES = [
    ("DP-01", "provincial", 120, 120),
    ("DP-02", "provincial", 210, 200),
    ("DP-02", "counterpart", 300, None),
    ("DP-03", "provincial", 150, 150),
    ("DP-04", "provincial", 50, 50),
    ("DP-05", "provincial", 99, None),
    ("DP-06", "provincial", 70, 70),
    ("QG-01", "central", 300, 300),
    ("QG-02", "central", 450, 400),
    ("QG-02", "provincial", 100, 100),
    ("QG-02", "counterpart", 500, 600),
]
# (project, kind of entry, kind of source, triệu đồng, day)
VOUCHERS = [
    ("DP-01", "advance", "provincial", 60, D(2025, 6, 1)),
    ("DP-01", "payment", "provincial", 60, D(2026, 2, 15)),
    ("DP-02", "advance", "provincial", 80.5, D(2026, 2, 1)),
    ("DP-02", "payment", "provincial", 119.5, D(2026, 6, 20)),
    ("DP-03", "advance", "provincial", 45, D(2026, 4, 1)),
    ("DP-03", "recovery", "provincial", 20, D(2026, 10, 1)),
    ("DP-04", "advance", "provincial", 15, D(2026, 5, 5)),
    ("QG-01", "payment", "central", 300, D(2025, 12, 14)),
    ("QG-02", "advance", "central", 150, D(2026, 1, 15)),
    ("QG-02", "payment", "central", 250, D(2026, 12, 10)),
    ("QG-02", "payment", "provincial", 90, D(2026, 12, 14)),
]
# (project, indicator, side, planned, achieved, day)
RESULTS = [
    ("DP-01", "1", "provincial", 30, 28, D(2026, 3, 20)),
    ("DP-01", "1.1", "provincial", 25, 20, D(2026, 3, 20)),
    ("DP-02", "10", "provincial", 1, 1, D(2026, 6, 15)),
    ("DP-02", "10.1", "provincial", 500 * MILLION, 520 * MILLION, D(2026, 6, 15)),
    ("QG-01", "9", "central", 2, 2, D(2025, 12, 14)),
    ("QG-02", "9", "central", 1, 1, D(2026, 12, 14)),
    ("QG-02", "9.1", "central", 1000 * MILLION, 1100 * MILLION, D(2026, 12, 14)),
]
# (product, group, maker) and (product, level, kind, day)
PRODUCTS = {
    "Bánh tráng": ("food", "Lò bánh Năm Lành"),
    "Dao rèn": ("machinery", "Hợp tác xã Rạng Đông"),
    "Chiếu lác": ("handicraft", "Vựa cá Bảy Khô"),
    "Khô cá": ("food", "Xay xát Út Lúa"),
}
AWARDS = [
    ("Bánh tráng", "province", "registered", D(2026, 3, 1)),
    ("Bánh tráng", "province", "certified", D(2026, 6, 1)),
    ("Dao rèn", "province", "registered", D(2026, 3, 2)),
    ("Chiếu lác", "province", "registered", D(2025, 4, 5)),
    ("Chiếu lác", "province", "certified", D(2025, 12, 20)),
    ("Khô cá", "national", "registered", D(2026, 2, 1)),
    ("Khô cá", "region", "certified", D(2026, 9, 10)),
    ("Khô cá", "province", "certified", D(2026, 6, 1)),
    ("Khô cá", "province", "withdrawn", D(2026, 10, 1)),
]
# (kind of source, item or None, triệu đồng) of the plan of 2026
PLAN = [("central", 9, 400), ("provincial", 9, 100), ("provincial", 10, 400), ("provincial", None, 200)]


def make_officer() -> User:
    """Who draws the forms up, in an office whose head is named."""
    office = make_organisation(
        unit("96"), kind=OrganisationKind.DEPARTMENT, name="Sở Công Thương", parent_name="UBND tỉnh Cà Mau"
    )
    Signatory.objects.create(
        organisation=office, role="head", job_title="Giám đốc", full_name="Trần Văn Đước", valid_from=D(2000, 1, 1)
    )
    return make_user(Role.DEPARTMENT_OFFICER, office, full_name="Lê Thị Sương")


def make_province(by: User) -> dict[str, Project]:
    """All of the table above, and the products, villages, programme, plan and evaluations; code → project."""
    ProgrammeTarget.objects.all().delete()
    Programme.objects.all().delete()
    CraftVillage.objects.all().delete()
    programme = _programme()
    makers = {name: _establishment(name) for name in ESTABLISHMENTS}
    projects = {code: _project(code, by, programme) for code in PROJECTS}
    parts = {
        (code, name): add_participant(projects[code], makers[name])
        for code, names in BENEFICIARIES.items()
        for name in names
    }
    for code, kind, requested, approved in LINES:
        given = None if approved is None else approved * MILLION
        line = {"requested_vnd": requested * MILLION, "approved_vnd": given}
        FundingLine.objects.create(project=projects[code], source=source_of(kind), **line)
    _add_money(projects, by)
    for code, indicator, side, planned, achieved, day in RESULTS:
        value = {"year": projects[code].year, "planned_value": planned, "achieved_value": achieved}
        value |= {"indicator": ResultIndicator.objects.get(code=indicator), "achieved_date": day}
        IndicatorValue.objects.create(project=projects[code], budget=side, **value)
    _add_products(makers)
    _add_villages()
    _add_evaluations(parts, by)
    return projects


def _place(name: str) -> Any:
    code, old = PLACES[name]
    return unit(code, old=old)


def _programme() -> Programme:
    programme = Programme.objects.create(
        code="CT", name="Chương trình khuyến công tỉnh", track=Track.LOCAL.value, start_year=2026, end_year=2030
    )
    targets = [
        ("Lao động được đào tạo", "1", "Người", 200),
        ("Vốn đầu tư", "10.1", "Tỷ đồng", 5),
        ("Số xã", "", "Xã", 10),
    ]
    for name, code, unit_name, value in targets:
        indicator = ResultIndicator.objects.get(code=code) if code else None
        more = {"indicator": indicator, "name": name, "unit": unit_name, "value": value}
        ProgrammeTarget.objects.create(programme=programme, **more)
    return programme


def _establishment(name: str) -> Any:
    kind, place, address = ESTABLISHMENTS[name]
    return make_beneficiary(name=name, kind=kind, place=_place(place), address=address)


def _project(code: str, by: User, programme: Programme) -> Project:
    name, item, place, year, status, decided, start, end = PROJECTS[code]
    project = make_project(
        created_by=by,
        code=code,
        name=name,
        support_item=SupportItem.objects.get(row=item),
        place=_place(place),
        year=year,
        status=status.value,
        approved_date=decided,
        track=(Track.NATIONAL if code.startswith("QG") else Track.LOCAL).value,
        start_date=start,
        end_date=end,
        programme=programme if code in ("DP-01", "DP-02", "DP-04") else None,
    )
    if decided:
        values = {"decision_number": f"{code}/QĐ-UBND", "decision_date": decided, "approved_by": by}
        Approval.objects.create(project=project, approved_at=timezone.now(), **values)
    return project


def _add_money(projects: dict[str, Project], by: User) -> None:
    now = timezone.now()
    told = {"recorded_by": by, "recorded_at": now}
    for number, (code, kind, source, million, day) in enumerate(VOUCHERS, start=1):
        _voucher(projects[code], kind, source, million, day, f"CT-{number}", told)
    wrong = _voucher(projects["QG-02"], "payment", "provincial", 10, D(2026, 3, 1), "CT-90", told)
    _voucher(projects["QG-02"], "payment", "provincial", 10, D(2026, 3, 2), "CT-90H", told, reverses=wrong)
    carried = {"from_year": 2025, "to_year": 2026, "amount_vnd": 60 * MILLION, "decision_number": "9/QĐ"}
    CarryOver.objects.create(
        project=projects["DP-01"], source=source_of("provincial"), decision_date=D(2026, 1, 10), **carried, **told
    )
    Step.objects.create(
        project=projects["DP-03"],
        action=Action.STOP.value,
        from_status=Status.IN_PROGRESS.value,
        to_status=Status.STOPPED.value,
        by=by,
        at=now,
        document_number="8/QĐ",
        document_date=D(2026, 9, 1),
    )
    for kind, item, million in PLAN:
        budget, _ = Budget.objects.get_or_create(year=2026, source=source_of(kind), province=unit("96"))
        decision = {"decision_number": "1/QĐ-UBND", "decision_date": D(2025, 12, 20)}
        row = SupportItem.objects.get(row=item) if item else None
        BudgetEntry.objects.create(budget=budget, support_item=row, amount_vnd=million * MILLION, **decision, **told)


def _voucher(
    project: Project,
    kind: str,
    source: str,
    million: float,
    day: datetime.date,
    number: str,
    told: dict[str, Any],
    **more: Any,
) -> LedgerEntry:
    """Of the budget year that the voucher's day closes in."""
    return LedgerEntry.objects.create(
        kind=kind,
        project=project,
        source=source_of(source),
        amount_vnd=int(million * MILLION),
        year=day.year,
        voucher_number=number,
        voucher_date=day,
        **told,
        **more,
    )


def _add_products(makers: dict[str, Any]) -> None:
    products = {
        name: Product.objects.create(beneficiary=makers[maker], name=name, group=group)
        for name, (group, maker) in PRODUCTS.items()
    }
    for name, level, kind, day in AWARDS:
        decision = {"event_date": day, "decision_number": "12/QĐ-UBND"}
        ProductAwardEvent.objects.create(product=products[name], level=level, kind=kind, **decision)


def _add_villages() -> None:
    """Rèn Ninh Hòa: recognised, with figures of 2026. Chiếu Gành Hào: no decision, no figures."""
    forge = CraftVillage.objects.create(name="Làng rèn Ninh Hòa", craft="Rèn", place=_place("Ninh Hòa"))
    CraftVillage.objects.create(name="Làng chiếu Gành Hào", craft="Dệt chiếu", place=_place("Gành Hào"))
    decision = {"recognition": "craft_village", "decision_number": "5/QĐ-UBND", "event_date": D(2020, 5, 1)}
    CraftVillageEvent.objects.create(village=forge, kind="recognised", **decision)
    figures = {"households": 100, "craft_households": 40, "workers": 90, "women_workers": 30, "khmer_workers": 10}
    figures |= {"revenue_vnd": 2500 * MILLION, "income_per_head_vnd": 48_500_000}
    report = {"year": 2026, "reported_date": D(2026, 12, 1), "source": "Xã báo cáo"}
    CraftVillageYear.objects.create(village=forge, **report, **figures)


def _add_evaluations(parts: dict[tuple[str, str], Any], by: User) -> None:
    told = {"source_note": "Cơ sở báo cáo", "recorded_by": by, "recorded_at": timezone.now()}
    before = {"capacity_before": 10, "productivity_vnd_before": 60 * MILLION, "value_added_vnd_before": 100 * MILLION}
    after = {"capacity_after": 15, "productivity_vnd_after": 90 * MILLION, "value_added_vnd_after": 150 * MILLION}
    more = {"revenue_vnd_before": 500 * MILLION, "revenue_vnd_after": 800 * MILLION, "mobilised_vnd": 400 * MILLION}
    workers = {"workers_before": 5, "workers_after": 8, "capacity_unit": "tấn/năm"}
    bakery = parts["DP-02", "Lò bánh Năm Lành"]
    SupportEvaluation.objects.create(
        participant=bakery, evaluated_on=D(2026, 12, 1), **before, **after, **more, **workers, **told
    )
    weavers = parts["DP-01", "Tổ đan lát"]
    SupportEvaluation.objects.create(participant=weavers, evaluated_on=D(2026, 11, 10), workers_before=3, **told)

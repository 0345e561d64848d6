"""What money adds to the documents of `programs.word`: amounts in đồng and in words. Registered when the app starts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from funding.models import AcceptedCost, Approval, Contract, ContractKind, FundingLine, LedgerEntry, LedgerKind
from funding.rules.totals import Totals, totals_of
from khuyencong.accounts.permissions import Permission
from khuyencong.vietnamese.dates import format_long_date
from khuyencong.vietnamese.money import format_million, format_vnd, in_words
from programs.models import Project, ProjectBeneficiary, WordKind
from programs.word.context import BLANK_DATE, Field, Subject, Values, add_provider

# A decision names tens of projects; a document of more rows is not read by anybody.
MAX_ROWS = 300
_VND, _WORDS = "120.000.000", "Một trăm hai mươi triệu đồng"
TITLE_OF_KIND = {ContractKind.IMPLEMENTATION: "Thực hiện", ContractKind.SUPPORT: "Hỗ trợ thực hiện"}
_LIST_SUMS = {
    "tong": "tổng kinh phí",
    "trung_uong": "KCQG",
    "dia_phuong": "KCĐP",
    "huyen_xa": "ngân sách huyện, xã",
    "doi_ung_khac": "đối ứng và nguồn khác",
}


def _money_fields(name: str, label: str) -> tuple[Field, Field]:
    return Field(name, f"{label} (đồng)", _VND), Field(f"{name}_chu", f"{label}, bằng chữ", _WORDS)


FIELDS = (
    *_money_fields("de_nghi_tong", "Đề nghị: tổng kinh phí"),
    *_money_fields("de_nghi_ngan_sach", "Đề nghị: ngân sách hỗ trợ"),
    *_money_fields("de_nghi_doi_ung_khac", "Đề nghị: đối ứng và nguồn khác"),
    *_money_fields("duyet_tong", "Được duyệt: tổng kinh phí"),
    *_money_fields("duyet_ngan_sach", "Được duyệt: ngân sách hỗ trợ"),
    *_money_fields("duyet_doi_ung_khac", "Được duyệt: đối ứng và nguồn khác"),
    Field("hop_dong_so", "Số hợp đồng", "05/HĐ-TTKC"),
    Field("hop_dong_viec", "Việc của hợp đồng, theo loại hợp đồng", "Hỗ trợ thực hiện", blank="Thực hiện"),
    Field("hop_dong_ngay", "Ngày ký hợp đồng", "ngày 01 tháng 3 năm 2026", blank=BLANK_DATE),
    *_money_fields("hop_dong_kinh_phi", "Kinh phí hỗ trợ theo hợp đồng, hoặc được duyệt khi chưa ký"),
    *_money_fields("gia_tri_nghiem_thu", "Giá trị nghiệm thu"),
    *_money_fields("da_tam_ung", "Đã tạm ứng"),
    *_money_fields("da_thanh_toan", "Đã thanh toán"),
    *_money_fields("da_thu_hoi", "Đã thu hồi"),
    *_money_fields("da_nhan", "Đã nhận (tạm ứng + thanh toán - thu hồi)"),
    *_money_fields("danh_muc_ngan_sach", "Danh mục: ngân sách hỗ trợ"),
    *(Field(f"danh_muc_{name}", f"Danh mục: {label} (triệu đồng)", "240,0") for name, label in _LIST_SUMS.items()),
    Field(
        "danh_muc",
        "Các đề án cùng quyết định phê duyệt",
        columns=(
            Field("stt", "STT", "1"),
            Field("ma", "Mã đề án", "DP-2026-0001"),
            Field("ten", "Tên đề án", "Ứng dụng máy móc tiên tiến"),
            Field("don_vi", "Đơn vị thực hiện; cơ sở thụ hưởng", "Trung tâm Khuyến công; Cơ sở A"),
            Field("dia_ban", "Địa bàn", "Xã Hồng Dân"),
            *(Field(name, f"{label} (triệu đồng)", "120,0") for name, label in _LIST_SUMS.items()),
        ),
    ),
)


def build(subject: Subject) -> Values:
    """Nothing for whoever may not see money: the document then has dotted lines."""
    if not subject.by.has_permission(Permission.MONEY_VIEW):
        return {}
    lines = list(FundingLine.objects.filter(project=subject.project).select_related("source"))
    requested = totals_of((line.source.kind, line.requested_vnd) for line in lines)
    approved = totals_of((line.source.kind, line.approved_vnd or 0) for line in lines)
    values = {**_totals("de_nghi", requested), **_totals("duyet", approved)}
    values |= _contract(subject, lines)
    values |= _accepted_cost(subject)
    values |= _ledger(subject)
    return values | (_approval_list(subject) if subject.document.kind is WordKind.APPROVAL_LIST else {})


def _amount(name: str, vnd: int | None, *, zero: bool = False) -> dict[str, str]:
    """đồng and words; an amount of nothing is left blank, unless `zero` says that it is known to be nothing."""
    if not vnd and not (zero and vnd == 0):
        return {}
    assert vnd is not None
    words = in_words(vnd)
    return {name: format_vnd(vnd), f"{name}_chu": words[:1].upper() + words[1:]}


def _totals(prefix: str, totals: Totals) -> dict[str, str]:
    known = totals.total > 0
    return {
        **_amount(f"{prefix}_tong", totals.total),
        **_amount(f"{prefix}_ngan_sach", totals.state, zero=known),
        **_amount(f"{prefix}_doi_ung_khac", totals.total - totals.state, zero=known),
    }


def _contract(subject: Subject, lines: list[FundingLine]) -> dict[str, str]:
    """The contract with the party, or the one for the whole project; before it is signed, what was approved for it."""
    contracts = {one.participant_id: one for one in Contract.objects.filter(project=subject.project)}
    party = subject.participant.pk if subject.participant else None
    found = contracts.get(party) or contracts.get(None)
    if found is None:
        kind = ContractKind.IMPLEMENTATION if party is None else ContractKind.SUPPORT
        support = _amount("hop_dong_kinh_phi", _approved_support(lines, subject))
        return {"hop_dong_viec": TITLE_OF_KIND[kind], **support}
    return {
        "hop_dong_viec": TITLE_OF_KIND[ContractKind(found.kind)],
        "hop_dong_so": found.number,
        "hop_dong_ngay": format_long_date(found.signed_date),
        **_amount("hop_dong_kinh_phi", found.support_vnd),
    }


def _approved_support(lines: list[FundingLine], subject: Subject) -> int | None:
    """The party's own lines, or those of the whole project where it is the only party."""
    state = [line for line in lines if line.source.is_state_money]
    if subject.participant is None:
        return sum(line.approved_vnd or 0 for line in state)
    own = [line for line in state if line.participant_id == subject.participant.pk]
    whole = state if len(subject.participants) == 1 else []
    return sum(line.approved_vnd or 0 for line in own or whole)


def _accepted_cost(subject: Subject) -> dict[str, str]:
    """What acceptance recognised for the party, or for the whole project where there is no other; blank before it."""
    costs = dict(AcceptedCost.objects.filter(project=subject.project).values_list("participant_id", "accepted_vnd"))
    if subject.participant is None or len(subject.participants) == 1:
        return _amount("gia_tri_nghiem_thu", sum(costs.values()) if costs else None, zero=True)
    return _amount("gia_tri_nghiem_thu", costs.get(subject.participant.pk), zero=True)


def _ledger(subject: Subject) -> dict[str, str]:
    """What went out and came back, for the party (with what was booked on the whole project where it is alone)."""
    entries = LedgerEntry.objects.filter(project=subject.project).with_effect()
    alone = subject.participant is None or len(subject.participants) == 1
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        if alone or (subject.participant and entry.participant_id == subject.participant.pk):
            sums[entry.kind] += entry.effect_vnd  # type: ignore[attr-defined]
    advanced, paid = sums[LedgerKind.ADVANCE], sums[LedgerKind.PAYMENT]
    recovered = -sums[LedgerKind.RECOVERY]
    return {
        **_amount("da_tam_ung", advanced, zero=True),
        **_amount("da_thanh_toan", paid, zero=True),
        **_amount("da_thu_hoi", recovered, zero=True),
        **_amount("da_nhan", advanced + paid - recovered, zero=True),
    }


def _approval_list(subject: Subject) -> dict[str, Any]:
    projects = _same_decision(subject)
    lines = FundingLine.objects.filter(project__in=[project.pk for project in projects], approved_vnd__gt=0)
    by_project: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for project_id, kind, vnd in lines.values_list("project_id", "source__kind", "approved_vnd"):
        by_project[project_id].append((kind, vnd or 0))
    names = _beneficiary_names(projects)
    totals = {project.pk: totals_of(by_project[project.pk]) for project in projects}
    rows = [
        _list_row(number, project, names[project.pk], totals[project.pk]) for number, project in enumerate(projects, 1)
    ]
    whole = totals_of(pair for pairs in by_project.values() for pair in pairs)
    sums = {f"danh_muc_{name}": shown for name, shown in _sums(whole).items()}
    return {"danh_muc": rows, **sums, **_amount("danh_muc_ngan_sach", whole.state)}


def _same_decision(subject: Subject) -> list[Project]:
    """The projects that the same decision approved, as far as the person sees them; at least the project itself."""
    approval = Approval.objects.filter(project=subject.project).first()
    if approval is None:
        return [subject.project]
    same = {"approval__decision_number": approval.decision_number, "approval__decision_date": approval.decision_date}
    projects = Project.objects.visible_to(subject.by).filter(
        **same, year=subject.project.year, track=subject.project.track
    )
    return list(projects.select_related("place", "implementer").order_by("code", "pk")[:MAX_ROWS])


def _beneficiary_names(projects: Iterable[Project]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    participants = ProjectBeneficiary.objects.filter(project__in=[project.pk for project in projects])
    for project_id, name in participants.order_by("pk").values_list("project_id", "beneficiary__name"):
        names[project_id].append(name)
    return names


def _list_row(number: int, project: Project, names: list[str], totals: Totals) -> dict[str, Any]:
    return {
        "stt": number,
        "ma": project.code,
        "ten": project.name,
        "don_vi": "; ".join([project.implementer.name, *names]),
        "dia_ban": project.place.name,
        **_sums(totals),
    }


def _sums(totals: Totals) -> dict[str, str]:
    amounts = {
        "tong": totals.total,
        "trung_uong": totals.central,
        "dia_phuong": totals.provincial,
        "huyen_xa": totals.district,
        "doi_ung_khac": totals.counterpart + totals.other,
    }
    return {name: format_million(vnd) if vnd else "–" for name, vnd in amounts.items()}


add_provider("money", FIELDS, build)

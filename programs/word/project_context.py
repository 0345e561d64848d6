"""What `programs` knows for a document: the project, its offices, establishments, steps, figures."""

from typing import Any

from django.utils import timezone

from khuyencong.vietnamese.dates import format_date, format_long_date
from khuyencong.vietnamese.money import format_million, format_vnd
from programs.models import IndicatorValue, ProjectBeneficiary, Step
from programs.word.context import BLANK, BLANK_DATE, Field, Subject, Values, add_provider
from programs.workflow import Action

# An office's number reads "12/BB-SCT"; where the short name is not known it is left to be written.
AGENCY_SIGNS = {"department": "SCT", "centre": "TTKC"}
PLACE_KINDS = ("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Thị trấn ", "Huyện ", "Thị xã ", "Đặc khu ")
MAX_NAMES = 10
LONG_DATE = "ngày 05 tháng 02 năm 2026"

FIELDS = (
    Field("co_quan_chu_quan", "Cơ quan chủ quản (chữ in hoa)", "ỦY BAN NHÂN DÂN TỈNH CÀ MAU"),
    Field("co_quan", "Cơ quan ban hành (chữ in hoa)", "SỞ CÔNG THƯƠNG"),
    Field("co_quan_ten", "Cơ quan ban hành", "Sở Công Thương"),
    Field("dia_danh", "Địa danh", "Cà Mau"),
    Field("so_ky_hieu", "Số, ký hiệu văn bản", "12/BB-SCT"),
    Field("ngay_thang_nam", "Ngày văn bản, viết bằng chữ", LONG_DATE, blank=BLANK_DATE),
    Field("ma_de_an", "Mã đề án", "DP-2026-0001"),
    Field("ten_de_an", "Tên đề án", "Ứng dụng máy móc tiên tiến trong chế biến thủy sản"),
    Field("nam_ke_hoach", "Năm kế hoạch", "2026"),
    Field("cap_khuyen_cong", "Cấp khuyến công", "Khuyến công địa phương"),
    Field("loai_de_an", "Loại đề án", "Đối tượng cụ thể"),
    Field("noi_dung_ho_tro", "Nội dung hỗ trợ", "Ứng dụng máy móc tiên tiến"),
    Field("muc_tieu", "Mục tiêu, nội dung", "Nâng công suất chế biến."),
    Field("dia_ban", "Địa bàn", "Xã Hồng Dân, Tỉnh Cà Mau"),
    Field("don_vi_thuc_hien", "Đơn vị thực hiện", "Trung tâm Khuyến công"),
    Field("ngay_bat_dau", "Ngày bắt đầu", "05/01/2026"),
    Field("ngay_ket_thuc", "Ngày kết thúc", "30/11/2026"),
    Field("xac_nhan_so", "Số văn bản xác nhận", "15/XN-UBND"),
    Field("xac_nhan_ngay", "Ngày văn bản xác nhận", LONG_DATE, blank=BLANK_DATE),
    Field("tham_dinh_so", "Số biên bản thẩm định", "12/BB-SCT"),
    Field("tham_dinh_ngay", "Ngày biên bản thẩm định", LONG_DATE, blank=BLANK_DATE),
    Field("quyet_dinh_so", "Số quyết định phê duyệt", "100/QĐ-UBND"),
    Field("quyet_dinh_ngay", "Ngày quyết định phê duyệt", LONG_DATE, blank=BLANK_DATE),
    Field("nghiem_thu_so", "Số biên bản nghiệm thu", "20/BB-TTKC"),
    Field("nghiem_thu_ngay", "Ngày biên bản nghiệm thu", LONG_DATE, blank=BLANK_DATE),
    Field("nguoi_soan", "Người soạn", "Nguyễn Văn A"),
    Field("ten_cac_co_so", "Tên các cơ sở thụ hưởng", "Cơ sở sản xuất A; Hợp tác xã B"),
    Field("ben_b_ten", "Bên B: tên cơ sở", "Cơ sở sản xuất A"),
    Field("ben_b_loai_hinh", "Bên B: loại hình", "Hộ kinh doanh"),
    Field("ben_b_ma_so_thue", "Bên B: mã số thuế", "1900123456"),
    Field("ben_b_dai_dien", "Bên B: người đại diện", "Trần Thị B"),
    Field("ben_b_dia_chi", "Bên B: địa chỉ", "Ấp 1, xã Hồng Dân"),
    Field("ben_b_dien_thoai", "Bên B: điện thoại", "0900000000"),
    Field("ben_b_noi_dung", "Bên B: nội dung được hỗ trợ", "Máy sấy"),
    Field("khoi_luong_hoan_thanh", "Khối lượng hoàn thành (%)", "100"),
    Field("khoi_luong_xac_minh", "Khối lượng xác minh khi kiểm tra (%)", "95"),
    Field(
        "co_so",
        "Các cơ sở thụ hưởng",
        columns=(
            Field("stt", "STT", "1"),
            Field("ten", "Tên cơ sở", "Cơ sở sản xuất A"),
            Field("dai_dien", "Người đại diện", "Trần Thị B"),
            Field("dia_chi", "Địa chỉ", "Ấp 1, xã Hồng Dân"),
            Field("noi_dung", "Nội dung được hỗ trợ", "Máy sấy"),
        ),
    ),
    Field(
        "chi_tieu",
        "Các chỉ tiêu",
        columns=(
            Field("stt", "STT", "1"),
            Field("ten", "Chỉ tiêu", "Số lao động có việc làm"),
            Field("don_vi_tinh", "Đơn vị tính", "người"),
            Field("ke_hoach", "Kế hoạch", "20"),
            Field("thuc_hien", "Thực hiện", "22"),
        ),
    ),
)


def build(subject: Subject) -> Values:
    return {
        **_office(subject),
        **_project(subject),
        **_papers(subject),
        **_party(subject.participant),
        "co_so": [_establishment(number, one) for number, one in enumerate(subject.participants, 1)],
        "chi_tieu": _figures(subject),
    }


def _office(subject: Subject) -> Values:
    office = subject.by.organisation
    assert office is not None  # nobody without an office holds a permission
    return {
        "co_quan_chu_quan": office.parent_name.upper(),
        "co_quan": office.name.upper(),
        "co_quan_ten": office.name,
        "dia_danh": _place_name(office.area.name),
        "nguoi_soan": str(subject.by),
    }


def _place_name(name: str) -> str:
    """The name of the unit without its kind, as the place line has it; numbered wards keep theirs."""
    for kind in PLACE_KINDS:
        if name.startswith(kind) and not name[len(kind) :].isdigit():
            return name[len(kind) :]
    return name


def _project(subject: Subject) -> Values:
    project = subject.project
    names = [one.beneficiary.name for one in subject.participants]
    more = f" và {len(names) - MAX_NAMES} cơ sở khác" if len(names) > MAX_NAMES else ""
    return {
        "ma_de_an": project.code,
        "ten_de_an": project.name,
        "nam_ke_hoach": str(project.year),
        "cap_khuyen_cong": project.track_kind.label,
        "loai_de_an": project.get_kind_display(),
        "noi_dung_ho_tro": project.support_item.name,
        "muc_tieu": project.objective,
        "dia_ban": project.place.full_name,
        "don_vi_thuc_hien": project.implementer.name,
        "ngay_bat_dau": format_date(project.start_date),
        "ngay_ket_thuc": format_date(project.end_date),
        "ten_cac_co_so": "; ".join(names[:MAX_NAMES]) + more,
    }


def _papers(subject: Subject) -> Values:
    """Numbers and dates of the papers behind the steps taken; the last step of a kind counts."""
    steps = {step.action: step for step in subject.project.steps.all()}
    named = {
        "xac_nhan": Action.CONFIRM,
        "tham_dinh": Action.APPRAISE,
        "quyet_dinh": Action.APPROVE,
        "nghiem_thu": Action.ACCEPT,
    }
    values: dict[str, Any] = {}
    for name, action in named.items():
        step = steps.get(action.value)
        values[f"{name}_so"] = step.document_number if step else ""
        values[f"{name}_ngay"] = _long_date(step)
    own = steps.get(subject.document.move.value)
    return values | {
        "so_ky_hieu": _number(subject, own),
        "ngay_thang_nam": _long_date(own) or _this_year(),
    }


def _number(subject: Subject, step: Step | None) -> str:
    """The number that the document was recorded with, or "……/BB-SCT" to be completed."""
    if step is not None and step.document_number:
        return step.document_number
    office = subject.by.organisation
    sign = AGENCY_SIGNS.get(office.kind, "……") if office else "……"
    return f"……/{subject.document.sign}-{sign}"


def _long_date(step: Step | None) -> str:
    return format_long_date(step.document_date) if step and step.document_date else ""


def _this_year() -> str:
    """Day and month are written on the day of signing."""
    return f"ngày …… tháng …… năm {timezone.localdate().year}"


def _party(participant: ProjectBeneficiary | None) -> Values:
    if participant is None:
        return {}
    beneficiary = participant.beneficiary
    return {
        "ben_b_ten": beneficiary.name,
        "ben_b_loai_hinh": beneficiary.get_kind_display(),
        "ben_b_ma_so_thue": beneficiary.tax_code,
        "ben_b_dai_dien": beneficiary.owner_name,
        "ben_b_dia_chi": _address(participant),
        "ben_b_dien_thoai": beneficiary.phone,
        "ben_b_noi_dung": participant.content,
    }


def _address(participant: ProjectBeneficiary) -> str:
    return participant.beneficiary.address or participant.beneficiary.place.name


def _establishment(number: int, participant: ProjectBeneficiary) -> Values:
    return {
        "stt": number,
        "ten": participant.beneficiary.name,
        "dai_dien": participant.beneficiary.owner_name,
        "dia_chi": _address(participant),
        "noi_dung": participant.content,
    }


def _figures(subject: Subject) -> list[Values]:
    rows = subject.project.indicators.select_related("indicator").order_by("indicator__position", "year", "budget")
    return [_figure(number, row) for number, row in enumerate(rows, 1)]


def _figure(number: int, row: IndicatorValue) -> Values:
    is_money = row.indicator.is_money
    shown = format_million if is_money else format_vnd
    return {
        "stt": number,
        "ten": row.indicator.name,
        "don_vi_tinh": "triệu đồng" if is_money else row.indicator.unit,
        "ke_hoach": shown(row.planned_value),
        "thuc_hien": shown(row.achieved_value),
    }


def done_percent(subject: Subject) -> Values:
    last, check = subject.project.progress.first(), subject.project.field_checks.first()
    return {
        "khoi_luong_hoan_thanh": str(last.percent_done) if last else BLANK,
        "khoi_luong_xac_minh": str(check.verified_percent) if check else BLANK,
    }


add_provider("project", FIELDS, lambda subject: {**build(subject), **done_percent(subject)})

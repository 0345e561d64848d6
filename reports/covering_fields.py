"""What the template of the covering report may name."""

from programs.models import WordKind
from programs.word.context import BLANK_DATE, Field, set_own_fields

_NAME = Field("ten", "Tên", "Xã Hồng Dân")
_MONEY = "1.250,5"
_WORDS = "Một tỷ hai trăm năm mươi triệu năm trăm nghìn đồng"
_ITEM_SUMS = {
    "duyet_kcqg": "KCQG được duyệt",
    "duyet_kcdp": "KCĐP được duyệt",
    "giai_ngan_kcqg": "KCQG giải ngân",
    "giai_ngan_kcdp": "KCĐP giải ngân",
}


def _rows(name: str, label: str, *columns: Field) -> Field:
    """A list that is simply not there when it has no row."""
    return Field(name, label, columns=columns, empty_rows=0)


def _million(name: str, label: str) -> Field:
    return Field(name, f"{label} (triệu đồng)", _MONEY)


FIELDS = (
    Field("co_quan_chu_quan", "Cơ quan chủ quản (chữ in hoa)", "ỦY BAN NHÂN DÂN TỈNH CÀ MAU"),
    Field("co_quan", "Cơ quan ban hành (chữ in hoa)", "SỞ CÔNG THƯƠNG"),
    Field("co_quan_ten", "Cơ quan ban hành", "Sở Công Thương"),
    Field("dia_danh", "Địa danh", "Cà Mau"),
    Field("so_ky_hieu", "Số, ký hiệu văn bản", "……/BC-SCT"),
    Field("ngay_thang_nam", "Ngày văn bản, để trống khi ký", blank=BLANK_DATE),
    Field("ky", "Kỳ báo cáo", "năm 2026"),
    Field("nam", "Năm báo cáo", "2026"),
    Field("tu_ngay", "Ngày đầu kỳ", "15/12/2025"),
    Field("den_ngay", "Ngày cuối kỳ", "14/12/2026"),
    Field("dia_ban", "Địa bàn", "Tỉnh Cà Mau"),
    _rows(
        "can_cu", "Văn bản đang có hiệu lực", Field("ten", "Tên văn bản", "Nghị định số 235/2025/NĐ-CP của Chính phủ")
    ),
    Field("so_de_an", "Tổng số đề án của năm kế hoạch", "12"),
    Field("so_de_an_quoc_gia", "Số đề án khuyến công quốc gia", "4"),
    Field("so_de_an_dia_phuong", "Số đề án khuyến công địa phương", "8"),
    _rows(
        "tinh_trang",
        "Số đề án theo tình trạng",
        Field("tinh_trang", "Tình trạng", "Đang thực hiện"),
        Field("quoc_gia", "Khuyến công quốc gia", "1"),
        Field("dia_phuong", "Khuyến công địa phương", "2"),
        Field("cong", "Cộng", "3"),
    ),
    Field("so_chi_tieu", "Số chỉ tiêu có kết quả trong kỳ", "9"),
    _rows(
        "ket_qua_chinh",
        "Kết quả chính",
        Field("ten", "Chỉ tiêu", "Số lao động mới được đào tạo"),
        Field("gia_tri", "Giá trị", "120 (KCQG: 20; KCĐP: 100)"),
    ),
    _rows(
        "ket_qua",
        "Các chỉ tiêu có kết quả",
        Field("tt", "TT", "1"),
        Field("ten", "Chỉ tiêu", "Số lao động mới được đào tạo"),
        Field("don_vi_tinh", "Đơn vị tính", "Lao động"),
        Field("kcqg", "KCQG", "20"),
        Field("kcdp", "KCĐP", "100"),
    ),
    _million("duyet", "Kinh phí được duyệt trong kỳ"),
    Field("duyet_chu", "Kinh phí được duyệt trong kỳ, bằng chữ", _WORDS),
    _million("giai_ngan", "Kinh phí giải ngân trong kỳ"),
    Field("giai_ngan_chu", "Kinh phí giải ngân trong kỳ, bằng chữ", _WORDS),
    Field("co_du_toan", "Có chữ khi đã ghi dự toán của địa bàn, dùng sau “if”", "có", blank=""),
    Field("du_toan", "Dự toán giao năm (triệu đồng)", _MONEY, blank="–"),
    Field("ty_le", "Giải ngân trong kỳ so với dự toán giao năm (%)", "40,8", blank="–"),
    _rows(
        "nguon_von",
        "Kinh phí theo nguồn",
        Field("ten", "Nguồn vốn", "Khuyến công địa phương"),
        Field("du_toan", "Dự toán giao năm (triệu đồng)", _MONEY),
        _million("duyet", "Được duyệt trong kỳ"),
        _million("giai_ngan", "Giải ngân trong kỳ"),
        Field("ty_le", "Giải ngân so với dự toán (%)", "40,8"),
    ),
    _rows(
        "noi_dung_chi",
        "Kinh phí theo nội dung chi",
        Field("tt", "TT trong biểu", "1"),
        Field("ten", "Nội dung chi", "Đào tạo nghề"),
        *(_million(name, label) for name, label in _ITEM_SUMS.items()),
    ),
    *(_million(name, f"Tổng: {label}") for name, label in _ITEM_SUMS.items()),
    Field("cach_gop", "Cách gộp địa bàn", "theo xã, phường mới"),
    _rows(
        "theo_dia_ban",
        "Kết quả theo địa bàn",
        Field("stt", "STT", "1"),
        _NAME,
        Field("so_de_an", "Số đề án", "2"),
        Field("so_co_so", "Số cơ sở thụ hưởng", "3"),
        _million("duyet", "Được duyệt"),
        _million("giai_ngan", "Giải ngân"),
    ),
    Field("dia_ban_so_de_an", "Tổng các địa bàn: số đề án", "2"),
    Field("dia_ban_so_co_so", "Tổng các địa bàn: số cơ sở thụ hưởng", "3"),
    _million("dia_ban_duyet", "Tổng các địa bàn: được duyệt"),
    _million("dia_ban_giai_ngan", "Tổng các địa bàn: giải ngân"),
    _rows(
        "kien_nghi",
        "Khó khăn, kiến nghị của cơ sở trong kỳ",
        Field("don_vi", "Đơn vị", "Phòng Kinh tế xã Hồng Dân"),
        Field("noi_dung", "Nội dung", "Đề nghị hỗ trợ thêm máy sấy."),
    ),
    _rows("ghi_chu", "Ghi chú về số liệu", Field("ten", "Ghi chú", "Có số liệu minh họa.")),
    Field("nguoi_ky_tham_quyen", "Người ký: thẩm quyền", "KT. GIÁM ĐỐC", blank=""),
    Field("nguoi_ky_chuc_vu", "Người ký: chức vụ", "PHÓ GIÁM ĐỐC", blank="THỦ TRƯỞNG ĐƠN VỊ"),
    Field("nguoi_ky_ten", "Người ký: họ và tên", "Nguyễn Văn A", blank=" "),
    Field("noi_nhan", "Nơi nhận", "UBND tỉnh Cà Mau"),
)

set_own_fields(WordKind.YEARLY_REPORT, FIELDS)

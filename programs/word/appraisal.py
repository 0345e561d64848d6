"""Biên bản thẩm định. Source: NĐ 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.10 (biên bản); what is judged: NĐ 45/2012/NĐ-CP."""

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from programs.word import layout, parts
from programs.word.layout import Column

MEMBERS = (
    Column("STT", "{{ dong.stt }}", 15, ALIGN.CENTER),
    Column("Họ và tên", "{{ dong.ten }}", 44),
    Column("Chức vụ, đơn vị", "{{ dong.chuc_vu }}", 53),
    Column("Vai trò", "{{ dong.vai_tro }}", 30),
    Column("Có mặt", "{{ dong.co_mat }}", 23),
)


def build() -> DocxDocument:
    document = layout.new_document("Biên bản thẩm định")
    layout.heading_block(document)
    layout.title_block(document, "BIÊN BẢN", "Thẩm định đề án khuyến công năm {{ nam_ke_hoach }}")
    _meeting(document)
    layout.headed(document, "I. ĐỀ ÁN ĐƯỢC THẨM ĐỊNH")
    parts.project_facts(document)
    layout.headed(document, "II. KINH PHÍ ĐỀ NGHỊ")
    parts.requested_money(document)
    layout.headed(document, "III. Ý KIẾN THẨM ĐỊNH")
    layout.lines(
        document,
        "1. Sự phù hợp với chương trình, ngành nghề ưu tiên: \t",
        "\t",
        "2. Đối tượng thụ hưởng, địa bàn, hồ sơ pháp lý: \t",
        "\t",
        "3. Mục tiêu, nội dung, tiến độ, tính khả thi: \t",
        "\t",
        "4. Định mức hỗ trợ và cơ cấu kinh phí: \t",
        "\t",
        "5. Việc hỗ trợ trùng từ ngân sách nhà nước: \t",
        "\t",
    )
    _conclusion(document)
    parts.closing(document, copies=2)
    layout.signatures(document, "THƯ KÝ", "CHỦ TRÌ")
    layout.recipients(document, "Lãnh đạo {{ co_quan_ten }}", "{{ don_vi_thuc_hien }}", "Lưu: VT, hồ sơ đề án")
    return document


def _meeting(document: DocxDocument) -> None:
    """The council's session with its members; without one, lines to write the meeting down by hand."""
    basis = "Căn cứ văn bản xác nhận số {{ xac_nhan_so }} {{ xac_nhan_ngay }} và hồ sơ đề án."
    layout.text(document, "{%p if hoi_dong %}")
    layout.lines(
        document,
        "Thời gian: {{ phien_hop_ngay }}. Địa điểm: {{ phien_hop_dia_diem }}.",
        basis,
        "{{ hoi_dong }} được thành lập theo Quyết định số {{ hoi_dong_quyet_dinh }}. "
        "Có mặt {{ hoi_dong_so_co_mat }}/{{ hoi_dong_so_thanh_vien }} thành viên.",
    )
    layout.to_fill_in(document, "Chủ trì: {{ hoi_dong_chu_tri }}\t Thư ký: {{ hoi_dong_thu_ky }}\t", 85)
    layout.table_of(document, MEMBERS, "dong in hoi_dong_thanh_vien")
    layout.text(document, "{%p else %}")
    layout.lines(document, "Thời gian bắt đầu: …… giờ ……, ngày …… tháng …… năm ………", "Địa điểm: \t", basis)
    parts.attendance(document, "Chủ trì", "Thư ký", "Thành viên tham gia thẩm định")
    layout.text(document, "{%p endif %}")


def _conclusion(document: DocxDocument) -> None:
    layout.headed(document, "IV. KẾT LUẬN")
    layout.text(document, "{%p if hoi_dong %}")
    layout.lines(
        document,
        "Kết quả {{ hoi_dong_so_phieu }} phiếu thẩm định: {{ hoi_dong_phieu_dat }} đạt; "
        "{{ hoi_dong_phieu_bo_sung }} yêu cầu bổ sung; {{ hoi_dong_phieu_khong_dat }} không đạt.",
        "Ý kiến kết luận: {{ hoi_dong_ket_luan }}",
    )
    layout.text(document, "{%p endif %}")
    layout.text(document, "{{ o_dat }} Đạt      {{ o_bo_sung }} Yêu cầu bổ sung      {{ o_khong_dat }} Không đạt")
    layout.lines(document, "Kinh phí ngân sách đề nghị hỗ trợ (đồng): \t", "Bằng chữ: \t")

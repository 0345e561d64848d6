"""Biên bản nghiệm thu cơ sở: what was done, against what was planned. Source: TT 36/2013/TT-BCT; NĐ 30/2020/NĐ-CP."""

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from programs.word import layout, parts
from programs.word.layout import Column

RESULTS = (
    Column("STT", "{{ dong.stt }}", 13, ALIGN.CENTER),
    Column("Chỉ tiêu", "{{ dong.ten }}", 70),
    Column("Đơn vị tính", "{{ dong.don_vi_tinh }}", 26, ALIGN.CENTER),
    Column("Kế hoạch", "{{ dong.ke_hoach }}", 28, ALIGN.RIGHT),
    Column("Thực hiện", "{{ dong.thuc_hien }}", 28, ALIGN.RIGHT),
)


def build() -> DocxDocument:
    document = layout.new_document("Biên bản nghiệm thu")
    layout.heading_block(document)
    layout.title_block(document, "BIÊN BẢN", "Nghiệm thu đề án khuyến công năm {{ nam_ke_hoach }}")
    layout.lines(
        document,
        "Thời gian bắt đầu: …… giờ ……, ngày …… tháng …… năm ………",
        "Địa điểm: \t",
        "Căn cứ Quyết định số {{ quyet_dinh_so }} {{ quyet_dinh_ngay }} về việc phê duyệt đề án; "
        "Hợp đồng số {{ hop_dong_so }} {{ hop_dong_ngay }}.",
    )
    parts.attendance(document, "Đại diện {{ co_quan_ten }}", "Đại diện cơ sở thụ hưởng", "Đại diện địa phương")
    layout.headed(document, "I. ĐỀ ÁN ĐƯỢC NGHIỆM THU")
    parts.project_facts(document)
    layout.text(document, "Cơ sở được nghiệm thu: {{ ben_b_ten }}; địa chỉ: {{ ben_b_dia_chi }}.")
    layout.headed(document, "II. KẾT QUẢ THỰC HIỆN")
    layout.text(
        document,
        "1. Khối lượng hoàn thành: theo báo cáo {{ khoi_luong_hoan_thanh }} %; theo kiểm tra tại nơi thực hiện "
        "{{ khoi_luong_xac_minh }} %.",
    )
    layout.text(document, "2. Chỉ tiêu kế hoạch và kết quả:").paragraph_format.keep_with_next = True
    layout.table_of(document, RESULTS, "dong in chi_tieu")
    layout.lines(
        document,
        "3. Máy móc, thiết bị, hạng mục đã đưa vào sử dụng (tên, ký mã hiệu, số máy): \t",
        "4. Hồ sơ, hóa đơn, chứng từ: \t",
    )
    layout.headed(document, "III. KINH PHÍ")
    parts.approved_money(document)
    layout.text(
        document,
        "- Giá trị nghiệm thu: {{ gia_tri_nghiem_thu }} đồng (Bằng chữ: {{ gia_tri_nghiem_thu_chu }}).",
    )
    layout.to_fill_in(document, "Kinh phí đề nghị nghiệm thu, thanh toán (đồng): \t")
    layout.headed(document, "IV. KẾT LUẬN")
    layout.text(document, "☐ Nghiệm thu      ☐ Nghiệm thu một phần      ☐ Không nghiệm thu")
    layout.to_fill_in(document, "Ý kiến khác: \t")
    layout.to_fill_in(document, "\t")
    parts.closing(document, copies=4)
    layout.signatures(document, "CƠ SỞ THỤ HƯỞNG", "ĐỊA PHƯƠNG", "BÊN NGHIỆM THU")
    layout.recipients(document, "Như thành phần tham dự", "Lưu: VT, hồ sơ đề án")
    return document

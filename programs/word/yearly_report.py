"""Báo cáo công tác khuyến công: the report that covers the forms of a period. Source: NĐ 30/2020/NĐ-CP, Phụ lục III."""

from collections.abc import Callable

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from programs.word import layout
from programs.word.layout import Column

MONEY_UNIT = "Đơn vị tính: triệu đồng"
STANDINGS = (
    Column("Tình trạng", "{{ dong.tinh_trang }}", 66),
    Column("Khuyến công quốc gia", "{{ dong.quoc_gia }}", 33, ALIGN.RIGHT),
    Column("Khuyến công địa phương", "{{ dong.dia_phuong }}", 33, ALIGN.RIGHT),
    Column("Cộng", "{{ dong.cong }}", 33, ALIGN.RIGHT),
)
RESULTS = (
    Column("TT", "{{ dong.tt }}", 13, ALIGN.CENTER),
    Column("Chỉ tiêu", "{{ dong.ten }}", 72),
    Column("Đơn vị tính", "{{ dong.don_vi_tinh }}", 26, ALIGN.CENTER),
    Column("KCQG", "{{ dong.kcqg }}", 27, ALIGN.RIGHT),
    Column("KCĐP", "{{ dong.kcdp }}", 27, ALIGN.RIGHT),
)
SOURCES = (
    Column("Nguồn vốn", "{{ dong.ten }}", 45),
    Column("Dự toán giao năm {{ nam }}", "{{ dong.du_toan }}", 30, ALIGN.RIGHT),
    Column("Được duyệt trong kỳ", "{{ dong.duyet }}", 30, ALIGN.RIGHT),
    Column("Giải ngân trong kỳ", "{{ dong.giai_ngan }}", 30, ALIGN.RIGHT),
    Column("Giải ngân so với dự toán (%)", "{{ dong.ty_le }}", 30, ALIGN.RIGHT),
)
ITEMS = (
    Column("TT", "{{ dong.tt }}", 12, ALIGN.CENTER),
    Column("Nội dung chi", "{{ dong.ten }}", 57),
    Column("KCQG được duyệt", "{{ dong.duyet_kcqg }}", 24, ALIGN.RIGHT),
    Column("KCĐP được duyệt", "{{ dong.duyet_kcdp }}", 24, ALIGN.RIGHT),
    Column("KCQG giải ngân", "{{ dong.giai_ngan_kcqg }}", 24, ALIGN.RIGHT),
    Column("KCĐP giải ngân", "{{ dong.giai_ngan_kcdp }}", 24, ALIGN.RIGHT),
)
PLACES = (
    Column("STT", "{{ dong.stt }}", 14, ALIGN.CENTER),
    Column("Địa bàn", "{{ dong.ten }}", 55),
    Column("Số đề án", "{{ dong.so_de_an }}", 20, ALIGN.RIGHT),
    Column("Số cơ sở thụ hưởng", "{{ dong.so_co_so }}", 24, ALIGN.RIGHT),
    Column("Được duyệt", "{{ dong.duyet }}", 26, ALIGN.RIGHT),
    Column("Giải ngân", "{{ dong.giai_ngan }}", 26, ALIGN.RIGHT),
)


def build() -> DocxDocument:
    document = layout.new_document("Báo cáo công tác khuyến công")
    layout.heading_block(document)
    layout.title_block(
        document,
        "BÁO CÁO",
        "Tình hình thực hiện công tác khuyến công {{ ky }}",
        note="(Từ ngày {{ tu_ngay }} đến ngày {{ den_ngay }}; địa bàn: {{ dia_ban }})",
    )
    _each(document, "can_cu", "Căn cứ {{ dong.ten }};", "i")
    layout.text(
        document,
        "{{ co_quan_ten }} báo cáo tình hình thực hiện công tác khuyến công {{ ky }} như sau:",
    )
    _general(document)
    _results(document)
    _money(document)
    _places(document)
    _proposals(document)
    _each(document, "ghi_chu", "Ghi chú: {{ dong.ten }}", "i")
    closing = layout.text(
        document, "Trên đây là báo cáo tình hình thực hiện công tác khuyến công {{ ky }} của {{ co_quan_ten }}./."
    )
    closing.paragraph_format.keep_with_next = True
    layout.signed(
        document,
        ["{%p if nguoi_ky_tham_quyen %}", "{{ nguoi_ky_tham_quyen }}", "{%p endif %}", "{{ nguoi_ky_chuc_vu }}"],
        "{{ nguoi_ky_ten }}",
        "{{ noi_nhan }}",
    )
    return document


def _general(document: DocxDocument) -> None:
    layout.headed(document, "I. TÌNH HÌNH CHUNG")
    layout.text(
        document,
        "Năm kế hoạch {{ nam }} có {{ so_de_an }} đề án (khuyến công quốc gia: {{ so_de_an_quoc_gia }}; khuyến công "
        "địa phương: {{ so_de_an_dia_phuong }}), tính theo tình trạng của đề án tại thời điểm lập báo cáo; không tính "
        "đề án đang soạn và đã rút.",
    )
    _shown_if(document, "tinh_trang", lambda: _counted(document))


def _counted(document: DocxDocument) -> None:
    _unit(document, "Đơn vị tính: đề án")
    totals = ["Cộng", "{{ so_de_an_quoc_gia }}", "{{ so_de_an_dia_phuong }}", "{{ so_de_an }}"]
    layout.table_of(document, STANDINGS, "dong in tinh_trang", totals=totals)


def _results(document: DocxDocument) -> None:
    layout.headed(document, "II. KẾT QUẢ THỰC HIỆN")
    layout.text(document, "{%p if ket_qua %}")
    layout.text(
        document,
        "Các đề án nghiệm thu trong kỳ đạt kết quả ở {{ so_chi_tieu }} chỉ tiêu. Một số kết quả chính:",
    )
    _each(document, "ket_qua_chinh", "- {{ dong.ten }}: {{ dong.gia_tri }}.")
    layout.text(document, "Các chỉ tiêu có kết quả trong kỳ:").paragraph_format.keep_with_next = True
    layout.table_of(document, RESULTS, "dong in ket_qua")
    layout.text(document, "{%p else %}")
    layout.text(document, "Trong kỳ chưa có kết quả nghiệm thu của đề án nào.")
    layout.text(document, "{%p endif %}")


def _money(document: DocxDocument) -> None:
    layout.headed(document, "III. KINH PHÍ")
    layout.lines(
        document,
        "1. Kinh phí khuyến công được duyệt trong kỳ (theo ngày quyết định phê duyệt): {{ duyet }} triệu đồng "
        "(Bằng chữ: {{ duyet_chu }}).",
        "2. Kinh phí đã giải ngân trong kỳ (tạm ứng cộng thanh toán trừ thu hồi, theo ngày chứng từ): {{ giai_ngan }} "
        "triệu đồng (Bằng chữ: {{ giai_ngan_chu }}).",
    )
    layout.text(document, "{%p if co_du_toan %}")
    layout.text(
        document,
        "3. Dự toán giao năm {{ nam }}: {{ du_toan }} triệu đồng; giải ngân trong kỳ bằng {{ ty_le }}% dự toán giao "
        "năm {{ nam }}.",
    )
    layout.text(document, "{%p else %}")
    layout.text(document, "3. Cổng chưa ghi dự toán giao năm {{ nam }} cho riêng địa bàn này.")
    layout.text(document, "{%p endif %}")
    layout.text(document, "4. Theo nguồn vốn:").paragraph_format.keep_with_next = True
    _unit(document)
    totals = ["Cộng", "{{ du_toan }}", "{{ duyet }}", "{{ giai_ngan }}", "{{ ty_le }}"]
    layout.table_of(document, SOURCES, "dong in nguon_von", totals=totals)
    _shown_if(document, "noi_dung_chi", lambda: _items(document))


def _items(document: DocxDocument) -> None:
    heading = layout.text(document, "5. Theo nội dung chi (chỉ ghi các nội dung có kinh phí trong kỳ):")
    heading.paragraph_format.keep_with_next = True
    _unit(document)
    sums = ("duyet_kcqg", "duyet_kcdp", "giai_ngan_kcqg", "giai_ngan_kcdp")
    totals = ["", "Tổng cộng", *(f"{{{{ {name} }}}}" for name in sums)]
    layout.table_of(document, ITEMS, "dong in noi_dung_chi", totals=totals)


def _places(document: DocxDocument) -> None:
    layout.headed(document, "IV. KẾT QUẢ THEO ĐỊA BÀN")
    layout.text(document, "{%p if theo_dia_ban %}")
    layout.text(
        document,
        "Đề án và kinh phí được duyệt trong kỳ, kinh phí đã giải ngân trong kỳ, {{ cach_gop }}; một cơ sở đếm một lần "
        "ở mỗi địa bàn và một lần ở dòng tổng cộng.",
    )
    _unit(document, "Đơn vị tính của kinh phí: triệu đồng")
    names = ("dia_ban_so_de_an", "dia_ban_so_co_so", "dia_ban_duyet", "dia_ban_giai_ngan")
    totals = ["", "Tổng cộng", *(f"{{{{ {name} }}}}" for name in names)]
    layout.table_of(document, PLACES, "dong in theo_dia_ban", totals=totals)
    layout.text(document, "{%p else %}")
    layout.text(document, "Trong kỳ không có đề án được duyệt hoặc kinh phí giải ngân ở địa bàn nào.")
    layout.text(document, "{%p endif %}")


def _proposals(document: DocxDocument) -> None:
    layout.headed(document, "V. KHÓ KHĂN, KIẾN NGHỊ")
    layout.text(document, "{%p if kien_nghi %}")
    layout.text(document, "Tổng hợp từ báo cáo của cơ sở trong kỳ:")
    _each(document, "kien_nghi", "- {{ dong.don_vi }}: {{ dong.noi_dung }}")
    layout.text(document, "{%p else %}")
    layout.lines(document, "1. Khó khăn, vướng mắc: \t", "\t", "2. Kiến nghị, đề xuất: \t", "\t")
    layout.text(document, "{%p endif %}")


def _each(document: DocxDocument, rows: str, content: str, style: str = "") -> None:
    """A paragraph for each row; none where there is no row."""
    layout.text(document, f"{{%p for dong in {rows} %}}")
    layout.text(document, content, style)
    layout.text(document, "{%p endfor %}")


def _shown_if(document: DocxDocument, rows: str, draw: Callable[[], None]) -> None:
    layout.text(document, f"{{%p if {rows} %}}")
    draw()
    layout.text(document, "{%p endif %}")


def _unit(document: DocxDocument, content: str = MONEY_UNIT) -> None:
    paragraph = layout.text(document, content, "i")
    paragraph.alignment = ALIGN.RIGHT
    paragraph.paragraph_format.keep_with_next = True

"""Danh mục đề án được phê duyệt: the annex to a decision, a sheet on its side. Source: NĐ 30/2020/NĐ-CP, Phụ lục I."""

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from programs.word import layout
from programs.word.layout import Column

WIDTH_MM = layout.A4_MM[1] - layout.LEFT_MM - layout.RIGHT_MM
COLUMNS = (
    Column("STT", "{{ dong.stt }}", 14, ALIGN.CENTER),
    Column("Tên đề án", "{{ dong.ten }}", 58),
    Column("Đơn vị thực hiện; cơ sở thụ hưởng", "{{ dong.don_vi }}", 44),
    Column("Địa bàn", "{{ dong.dia_ban }}", 25),
    Column("Tổng kinh phí", "{{ dong.tong }}", 24, ALIGN.RIGHT),
    Column("KCQG", "{{ dong.trung_uong }}", 22, ALIGN.RIGHT),
    Column("KCĐP", "{{ dong.dia_phuong }}", 22, ALIGN.RIGHT),
    Column("Huyện, xã", "{{ dong.huyen_xa }}", 19, ALIGN.RIGHT),
    Column("Đối ứng, khác", "{{ dong.doi_ung_khac }}", 24, ALIGN.RIGHT),
)


def build() -> DocxDocument:
    document = layout.new_document("Danh mục đề án được phê duyệt", landscape=True)
    layout.centred(document, "Phụ lục", "b")
    layout.title_block(
        document,
        "DANH MỤC ĐỀ ÁN KHUYẾN CÔNG ĐƯỢC PHÊ DUYỆT NĂM {{ nam_ke_hoach }}",
        "{{ cap_khuyen_cong }}",
        note="(Kèm theo Quyết định số {{ quyet_dinh_so }} {{ quyet_dinh_ngay }})",
        width_mm=WIDTH_MM,
    )
    unit = layout.text(document, "Đơn vị tính: triệu đồng", "i")
    unit.alignment = ALIGN.RIGHT
    unit.paragraph_format.keep_with_next = True
    totals = ["", "Tổng cộng", "", "", *(f"{{{{ danh_muc_{name} }}}}" for name in _SUMS)]
    layout.table_of(document, COLUMNS, "dong in danh_muc", totals=totals)
    layout.text(
        document,
        "Kinh phí ngân sách hỗ trợ: {{ danh_muc_ngan_sach }} đồng (Bằng chữ: {{ danh_muc_ngan_sach_chu }}).",
    )
    layout.text(document, "KCQG: khuyến công quốc gia; KCĐP: khuyến công địa phương.", "i")
    return document


_SUMS = ("tong", "trung_uong", "dia_phuong", "huyen_xa", "doi_ung_khac")

"""Biên bản thanh lý hợp đồng: what the contract promised, what was paid, what is left. Source: TT 36/2013/TT-BCT."""

from docx.document import Document as DocxDocument

from programs.word import layout, parts


def build() -> DocxDocument:
    document = layout.new_document("Biên bản thanh lý hợp đồng")
    layout.heading_block(document)
    layout.title_block(document, "BIÊN BẢN", "Thanh lý Hợp đồng số {{ hop_dong_so }} {{ hop_dong_ngay }}")
    layout.lines(
        document,
        "Căn cứ Hợp đồng số {{ hop_dong_so }} {{ hop_dong_ngay }} về việc thực hiện đề án “{{ ten_de_an }}” "
        "(mã {{ ma_de_an }});",
        "Căn cứ Biên bản nghiệm thu số {{ nghiem_thu_so }} {{ nghiem_thu_ngay }},",
        "Hôm nay, {{ ngay_thang_nam }}, tại {{ dia_danh }}, hai bên gồm:",
    )
    parts.both_parties(document)
    layout.text(document, "Hai bên thống nhất thanh lý hợp đồng với các nội dung sau:")
    layout.headed(document, "Điều 1. Nội dung đã thực hiện")
    layout.text(
        document,
        "Bên B đã hoàn thành nội dung công việc của hợp đồng; kết quả được ghi tại biên bản nghiệm thu nêu trên.",
    )
    layout.headed(document, "Điều 2. Kinh phí")
    layout.lines(
        document,
        "1. Kinh phí hỗ trợ theo hợp đồng: {{ hop_dong_kinh_phi }} đồng (Bằng chữ: {{ hop_dong_kinh_phi_chu }}).",
        "2. Kinh phí được nghiệm thu, chấp nhận thanh toán (đồng): \t",
        "3. Đã tạm ứng: {{ da_tam_ung }} đồng.",
        "4. Đã thanh toán: {{ da_thanh_toan }} đồng.",
        "5. Đã thu hồi: {{ da_thu_hoi }} đồng.",
        "6. Bên B đã nhận (3 + 4 - 5): {{ da_nhan }} đồng (Bằng chữ: {{ da_nhan_chu }}).",
        "7. Còn phải thanh toán (+) hoặc phải thu hồi (-) (đồng): \t",
    )
    layout.headed(document, "Điều 3. Kết luận")
    layout.text(
        document,
        "Hai bên đã hoàn thành trách nhiệm theo hợp đồng và không còn khiếu nại nào. Hợp đồng được thanh lý kể từ ngày "
        "ký biên bản này. Biên bản lập thành 06 bản có giá trị như nhau, mỗi bên giữ 03 bản.",
    )
    layout.signatures(document, "ĐẠI DIỆN BÊN B", "ĐẠI DIỆN BÊN A")
    layout.recipients(document, "Bên A, bên B", "Kho bạc Nhà nước nơi giao dịch", "Lưu: VT, hồ sơ đề án")
    return document

"""Hợp đồng thực hiện đề án: a draft between the implementer and one beneficiary. Source: TT 36/2013/TT-BCT."""

from docx.document import Document as DocxDocument

from programs.word import layout, parts


def build() -> DocxDocument:
    document = layout.new_document("Hợp đồng thực hiện đề án")
    layout.heading_block(document)
    layout.title_block(document, "HỢP ĐỒNG", "{{ hop_dong_viec }} đề án khuyến công năm {{ nam_ke_hoach }}")
    layout.text(document, "Căn cứ Bộ luật Dân sự ngày 24 tháng 11 năm 2015;", "i")
    layout.text(
        document, "Căn cứ Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công;", "i"
    )
    layout.text(
        document,
        "Căn cứ Quyết định số {{ quyet_dinh_so }} {{ quyet_dinh_ngay }} về việc phê duyệt đề án và kinh phí,",
        "i",
    )
    layout.text(document, "Hôm nay, {{ ngay_thang_nam }}, tại {{ dia_danh }}, hai bên gồm:")
    parts.both_parties(document)
    layout.text(document, "Hai bên thống nhất ký hợp đồng thực hiện đề án với các điều khoản sau:")
    layout.headed(document, "Điều 1. Nội dung công việc")
    parts.project_facts(document)
    layout.text(document, "Nội dung bên B được hỗ trợ: {{ ben_b_noi_dung }}.")
    layout.headed(document, "Điều 2. Thời gian thực hiện")
    layout.text(document, "Từ ngày {{ ngay_bat_dau }} đến ngày {{ ngay_ket_thuc }}.")
    _money(document)
    _duties(document)
    layout.signatures(document, "ĐẠI DIỆN BÊN B", "ĐẠI DIỆN BÊN A")
    layout.recipients(document, "Bên A, bên B", "Kho bạc Nhà nước nơi giao dịch", "Lưu: VT, hồ sơ đề án")
    return document


def _money(document: DocxDocument) -> None:
    layout.headed(document, "Điều 3. Kinh phí và phương thức thanh toán")
    layout.lines(
        document,
        "1. Kinh phí khuyến công hỗ trợ: {{ hop_dong_kinh_phi }} đồng (Bằng chữ: {{ hop_dong_kinh_phi_chu }}).",
        "2. Phần còn lại do bên B bảo đảm bằng vốn đối ứng và nguồn hợp pháp khác.",
        "3. Tạm ứng: …… % kinh phí hỗ trợ sau khi hợp đồng có hiệu lực, không vượt mức quy định hiện hành.",
        "4. Thanh toán phần còn lại sau khi nghiệm thu, theo chi phí hợp lệ được chấp nhận, không vượt kinh phí tại "
        "khoản 1. Khoản đã tạm ứng vượt số được chấp nhận phải hoàn trả ngân sách.",
    )


def _duties(document: DocxDocument) -> None:
    layout.headed(document, "Điều 4. Trách nhiệm của bên A")
    layout.text(
        document,
        "Hướng dẫn, kiểm tra việc thực hiện; tổ chức nghiệm thu; tạm ứng, thanh toán và thanh lý hợp đồng đúng "
        "quy định.",
    )
    layout.headed(document, "Điều 5. Trách nhiệm của bên B")
    layout.text(
        document,
        "Thực hiện đúng nội dung, tiến độ; bố trí đủ vốn đối ứng; sử dụng kinh phí đúng mục đích; báo cáo tiến độ; "
        "cung cấp hồ sơ, hóa đơn, chứng từ hợp lệ; cam kết hạng mục được hỗ trợ chưa nhận kinh phí ngân sách nào khác.",
    )
    layout.headed(document, "Điều 6. Điều khoản chung")
    layout.text(
        document,
        "Hai bên thực hiện đúng các điều khoản đã ký; mọi thay đổi phải được thống nhất bằng văn bản. Tranh chấp được "
        "giải quyết bằng thương lượng, nếu không thành thì đưa ra tòa án có thẩm quyền. Hợp đồng có hiệu lực từ ngày "
        "ký, lập thành 06 bản có giá trị như nhau, mỗi bên giữ 03 bản.",
    )

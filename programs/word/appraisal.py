"""Biên bản thẩm định. Source: NĐ 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.10 (biên bản); what is judged: NĐ 45/2012/NĐ-CP."""

from docx.document import Document as DocxDocument

from programs.word import layout, parts


def build() -> DocxDocument:
    document = layout.new_document("Biên bản thẩm định")
    layout.heading_block(document)
    layout.title_block(document, "BIÊN BẢN", "Thẩm định đề án khuyến công năm {{ nam_ke_hoach }}")
    layout.lines(
        document,
        "Thời gian bắt đầu: …… giờ ……, ngày …… tháng …… năm ………",
        "Địa điểm: \t",
        "Căn cứ văn bản xác nhận số {{ xac_nhan_so }} {{ xac_nhan_ngay }} và hồ sơ đề án.",
    )
    parts.attendance(document, "Chủ trì", "Thư ký", "Thành viên tham gia thẩm định")
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
    layout.headed(document, "IV. KẾT LUẬN")
    layout.text(document, "☐ Đạt      ☐ Yêu cầu bổ sung      ☐ Không đạt")
    layout.lines(document, "Kinh phí ngân sách đề nghị hỗ trợ (đồng): \t", "Bằng chữ: \t")
    parts.closing(document, copies=2)
    layout.signatures(document, "THƯ KÝ", "CHỦ TRÌ")
    layout.recipients(document, "Lãnh đạo {{ co_quan_ten }}", "{{ don_vi_thuc_hien }}", "Lưu: VT, hồ sơ đề án")
    return document

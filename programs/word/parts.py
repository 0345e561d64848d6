"""Passages that several documents share."""

from docx.document import Document as DocxDocument

from programs.word import layout


def project_facts(document: DocxDocument) -> None:
    layout.lines(
        document,
        "- Tên đề án: {{ ten_de_an }}.",
        "- Mã đề án: {{ ma_de_an }}.",
        "- Cấp, loại đề án: {{ cap_khuyen_cong }}; {{ loai_de_an }}.",
        "- Nội dung hỗ trợ: {{ noi_dung_ho_tro }}.",
        "- Địa bàn: {{ dia_ban }}.",
        "- Thời gian thực hiện: từ {{ ngay_bat_dau }} đến {{ ngay_ket_thuc }}.",
        "- Đơn vị thực hiện: {{ don_vi_thuc_hien }}.",
        "- Cơ sở thụ hưởng: {{ ten_cac_co_so }}.",
    )
    layout.block(document, "- Mục tiêu, nội dung: {{ muc_tieu }}")


def requested_money(document: DocxDocument) -> None:
    layout.lines(
        document,
        "- Tổng kinh phí: {{ de_nghi_tong }} đồng (Bằng chữ: {{ de_nghi_tong_chu }}).",
        "- Ngân sách hỗ trợ: {{ de_nghi_ngan_sach }} đồng (Bằng chữ: {{ de_nghi_ngan_sach_chu }}).",
        "- Đối ứng và nguồn khác: {{ de_nghi_doi_ung_khac }} đồng.",
    )


def approved_money(document: DocxDocument) -> None:
    layout.lines(
        document,
        "- Tổng kinh phí được duyệt: {{ duyet_tong }} đồng (Bằng chữ: {{ duyet_tong_chu }}).",
        "- Ngân sách hỗ trợ: {{ duyet_ngan_sach }} đồng (Bằng chữ: {{ duyet_ngan_sach_chu }}).",
        "- Đối ứng và nguồn khác: {{ duyet_doi_ung_khac }} đồng.",
    )


def attendance(document: DocxDocument, *roles: str) -> None:
    layout.headed(document, "Thành phần tham dự:")
    for role in roles:
        layout.to_fill_in(document, f"- {role}: \t Chức vụ: \t", 115)


def both_parties(document: DocxDocument) -> None:
    layout.headed(document, "BÊN A: {{ don_vi_thuc_hien }}")
    layout.to_fill_in(document, "Địa chỉ: \t Điện thoại: \t", 115)
    layout.to_fill_in(document, "Tài khoản: \t tại: \t Mã ĐVSDNS: \t", 70, 115)
    layout.to_fill_in(document, "Đại diện: \t Chức vụ: \t", 100)
    layout.headed(document, "BÊN B: {{ ben_b_ten }}")
    layout.lines(
        document,
        "Loại hình: {{ ben_b_loai_hinh }}. Mã số thuế: {{ ben_b_ma_so_thue }}",
        "Địa chỉ: {{ ben_b_dia_chi }}. Điện thoại: {{ ben_b_dien_thoai }}",
        "Đại diện: {{ ben_b_dai_dien }}",
    )
    layout.to_fill_in(document, "Chức vụ: \t Số định danh: \t", 85)
    layout.to_fill_in(document, "Tài khoản: \t tại: \t", 85)


def closing(document: DocxDocument, *, copies: int) -> None:
    layout.text(
        document,
        f"Biên bản kết thúc vào …… giờ …… cùng ngày, lập thành {copies:02d} bản có giá trị như nhau, được các bên đọc "
        "lại, thống nhất và ký tên dưới đây.",
    )

"""Projects of the current year, one or more in every state: invented, and labelled so."""

from dataclasses import dataclass

from programs.workflow import Status


@dataclass(frozen=True)
class Example:
    """A project to be walked to `status`. `amounts` is per beneficiary: source code → đồng.

    `employed`: persons in work at a survey after training, and women among them.
    """

    status: Status
    is_national: bool
    item: int
    name: str
    place_code: str
    beneficiaries: tuple[tuple[str, str], ...]
    amounts: tuple[dict[str, int], ...]
    indicators: dict[str, int]
    employed: tuple[int, int] | None = None


M = 1_000_000
HOUSEHOLD, ENTERPRISE, COOPERATIVE, GROUP = "household", "enterprise", "cooperative", "cooperative_group"
HONG_DAN, GANH_HAO, PHUOC_LONG, VINH_LOI = "31843", "31972", "31867", "31900"

EXAMPLES = [
    Example(
        Status.DRAFT, False, 10, "Ứng dụng máy ép viên trấu trong sản xuất chất đốt", HONG_DAN,
        (("Cơ sở trấu ép Ba Đình", HOUSEHOLD),),
        ({"KCDP": 120 * M, "DOIUNG": 180 * M},), {"10": 1},
    ),
    Example(
        Status.SUBMITTED, False, 10, "Ứng dụng máy đan lưới mành tre", HONG_DAN,
        (("Tổ hợp tác mành tre Ninh Thạnh", GROUP), ("Hộ kinh doanh Thạch Sương", HOUSEHOLD)),
        ({"KCDP": 80 * M, "DOIUNG": 90 * M}, {"KCDP": 60 * M, "DOIUNG": 75 * M}), {"10": 2},
    ),
    Example(
        Status.CONFIRMED, False, 9, "Mô hình trình diễn sấy khô cá bằng năng lượng mặt trời", GANH_HAO,
        (("Hợp tác xã khô Gành Hào", COOPERATIVE),),
        ({"KCDP": 250 * M, "HUYEN": 50 * M, "DOIUNG": 600 * M},), {"9": 1, "9.1": 900 * M},
    ),
    Example(
        Status.RETURNED, False, 15, "Xây dựng nhãn hiệu muối Long Điền", GANH_HAO,
        (("Hợp tác xã muối Long Điền", COOPERATIVE),),
        ({"KCDP": 30 * M, "DOIUNG": 30 * M},), {"15": 1},
    ),
    Example(
        Status.APPRAISED, False, 1, "Đào tạo nghề may công nghiệp cho lao động mới", PHUOC_LONG,
        (("Công ty TNHH may Phước Long", ENTERPRISE),),
        ({"KCDP": 150 * M, "DOIUNG": 60 * M},), {"1": 70, "1.1": 56},
    ),
    Example(
        Status.SENT_TO_MINISTRY, True, 9, "Mô hình trình diễn sản xuất tôm đông lạnh công nghệ IQF", VINH_LOI,
        (("Công ty TNHH thủy sản Vĩnh Lợi", ENTERPRISE),),
        ({"KCQG": 900 * M, "DOIUNG": 2_600 * M},), {"9": 1, "9.1": 3_500 * M},
    ),
    Example(
        Status.APPROVED, False, 10, "Ứng dụng máy cắt CNC trong sản xuất đồ gỗ", HONG_DAN,
        (("Cơ sở mộc Ngan Dừa", HOUSEHOLD),),
        ({"KCDP": 140 * M, "DOIUNG": 160 * M},), {"10": 1},
    ),
    Example(
        Status.CONTRACTED, False, 14, "Tham gia hội chợ hàng công nghiệp nông thôn tiêu biểu", HONG_DAN,
        (("Cơ sở bánh kẹo Hồng Dân", HOUSEHOLD),),
        ({"KCDP": 40 * M, "DOIUNG": 15 * M},), {"14": 1},
    ),
    Example(
        Status.IN_PROGRESS, True, 10, "Ứng dụng dây chuyền xay xát lúa gạo tiên tiến", PHUOC_LONG,
        (("Hợp tác xã lúa gạo Phước Long", COOPERATIVE), ("Công ty TNHH gạo Ba Hùng", ENTERPRISE)),
        ({"KCQG": 300 * M, "DOIUNG": 450 * M}, {"KCQG": 250 * M, "KCDP": 50 * M, "DOIUNG": 400 * M}), {"10": 2},
    ),
    Example(
        Status.ACCEPTED, False, 10, "Ứng dụng lò rèn điện trong làm nông cụ", HONG_DAN,
        (("Tổ hợp tác rèn Ngan Dừa", GROUP),),
        ({"KCDP": 90 * M, "DOIUNG": 100 * M},), {"10": 1, "10.1": 190 * M},
    ),
    Example(
        Status.LIQUIDATED, False, 2, "Nâng cao tay nghề đan đát ấp Mỹ 1", PHUOC_LONG,
        (("Tổ hợp tác đan đát ấp Mỹ 1", GROUP),),
        ({"KCDP": 60 * M, "DOIUNG": 20 * M},), {"2": 40}, (34, 26),
    ),
    Example(
        Status.SETTLED, True, 10, "Ứng dụng máy đóng gói hút chân không", GANH_HAO,
        (("Công ty TNHH chế biến khô Thanh Bình", ENTERPRISE),),
        ({"KCQG": 280 * M, "DOIUNG": 320 * M},), {"10": 1, "10.1": 600 * M},
    ),
    Example(
        Status.REFUSED, False, 10, "Mua xe tải chở hàng", GANH_HAO,
        (("Hộ kinh doanh Út Hiền", HOUSEHOLD),),
        ({"KCDP": 200 * M, "DOIUNG": 300 * M},), {"10": 1},
    ),
    Example(
        Status.WITHDRAWN, False, 17, "Thuê tư vấn lập dự án xưởng nước mắm", GANH_HAO,
        (("Cơ sở nước mắm Hai Lợi", HOUSEHOLD),),
        ({"KCDP": 25 * M, "DOIUNG": 25 * M},), {"16": 1},
    ),
    Example(
        Status.STOPPED, False, 10, "Ứng dụng máy sấy thăng hoa", VINH_LOI,
        (("Công ty TNHH nông sản Châu Hưng", ENTERPRISE),),
        ({"KCDP": 130 * M, "DOIUNG": 170 * M},), {"10": 1},
    ),
]  # fmt: skip

"""What a row of vouchers may say: its columns, and what people write in them."""

from collections.abc import Mapping, Sequence

from funding.models import LedgerKind, Source, SourceKind
from funding.queries.money import WHOLE_PROJECT
from khuyencong.importing.fields import FieldKind, ImportField

KIND_WORDS: Mapping[str, Sequence[str]] = {
    LedgerKind.ADVANCE.value: ("TƯ", "Tạm ứng kinh phí", "Ứng", "Cấp tạm ứng"),
    LedgerKind.PAYMENT.value: ("TT", "Thực chi", "Chi", "Thanh toán kinh phí", "Thanh toán khối lượng"),
    LedgerKind.RECOVERY.value: ("TH", "Thu hồi tạm ứng", "Nộp lại", "Hoàn trả", "Nộp trả ngân sách"),
}
SOURCE_WORDS: Mapping[str, Sequence[str]] = {
    SourceKind.CENTRAL.value: ("KCQG", "Khuyến công quốc gia", "TW", "Trung ương", "NSTW", "Ngân sách trung ương"),
    SourceKind.PROVINCIAL.value: (
        "KCĐP",
        "Khuyến công địa phương",
        "ĐP",
        "Địa phương",
        "NSĐP",
        "Ngân sách tỉnh",
        "Ngân sách địa phương",
    ),
    SourceKind.DISTRICT.value: ("Huyện", "Ngân sách huyện", "Ngân sách xã", "NS huyện"),
}


def ledger_fields(sources: Sequence[Source]) -> list[ImportField]:
    return [*_project_fields(), *_money_fields(sources), *_paper_fields(), *_further_fields(), *_advance_fields()]


def _project_fields() -> list[ImportField]:
    return [
        ImportField(
            "project_code",
            "Mã đề án",
            FieldKind.CODE,
            ("Mã số đề án", "Mã ĐA", "Số hiệu đề án"),
            max_length=30,
            help_text="Không có mã thì ghi tên đề án và năm kế hoạch.",
            sample="DP-2026-0001",
        ),
        ImportField("project_name", "Tên đề án", FieldKind.TEXT, ("Đề án", "Tên dự án", "Dự án"), max_length=500),
        ImportField("year", "Năm kế hoạch", FieldKind.YEAR, ("Năm", "Năm đề án", "Kế hoạch năm"), sample="2026"),
        ImportField(
            "payee",
            "Cơ sở thụ hưởng",
            FieldKind.TEXT,
            ("Bên nhận", "Cơ sở", "Tên cơ sở", "Đơn vị thụ hưởng", "Đơn vị nhận tiền", "Người thụ hưởng"),
            max_length=250,
            help_text=f"Tên hoặc mã số thuế; “{WHOLE_PROJECT}” nếu chi chung. Để trống khi nguồn chỉ cấp cho một bên.",
            sample="Cơ sở mộc Thành Phát",
        ),
    ]


def _money_fields(sources: Sequence[Source]) -> list[ImportField]:
    return [
        ImportField(
            "source",
            "Nguồn vốn",
            FieldKind.CHOICE,
            ("Nguồn", "Nguồn kinh phí", "Ngân sách"),
            required=True,
            choices={one.code: one.name for one in sources},
            choice_synonyms=_source_words(sources),
            sample="Khuyến công địa phương",
        ),
        ImportField(
            "kind",
            "Loại chứng từ",
            FieldKind.CHOICE,
            ("Loại", "Loại chi", "Nghiệp vụ", "Hình thức chi"),
            required=True,
            choices=dict(LedgerKind.choices),
            choice_synonyms=KIND_WORDS,
            sample="Tạm ứng",
        ),
    ]


def _paper_fields() -> list[ImportField]:
    return [
        ImportField(
            "voucher_number",
            "Số chứng từ",
            FieldKind.CODE,
            ("Chứng từ số", "Số CT", "Số ủy nhiệm chi", "Số UNC", "Số phiếu chi"),
            required=True,
            max_length=100,
            sample="UNC-015",
        ),
        ImportField(
            "voucher_date",
            "Ngày chứng từ",
            FieldKind.DATE,
            ("Ngày CT", "Chứng từ ngày", "Ngày chi"),
            required=True,
            sample="05/02/2026",
        ),
        ImportField(
            "amount_vnd",
            "Số tiền",
            FieldKind.MONEY,
            ("Giá trị", "Số chi", "Thành tiền"),
            required=True,
            sample="120000000",
        ),
    ]


def _further_fields() -> list[ImportField]:
    return [
        ImportField(
            "treasury_reference",
            "Mã giao dịch kho bạc",
            FieldKind.CODE,
            ("Mã kho bạc", "Mã GD kho bạc", "Số bút toán kho bạc", "Số tham chiếu"),
            max_length=100,
        ),
        ImportField(
            "treasury_date",
            "Ngày kho bạc",
            FieldKind.DATE,
            ("Ngày hạch toán", "Ngày kho bạc hạch toán", "Ngày KB"),
            help_text="Ghi vào cuối nội dung của chứng từ.",
        ),
        ImportField("note", "Nội dung", FieldKind.TEXT, ("Diễn giải", "Nội dung chi", "Ghi chú"), max_length=300),
        ImportField(
            "budget_year",
            "Năm ngân sách",
            FieldKind.YEAR,
            ("Niên độ", "Niên độ ngân sách"),
            help_text="Để trống: năm kế hoạch của đề án, hoặc năm được chuyển nguồn sang.",
        ),
        ImportField(
            "contract",
            "Số hợp đồng",
            FieldKind.CODE,
            ("Hợp đồng", "Hợp đồng số", "HĐ số"),
            max_length=100,
            help_text="Để trống khi bên nhận chỉ có một hợp đồng.",
        ),
    ]


def _advance_fields() -> list[ImportField]:
    """What the form asks of an advance beside its limit."""
    said = FieldKind.LONG_TEXT
    return [
        ImportField("condition_note", "Điều kiện tạm ứng đã kiểm tra", said, ("Điều kiện tạm ứng",), max_length=1000),
        ImportField("override_reason", "Lý do vượt mức tạm ứng", said, ("Lý do vượt",), max_length=1000),
    ]


def _source_words(sources: Sequence[Source]) -> dict[str, Sequence[str]]:
    """What people write for a source, where it is the only one of its kind."""
    kinds = [one.kind for one in sources]
    return {one.code: SOURCE_WORDS.get(one.kind, ()) for one in sources if kinds.count(one.kind) == 1}

"""The documents of a project as its page groups them: by step of the life cycle."""

from collections.abc import Iterable
from dataclasses import dataclass

from programs.models import Document, DocumentKind

Kind = DocumentKind
# Every kind belongs to one step; the steps stand in the order of a project's life.
STEPS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "Đăng ký đề án",
        frozenset({Kind.APPLICATION, Kind.SURVEY, Kind.LEGAL, Kind.INVESTMENT_PLAN, Kind.COMMITMENT}),
    ),
    ("Xác nhận ở cơ sở", frozenset({Kind.CONFIRMATION})),
    ("Thẩm định", frozenset({Kind.COUNCIL, Kind.APPRAISAL})),
    ("Gửi Bộ Công Thương", frozenset({Kind.MINISTRY})),
    ("Phê duyệt, điều chỉnh", frozenset({Kind.DECISION, Kind.AMENDMENT})),
    ("Ký hợp đồng", frozenset({Kind.CONTRACT})),
    ("Thực hiện, kiểm tra", frozenset({Kind.PROGRESS, Kind.FIELD_CHECK, Kind.PHOTO})),
    ("Nghiệm thu", frozenset({Kind.ACCEPTANCE})),
    ("Thanh lý, quyết toán", frozenset({Kind.LIQUIDATION, Kind.INVOICE, Kind.SETTLEMENT})),
    ("Ngừng triển khai", frozenset({Kind.STOP})),
    ("Khác", frozenset({Kind.OTHER})),
)


@dataclass(frozen=True)
class DocumentGroup:
    """A step and its documents, in the order in which they came."""

    label: str
    documents: list[Document]


def by_step(documents: Iterable[Document]) -> list[DocumentGroup]:
    """The steps that have documents."""
    known = list(documents)
    groups = [DocumentGroup(label, [one for one in known if one.kind in kinds]) for label, kinds in STEPS]
    return [group for group in groups if group.documents]

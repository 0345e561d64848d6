"""Documents attached to a project. Files are private: see `programs.views.document`."""

from typing import Any
from uuid import uuid4

from django.db import models

from khuyencong.modelfields import NFCCharField
from programs.rules.attachments import INLINE_TYPES, PICTURE_TYPES


class DocumentKind(models.TextChoices):
    APPLICATION = "application", "Đơn đề nghị hỗ trợ"
    SURVEY = "survey", "Biên bản khảo sát"
    LEGAL = "legal", "Hồ sơ pháp lý của cơ sở"
    INVESTMENT_PLAN = "investment_plan", "Phương án đầu tư"
    COMMITMENT = "commitment", "Cam kết không trùng nguồn ngân sách"
    CONFIRMATION = "confirmation", "Văn bản xác nhận"
    APPRAISAL = "appraisal", "Biên bản thẩm định"
    COUNCIL = "council", "Quyết định thành lập hội đồng"
    MINISTRY = "ministry", "Văn bản của Bộ Công Thương"
    DECISION = "decision", "Quyết định phê duyệt"
    AMENDMENT = "amendment", "Quyết định điều chỉnh"
    CONTRACT = "contract", "Hợp đồng"
    PROGRESS = "progress", "Báo cáo tiến độ"
    FIELD_CHECK = "field_check", "Biên bản kiểm tra"
    ACCEPTANCE = "acceptance", "Biên bản nghiệm thu"
    LIQUIDATION = "liquidation", "Biên bản thanh lý"
    SETTLEMENT = "settlement", "Hồ sơ quyết toán"
    STOP = "stop", "Quyết định ngừng triển khai"
    INVOICE = "invoice", "Hóa đơn, chứng từ"
    PHOTO = "photo", "Ảnh hiện trường"
    OTHER = "other", "Khác"


def private_path(document: Any, filename: str) -> str:
    """A name that says nothing and cannot be guessed; the given name is kept in the row."""
    return f"projects/{document.project_id}/{uuid4().hex}"


class Document(models.Model):
    """A file with its number, date and issuer."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="documents")
    kind = models.CharField("Loại tài liệu", max_length=20, choices=DocumentKind.choices)
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary",
        models.PROTECT,
        verbose_name="Của cơ sở",
        related_name="documents",
        null=True,
        blank=True,
    )
    number = NFCCharField("Số, ký hiệu", max_length=100, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    issuer = NFCCharField("Nơi ban hành", max_length=200, blank=True)
    file = models.FileField("Tệp", upload_to=private_path, max_length=200)
    original_name = NFCCharField("Tên tệp", max_length=200)
    content_type = models.CharField("Kiểu tệp", max_length=100)
    size_bytes = models.PositiveBigIntegerField("Dung lượng")
    sha256 = models.CharField("Mã SHA-256", max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người tải lên")
    uploaded_at = models.DateTimeField("Tải lên lúc")

    class Meta:
        verbose_name = "tài liệu"
        verbose_name_plural = "tài liệu"
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_picture(self) -> bool:
        return self.content_type in PICTURE_TYPES

    @property
    def can_be_shown(self) -> bool:
        """Whether a page may show it; the others are only taken away."""
        return self.content_type in INLINE_TYPES

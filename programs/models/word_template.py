"""Word templates that an administrator has put in place of those that come with the portal."""

from typing import Any
from uuid import uuid4

from django.db import models

from khuyencong.modelfields import NFCCharField


class WordKind(models.TextChoices):
    """The documents that the portal writes for signature."""

    APPRAISAL = "appraisal", "Biên bản thẩm định"
    APPROVAL_LIST = "approval_list", "Danh mục đề án được phê duyệt"
    CONTRACT = "contract", "Hợp đồng thực hiện đề án"
    ACCEPTANCE = "acceptance", "Biên bản nghiệm thu"
    LIQUIDATION = "liquidation", "Biên bản thanh lý hợp đồng"
    YEARLY_REPORT = "yearly_report", "Báo cáo công tác khuyến công"


def private_path(template: Any, filename: str) -> str:
    """A name that says nothing; the given name is kept in the row."""
    return f"word_templates/{uuid4().hex}"


class WordTemplate(models.Model):
    """The template in use for one kind of document; without a row the portal's own is used."""

    kind = models.CharField("Văn bản", max_length=20, choices=WordKind.choices, unique=True)
    file = models.FileField("Tệp", upload_to=private_path, max_length=200)
    original_name = NFCCharField("Tên tệp", max_length=200)
    sha256 = models.CharField("Mã SHA-256", max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người tải lên", related_name="+")
    uploaded_at = models.DateTimeField("Tải lên lúc")

    class Meta:
        verbose_name = "mẫu văn bản"
        verbose_name_plural = "mẫu văn bản"
        ordering = ("kind",)
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=WordKind.values), name="word_template_kind_known")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

"""Machines that are supported, and the written reasons why a likely second support is none."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import FoldedField, NFCCharField, NFCTextField
from programs.models.dated import DatedRule, DatedRuleQuerySet
from programs.rules.likeness import number_key


class Equipment(models.Model):
    """A machine or piece of equipment of an establishment's part; numbers are kept as they were given.

    `serial_key` and `invoice_key` are the numbers without spaces, marks and case, for comparing.
    """

    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", related_name="equipment"
    )
    name = NFCCharField("Tên máy móc, thiết bị", max_length=300)
    serial_number = NFCCharField("Số máy (serial)", max_length=100, blank=True)
    invoice_number = NFCCharField("Số hóa đơn", max_length=100, blank=True)
    invoice_date = models.DateField("Ngày hóa đơn", null=True, blank=True)
    serial_key = models.CharField(max_length=100, blank=True, default="", editable=False, db_index=True)
    invoice_key = models.CharField(max_length=100, blank=True, default="", editable=False, db_index=True)
    folded = FoldedField(sources=("name",))

    class Meta:
        verbose_name = "máy móc, thiết bị"
        verbose_name_plural = "máy móc, thiết bị"
        ordering = ("participant_id", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """The keys follow the numbers, whatever is saved."""
        self.set_keys()
        if update_fields is not None:
            update_fields = {*update_fields, "serial_key", "invoice_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_keys(self) -> None:
        """To be called before `bulk_create`, which does not save one by one."""
        self.serial_key = number_key(self.serial_number)
        self.invoice_key = number_key(self.invoice_number)


class DuplicateRule(DatedRule):
    """How far back a likely second support is looked for."""

    years = models.PositiveSmallIntegerField("Xét trong số năm gần nhất")

    objects = DatedRuleQuerySet["DuplicateRule"].as_manager()

    class Meta:
        verbose_name = "thời gian xét trùng"
        verbose_name_plural = "thời gian xét trùng"
        ordering = ("-valid_from", "pk")

    def __str__(self) -> str:
        return f"{self.years} năm"


class DuplicateSign(models.TextChoices):
    """What two projects have in common; the first two forbid, the others want a reason."""

    SERIAL = "serial", "Trùng số máy"
    INVOICE = "invoice", "Trùng số hóa đơn"
    SAME_SUPPORT = "same_support", "Cùng cơ sở, cùng nội dung hỗ trợ"
    OWNER = "owner", "Cùng số định danh người đại diện"
    PHONE = "phone", "Cùng số điện thoại"
    ADDRESS = "address", "Tên hoặc địa chỉ gần giống"


class DuplicateReason(models.Model):
    """Why a sign of double funding does not speak against a project. Rows are only ever added."""

    project = models.ForeignKey(
        "programs.Project", models.PROTECT, verbose_name="Đề án", related_name="duplicate_reasons"
    )
    other_project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án trước", related_name="+")
    sign = models.CharField("Dấu hiệu", max_length=15, choices=DuplicateSign.choices)
    reason = NFCTextField("Giải trình")
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "giải trình trùng lặp"
        verbose_name_plural = "giải trình trùng lặp"
        ordering = ("project_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="duplicate_reason_given",
                violation_error_message="Ghi rõ lý do.",
            )
        ]

    def __str__(self) -> str:
        return self.reason

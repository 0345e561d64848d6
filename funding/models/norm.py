"""Support norms and advance limits: dated rows with a legal basis and how sure of them we are."""

from django.db import models

from khuyencong.modelfields import NFCCharField
from programs.models.dated import DatedRule, DatedRuleQuerySet
from programs.workflow import TRACK_CHOICES


class Norm(DatedRule):
    """How much a support item may get: a share of the cost up to a cap."""

    support_item = models.ForeignKey("programs.SupportItem", models.PROTECT, verbose_name="Nội dung hỗ trợ")
    name = NFCCharField("Định mức", max_length=300)
    track = models.CharField("Cấp khuyến công", max_length=10, choices=TRACK_CHOICES)
    rate_percent = models.DecimalField("Tỷ lệ tối đa (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    cap_vnd = models.BigIntegerField("Mức tối đa (đồng)", null=True, blank=True)
    per = NFCCharField("Tính cho mỗi", max_length=50, blank=True)
    multiplier = models.DecimalField("Hệ số nhân mức tối đa", max_digits=5, decimal_places=2, null=True, blank=True)
    multiplier_note = NFCCharField("Điều kiện áp dụng hệ số", max_length=200, blank=True)
    province = models.ForeignKey(
        "localities.AdministrativeUnit",
        models.PROTECT,
        verbose_name="Tỉnh ban hành",
        related_name="+",
        null=True,
        blank=True,
        help_text="Để trống: quy định của trung ương.",
    )

    objects = DatedRuleQuerySet["Norm"].as_manager()

    class Meta:
        verbose_name = "định mức hỗ trợ"
        verbose_name_plural = "định mức hỗ trợ"
        ordering = ("support_item__row", "-valid_from", "pk")

    def __str__(self) -> str:
        return self.name


class AdvanceLimit(DatedRule):
    """How much of the support may be advanced before anything is accepted."""

    applies_to = NFCCharField("Áp dụng cho", max_length=300)
    support_items = models.ManyToManyField(
        "programs.SupportItem", verbose_name="Nội dung hỗ trợ", related_name="advance_limits", blank=True
    )
    first_advance_percent = models.DecimalField("Tạm ứng lần đầu tối đa (%)", max_digits=5, decimal_places=2)
    condition = NFCCharField("Điều kiện", max_length=300, blank=True)

    objects = DatedRuleQuerySet["AdvanceLimit"].as_manager()

    class Meta:
        verbose_name = "mức tạm ứng"
        verbose_name_plural = "mức tạm ứng"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.applies_to

"""Which papers a dossier needs, before which step, and who must bring them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from khuyencong.modelfields import NFCCharField
from programs.models.dated import DatedRule, DatedRuleQuerySet
from programs.models.document import DocumentKind
from programs.workflow import ACTION_CHOICES, TRACK_CHOICES


class Supplier(models.TextChoices):
    """Who has to bring a paper."""

    BENEFICIARY = "beneficiary", "Cơ sở thụ hưởng"
    LOCAL_OFFICE = "local_office", "Cơ quan kinh tế huyện, xã"
    CENTRE = "centre", "Trung tâm Khuyến công"
    DEPARTMENT = "department", "Sở Công Thương"


class DossierRequirement(DatedRule):
    """One paper of the dossier; an empty support item or track means every one of them."""

    document_kind = models.CharField("Loại tài liệu", max_length=20, choices=DocumentKind.choices)
    support_item = models.ForeignKey(
        "programs.SupportItem",
        models.PROTECT,
        verbose_name="Nội dung hỗ trợ",
        related_name="requirements",
        null=True,
        blank=True,
    )
    track = models.CharField("Cấp khuyến công", max_length=10, choices=TRACK_CHOICES, blank=True)
    before_action = models.CharField("Phải có trước bước", max_length=20, choices=ACTION_CHOICES)
    supplied_by = models.CharField("Bên cung cấp", max_length=20, choices=Supplier.choices)
    per_beneficiary = models.BooleanField("Mỗi cơ sở một bản", default=False)
    note = NFCCharField("Hướng dẫn", max_length=300, blank=True)

    objects = DatedRuleQuerySet["DossierRequirement"].as_manager()

    class Meta:
        verbose_name = "thành phần hồ sơ"
        verbose_name_plural = "thành phần hồ sơ"
        ordering = ("before_action", "pk")
        constraints = [
            models.UniqueConstraint(
                F("document_kind"),
                Coalesce("support_item", 0),
                F("track"),
                F("before_action"),
                F("valid_from"),
                name="dossier_requirement_unique",
                violation_error_message="Thành phần hồ sơ này đã có.",
            ),
            models.UniqueConstraint(
                F("document_kind"),
                Coalesce("support_item", 0),
                F("track"),
                F("before_action"),
                condition=Q(valid_from__isnull=True),
                name="dossier_requirement_old_unique",
                violation_error_message="Thành phần hồ sơ này đã có một dòng chưa rõ ngày áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="dossier_requirement_period_in_order",
                violation_error_message="Ngày hết áp dụng phải từ ngày áp dụng trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_document_kind_display()

"""Changes to what was approved: each is a version with its decision. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import NFCCharField, NFCTextField


class Amendment(models.Model):
    """The n-th amendment of a project; version 0 is what was approved.

    `changes`: a list of {"field", "label", "before", "after"}; before and after are what a person reads.
    """

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="amendments")
    number = models.PositiveSmallIntegerField("Lần điều chỉnh")
    decision_number = NFCCharField("Số quyết định", max_length=100)
    decision_date = models.DateField("Ngày quyết định")
    effective_from = models.DateField("Áp dụng từ ngày")
    reason = NFCTextField("Lý do điều chỉnh")
    changes = models.JSONField("Nội dung điều chỉnh", default=list)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "lần điều chỉnh"
        verbose_name_plural = "các lần điều chỉnh"
        ordering = ("project_id", "number")
        constraints = [
            models.UniqueConstraint(fields=("project", "number"), name="amendment_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="amendment_number_positive"),
            models.CheckConstraint(
                condition=~Q(decision_number=""),
                name="amendment_has_decision",
                violation_error_message="Phải có số quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"Điều chỉnh lần {self.number}"

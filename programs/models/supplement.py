"""What was asked for when a project was returned, point by point, and how each point was answered."""

from django.db import models
from django.db.models import Q, Subquery

from khuyencong.modelfields import NFCTextField
from programs.models.project import Step
from programs.workflow import Action


class Section(models.TextChoices):
    """The part of a project that a point is about; the values are the keys of the project page's tabs."""

    GENERAL = "general", "Thông tin chung"
    BENEFICIARIES = "beneficiaries", "Cơ sở thụ hưởng"
    MONEY = "money", "Kinh phí"
    INDICATORS = "indicators", "Chỉ tiêu"
    DOCUMENTS = "documents", "Tài liệu"


class SupplementPointQuerySet(models.QuerySet["SupplementPoint"]):
    def of_last_return(self, project_id: int) -> "SupplementPointQuerySet":
        """What the project was asked for when it was returned last, in the order of asking; one query."""
        returns = Step.objects.filter(project_id=project_id, action=Action.RETURN.value).order_by("-pk")
        return self.filter(project_id=project_id, step_id=Subquery(returns.values("pk")[:1]))


class SupplementPoint(models.Model):
    """One thing to supplement; a project is submitted again when every point has an answer."""

    project = models.ForeignKey(
        "programs.Project", models.PROTECT, verbose_name="Đề án", related_name="supplement_points"
    )
    step = models.ForeignKey(
        "programs.Step", models.PROTECT, verbose_name="Lần trả lại", related_name="supplement_points"
    )
    section = models.CharField("Phần", max_length=20, choices=Section.choices)
    content = NFCTextField("Yêu cầu bổ sung")
    answer = NFCTextField("Giải trình, bổ sung", blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="Người trả lời", related_name="+", null=True, blank=True
    )
    answered_at = models.DateTimeField("Trả lời lúc", null=True, blank=True)

    objects = SupplementPointQuerySet.as_manager()

    class Meta:
        verbose_name = "yêu cầu bổ sung"
        verbose_name_plural = "yêu cầu bổ sung"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="supplement_answer_with_person",
            )
        ]

    def __str__(self) -> str:
        """On one line, for messages and the history."""
        return f"{self.get_section_display()}: {' '.join(self.content.split())}"

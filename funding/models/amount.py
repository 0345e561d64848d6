"""Amounts of a project per source and beneficiary, the approval and the contracts."""

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import NFCCharField


class FundingLine(models.Model):
    """What one source gives to one beneficiary of a project, or to the project as a whole (`participant` null).

    Requested and approved never share a column; approved stays null until a decision says otherwise.
    """

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="funding_lines")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary",
        models.PROTECT,
        verbose_name="Cơ sở",
        related_name="funding_lines",
        null=True,
        blank=True,
    )
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn", related_name="lines")
    requested_vnd = models.BigIntegerField("Đề nghị (đồng)", default=0)
    approved_vnd = models.BigIntegerField("Được duyệt (đồng)", null=True, blank=True)

    class Meta:
        verbose_name = "kinh phí theo nguồn"
        verbose_name_plural = "kinh phí theo nguồn"
        ordering = ("project_id", "participant_id", "source__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("project", "participant", "source"),
                condition=Q(participant__isnull=False),
                name="funding_line_unique",
            ),
            models.UniqueConstraint(
                fields=("project", "source"),
                condition=Q(participant__isnull=True),
                name="funding_line_whole_project_unique",
            ),
            models.CheckConstraint(
                condition=Q(requested_vnd__gte=0) & (Q(approved_vnd__isnull=True) | Q(approved_vnd__gte=0)),
                name="funding_line_not_negative",
                violation_error_message="Số tiền không nhận số âm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.participant_id}/{self.source_id}"


class Approval(models.Model):
    """The decision that approved a project and its money."""

    project = models.OneToOneField("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="approval")
    decision_number = NFCCharField("Số quyết định", max_length=100)
    decision_date = models.DateField("Ngày quyết định", db_index=True)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người phê duyệt")
    approved_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "quyết định phê duyệt"
        verbose_name_plural = "quyết định phê duyệt"

    def __str__(self) -> str:
        return self.decision_number


class ContractKind(models.TextChoices):
    IMPLEMENTATION = "implementation", "Hợp đồng thực hiện đề án"
    SUPPORT = "support", "Hợp đồng hỗ trợ"


class Contract(models.Model):
    """A contract that carries out a project, with one beneficiary or (`participant` null) for the whole."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="contracts")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Bên được hỗ trợ", null=True, blank=True
    )
    kind = models.CharField("Loại hợp đồng", max_length=15, choices=ContractKind.choices, default=ContractKind.SUPPORT)
    number = NFCCharField("Số hợp đồng", max_length=100)
    signed_date = models.DateField("Ngày ký")
    support_vnd = models.BigIntegerField("Kinh phí hỗ trợ (đồng)")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "hợp đồng"
        verbose_name_plural = "hợp đồng"
        ordering = ("signed_date", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("project", "number"),
                name="contract_number_unique",
                violation_error_message="Số hợp đồng này đã có trong đề án.",
            ),
            models.CheckConstraint(
                condition=Q(support_vnd__gt=0),
                name="contract_support_positive",
                violation_error_message="Kinh phí hỗ trợ của hợp đồng phải lớn hơn 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

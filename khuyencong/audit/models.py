"""The audit trail: what was done, by whom, from which value to which. Rows are only ever added."""

from django.db import models

from khuyencong.localities.models import AdministrativeUnit, UnitLevel, covered_unit_ids


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: object) -> "AuditEventQuerySet":
        """Events within the user's area; those without a place (shared reference data) are for province offices."""
        area_id: int = getattr(user, "area_id", None) or 0
        provinces = AdministrativeUnit.objects.filter(pk=area_id, level=UnitLevel.PROVINCE)
        return self.filter(
            models.Q(place_id__in=covered_unit_ids(area_id)) | models.Q(models.Exists(provinces), place_id__isnull=True)
        )

    def about(self, subject: str) -> "AuditEventQuerySet":
        """Events of one subject, for instance `project:12`, newest first."""
        return self.filter(subject=subject).order_by("-pk")


class AuditEvent(models.Model):
    """One event. No foreign keys: it must outlive whatever it speaks of. Chained by hash to the one before."""

    at = models.DateTimeField("Thời điểm")
    actor_id = models.BigIntegerField("Mã người thực hiện", null=True)
    actor_name = models.CharField("Người thực hiện", max_length=200)
    actor_role = models.CharField("Vai trò", max_length=100, blank=True)
    organisation_name = models.CharField("Đơn vị", max_length=200, blank=True)
    action = models.CharField("Việc", max_length=60)
    action_label = models.CharField("Nội dung", max_length=120)
    object_type = models.CharField("Loại đối tượng", max_length=60)
    object_id = models.BigIntegerField("Mã đối tượng")
    object_label = models.CharField("Đối tượng", max_length=300)
    subject = models.CharField("Hồ sơ", max_length=60)
    place_id = models.BigIntegerField("Địa bàn", null=True)
    changes = models.JSONField("Thay đổi", default=dict)
    reason = models.TextField("Lý do", blank=True)
    document_number = models.CharField("Số văn bản", max_length=100, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "nhật ký"
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("subject", "id"), name="audit_subject_idx"),
            models.Index(fields=("place_id", "id"), name="audit_place_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.action_label}: {self.object_label}"

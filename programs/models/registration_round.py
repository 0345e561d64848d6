"""The period in which projects of a plan year are registered."""

from django.db import models
from django.db.models import F, Q

from khuyencong.modelfields import NFCCharField
from programs.workflow import TRACK_CHOICES


class RegistrationRound(models.Model):
    """When registration for a year and track opens and closes; a project that comes later is marked, not refused."""

    year = models.PositiveSmallIntegerField("Năm kế hoạch")
    track = models.CharField("Cấp khuyến công", max_length=10, choices=TRACK_CHOICES)
    programme = models.ForeignKey(
        "programs.Programme",
        models.PROTECT,
        verbose_name="Chương trình",
        related_name="registration_rounds",
        null=True,
        blank=True,
    )
    opens_on = models.DateField("Mở từ ngày")
    closes_on = models.DateField("Đến hết ngày")
    decision_number = NFCCharField("Số văn bản", max_length=100, blank=True)
    note = NFCCharField("Ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "đợt đăng ký"
        verbose_name_plural = "đợt đăng ký"
        ordering = ("-year", "track")
        constraints = [
            models.UniqueConstraint(
                fields=("track", "year"),
                name="registration_round_unique",
                violation_error_message="Năm và cấp khuyến công này đã có đợt đăng ký.",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="registration_round_in_order",
                violation_error_message="Ngày đóng phải từ ngày mở trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Đợt đăng ký {self.get_track_display().lower()} năm {self.year}"

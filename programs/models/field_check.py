"""What was seen at the place: field checks of the work, and employment after training. Each is a further row."""

from django.db import models
from django.db.models import F, Q

from khuyencong.modelfields import NFCCharField, NFCTextField


class FieldCheck(models.Model):
    """A check at the place with its minutes; the percentage is what the checkers verified, not what was declared."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="field_checks")
    report = models.ForeignKey(
        "programs.ProgressReport",
        models.PROTECT,
        verbose_name="Kiểm tra báo cáo",
        related_name="field_checks",
        null=True,
        blank=True,
    )
    checked_on = models.DateField("Ngày kiểm tra")
    minutes_number = NFCCharField("Số biên bản", max_length=100)
    checkers = NFCTextField("Thành phần kiểm tra")
    verified_percent = models.PositiveSmallIntegerField("Khối lượng xác minh (%)")
    findings = NFCTextField("Kết quả kiểm tra")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "biên bản kiểm tra"
        verbose_name_plural = "biên bản kiểm tra"
        ordering = ("-checked_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("project", "minutes_number"),
                name="field_check_minutes_unique",
                violation_error_message="Biên bản kiểm tra này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=Q(verified_percent__lte=100),
                name="field_check_percent_to_100",
                violation_error_message="Khối lượng xác minh từ 0 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_number}: {self.verified_percent} %"


class EmploymentResult(models.Model):
    """How many of those trained had work on a day, by a survey; later surveys do not overwrite earlier ones."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="employment")
    surveyed_on = models.DateField("Ngày khảo sát")
    trained_count = models.PositiveIntegerField("Số người được đào tạo")
    employed_count = models.PositiveIntegerField("Số người có việc làm")
    employed_women_count = models.PositiveIntegerField("Trong đó: nữ")
    note = NFCCharField("Nguồn số liệu", max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "việc làm sau đào tạo"
        verbose_name_plural = "việc làm sau đào tạo"
        ordering = ("-surveyed_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("project", "surveyed_on"),
                name="employment_result_unique",
                violation_error_message="Ngày khảo sát này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=Q(employed_count__lte=F("trained_count")) & Q(employed_women_count__lte=F("employed_count")),
                name="employment_result_in_order",
                violation_error_message="Số có việc làm không lớn hơn số được đào tạo; số nữ không lớn hơn tổng số.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employed_count}/{self.trained_count}"

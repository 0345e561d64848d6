"""Until when something is owed: dated rules of the law, and the reminders that were sent because of them."""

from django.db import models
from django.db.models import F, Q

from khuyencong.modelfields import NFCCharField
from programs.models.dated import DatedRule, DatedRuleQuerySet
from programs.workflow import ACTION_CHOICES, TRACK_CHOICES, Status


class DeadlineKind(models.TextChoices):
    CALENDAR = "calendar", "Ngày cố định theo năm kế hoạch"
    AFTER_STEP = "after_step", "Số ngày sau một bước"


class DeadlineRule(DatedRule):
    """One deadline. It rules what is due (calendar) or begins to run (after a step) within its period.

    The calendar day is the last one that is still in time. `owed_by`: the statuses whose projects still owe the thing,
    separated by commas; a returned project owes what it owed at the level that returned it.
    """

    key = models.SlugField("Mã", max_length=50)
    name = NFCCharField("Việc phải làm", max_length=200)
    kind = models.CharField("Cách tính", max_length=12, choices=DeadlineKind.choices)
    year_offset = models.SmallIntegerField("Năm so với năm kế hoạch", default=0, help_text="−1: năm trước; 1: năm sau.")
    month = models.PositiveSmallIntegerField("Tháng", null=True, blank=True)
    day = models.PositiveSmallIntegerField("Ngày cuối còn trong hạn", null=True, blank=True)
    days = models.PositiveSmallIntegerField("Số ngày", null=True, blank=True)
    after_action = models.CharField("Kể từ bước", max_length=20, choices=ACTION_CHOICES, blank=True)
    track = models.CharField("Cấp khuyến công", max_length=10, choices=TRACK_CHOICES, blank=True)
    owed_by = models.CharField("Còn nợ ở trạng thái", max_length=250)
    warn_days = models.PositiveSmallIntegerField("Báo trước (ngày)", default=14)
    escalate_days = models.PositiveSmallIntegerField(
        "Quá hạn bao nhiêu ngày thì báo lãnh đạo", default=5, help_text="Quy định nội bộ, sửa được."
    )

    objects = DatedRuleQuerySet["DeadlineRule"].as_manager()

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "thời hạn"
        ordering = ("key", "valid_from", "pk")
        constraints = [
            models.UniqueConstraint(fields=("key", "valid_from"), name="deadline_key_from_unique"),
            models.UniqueConstraint(
                fields=("key",),
                condition=Q(valid_from__isnull=True),
                name="deadline_key_old_unique",
                violation_error_message="Mã này đã có một dòng chưa rõ ngày áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="calendar",
                    month__isnull=False,
                    month__range=(1, 12),
                    day__isnull=False,
                    day__range=(1, 31),
                    days__isnull=True,
                    after_action="",
                )
                | Q(kind="after_step", month__isnull=True, day__isnull=True, days__isnull=False, days__gte=1)
                & ~Q(after_action=""),
                name="deadline_says_when",
                violation_error_message="Ngày cố định cần tháng và ngày; số ngày sau một bước cần số ngày và bước.",
            ),
            models.CheckConstraint(
                # 29 February is not in every year.
                condition=~Q(month=2, day__gt=28) & ~Q(month__in=(4, 6, 9, 11), day__gt=30),
                name="deadline_day_of_every_year",
                violation_error_message="Ngày này không có trong mọi năm.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="deadline_period_in_order",
                violation_error_message="Ngày hết áp dụng phải từ ngày áp dụng trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owing_statuses(self) -> list[Status]:
        return [Status(value) for value in self.owed_by.split(",") if value]


class ReminderKind(models.TextChoices):
    DUE_SOON = "due_soon", "Sắp đến hạn"
    OVERDUE = "overdue", "Quá hạn"
    ESCALATED = "escalated", "Quá hạn, báo lãnh đạo"


class Reminder(models.Model):
    """One person was told once about one deadline of one project; `sent_at` is empty until the e-mail has gone out."""

    rule = models.ForeignKey(DeadlineRule, models.PROTECT, verbose_name="Thời hạn", related_name="reminders")
    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="reminders")
    kind = models.CharField("Loại", max_length=10, choices=ReminderKind.choices)
    due_date = models.DateField("Hạn")
    recipient = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người nhận", related_name="reminders")
    created_at = models.DateTimeField("Lập lúc")
    sent_at = models.DateTimeField("Gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "nhắc hạn"
        verbose_name_plural = "nhắc hạn"
        ordering = ("due_date", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("rule", "project", "kind", "due_date", "recipient"), name="reminder_sent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.rule}"

"""Appraisal by a council: who sits on it, its sessions, what each member found, what was concluded."""

from django.db import models
from django.db.models import F, Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import NFCCharField, NFCTextField
from programs.models.dated import DatedRule, DatedRuleQuerySet
from programs.workflow import TRACK_CHOICES


class CouncilQuerySet(models.QuerySet["Council"]):
    def visible_to(self, user: object) -> "CouncilQuerySet":
        """Councils of organisations within the user's area."""
        return self.filter(organisation__area_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class Council(models.Model):
    """A council that an authority set up by a decision; the decision also says how many must be present."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, verbose_name="Cơ quan thành lập", related_name="councils"
    )
    name = NFCCharField("Tên hội đồng", max_length=200)
    decision_number = NFCCharField("Số quyết định thành lập", max_length=100)
    decision_date = models.DateField("Ngày quyết định")
    quorum = models.PositiveSmallIntegerField(
        "Số thành viên có mặt tối thiểu", help_text="Theo quyết định thành lập hội đồng."
    )
    ended_on = models.DateField("Hết nhiệm vụ sau ngày", null=True, blank=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = "hội đồng thẩm định"
        verbose_name_plural = "hội đồng thẩm định"
        ordering = ("-decision_date", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "decision_number"),
                name="council_decision_unique",
                violation_error_message="Quyết định thành lập này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=Q(quorum__gte=1),
                name="council_quorum_positive",
                violation_error_message="Phải có ít nhất một thành viên có mặt.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("decision_date")),
                name="council_period_in_order",
                violation_error_message="Ngày hết nhiệm vụ phải từ ngày quyết định trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CouncilRole(models.TextChoices):
    CHAIR = "chair", "Chủ tịch"
    DEPUTY = "deputy", "Phó Chủ tịch"
    MEMBER = "member", "Ủy viên"
    SECRETARY = "secretary", "Thư ký"


class CouncilMember(models.Model):
    """A person on a council."""

    council = models.ForeignKey(Council, models.PROTECT, verbose_name="Hội đồng", related_name="members")
    full_name = NFCCharField("Họ và tên", max_length=200)
    title = NFCCharField("Chức vụ, đơn vị", max_length=200, blank=True)
    role = models.CharField("Vai trò", max_length=10, choices=CouncilRole.choices)
    position = models.PositiveSmallIntegerField("Thứ tự", default=0)

    class Meta:
        verbose_name = "thành viên hội đồng"
        verbose_name_plural = "thành viên hội đồng"
        ordering = ("council_id", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("council",),
                condition=Q(role="chair"),
                name="council_one_chair",
                violation_error_message="Hội đồng đã có Chủ tịch.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class Criterion(DatedRule):
    """One thing that members judge a project by; empty track: both."""

    name = NFCCharField("Tiêu chí", max_length=300)
    track = models.CharField("Cấp khuyến công", max_length=10, choices=TRACK_CHOICES, blank=True)
    position = models.PositiveSmallIntegerField("Thứ tự", default=0)

    objects = DatedRuleQuerySet["Criterion"].as_manager()

    class Meta:
        verbose_name = "tiêu chí thẩm định"
        verbose_name_plural = "tiêu chí thẩm định"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class CouncilSession(models.Model):
    """A meeting; closed once its results are recorded, and never opened again."""

    council = models.ForeignKey(Council, models.PROTECT, verbose_name="Hội đồng", related_name="sessions")
    held_on = models.DateField("Ngày họp")
    venue = NFCCharField("Địa điểm", max_length=200, blank=True)
    minutes_number = NFCCharField("Số biên bản", max_length=100, blank=True)
    minutes_date = models.DateField("Ngày biên bản", null=True, blank=True)
    version = models.PositiveIntegerField("Phiên bản", default=1, editable=False)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="Người kết thúc", related_name="+", null=True, blank=True
    )
    closed_at = models.DateTimeField("Kết thúc lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiên họp hội đồng"
        verbose_name_plural = "phiên họp hội đồng"
        ordering = ("-held_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True, closed_at__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False, minutes_date__isnull=False)
                & ~Q(minutes_number=""),
                name="council_session_closed_with_minutes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.council}, phiên {self.held_on:%d/%m/%Y}"


class SessionAttendance(models.Model):
    """Whether a member was there."""

    session = models.ForeignKey(CouncilSession, models.CASCADE, verbose_name="Phiên họp", related_name="attendance")
    member = models.ForeignKey(CouncilMember, models.PROTECT, verbose_name="Thành viên", related_name="attendance")
    is_present = models.BooleanField("Có mặt")

    class Meta:
        verbose_name = "có mặt"
        verbose_name_plural = "có mặt"
        ordering = ("member__position", "member_id")
        constraints = [models.UniqueConstraint(fields=("session", "member"), name="session_attendance_unique")]

    def __str__(self) -> str:
        return str(self.member)


class Verdict(models.TextChoices):
    """A member's judgement, and the council's."""

    PASSED = "passed", "Đạt"
    SUPPLEMENT = "supplement", "Yêu cầu bổ sung"
    FAILED = "failed", "Không đạt"


class SessionProject(models.Model):
    """A project on the agenda, and what was concluded about it."""

    session = models.ForeignKey(CouncilSession, models.PROTECT, verbose_name="Phiên họp", related_name="agenda")
    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="sessions")
    verdict = models.CharField("Kết luận", max_length=10, choices=Verdict.choices, blank=True)
    conclusion = NFCTextField("Ý kiến kết luận", blank=True)

    class Meta:
        verbose_name = "đề án trong phiên họp"
        verbose_name_plural = "đề án trong phiên họp"
        ordering = ("session_id", "project__code", "pk")
        constraints = [models.UniqueConstraint(fields=("session", "project"), name="session_project_unique")]

    def __str__(self) -> str:
        return str(self.project)


class ConflictOfInterest(models.Model):
    """A member who may not judge a project."""

    agenda_item = models.ForeignKey(
        SessionProject, models.CASCADE, verbose_name="Đề án trong phiên họp", related_name="conflicts"
    )
    member = models.ForeignKey(CouncilMember, models.PROTECT, verbose_name="Thành viên", related_name="conflicts")
    reason = NFCCharField("Lý do", max_length=300)

    class Meta:
        verbose_name = "xung đột lợi ích"
        verbose_name_plural = "xung đột lợi ích"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("agenda_item", "member"), name="conflict_of_interest_unique")]

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"


class CriteriaSheet(models.Model):
    """A member's sheet on one project."""

    agenda_item = models.ForeignKey(
        SessionProject, models.CASCADE, verbose_name="Đề án trong phiên họp", related_name="sheets"
    )
    member = models.ForeignKey(CouncilMember, models.PROTECT, verbose_name="Thành viên", related_name="sheets")
    verdict = models.CharField("Đánh giá", max_length=10, choices=Verdict.choices)
    comment = NFCTextField("Ý kiến", blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "phiếu thẩm định"
        verbose_name_plural = "phiếu thẩm định"
        ordering = ("agenda_item_id", "member__position", "pk")
        constraints = [models.UniqueConstraint(fields=("agenda_item", "member"), name="criteria_sheet_unique")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_verdict_display()}"


class CriterionMark(models.Model):
    """What a member found on one criterion."""

    sheet = models.ForeignKey(CriteriaSheet, models.CASCADE, verbose_name="Phiếu", related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name="Tiêu chí", related_name="marks")
    verdict = models.CharField("Đánh giá", max_length=10, choices=Verdict.choices)
    comment = NFCCharField("Ý kiến", max_length=500, blank=True)

    class Meta:
        verbose_name = "đánh giá theo tiêu chí"
        verbose_name_plural = "đánh giá theo tiêu chí"
        ordering = ("criterion__position", "pk")
        constraints = [models.UniqueConstraint(fields=("sheet", "criterion"), name="criterion_mark_unique")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.get_verdict_display()}"

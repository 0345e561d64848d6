"""The project (đề án): what is to be done, where, by whom, and each step it has taken."""

from django.db import models
from django.db.models import F, Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import FoldedField, NFCCharField, NFCTextField, SortKeyField
from programs.workflow import ACTION_CHOICES, APPROVED_ON, STATUS_CHOICES, TRACK_CHOICES, Action, Status, Track

# What stands as the note of a project that was invented to show the portal; a report that counts one says so.
ILLUSTRATION_NOTE = "Dữ liệu minh họa"


class ProjectKind(models.TextChoices):
    PILOT = "pilot", "Đề án điểm"
    GROUP = "group", "Đề án nhóm"
    SPECIFIC = "specific", "Đối tượng cụ thể"


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: object) -> "ProjectQuerySet":
        """Projects placed within the user's area."""
        return self.filter(place_id__in=covered_unit_ids(getattr(user, "area_id", None)))

    def approved_on(self) -> "ProjectQuerySet":
        """Projects from approval on, those stopped later included."""
        return self.filter(status__in=APPROVED_ON)


class Project(models.Model):
    """A đề án. Its status is changed by actions only; its money lives in `funding`."""

    year = models.PositiveSmallIntegerField("Năm kế hoạch", db_index=True)
    code = NFCCharField("Mã đề án", max_length=30)
    name = NFCCharField("Tên đề án", max_length=500)
    track = models.CharField("Cấp khuyến công", max_length=10, choices=TRACK_CHOICES)
    kind = models.CharField("Loại đề án", max_length=10, choices=ProjectKind.choices)
    programme = models.ForeignKey(
        "programs.Programme", models.PROTECT, verbose_name="Chương trình", null=True, blank=True
    )
    support_item = models.ForeignKey("programs.SupportItem", models.PROTECT, verbose_name="Nội dung hỗ trợ")
    place = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn", related_name="projects"
    )
    implementer = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, verbose_name="Đơn vị thực hiện", related_name="projects"
    )
    start_date = models.DateField("Bắt đầu")
    end_date = models.DateField("Kết thúc")
    objective = NFCTextField("Mục tiêu, nội dung", blank=True)
    note = NFCCharField("Ghi chú", max_length=300, blank=True)
    status = models.CharField("Trạng thái", max_length=20, choices=STATUS_CHOICES, default=Status.DRAFT.value)
    returned_from = models.CharField(
        "Trả lại từ bước", max_length=20, choices=STATUS_CHOICES, blank=True, default="", editable=False
    )
    status_at = models.DateTimeField("Trạng thái từ lúc")
    version = models.PositiveIntegerField("Phiên bản", default=1, editable=False)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người lập", related_name="+")
    created_at = models.DateTimeField("Lập lúc")
    appraiser = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        verbose_name="Người thẩm định",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="Chép từ đề án",
        related_name="copies",
        null=True,
        blank=True,
        editable=False,
    )
    approved_date = models.DateField("Ngày phê duyệt", null=True, blank=True, editable=False)
    accepted_date = models.DateField("Ngày nghiệm thu", null=True, blank=True, editable=False)
    folded = FoldedField(sources=("code", "name"))
    sort_key = SortKeyField(sources=("name",), db_index=True)

    beneficiaries = models.ManyToManyField(
        "programs.Beneficiary", through="programs.ProjectBeneficiary", related_name="projects"
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "đề án"
        verbose_name_plural = "đề án"
        ordering = ("-year", "code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("year", "code"),
                name="project_code_unique_in_year",
                violation_error_message="Mã đề án đã có trong năm này.",
            ),
            models.CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="project_period_in_order",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="project_status_known"),
            models.CheckConstraint(condition=Q(track__in=[t.value for t in Track]), name="project_track_known"),
        ]
        indexes = [
            models.Index(fields=("status", "year"), name="project_status_year_idx"),
            models.Index(fields=("place", "year"), name="project_place_year_idx"),
            models.Index(fields=("support_item", "year"), name="project_item_year_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.name}"

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def track_kind(self) -> Track:
        return Track(self.track)


class ProjectCounter(models.Model):
    """The last number given to a project of a year and track; its row is locked while a code is made."""

    year = models.PositiveSmallIntegerField()
    track = models.CharField(max_length=10, choices=TRACK_CHOICES)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("year", "track"), name="project_counter_unique")]

    def __str__(self) -> str:
        return f"{self.track} {self.year}: {self.last_number}"


class ProjectBeneficiary(models.Model):
    """An establishment's part in a project."""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="Đề án", related_name="participants")
    beneficiary = models.ForeignKey(
        "programs.Beneficiary", models.PROTECT, verbose_name="Cơ sở thụ hưởng", related_name="participations"
    )
    content = NFCCharField("Nội dung được hỗ trợ", max_length=300, blank=True)

    class Meta:
        verbose_name = "cơ sở tham gia đề án"
        verbose_name_plural = "cơ sở tham gia đề án"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("project", "beneficiary"),
                name="project_beneficiary_unique",
                violation_error_message="Cơ sở này đã có trong đề án.",
            )
        ]

    def __str__(self) -> str:
        return str(self.beneficiary)


class Step(models.Model):
    """One move of a project: who, when, by which document."""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="Đề án", related_name="steps")
    action = models.CharField("Việc", max_length=20, choices=ACTION_CHOICES)
    from_status = models.CharField("Từ", max_length=20, choices=STATUS_CHOICES)
    to_status = models.CharField("Sang", max_length=20, choices=STATUS_CHOICES)
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người thực hiện", related_name="+")
    at = models.DateTimeField("Lúc")
    document_number = NFCCharField("Số văn bản", max_length=100, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    reason = NFCTextField("Lý do, ý kiến", blank=True)

    class Meta:
        verbose_name = "bước xử lý"
        verbose_name_plural = "bước xử lý"
        ordering = ("pk",)

    def __str__(self) -> str:
        return Action(self.action).label

"""Programmes, the law they stand on, and the taxonomies that projects are sorted by."""

from django.db import models
from django.db.models import F, Q

from khuyencong.modelfields import FoldedField, NFCCharField, NFCTextField
from programs.workflow import TRACK_CHOICES


class LegalDocumentKind(models.TextChoices):
    LAW = "law", "Luật"
    DECREE = "decree", "Nghị định"
    DECISION = "decision", "Quyết định"
    RESOLUTION = "resolution", "Nghị quyết"
    CIRCULAR = "circular", "Thông tư"
    JOINT_CIRCULAR = "joint_circular", "Thông tư liên tịch"
    PLAN = "plan", "Kế hoạch"
    OTHER = "other", "Khác"


class LegalDocument(models.Model):
    """A legal text with the days between which it rules."""

    number = NFCCharField("Số, ký hiệu", max_length=60, unique=True)
    kind = models.CharField("Loại văn bản", max_length=20, choices=LegalDocumentKind.choices)
    title = NFCCharField("Trích yếu", max_length=500)
    issuer = NFCCharField("Cơ quan ban hành", max_length=200, blank=True)
    issued_date = models.DateField("Ngày ban hành", null=True, blank=True)
    valid_from = models.DateField("Hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("Hết hiệu lực sau ngày", null=True, blank=True)
    note = NFCTextField("Ghi chú", blank=True)
    folded = FoldedField(sources=("number", "title"))

    class Meta:
        verbose_name = "văn bản pháp lý"
        verbose_name_plural = "văn bản pháp lý"
        ordering = ("-issued_date", "number")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="legal_document_period_in_order",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
        ]

    def __str__(self) -> str:
        return self.number


# "Hỗ trợ đào tạo …" in the yearly funding form: new trades, higher skill, starting and managing a business.
TRAINING_ROWS = frozenset({1, 2, 3, 4})


class SupportItem(models.Model):
    """One of the items of the yearly funding form; each project's support content is one of them."""

    row = models.PositiveSmallIntegerField("TT trong biểu", unique=True)
    name = NFCCharField("Nội dung hỗ trợ", max_length=300)
    is_active = models.BooleanField("Đang dùng", default=True)
    folded = FoldedField(sources=("row", "name"))

    class Meta:
        verbose_name = "nội dung hỗ trợ"
        verbose_name_plural = "nội dung hỗ trợ"
        ordering = ("row",)

    def __str__(self) -> str:
        return f"{self.row}. {self.name}"

    @property
    def is_training(self) -> bool:
        """Whether people are trained, so that their employment is followed; told by the row, the items' only mark."""
        return self.row in TRAINING_ROWS


class Sector(models.Model):
    """An industry or craft, for instance processing of farm, forest and sea products."""

    name = NFCCharField("Ngành nghề", max_length=200, unique=True)
    is_priority = models.BooleanField("Ngành ưu tiên", default=False)
    folded = FoldedField(sources=("name",))

    class Meta:
        verbose_name = "ngành nghề"
        verbose_name_plural = "ngành nghề"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """A khuyến công programme: its period, the decision behind it, its targets."""

    code = NFCCharField("Mã", max_length=30, unique=True)
    name = NFCCharField("Tên chương trình", max_length=300)
    track = models.CharField("Cấp", max_length=10, choices=TRACK_CHOICES)
    start_year = models.PositiveSmallIntegerField("Từ năm")
    end_year = models.PositiveSmallIntegerField("Đến năm")
    legal_basis = models.ForeignKey(
        LegalDocument, models.PROTECT, verbose_name="Quyết định", related_name="programmes", null=True, blank=True
    )
    goal = NFCTextField("Mục tiêu", blank=True)
    note = NFCTextField("Ghi chú", blank=True)
    folded = FoldedField(sources=("code", "name"))

    class Meta:
        verbose_name = "chương trình"
        verbose_name_plural = "chương trình"
        ordering = ("-start_year", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(end_year__gte=F("start_year")),
                name="programme_period_in_order",
                violation_error_message="Năm kết thúc phải từ năm bắt đầu trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammeTarget(models.Model):
    """A figure that a programme promises, by indicator where the forms have one."""

    programme = models.ForeignKey(Programme, models.CASCADE, verbose_name="Chương trình", related_name="targets")
    indicator = models.ForeignKey(
        "programs.ResultIndicator", models.PROTECT, verbose_name="Chỉ tiêu của biểu", null=True, blank=True
    )
    name = NFCCharField("Chỉ tiêu", max_length=300)
    unit = NFCCharField("Đơn vị tính", max_length=50)
    value = models.BigIntegerField("Mục tiêu")

    class Meta:
        verbose_name = "mục tiêu chương trình"
        verbose_name_plural = "mục tiêu chương trình"
        ordering = ("programme_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=("programme", "name"), name="programme_target_unique"),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="programme_target_positive", violation_error_message="Không nhận số âm."
            ),
        ]

    def __str__(self) -> str:
        return self.name

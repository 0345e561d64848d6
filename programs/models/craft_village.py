"""Craft villages: recognition as dated events, yearly figures as snapshots."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import FoldedField, NFCCharField, NFCTextField, SortKeyField


class CraftRecognitionKind(models.TextChoices):
    """Source: NĐ 52/2018/NĐ-CP Điều 5; before it NĐ 66/2006/NĐ-CP."""

    TRADITIONAL_CRAFT = "traditional_craft", "Nghề truyền thống"
    CRAFT_VILLAGE = "craft_village", "Làng nghề"
    TRADITIONAL_CRAFT_VILLAGE = "traditional_craft_village", "Làng nghề truyền thống"


class CraftVillageEventKind(models.TextChoices):
    RECOGNISED = "recognised", "Đã công nhận"
    SUSPENDED = "suspended", "Tạm dừng"
    FADED = "faded", "Mai một"
    WITHDRAWN = "withdrawn", "Thu hồi"


class CraftVillageQuerySet(models.QuerySet["CraftVillage"]):
    def visible_to(self, user: object) -> "CraftVillageQuerySet":
        return self.filter(place_id__in=covered_unit_ids(getattr(user, "area_id", None)))

    def with_status(self) -> "CraftVillageQuerySet":
        """Adds `status` and `status_decision` from the latest event; null where there is no decision at all."""
        latest = CraftVillageEvent.objects.filter(village=OuterRef("pk")).order_by("-event_date", "-pk")
        return self.annotate(
            status=Subquery(latest.values("kind")[:1]),
            status_decision=Subquery(latest.values("decision_number")[:1]),
            status_recognition=Subquery(latest.values("recognition")[:1]),
        )


class CraftVillage(models.Model):
    """A craft village or craft, recognised or only known of."""

    name = NFCCharField("Tên làng nghề, nghề", max_length=200)
    craft = NFCCharField("Nghề", max_length=150)
    place = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn", related_name="craft_villages"
    )
    source_note = NFCTextField("Nguồn thông tin", blank=True)
    folded = FoldedField(sources=("name", "craft"))
    sort_key = SortKeyField(sources=("name",))

    objects = CraftVillageQuerySet.as_manager()

    class Meta:
        verbose_name = "làng nghề"
        verbose_name_plural = "làng nghề"
        ordering = ("sort_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("name", "place"),
                name="craft_village_unique",
                violation_error_message="Địa bàn này đã có làng nghề cùng tên.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CraftVillageEvent(models.Model):
    """Recognition, suspension, fading or withdrawal, with its decision and the regime it was judged by."""

    village = models.ForeignKey(CraftVillage, models.PROTECT, verbose_name="Làng nghề", related_name="events")
    kind = models.CharField("Việc", max_length=20, choices=CraftVillageEventKind.choices)
    recognition = models.CharField("Danh hiệu", max_length=30, choices=CraftRecognitionKind.choices)
    decision_number = NFCCharField("Số quyết định", max_length=100)
    event_date = models.DateField("Ngày quyết định")
    regime = models.ForeignKey(
        "programs.LegalDocument", models.PROTECT, verbose_name="Theo quy định", null=True, blank=True
    )

    class Meta:
        verbose_name = "công nhận, thu hồi làng nghề"
        verbose_name_plural = "công nhận, thu hồi làng nghề"
        ordering = ("event_date", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("village", "decision_number", "kind"),
                name="craft_village_event_unique",
                violation_error_message="Quyết định này đã được ghi cho làng nghề.",
            ),
            models.CheckConstraint(
                condition=~Q(decision_number=""),
                name="craft_village_event_has_decision",
                violation_error_message="Phải có số quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} theo {self.decision_number}"


class CraftVillageYear(models.Model):
    """Figures of one year as reported; a correction is a further row with a later reporting date."""

    village = models.ForeignKey(CraftVillage, models.PROTECT, verbose_name="Làng nghề", related_name="years")
    year = models.PositiveSmallIntegerField("Năm")
    reported_date = models.DateField("Ngày báo cáo")
    source = NFCCharField("Nguồn số liệu", max_length=200)
    households = models.PositiveIntegerField("Tổng số hộ")
    craft_households = models.PositiveIntegerField("Hộ làm nghề")
    workers = models.PositiveIntegerField("Lao động", default=0)
    women_workers = models.PositiveIntegerField("Lao động nữ", default=0)
    khmer_workers = models.PositiveIntegerField("Lao động Khmer", default=0)
    revenue_vnd = models.BigIntegerField("Doanh thu (đồng)", default=0)
    income_per_head_vnd = models.BigIntegerField("Thu nhập bình quân người/năm (đồng)", default=0)

    class Meta:
        verbose_name = "số liệu năm của làng nghề"
        verbose_name_plural = "số liệu năm của làng nghề"
        ordering = ("-year", "-reported_date", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("village", "year", "reported_date"),
                name="craft_village_year_unique",
                violation_error_message="Số liệu năm này với ngày báo cáo này đã có; đính chính ghi ngày báo cáo mới.",
            ),
            models.CheckConstraint(
                condition=Q(craft_households__lte=F("households")),
                name="craft_households_within_all",
                violation_error_message="Số hộ làm nghề không thể lớn hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                condition=Q(women_workers__lte=F("workers")) & Q(khmer_workers__lte=F("workers")),
                name="craft_workers_within_all",
                violation_error_message="Số lao động nữ hoặc Khmer không thể lớn hơn tổng số lao động.",
            ),
            models.CheckConstraint(
                condition=Q(revenue_vnd__gte=0) & Q(income_per_head_vnd__gte=0),
                name="craft_money_not_negative",
                violation_error_message="Doanh thu và thu nhập không nhận số âm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} năm {self.year}"

"""Rural-industrial products and what they were registered and certified for."""

from django.db import models

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import FoldedField, NFCCharField, SortKeyField


class ProductGroup(models.TextChoices):
    """The four groups of the yearly form of product awards."""

    HANDICRAFT = "handicraft", "Nhóm thủ công mỹ nghệ"
    FOOD = "food", "Nhóm chế biến nông, lâm, thủy sản và thực phẩm"
    MACHINERY = "machinery", "Nhóm phụ tùng, máy móc, thiết bị, cơ khí"
    OTHER = "other", "Nhóm sản phẩm khác"


class AwardLevel(models.TextChoices):
    NATIONAL = "national", "Cấp quốc gia"
    REGION = "region", "Cấp khu vực"
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện (đến 30/06/2025)"


class ProductAwardKind(models.TextChoices):
    REGISTERED = "registered", "Đăng ký tham gia bình chọn"
    CERTIFIED = "certified", "Được cấp giấy chứng nhận"
    WITHDRAWN = "withdrawn", "Thu hồi giấy chứng nhận"


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: object) -> "ProductQuerySet":
        return self.filter(beneficiary__place_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class Product(models.Model):
    """A product of an establishment."""

    beneficiary = models.ForeignKey(
        "programs.Beneficiary", models.PROTECT, verbose_name="Cơ sở", related_name="products"
    )
    name = NFCCharField("Tên sản phẩm", max_length=200)
    group = models.CharField("Nhóm", max_length=20, choices=ProductGroup.choices)
    folded = FoldedField(sources=("name",))
    sort_key = SortKeyField(sources=("name",))

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "sản phẩm CNNT"
        verbose_name_plural = "sản phẩm CNNT"
        ordering = ("sort_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("beneficiary", "name"),
                name="product_unique",
                violation_error_message="Cơ sở đã có sản phẩm cùng tên.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProductAwardEvent(models.Model):
    """Registration, certification or withdrawal at one level, dated; a certificate names its decision."""

    product = models.ForeignKey(Product, models.PROTECT, verbose_name="Sản phẩm", related_name="award_events")
    level = models.CharField("Cấp", max_length=10, choices=AwardLevel.choices)
    kind = models.CharField("Việc", max_length=12, choices=ProductAwardKind.choices)
    event_date = models.DateField("Ngày", db_index=True)
    decision_number = NFCCharField("Số quyết định", max_length=100, blank=True)

    class Meta:
        verbose_name = "bình chọn sản phẩm"
        verbose_name_plural = "bình chọn sản phẩm"
        ordering = ("event_date", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("product", "level", "kind", "event_date"),
                name="product_award_unique",
                violation_error_message="Việc này đã được ghi cho sản phẩm.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="registered") | ~models.Q(decision_number=""),
                name="product_award_has_decision",
                violation_error_message="Cấp hoặc thu hồi giấy chứng nhận phải có số quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.get_kind_display()}"

"""Establishments that receive support."""

from django.db import models

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import FoldedField, NFCCharField, NFCTextField, SortKeyField
from khuyencong.vietnamese.codes import check_tax_code
from programs.models.keyfields import CitizenKeyField, PhoneKeyField


class BeneficiaryKind(models.TextChoices):
    """Source: NĐ 45/2012/NĐ-CP Điều 1; from 15/10/2025 also NĐ 235/2025/NĐ-CP."""

    ENTERPRISE = "enterprise", "Doanh nghiệp nhỏ và vừa"
    COOPERATIVE = "cooperative", "Hợp tác xã"
    COOPERATIVE_UNION = "cooperative_union", "Liên hiệp hợp tác xã"
    COOPERATIVE_GROUP = "cooperative_group", "Tổ hợp tác"
    HOUSEHOLD = "household", "Hộ kinh doanh"
    CLUSTER_INVESTOR = "cluster_investor", "Chủ đầu tư hạ tầng cụm công nghiệp"
    ARTISAN = "artisan", "Nghệ nhân"
    ORGANISATION = "organisation", "Tổ chức dịch vụ khuyến công"


MAY_LACK_TAX_CODE = frozenset({BeneficiaryKind.HOUSEHOLD, BeneficiaryKind.COOPERATIVE_GROUP, BeneficiaryKind.ARTISAN})


class BeneficiaryQuerySet(models.QuerySet["Beneficiary"]):
    def visible_to(self, user: object) -> "BeneficiaryQuerySet":
        return self.filter(place_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class Beneficiary(models.Model):
    """An establishment (cơ sở CNNT). Codes are kept as they were given; doubts are warnings, not refusals."""

    name = NFCCharField("Tên cơ sở", max_length=250)
    kind = models.CharField("Loại hình", max_length=20, choices=BeneficiaryKind.choices)
    tax_code = NFCCharField("Mã số thuế", max_length=20, blank=True, db_index=True)
    owner_name = NFCCharField("Người đại diện", max_length=150, blank=True)
    owner_citizen_id = NFCCharField("Số định danh người đại diện", max_length=20, blank=True)
    phone = NFCCharField("Điện thoại", max_length=30, blank=True)
    address = NFCCharField("Địa chỉ", max_length=300, blank=True)
    place = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Xã, phường", related_name="beneficiaries"
    )
    sector = models.ForeignKey("programs.Sector", models.PROTECT, verbose_name="Ngành nghề", null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField("Năm thành lập", null=True, blank=True)
    note = NFCTextField("Ghi chú", blank=True)
    created_at = models.DateTimeField("Ngày ghi", auto_now_add=True)
    folded = FoldedField(sources=("name", "tax_code", "owner_name"))
    sort_key = SortKeyField(sources=("name",), db_index=True)
    citizen_key = CitizenKeyField(sources=("owner_citizen_id",), max_length=20, db_index=True)
    phone_key = PhoneKeyField(sources=("phone",), max_length=30, db_index=True)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ sở thụ hưởng"
        verbose_name_plural = "cơ sở thụ hưởng"
        ordering = ("sort_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("tax_code",),
                condition=~models.Q(tax_code=""),
                name="beneficiary_tax_code_unique",
                violation_error_message="Mã số thuế này đã có ở một cơ sở khác.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tax_doubt(self) -> str:
        """Why the tax code should be looked at again, or ""; a household or an artisan may still have none."""
        if self.tax_code:
            return check_tax_code(self.tax_code).warning or ""
        return "" if self.kind in MAY_LACK_TAX_CODE else "Chưa có mã số thuế."

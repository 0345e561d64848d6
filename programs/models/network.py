"""The people and associations around the programme."""

from django.db import models

from khuyencong.modelfields import FoldedField, NFCCharField


class Partner(models.Model):
    """A partner association: Farmers' Union, Women's Union, trade associations."""

    name = NFCCharField("Tên tổ chức", max_length=200, unique=True)
    contact = NFCCharField("Người liên hệ", max_length=150, blank=True)
    phone = NFCCharField("Điện thoại", max_length=30, blank=True)
    folded = FoldedField(sources=("name",))

    class Meta:
        verbose_name = "tổ chức phối hợp"
        verbose_name_plural = "tổ chức phối hợp"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Collaborator(models.Model):
    """A khuyến công collaborator (cộng tác viên) in a commune, for a period."""

    full_name = NFCCharField("Họ và tên", max_length=150)
    place = models.ForeignKey("localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn")
    phone = NFCCharField("Điện thoại", max_length=30, blank=True)
    valid_from = models.DateField("Từ ngày", null=True, blank=True)
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    folded = FoldedField(sources=("full_name",))

    class Meta:
        verbose_name = "cộng tác viên khuyến công"
        verbose_name_plural = "cộng tác viên khuyến công"
        ordering = ("full_name", "pk")

    def __str__(self) -> str:
        return self.full_name

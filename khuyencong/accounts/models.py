"""Organisations and their users."""

import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from khuyencong.accounts.permissions import ROLE_CHOICES, ROLE_LABELS, Permission, Role, permissions_of
from khuyencong.modelfields import FoldedField, NFCCharField


class OrganisationKind(models.TextChoices):
    DEPARTMENT = "department", "Sở Công Thương"
    CENTRE = "centre", "Trung tâm Khuyến công"
    DISTRICT_OFFICE = "district_office", "Phòng Kinh tế cấp huyện"
    COMMUNE_OFFICE = "commune_office", "Phòng Kinh tế cấp xã"
    COMMITTEE = "committee", "Ủy ban nhân dân"
    MINISTRY_AGENCY = "ministry_agency", "Cơ quan của Bộ Công Thương"
    INSPECTORATE = "inspectorate", "Thanh tra, kiểm toán"
    OTHER = "other", "Khác"


class Organisation(models.Model):
    """An office that works on the programme: its kind, the area it answers for, and the period in which it exists."""

    code = NFCCharField("Mã", max_length=30, unique=True)
    name = NFCCharField("Tên đơn vị", max_length=200)
    parent_name = NFCCharField("Cơ quan chủ quản", max_length=200, blank=True, help_text="In ở đầu báo cáo.")
    kind = models.CharField("Loại", max_length=20, choices=OrganisationKind.choices)
    area = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn", related_name="organisations"
    )
    valid_from = models.DateField("Hoạt động từ ngày", null=True, blank=True)
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    folded = FoldedField(sources=("code", "name"))

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="organisation_period_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def in_force_on(self, day: datetime.date) -> bool:
        """Whether the organisation exists on that day; open ends count as always."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class SigningRole(models.TextChoices):
    """Who signs a report beside the one who drew it up."""

    REVIEWER = "reviewer", "Phụ trách bộ phận"
    ACCOUNTANT = "accountant", "Phụ trách kế toán"
    HEAD = "head", "Thủ trưởng đơn vị"


class Signatory(models.Model):
    """Whose name stands under the reports of an office, in a period; a report takes those of the day it is drawn."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="Đơn vị", related_name="signatories")
    role = models.CharField("Vai trò ký", max_length=12, choices=SigningRole.choices)
    authority = NFCCharField(
        "Thẩm quyền ký", max_length=100, blank=True, help_text="Dòng trên chức vụ khi ký thay, ví dụ: KT. GIÁM ĐỐC."
    )
    job_title = NFCCharField("Chức vụ khi ký", max_length=150, help_text="In hoa, ví dụ: PHÓ GIÁM ĐỐC.")
    full_name = NFCCharField("Họ và tên", max_length=150)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    folded = FoldedField(sources=("full_name", "job_title"))

    class Meta:
        verbose_name = "người ký báo cáo"
        verbose_name_plural = "người ký báo cáo"
        ordering = ("organisation", "role", "-valid_from", "pk")
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=SigningRole.values), name="signatory_role_known"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="signatory_period_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
            models.UniqueConstraint(
                fields=("organisation", "role", "valid_from"),
                name="signatory_unique",
                violation_error_message="Vai trò này đã có người ký từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_title}: {self.full_name}"


class User(AbstractUser):
    """A person who signs in; has one role in one organisation."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = NFCCharField("Họ và tên", max_length=150)
    job_title = NFCCharField("Chức vụ", max_length=100, blank=True)
    phone = NFCCharField("Điện thoại", max_length=20, blank=True)
    role = models.CharField("Vai trò", max_length=30, choices=ROLE_CHOICES, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="Đơn vị", related_name="users", null=True, blank=True
    )

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[Role(self.role)] if self.role else ""

    @property
    def area_id(self) -> int | None:
        """The administrative unit whose objects this user may see; None sees nothing."""
        return self.organisation.area_id if self.organisation else None

    @property
    def portal_permissions(self) -> frozenset[Permission]:
        """What the role allows while the organisation exists; nothing for a disabled account or a closed office."""
        if not self.is_active or self.organisation is None:
            return frozenset()
        if not self.organisation.in_force_on(timezone.localdate()):
            return frozenset()
        return permissions_of(self.role)

    def has_permission(self, permission: Permission) -> bool:
        return permission in self.portal_permissions

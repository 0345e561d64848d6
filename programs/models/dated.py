"""What the law says from one day to another, and how sure of it we are."""

import datetime
from typing import TypeVar

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import NFCCharField

_Rule = TypeVar("_Rule", bound=models.Model)


class Certainty(models.TextChoices):
    """A confirmed row binds; an unverified one only warns, and says so."""

    CONFIRMED = "confirmed", "Đã đối chiếu văn bản"
    UNVERIFIED = "unverified", "Chưa đối chiếu văn bản (chỉ cảnh báo)"


class DatedRuleQuerySet(models.QuerySet[_Rule]):
    def in_force_on(self, day: datetime.date) -> "DatedRuleQuerySet[_Rule]":
        """Rows that rule on that day; an open end reaches for ever."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day)))


class DatedRule(models.Model):
    """A rule with the days on which it holds, its legal basis and its certainty."""

    valid_from = models.DateField("Áp dụng từ", null=True, blank=True)
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    legal_basis = NFCCharField("Căn cứ", max_length=300)
    certainty = models.CharField("Mức tin cậy", max_length=12, choices=Certainty.choices, default=Certainty.UNVERIFIED)

    class Meta:
        abstract = True

    @property
    def binds(self) -> bool:
        return self.certainty == Certainty.CONFIRMED

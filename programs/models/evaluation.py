"""What support came to: an establishment before and after, looked at some time after acceptance."""

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import NFCCharField

PAIRS = ("capacity", "productivity_vnd", "value_added_vnd", "revenue_vnd", "workers")


def _amount(label: str) -> models.BigIntegerField:
    return models.BigIntegerField(label, null=True, blank=True)


class SupportEvaluation(models.Model):
    """One look at one establishment of a project; a later one does not overwrite it. Blank is "not known", never zero.

    Source: the targets of the programme 2026–2030 (QĐ 2646/QĐ-BCT, 23/09/2025) speak of capacity, productivity, value
    added, jobs and mobilised capital; which form a province must fill is not settled.
    """

    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", related_name="evaluations"
    )
    evaluated_on = models.DateField("Ngày đánh giá", db_index=True)
    product = NFCCharField("Sản phẩm chính", max_length=200, blank=True)
    capacity_unit = NFCCharField("Đơn vị tính công suất", max_length=50, blank=True, help_text="Ví dụ: tấn/năm.")
    capacity_before = _amount("Công suất trước hỗ trợ")
    capacity_after = _amount("Công suất sau hỗ trợ")
    productivity_vnd_before = _amount("Năng suất lao động trước hỗ trợ (đồng/người/năm)")
    productivity_vnd_after = _amount("Năng suất lao động sau hỗ trợ (đồng/người/năm)")
    value_added_vnd_before = _amount("Giá trị gia tăng trước hỗ trợ (đồng/năm)")
    value_added_vnd_after = _amount("Giá trị gia tăng sau hỗ trợ (đồng/năm)")
    revenue_vnd_before = _amount("Doanh thu trước hỗ trợ (đồng/năm)")
    revenue_vnd_after = _amount("Doanh thu sau hỗ trợ (đồng/năm)")
    workers_before = _amount("Lao động trước hỗ trợ (người)")
    workers_after = _amount("Lao động sau hỗ trợ (người)")
    mobilised_vnd = _amount("Vốn cơ sở huy động thêm (đồng)")
    source_note = NFCCharField("Nguồn số liệu", max_length=300)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "đánh giá sau hỗ trợ"
        verbose_name_plural = "đánh giá sau hỗ trợ"
        ordering = ("-evaluated_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("participant", "evaluated_on"),
                name="support_evaluation_unique",
                violation_error_message="Cơ sở này đã được đánh giá vào ngày đó.",
            ),
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0})
                        for name in (
                            *(f"{pair}_{when}" for pair in PAIRS for when in ("before", "after")),
                            "mobilised_vnd",
                        )
                    )
                ),
                name="support_evaluation_not_negative",
                violation_error_message="Số liệu đánh giá không nhận số âm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.evaluated_on}"

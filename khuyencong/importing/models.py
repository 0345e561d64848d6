"""Files that are taken over: what was read in each row, what came of it, and how to take it back."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import NFCCharField


class BatchState(models.TextChoices):
    READ = "read", "Đã đọc, chờ ghép cột"
    CHECKED = "checked", "Đã kiểm tra, chờ ghi"
    APPLIED = "applied", "Đã ghi"
    UNDONE = "undone", "Đã hoàn lại"


class RowVerdict(models.TextChoices):
    NEW = "new", "Mới"
    CHANGED = "changed", "Thay đổi"
    EQUAL = "equal", "Không đổi"
    DUPLICATE = "duplicate", "Trùng"
    REFUSED = "refused", "Không nhận"


def private_path(batch: Any, filename: str) -> str:
    """A name that says nothing; the given name is kept in the row."""
    return f"imports/{uuid4().hex}"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: object) -> "ImportBatchQuerySet":
        """Batches that offices within the user's own area brought in."""
        return self.filter(area_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class ImportBatch(models.Model):
    """One uploaded sheet on its way into the portal.

    `columns`: place of a column (from 0) → name of a field, both as text. `options`: what the officer has settled,
    such as the unit of money. `counts`: verdict → number of rows. `layout`: a hash of the folded headers.
    """

    kind = models.SlugField("Loại dữ liệu", max_length=50)
    file = models.FileField("Tệp", upload_to=private_path, max_length=200)
    original_name = NFCCharField("Tên tệp", max_length=200)
    size_bytes = models.PositiveBigIntegerField("Dung lượng")
    sha256 = models.CharField("Mã SHA-256", max_length=64)
    sheet_name = NFCCharField("Trang tính", max_length=100, blank=True)
    header_row = models.PositiveIntegerField("Dòng tiêu đề", default=0)
    headers = models.JSONField("Tiêu đề các cột", default=list)
    columns = models.JSONField("Ghép cột", default=dict)
    options = models.JSONField("Quy ước đọc", default=dict)
    layout = models.CharField("Mã bố cục", max_length=64, db_index=True)
    state = models.CharField("Trạng thái", max_length=10, choices=BatchState.choices, default=BatchState.READ)
    counts = models.JSONField("Số dòng theo kết quả", default=dict)
    area = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn", related_name="import_batches"
    )
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người tải lên", related_name="+")
    uploaded_at = models.DateTimeField("Tải lên lúc")
    applied_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+", null=True, blank=True
    )
    applied_at = models.DateTimeField("Ghi lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="Người hoàn lại", related_name="+", null=True, blank=True
    )
    undone_at = models.DateTimeField("Hoàn lại lúc", null=True, blank=True)
    version = models.PositiveIntegerField("Lần sửa", default=0)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập từ Excel"
        verbose_name_plural = "các lần nhập từ Excel"
        ordering = ("-uploaded_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="import_batch_state_known"),
        ]

    def __str__(self) -> str:
        return self.original_name


class ImportRow(models.Model):
    """One row of the sheet.

    `raw`: the cells as they were read, as text. `fixes`: field → what the officer typed in place of the cell.
    `values`: field → what was understood. `problems`: field ("" for the row) → what is wrong and what would do.
    `changes`: field → [before, after], for people to read. `number`: the row of the sheet, from 1.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="Lần nhập", related_name="rows")
    number = models.PositiveIntegerField("Dòng")
    raw = models.JSONField("Ô đã đọc", default=list)
    fixes = models.JSONField("Đã sửa", default=dict)
    values = models.JSONField("Đã hiểu", default=dict)
    problems = models.JSONField("Vấn đề", default=dict)
    changes = models.JSONField("Thay đổi", default=dict)
    verdict = models.CharField("Kết quả", max_length=10, choices=RowVerdict.choices, blank=True)
    object_id = models.BigIntegerField("Bản ghi", null=True, blank=True)

    class Meta:
        verbose_name = "dòng nhập"
        verbose_name_plural = "các dòng nhập"
        ordering = ("batch_id", "number")
        constraints = [models.UniqueConstraint(fields=("batch", "number"), name="import_row_unique")]
        indexes = [models.Index(fields=("batch", "verdict", "number"), name="import_row_verdict_idx")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.number}"


class ImportedObject(models.Model):
    """What a batch did to one object, so that it can be taken back: `before` is empty for a new one."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, verbose_name="Lần nhập", related_name="objects_written")
    row_number = models.PositiveIntegerField("Dòng")
    model = models.CharField("Loại bản ghi", max_length=100)
    object_id = models.BigIntegerField("Bản ghi")
    before = models.JSONField("Trước", default=dict)
    after = models.JSONField("Sau", default=dict)

    class Meta:
        verbose_name = "bản ghi đã nhập"
        verbose_name_plural = "các bản ghi đã nhập"
        ordering = ("batch_id", "pk")
        indexes = [models.Index(fields=("model", "object_id"), name="imported_object_idx")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class ImportLayout(models.Model):
    """How the columns of a layout were last mapped, so that the next file of the same look needs no work."""

    kind = models.SlugField("Loại dữ liệu", max_length=50)
    layout = models.CharField("Mã bố cục", max_length=64)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, verbose_name="Đơn vị", related_name="import_layouts"
    )
    columns = models.JSONField("Ghép cột", default=dict)
    options = models.JSONField("Quy ước đọc", default=dict)
    used_at = models.DateTimeField("Dùng lần cuối")

    class Meta:
        verbose_name = "bố cục đã ghép"
        verbose_name_plural = "các bố cục đã ghép"
        ordering = ("-used_at",)
        constraints = [
            models.UniqueConstraint(fields=("kind", "layout", "organisation"), name="import_layout_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.layout[:8]}"

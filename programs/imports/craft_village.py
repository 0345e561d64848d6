"""Kind of import: craft villages with their yearly figures."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Prefetch

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import Importer, ImportKind, Json
from khuyencong.importing.models import ImportBatch, ImportedObject
from programs import policies
from programs.actions.craft_village import EDITED_FIELDS, YEAR_FIELDS
from programs.imports.craft_village_importer import CraftVillageImporter
from programs.imports.undo import Restored, dependants_of, take_back
from programs.models import CraftVillage, CraftVillageYear

RESTORED = (  # figures go before the village that they hang on
    Restored(CraftVillageYear, "số liệu làng nghề", YEAR_FIELDS, lambda one: one.village, ("village__place",)),
    Restored(CraftVillage, "làng nghề", EDITED_FIELDS, lambda one: one, ("place",)),
)
IN_USE = {"events": "đang có {count} quyết định", "years": "đang có thêm số liệu của {count} lần báo cáo"}


class CraftVillageKindOfImport(ImportKind):
    slug = "lang-nghe"
    label = "Làng nghề và số liệu hằng năm"
    permission = Permission.CRAFT_VILLAGE_EDIT
    day_field = "none"  # no such field: a village stands where it is, whatever the year of its figures
    explanation = (
        "Mỗi dòng là một làng nghề, hoặc số liệu một năm của làng nghề. Làng nghề được nhận ra theo tên và xã, phường. "
        "Số liệu đã ghi không bị ghi đè: số đính chính là một dòng có ngày báo cáo mới. Quyết định công nhận ghi riêng."
    )

    def fields(self, user: User) -> Sequence[ImportField]:
        return FIELDS

    def importer(self, user: User, options: Json) -> Importer:
        return CraftVillageImporter(user, self.fields(user))

    def rows(self, user: User) -> Iterator[Json]:
        """A row for each report of figures; a village without any is a row of its own."""
        years = CraftVillageYear.objects.order_by(F("year").asc(), "reported_date", "pk")
        villages = CraftVillage.objects.visible_to(user).order_by("pk").prefetch_related(Prefetch("years", years))
        for village in villages.iterator(chunk_size=500):
            known = {name: getattr(village, name) for name in ("name", "craft", "source_note")}
            known |= {"record": str(village.pk), "place": village.place_id}
            said = {name: value for name, value in known.items() if value != ""}
            reports = [_figures(one) for one in village.years.all()]
            yield from ({**said, **one} for one in reports or [{}])

    def dependants(self, written: Sequence[ImportedObject]) -> list[str]:
        return dependants_of(RESTORED, written, IN_USE)

    def take_back(self, written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
        policies.check_permission(by, self.permission)
        if lines := self.dependants(written):
            raise Refused("Không hoàn lại được lần nhập này:\n" + "\n".join(lines))
        return take_back(RESTORED, written, batch=batch, by=by)


def _figures(one: CraftVillageYear) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in YEAR_FIELDS}
    return {**values, "reported_date": one.reported_date.isoformat()}


def _count(name: str, label: str, *synonyms: str) -> ImportField:
    return ImportField(name, label, FieldKind.COUNT, synonyms)


FIELDS = (
    ImportField(
        "record",
        "Mã bản ghi",
        FieldKind.CODE,
        ("Mã hệ thống", "ID"),
        max_length=18,
        help_text="Số mà cổng đặt cho mỗi làng nghề, có sẵn trong tệp “Xuất để sửa”. Làng nghề mới thì để trống; "
        "chỉ ghi “mới” khi cổng báo trùng tên mà thật ra là làng nghề khác.",
    ),
    ImportField(
        "name",
        "Tên làng nghề, nghề",
        FieldKind.TEXT,
        ("Tên làng nghề", "Làng nghề", "Tên nghề", "Làng nghề, nghề truyền thống"),
        required=True,
        max_length=200,
        sample="Làng đan lát Mỹ Tường",
    ),
    ImportField("craft", "Nghề", FieldKind.TEXT, ("Ngành nghề", "Nghề chính"), max_length=150, sample="Đan lát"),
    ImportField(
        "place",
        "Xã, phường",
        FieldKind.PLACE,
        ("Xã", "Phường", "Địa bàn", "Địa chỉ", "Xã phường thị trấn"),
        required=True,
        sample="Xã Hồng Dân",
    ),
    ImportField("source_note", "Nguồn thông tin", FieldKind.LONG_TEXT, ("Ghi chú",), max_length=2000),
    ImportField("year", "Năm", FieldKind.YEAR, ("Năm số liệu", "Năm báo cáo"), sample="2025"),
    ImportField(
        "reported_date",
        "Ngày báo cáo",
        FieldKind.DATE,
        ("Ngày số liệu",),
        help_text="Để trống: ngày kiểm tra tệp. Số đính chính phải có ngày báo cáo mới.",
        sample="10/01/2026",
    ),
    ImportField("source", "Nguồn số liệu", FieldKind.TEXT, ("Đơn vị báo cáo",), max_length=200, sample="UBND xã"),
    _count("households", "Tổng số hộ", "Số hộ"),
    _count("craft_households", "Hộ làm nghề", "Số hộ làm nghề", "Hộ tham gia làm nghề"),
    _count("workers", "Lao động", "Số lao động", "Tổng số lao động", "LĐ"),
    _count("women_workers", "Lao động nữ", "LĐ nữ", "Trong đó nữ"),
    _count("khmer_workers", "Lao động Khmer", "LĐ Khmer", "Lao động dân tộc Khmer"),
    ImportField("revenue_vnd", "Doanh thu", FieldKind.MONEY, ("Doanh thu năm", "Tổng doanh thu", "Giá trị sản xuất")),
    ImportField(
        "income_per_head_vnd",
        "Thu nhập bình quân người/năm",
        FieldKind.MONEY,
        ("Thu nhập bình quân", "TNBQ", "Thu nhập bình quân đầu người"),
    ),
)

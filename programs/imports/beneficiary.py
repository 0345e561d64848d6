"""Kind of import: establishments that receive support."""

from collections.abc import Iterator, Mapping, Sequence

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import Importer, ImportKind, Json
from khuyencong.importing.models import ImportBatch, ImportedObject
from programs import policies
from programs.actions.beneficiary import EDITED_FIELDS
from programs.imports.beneficiary_importer import COLUMNS, BeneficiaryImporter
from programs.imports.undo import Restored, dependants_of, take_back
from programs.models import Beneficiary, BeneficiaryKind, Sector

KIND_WORDS: Mapping[str, Sequence[str]] = {
    BeneficiaryKind.ENTERPRISE.value: ("Doanh nghiệp", "DN", "DNNVV", "Công ty", "Công ty TNHH", "DNTN"),
    BeneficiaryKind.COOPERATIVE.value: ("HTX",),
    BeneficiaryKind.COOPERATIVE_UNION.value: ("Liên hiệp HTX", "LHHTX"),
    BeneficiaryKind.COOPERATIVE_GROUP.value: ("THT", "Tổ HT"),
    BeneficiaryKind.HOUSEHOLD.value: ("HKD", "Hộ", "Hộ cá thể", "Hộ kinh doanh cá thể", "Hộ gia đình"),
    BeneficiaryKind.CLUSTER_INVESTOR.value: ("Chủ đầu tư CCN", "Chủ đầu tư cụm công nghiệp"),
}
RESTORED = (Restored(Beneficiary, "cơ sở thụ hưởng", EDITED_FIELDS, lambda one: one, ("place", "sector")),)
IN_USE = {"participations": "đang tham gia {count} đề án", "products": "đang có {count} sản phẩm"}


class BeneficiaryKindOfImport(ImportKind):
    slug = "co-so"
    label = "Cơ sở thụ hưởng"
    permission = Permission.BENEFICIARY_EDIT
    explanation = (
        "Mỗi dòng là một cơ sở. Cơ sở được nhận ra theo mã số thuế; không có mã số thuế thì theo tên và xã, phường. "
        "Ô để trống không xóa số liệu đã có."
    )

    def fields(self, user: User) -> Sequence[ImportField]:
        """One query."""
        return _fields({str(pk): name for pk, name in Sector.objects.values_list("pk", "name")})

    def importer(self, user: User, options: Json) -> Importer:
        return BeneficiaryImporter(user, self.fields(user))

    def rows(self, user: User) -> Iterator[Json]:
        columns = [COLUMNS.get(name, name) for name in EDITED_FIELDS]
        rows = Beneficiary.objects.visible_to(user).order_by("pk").values_list("pk", *columns)
        for pk, *values in rows.iterator(chunk_size=2000):
            known = dict(zip(EDITED_FIELDS, values, strict=True))
            if known["sector"]:
                known["sector"] = str(known["sector"])
            yield {"record": str(pk), **{name: value for name, value in known.items() if value not in (None, "")}}

    def dependants(self, written: Sequence[ImportedObject]) -> list[str]:
        return dependants_of(RESTORED, written, IN_USE)

    def take_back(self, written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
        policies.check_permission(by, self.permission)
        if lines := self.dependants(written):
            raise Refused("Không hoàn lại được lần nhập này:\n" + "\n".join(lines))
        return take_back(RESTORED, written, batch=batch, by=by)


def _fields(sectors: Mapping[str, str]) -> list[ImportField]:
    code, text = FieldKind.CODE, FieldKind.TEXT
    names = ("Tên cơ sở CNNT", "Tên đơn vị", "Tên đơn vị thụ hưởng", "Đơn vị thụ hưởng", "Cơ sở", "Tên doanh nghiệp")
    return [
        ImportField(
            "record",
            "Mã bản ghi",
            code,
            ("Mã hệ thống", "ID"),
            max_length=18,
            help_text="Số mà cổng đặt cho mỗi cơ sở, có sẵn trong tệp “Xuất để sửa”. Cơ sở mới thì để trống; "
            "chỉ ghi “mới” khi cổng báo trùng tên mà thật ra là cơ sở khác.",
        ),
        ImportField("name", "Tên cơ sở", text, names, required=True, max_length=250, sample="Cơ sở mộc Thành Phát"),
        ImportField(
            "kind",
            "Loại hình",
            FieldKind.CHOICE,
            ("Loại hình cơ sở", "Loại hình doanh nghiệp", "Hình thức"),
            required=True,
            choices=dict(BeneficiaryKind.choices),
            choice_synonyms=KIND_WORDS,
            sample="Hộ kinh doanh",
        ),
        ImportField(
            "tax_code",
            "Mã số thuế",
            code,
            ("MST", "Mã số DN", "Mã số doanh nghiệp"),
            max_length=20,
            help_text="10 số, 13 số hoặc số định danh 12 số.",
            sample="2000123455",
        ),
        ImportField(
            "owner_name",
            "Người đại diện",
            text,
            ("Chủ cơ sở", "Chủ hộ", "Họ tên chủ cơ sở", "Đại diện", "Giám đốc"),
            max_length=150,
            sample="Nguyễn Văn Thành",
        ),
        ImportField(
            "owner_citizen_id",
            "Số định danh người đại diện",
            code,
            ("CCCD", "CMND", "Số CCCD", "Căn cước", "Số định danh"),
            max_length=20,
            is_personal=True,
        ),
        ImportField("phone", "Điện thoại", code, ("ĐT", "SĐT", "Số điện thoại"), max_length=30, is_personal=True),
        ImportField("address", "Địa chỉ", text, ("Địa điểm", "Nơi sản xuất"), max_length=300, sample="Ấp Nội Ô"),
        ImportField(
            "place",
            "Xã, phường",
            FieldKind.PLACE,
            ("Xã", "Phường", "Xã phường thị trấn", "Địa bàn"),
            required=True,
            sample="Xã Hồng Dân",
        ),
        ImportField(
            "sector", "Ngành nghề", FieldKind.CHOICE, ("Ngành", "Ngành nghề sản xuất", "Lĩnh vực"), choices=sectors
        ),
        ImportField("founded_year", "Năm thành lập", FieldKind.YEAR, ("Thành lập năm",), sample="2018"),
        ImportField("note", "Ghi chú", FieldKind.LONG_TEXT, max_length=2000),
    ]

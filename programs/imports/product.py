"""Kind of import: products of establishments with what they were registered and certified for."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import Importer, ImportKind, Json
from khuyencong.importing.models import ImportBatch, ImportedObject
from programs import policies
from programs.actions.product import AWARD_FIELDS, EDITED_FIELDS
from programs.imports.product_awards import broken_by
from programs.imports.product_importer import ProductImporter
from programs.imports.undo import AT_ONCE, Restored, dependants_of, take_back
from programs.models import AwardLevel, Product, ProductAwardEvent, ProductAwardKind, ProductGroup


def _place(product: Product) -> int:
    return product.beneficiary.place_id


RESTORED = (  # awards go before the product that they hang on
    Restored(
        ProductAwardEvent,
        "bình chọn sản phẩm",
        AWARD_FIELDS,
        lambda one: one.product,
        ("product__beneficiary",),
        _place,
    ),
    Restored(Product, "sản phẩm", EDITED_FIELDS, lambda one: one, ("beneficiary",), _place),
)
IN_USE = {"award_events": "đang có thêm {count} lần bình chọn"}


class ProductKindOfImport(ImportKind):
    slug = "san-pham"
    label = "Sản phẩm và kết quả bình chọn"
    permission = Permission.PRODUCT_EDIT
    day_field = "none"  # no such field: an establishment stands where it is, whatever the day of an award
    explanation = (
        "Mỗi dòng là một sản phẩm với một việc: đăng ký bình chọn, cấp hoặc thu hồi giấy chứng nhận ở một cấp. "
        "Sản phẩm được nhận ra theo tên và cơ sở; cơ sở theo mã số thuế, không có thì theo tên và xã, phường, "
        "và phải có trong cổng trước. Việc đã ghi không bị ghi đè."
    )

    def fields(self, user: User) -> Sequence[ImportField]:
        return FIELDS

    def importer(self, user: User, options: Json) -> Importer:
        return ProductImporter(user, self.fields(user))

    def rows(self, user: User) -> Iterator[Json]:
        """A row for each award, in their order; a product without any is a row of its own."""
        awards = Prefetch("award_events", ProductAwardEvent.objects.order_by("event_date", "pk"))
        products = Product.objects.visible_to(user).order_by("pk").select_related("beneficiary")
        for product in products.prefetch_related(awards).iterator(chunk_size=500):
            owner = product.beneficiary
            known = {"record": str(product.pk), "name": product.name, "group": product.group}
            known |= {"beneficiary": str(owner.pk), "beneficiary_name": owner.name, "tax_code": owner.tax_code}
            said = {name: value for name, value in {**known, "place": owner.place_id}.items() if value != ""}
            events = [_award(one) for one in product.award_events.all()]
            yield from ({**said, **one} for one in events or [{}])

    def dependants(self, written: Sequence[ImportedObject]) -> list[str]:
        return [*dependants_of(RESTORED, written, IN_USE), *broken_by(written)]

    def take_back(self, written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
        policies.check_permission(by, self.permission)
        _lock_products(written)
        if lines := self.dependants(written):
            raise Refused("Không hoàn lại được lần nhập này:\n" + "\n".join(lines))
        return take_back(RESTORED, written, batch=batch, by=by)


def _lock_products(written: Sequence[ImportedObject]) -> None:
    """An award is added under the lock of its product: until the end of this, none is."""
    is_award = ProductAwardEvent._meta.label_lower
    pks = sorted({one.after["product_id"] if one.model == is_award else one.object_id for one in written})
    for start in range(0, len(pks), AT_ONCE):
        some = Product.objects.filter(pk__in=pks[start : start + AT_ONCE]).order_by("pk")
        list(some.select_for_update(of=("self",)).values_list("pk"))


def _award(one: ProductAwardEvent) -> dict[str, Any]:
    values = {"level": one.level, "kind": one.kind, "event_date": one.event_date.isoformat()}
    return {**values, "decision_number": one.decision_number} if one.decision_number else values


FIELDS = (
    ImportField(
        "record",
        "Mã bản ghi",
        FieldKind.CODE,
        ("Mã hệ thống", "ID", "Mã sản phẩm"),
        max_length=18,
        help_text="Có sẵn khi xuất để sửa. Để trống với sản phẩm mới; ghi “mới” nếu tên gần giống mà là sản phẩm khác.",
    ),
    ImportField(
        "name",
        "Tên sản phẩm",
        FieldKind.TEXT,
        ("Sản phẩm", "Tên sản phẩm, bộ sản phẩm", "Sản phẩm CNNT"),
        required=True,
        max_length=200,
        sample="Muối hồng",
    ),
    ImportField(
        "group",
        "Nhóm",
        FieldKind.CHOICE,
        ("Nhóm sản phẩm", "Thuộc nhóm"),
        choices=dict(ProductGroup.choices),
        choice_synonyms={
            ProductGroup.HANDICRAFT.value: ("Thủ công mỹ nghệ", "Nhóm TCMN", "TCMN", "Nhóm 1"),
            ProductGroup.FOOD.value: (
                "Chế biến nông, lâm, thủy sản và thực phẩm",
                "Chế biến nông, lâm, thủy sản, đồ uống",
                "Thực phẩm",
                "Nhóm 2",
            ),
            ProductGroup.MACHINERY.value: (
                "Phụ tùng, máy móc, thiết bị, cơ khí",
                "Thiết bị, máy móc, dụng cụ và phụ tùng cơ khí",
                "Cơ khí",
                "Nhóm 3",
            ),
            ProductGroup.OTHER.value: ("Khác", "Sản phẩm khác", "Các sản phẩm khác", "Nhóm 4"),
        },
        help_text="Bắt buộc với sản phẩm mới.",
        sample="Nhóm chế biến nông, lâm, thủy sản và thực phẩm",
    ),
    ImportField(
        "beneficiary",
        "Mã cơ sở",
        FieldKind.CODE,
        ("Mã cơ sở thụ hưởng",),
        max_length=18,
        help_text="Có sẵn khi xuất để sửa; chỉ cần khi hai cơ sở cùng tên trong một xã, phường.",
    ),
    ImportField(
        "beneficiary_name",
        "Tên cơ sở",
        FieldKind.TEXT,
        ("Cơ sở", "Tên cơ sở CNNT", "Đơn vị", "Tên đơn vị", "Tên doanh nghiệp", "Đơn vị sản xuất", "Cơ sở sản xuất"),
        max_length=250,
        sample="HTX Muối Đông Hải",
    ),
    ImportField("tax_code", "Mã số thuế", FieldKind.CODE, ("MST", "Mã số DN"), max_length=20, sample="2000123455"),
    ImportField(
        "place",
        "Xã, phường",
        FieldKind.PLACE,
        ("Xã", "Phường", "Xã phường thị trấn", "Địa bàn", "Địa chỉ"),
        help_text="Của cơ sở; bắt buộc khi không có mã số thuế.",
        sample="Xã Hồng Dân",
    ),
    ImportField(
        "level",
        "Cấp",
        FieldKind.CHOICE,
        ("Cấp bình chọn", "Cấp công nhận", "Cấp chứng nhận"),
        choices=dict(AwardLevel.choices),
        choice_synonyms={
            AwardLevel.NATIONAL.value: ("Quốc gia", "QG"),
            AwardLevel.REGION.value: ("Khu vực", "KV", "Khu vực phía Nam", "Cấp khu vực phía Nam"),
            AwardLevel.PROVINCE.value: ("Tỉnh",),
            AwardLevel.DISTRICT.value: ("Huyện", "Cấp huyện"),
        },
        sample="Cấp tỉnh",
    ),
    ImportField(
        "kind",
        "Việc",
        FieldKind.CHOICE,
        ("Kết quả", "Kết quả bình chọn", "Đăng ký hay chứng nhận"),
        choices=dict(ProductAwardKind.choices),
        choice_synonyms={
            ProductAwardKind.REGISTERED.value: ("Đăng ký", "Đăng ký bình chọn", "Tham gia bình chọn"),
            ProductAwardKind.CERTIFIED.value: ("Chứng nhận", "Cấp giấy chứng nhận", "Được chứng nhận", "Đạt"),
            ProductAwardKind.WITHDRAWN.value: ("Thu hồi", "Bị thu hồi"),
        },
        help_text="Bỏ trống cả cấp, việc, ngày, số quyết định nếu chỉ ghi sản phẩm.",
        sample="Được cấp giấy chứng nhận",
    ),
    ImportField(
        "event_date",
        "Ngày",
        FieldKind.DATE,
        ("Ngày quyết định", "Ngày cấp", "Ngày chứng nhận", "Ngày ký", "Ngày cấp giấy chứng nhận"),
        help_text="Ngày đăng ký, hoặc ngày của quyết định cấp, thu hồi.",
        sample="15/09/2025",
    ),
    ImportField(
        "decision_number",
        "Số quyết định",
        FieldKind.TEXT,
        ("Quyết định", "Số QĐ", "Quyết định số", "Số giấy chứng nhận", "Số GCN"),
        max_length=100,
        help_text="Bắt buộc khi cấp hoặc thu hồi giấy chứng nhận.",
        sample="88/QĐ-UBND",
    ),
    ImportField(
        "registered_date",
        "Ngày đăng ký bình chọn",
        FieldKind.DATE,
        ("Ngày đăng ký", "Ngày đăng ký tham gia"),
        help_text="Ghi cùng dòng cấp giấy chứng nhận nếu việc đăng ký chưa có trong cổng.",
        sample="01/03/2025",
    ),
)

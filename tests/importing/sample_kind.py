"""A kind of import for the tests of the room: partner associations, with a name, a contact and a phone."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import Entry, record_many
from khuyencong.errors import Refused
from khuyencong.importing.fields import FieldKind, ImportField, Problem, Understood
from khuyencong.importing.kinds import Importer, ImportKind, Json, Verdict, Written
from khuyencong.importing.models import ImportBatch, ImportedObject, RowVerdict
from programs.models import Partner

FIELDS = (
    ImportField("name", "Tên tổ chức", required=True, max_length=200, synonyms=("Tên hội",), sample="Hội Nông dân xã"),
    ImportField("contact", "Người liên hệ", max_length=150),
    ImportField("phone", "Điện thoại", FieldKind.CODE, is_personal=True, max_length=30),
    ImportField("size", "Quy mô", FieldKind.CHOICE, choices={"nho": "Nhỏ", "lon": "Lớn"}),
    ImportField("fee", "Hội phí", FieldKind.MONEY),
)
STORED = ("name", "contact", "phone")
HANGING: list[str] = []


class PartnerImporter(Importer):
    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def check(self, rows: Sequence[Understood]) -> list[Verdict]:
        known = {one.name: one for one in Partner.objects.filter(name__in=[row.values["name"] for row in rows])}
        return [self._verdict(row, known.get(str(row.values["name"]))) for row in rows]

    def _verdict(self, row: Understood, known: Partner | None) -> Verdict:
        name = str(row.values["name"])
        first = self.seen.setdefault(name, row.number)
        if first != row.number:
            problem = Problem("name", f"Trùng dòng {first} trong tệp.")
            return Verdict(row.number, RowVerdict.DUPLICATE, problems=[problem])
        if name == "Hội lạ":
            offered = {"Hội Nông dân": "Hội Nông dân", "Hội Phụ nữ": "Hội Phụ nữ"}
            return Verdict(row.number, RowVerdict.REFUSED, problems=[Problem("name", "Chọn một hội.", offered)])
        changes = {
            str(Partner._meta.get_field(field).verbose_name): (
                str(getattr(known, field, "")),
                str(row.values.get(field, "")),
            )
            for field in STORED
            if field in row.values and getattr(known, field, None) != row.values[field]
        }
        if known is None:
            return Verdict(row.number, RowVerdict.NEW, None, changes)
        return Verdict(row.number, RowVerdict.CHANGED if changes else RowVerdict.EQUAL, known.pk, changes)

    def write(self, rows: Sequence[Understood]) -> list[Written]:
        return [self._write(row) for row in rows]

    def _write(self, row: Understood) -> Written:
        values = {name: row.values[name] for name in STORED if name in row.values}
        known = Partner.objects.filter(name=values["name"]).first()
        before = {name: getattr(known, name) for name in STORED} if known else {}
        partner = known or Partner()
        for name, value in values.items():
            setattr(partner, name, value)
        try:
            partner.full_clean()
        except ValidationError as error:
            raise Refused(f"Dòng {row.number}: {error.messages[0]}") from error
        partner.save()
        return Written(
            row.number, "programs.partner", partner.pk, before, {name: getattr(partner, name) for name in STORED}
        )


class PartnerKind(ImportKind):
    slug = "hoi-thu"
    label = "Tổ chức phối hợp"
    permission = Permission.BENEFICIARY_EDIT
    explanation = "Mỗi dòng là một hội."

    def fields(self, user: User) -> Sequence[ImportField]:
        return FIELDS

    def importer(self, user: User, options: Json) -> Importer:
        return PartnerImporter()

    def rows(self, user: User) -> Iterator[Json]:
        yield from Partner.objects.order_by("pk").values(*STORED)

    def dependants(self, written: Sequence[ImportedObject]) -> list[str]:
        return list(HANGING)

    def take_back(self, written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
        entries = []
        for one in written:
            partner = Partner.objects.get(pk=one.object_id)
            entries.append(Entry("partner_take_back", "Hoàn lại tổ chức phối hợp", partner))
            if one.before:
                Partner.objects.filter(pk=partner.pk).update(**one.before)
        count = record_many(entries, by=by)
        Partner.objects.filter(pk__in=[one.object_id for one in written if not one.before]).delete()
        return count

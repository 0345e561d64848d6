"""A kind of data that a file may hold. Each room registers its own when the app starts; nothing here knows them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.importing.fields import FieldKind, ImportField, Problem, Understood
from khuyencong.importing.models import ImportBatch, ImportedObject, RowVerdict

Json = Mapping[str, object]
DISTRICT = ("Huyện, thị xã", "Huyện, thị xã, thành phố", "Quận, huyện", "Huyện/thị xã/thành phố", "Tên huyện")


@dataclass(frozen=True)
class Verdict:
    """What would come of a row. `changes`: label → (before, after) as people read them, for CHANGED and NEW."""

    number: int
    verdict: RowVerdict
    object_id: int | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class Written:
    """One object that a row made or changed; `before` is empty for a new one. Both are what undoing needs."""

    row_number: int
    model: str  # "programs.beneficiary"
    object_id: int
    before: Json
    after: Json


class Importer(ABC):
    """One run over the rows of one batch: it remembers what earlier rows of the file said.

    `is_writing`: this run is going to write what it judges, inside a transaction: what it looks up is locked, so that
    the verdict still holds when the row is written.
    """

    is_writing: bool = False

    @abstractmethod
    def check(self, rows: Sequence[Understood]) -> list[Verdict]:
        """A verdict for each row of one portion, in order, with a fixed number of queries; writes nothing."""

    @abstractmethod
    def write(self, rows: Sequence[Understood]) -> list[Written]:
        """Write the NEW and CHANGED rows of one portion, in sets, inside the caller's transaction.

        Rules, policies and scope are those of the forms, asked again here. One audit event for each object
        (`record_many`). Errors: Refused, naming the row, when a row can no longer be written as it was checked.
        """


class ImportKind(ABC):
    """A kind of data: its fields and who may bring it in."""

    slug: str
    label: str  # "Cơ sở thụ hưởng"
    permission: Permission
    explanation: str = ""

    @abstractmethod
    def fields(self, user: User) -> Sequence[ImportField]:
        """The fields, with choices that may come from the database; a fixed number of queries."""

    def file_fields(self, user: User) -> list[ImportField]:
        """The fields with what a file may hold besides: the district that tells namesakes among places apart."""
        fields = list(self.fields(user))
        place = next((number for number, one in enumerate(fields) if one.kind is FieldKind.PLACE), None)
        if place is not None:
            parent = f"{fields[place].name}_parent"
            if all(one.name != parent for one in fields):
                help_text = "Chỉ để phân biệt các xã, phường trùng tên."
                fields.insert(place + 1, ImportField(parent, "Huyện", synonyms=DISTRICT, help_text=help_text))
        return fields

    @abstractmethod
    def importer(self, user: User, options: Json) -> Importer: ...

    @abstractmethod
    def rows(self, user: User) -> Iterator[Json]:
        """Everything of this kind within the user's area, as a row that could be imported again: field → value."""

    @abstractmethod
    def dependants(self, written: Sequence[ImportedObject]) -> list[str]:
        """What hangs on the objects by now, in words, one a line; empty when the batch can be taken back."""

    @abstractmethod
    def take_back(self, written: Sequence[ImportedObject], *, batch: ImportBatch, by: User) -> int:
        """Remove what was new and restore what was changed, inside the caller's transaction, with audit events.

        Errors: Refused when an object has been changed since.
        """


_KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    _KINDS[kind.slug] = kind


def find_kind(slug: str) -> ImportKind | None:
    return _KINDS.get(slug)


def kinds_for(user: User) -> Iterable[ImportKind]:
    """Those that the user may bring in, in the order of registration."""
    return [kind for kind in _KINDS.values() if user.has_permission(kind.permission)]

"""The documents that the portal writes: in which states of a project, by whom, and the move that each belongs to."""

from dataclasses import dataclass
from types import MappingProxyType

from khuyencong.accounts.permissions import Permission
from programs.models import WordKind
from programs.workflow import APPROVED_ON, Action, Status


@dataclass(frozen=True)
class WordDocument:
    """`sign` is the type in the number ("…/BB-SCT"); `names_party`: it is made out to one of the beneficiaries.

    `move`: the step whose number and date are those of this document, once it has been recorded.
    """

    kind: WordKind
    sign: str
    permissions: frozenset[Permission]
    statuses: frozenset[Status]
    move: Action
    names_party: bool = False

    @property
    def label(self) -> str:
        return str(self.kind.label)


def _table(*documents: WordDocument) -> MappingProxyType[WordKind, WordDocument]:
    return MappingProxyType({document.kind: document for document in documents})


DOCUMENTS = _table(
    WordDocument(
        WordKind.APPRAISAL,
        "BB",
        frozenset({Permission.PROJECT_APPRAISE}),
        frozenset({Status.CONFIRMED, Status.APPRAISED, Status.SENT_TO_MINISTRY}),
        Action.APPRAISE,
    ),
    WordDocument(
        WordKind.APPROVAL_LIST,
        "QĐ",
        frozenset({Permission.PROJECT_APPRAISE, Permission.PROJECT_APPROVE}),
        APPROVED_ON,
        Action.APPROVE,
    ),
    WordDocument(
        WordKind.CONTRACT,
        "HĐ",
        frozenset({Permission.CONTRACT_SIGN}),
        frozenset({Status.APPROVED, Status.CONTRACTED}),
        Action.SIGN_CONTRACT,
        names_party=True,
    ),
    WordDocument(
        WordKind.ACCEPTANCE,
        "BB",
        frozenset({Permission.PROJECT_ACCEPT}),
        frozenset({Status.IN_PROGRESS, Status.ACCEPTED}),
        Action.ACCEPT,
        names_party=True,
    ),
    WordDocument(
        WordKind.LIQUIDATION,
        "BB",
        frozenset({Permission.PROJECT_LIQUIDATE}),
        frozenset({Status.ACCEPTED, Status.LIQUIDATED}),
        Action.LIQUIDATE,
        names_party=True,
    ),
)
DRAFTERS: frozenset[Permission] = frozenset().union(*(document.permissions for document in DOCUMENTS.values()))

"""The papers of a dossier that are known, all of them to be compared with the text of the law yet."""

from programs.models import Certainty, DocumentKind, DossierRequirement, Supplier
from programs.workflow import Action, Track

# The articles have not been compared: no number of one is given, and the rows only warn.
BASIS = "NĐ 45/2012/NĐ-CP; TT 36/2013/TT-BCT (chưa đối chiếu điều khoản)"
ANY_TRACK = ""
# (paper, before which step, who brings it, of which track); what an establishment brings is asked of each of them.
REQUIREMENTS = [
    (DocumentKind.APPLICATION, Action.SUBMIT, Supplier.BENEFICIARY, ANY_TRACK),
    (DocumentKind.LEGAL, Action.SUBMIT, Supplier.BENEFICIARY, ANY_TRACK),
    (DocumentKind.INVESTMENT_PLAN, Action.SUBMIT, Supplier.BENEFICIARY, ANY_TRACK),
    (DocumentKind.COMMITMENT, Action.SUBMIT, Supplier.BENEFICIARY, ANY_TRACK),
    (DocumentKind.CONFIRMATION, Action.APPRAISE, Supplier.LOCAL_OFFICE, ANY_TRACK),
    (DocumentKind.APPRAISAL, Action.APPROVE, Supplier.DEPARTMENT, ANY_TRACK),
    (DocumentKind.DECISION, Action.SIGN_CONTRACT, Supplier.DEPARTMENT, ANY_TRACK),
    (DocumentKind.CONTRACT, Action.REPORT_PROGRESS, Supplier.CENTRE, ANY_TRACK),
    (DocumentKind.ACCEPTANCE, Action.LIQUIDATE, Supplier.CENTRE, ANY_TRACK),
    (DocumentKind.LIQUIDATION, Action.SETTLE, Supplier.CENTRE, ANY_TRACK),
    (DocumentKind.SETTLEMENT, Action.SETTLE, Supplier.CENTRE, Track.NATIONAL.value),
]


def load_dossier_requirements() -> int:
    """Adds the papers that no row asks for; a kind that has a row stays as an administrator may have edited it."""
    known = set(DossierRequirement.objects.values_list("document_kind", flat=True))
    DossierRequirement.objects.bulk_create(
        DossierRequirement(
            document_kind=kind,
            before_action=step.value,
            supplied_by=supplier,
            track=track,
            per_beneficiary=supplier is Supplier.BENEFICIARY,
            legal_basis=BASIS,
            certainty=Certainty.UNVERIFIED,
        )
        for kind, step, supplier, track in REQUIREMENTS
        if kind not in known
    )
    return len(REQUIREMENTS)

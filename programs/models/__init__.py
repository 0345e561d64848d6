"""What is supported, who, where, and how it moves."""

from programs.models.amendment import Amendment
from programs.models.beneficiary import Beneficiary, BeneficiaryKind
from programs.models.council import (
    ConflictOfInterest,
    Council,
    CouncilMember,
    CouncilRole,
    CouncilSession,
    CriteriaSheet,
    Criterion,
    CriterionMark,
    SessionAttendance,
    SessionProject,
    Verdict,
)
from programs.models.craft_village import (
    CraftRecognitionKind,
    CraftVillage,
    CraftVillageEvent,
    CraftVillageEventKind,
    CraftVillageYear,
)
from programs.models.dated import Certainty, DatedRule, DatedRuleQuerySet
from programs.models.deadline import DeadlineKind, DeadlineRule, Reminder, ReminderKind
from programs.models.document import Document, DocumentKind
from programs.models.dossier import DossierRequirement, Supplier
from programs.models.equipment import DuplicateReason, DuplicateRule, DuplicateSign, Equipment
from programs.models.evaluation import SupportEvaluation
from programs.models.field_check import EmploymentResult, FieldCheck
from programs.models.indicator import BudgetSide, IndicatorValue, ProgressReport, ResultIndicator
from programs.models.ministry import MinistryBatch, MinistryBatchProject, MinistryResult
from programs.models.network import Collaborator, Partner
from programs.models.product import AwardLevel, Product, ProductAwardEvent, ProductAwardKind, ProductGroup
from programs.models.programme import (
    LegalDocument,
    LegalDocumentKind,
    Programme,
    ProgrammeTarget,
    Sector,
    SupportItem,
)
from programs.models.project import (
    ILLUSTRATION_NOTE,
    Project,
    ProjectBeneficiary,
    ProjectCounter,
    ProjectKind,
    Step,
)
from programs.models.registration_round import RegistrationRound
from programs.models.supplement import Section, SupplementPoint
from programs.models.word_template import WordKind, WordTemplate

__all__ = [
    "ILLUSTRATION_NOTE",
    "Amendment",
    "AwardLevel",
    "Beneficiary",
    "BeneficiaryKind",
    "BudgetSide",
    "Certainty",
    "Collaborator",
    "ConflictOfInterest",
    "Council",
    "CouncilMember",
    "CouncilRole",
    "CouncilSession",
    "CraftRecognitionKind",
    "CraftVillage",
    "CraftVillageEvent",
    "CraftVillageEventKind",
    "CraftVillageYear",
    "CriteriaSheet",
    "Criterion",
    "CriterionMark",
    "DatedRule",
    "DatedRuleQuerySet",
    "DeadlineKind",
    "DeadlineRule",
    "Document",
    "DocumentKind",
    "DossierRequirement",
    "DuplicateReason",
    "DuplicateRule",
    "DuplicateSign",
    "EmploymentResult",
    "Equipment",
    "FieldCheck",
    "IndicatorValue",
    "LegalDocument",
    "LegalDocumentKind",
    "MinistryBatch",
    "MinistryBatchProject",
    "MinistryResult",
    "Partner",
    "Product",
    "ProductAwardEvent",
    "ProductAwardKind",
    "ProductGroup",
    "Programme",
    "ProgrammeTarget",
    "ProgressReport",
    "Project",
    "ProjectBeneficiary",
    "ProjectCounter",
    "ProjectKind",
    "RegistrationRound",
    "Reminder",
    "ReminderKind",
    "ResultIndicator",
    "Section",
    "Sector",
    "SessionAttendance",
    "SessionProject",
    "Step",
    "SupplementPoint",
    "Supplier",
    "SupportEvaluation",
    "SupportItem",
    "Verdict",
    "WordKind",
    "WordTemplate",
]

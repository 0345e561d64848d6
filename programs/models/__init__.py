"""What is supported, who, where, and how it moves."""

from programs.models.beneficiary import Beneficiary, BeneficiaryKind
from programs.models.craft_village import (
    CraftRecognitionKind,
    CraftVillage,
    CraftVillageEvent,
    CraftVillageEventKind,
    CraftVillageYear,
)
from programs.models.deadline import DeadlineCertainty, DeadlineKind, DeadlineRule, Reminder, ReminderKind
from programs.models.document import Document, DocumentKind
from programs.models.indicator import BudgetSide, IndicatorValue, ProgressReport, ResultIndicator
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
from programs.models.word_template import WordKind, WordTemplate

__all__ = [
    "ILLUSTRATION_NOTE",
    "AwardLevel",
    "Beneficiary",
    "BeneficiaryKind",
    "BudgetSide",
    "Collaborator",
    "CraftRecognitionKind",
    "CraftVillage",
    "CraftVillageEvent",
    "CraftVillageEventKind",
    "CraftVillageYear",
    "DeadlineCertainty",
    "DeadlineKind",
    "DeadlineRule",
    "Document",
    "DocumentKind",
    "IndicatorValue",
    "LegalDocument",
    "LegalDocumentKind",
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
    "Sector",
    "Step",
    "SupportItem",
    "WordKind",
    "WordTemplate",
]

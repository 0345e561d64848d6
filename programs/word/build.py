"""The portal's own templates: made by the modules beside this one, kept as files so that Word opens them."""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from docx.document import Document as DocxDocument

from programs.models import WordKind
from programs.word import acceptance, appraisal, approval_list, contract, liquidation, yearly_report

FOLDER = Path(__file__).parent / "templates"
BUILDERS: MappingProxyType[WordKind, Callable[[], DocxDocument]] = MappingProxyType(
    {
        WordKind.APPRAISAL: appraisal.build,
        WordKind.APPROVAL_LIST: approval_list.build,
        WordKind.CONTRACT: contract.build,
        WordKind.ACCEPTANCE: acceptance.build,
        WordKind.LIQUIDATION: liquidation.build,
        WordKind.YEARLY_REPORT: yearly_report.build,
    }
)


def default_path(kind: WordKind) -> Path:
    return FOLDER / f"{kind.value}.docx"


def write_templates(folder: Path = FOLDER) -> list[Path]:
    """Make every template anew; the same modules give the same content."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, build in BUILDERS.items():
        build().save(str(folder / f"{kind.value}.docx"))
    return [folder / f"{kind.value}.docx" for kind in BUILDERS]

"""The import contracts of pyproject.toml, tested by breaking each on a small copy of the house."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = [
    "khuyencong/vietnamese/text.py",
    *(f"{app}/{layer}.py" for app in ("programs", "funding") for layer in ("views", "forms", "actions", "policies")),
    *(f"{app}/{layer}.py" for app in ("programs", "funding") for layer in ("models", "workflow", "rules")),
    "reports/views.py",
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in MODULES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        (path.parent / "__init__.py").touch()
    (tmp_path / "khuyencong/__init__.py").touch()
    return tmp_path


def lint_imports(folder: Path) -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_a_house_without_imports_keeps_every_contract(house: Path) -> None:
    assert "5 kept, 0 broken" in lint_imports(house)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("programs/models.py", "import funding.models"),
        ("khuyencong/vietnamese/text.py", "import programs.rules"),
        ("funding/actions.py", "import reports.views"),
        ("programs/actions.py", "import programs.views"),
        ("programs/policies.py", "import programs.actions"),
        ("funding/models.py", "import funding.policies"),
        ("programs/rules.py", "import programs.workflow"),
        ("khuyencong/vietnamese/text.py", "import django.utils.text"),
        ("funding/rules.py", "import django.db"),
        ("programs/workflow.py", "import django.db.models"),
    ],
)
def test_an_import_against_the_arrows_is_found(house: Path, module: str, line: str) -> None:
    (house / module).write_text(f"{line}\n")
    assert "1 broken" in lint_imports(house)

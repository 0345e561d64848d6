"""The pinned requirements install on any machine: hashes for all, addresses and paths for none."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ["deploy/requirements.txt", "deploy/requirements-dev.txt"]


def pins(name: str) -> dict[str, str]:
    """Package -> its block of the requirements file (the pin, its hashes, why it is there)."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)
    return {block.split("==")[0]: block for block in blocks if "==" in block.partition("\n")[0]}


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_hashes_and_no_line_names_a_place(name: str) -> None:
    found = pins(name)
    assert len(found) > 15
    assert [package for package, block in found.items() if "--hash=sha256:" not in block] == []
    text = (ROOT / name).read_text()
    assert re.findall(r"://|\bfile:/|^\s*-(?!-hash)\S+|(?<![\w-])/\S+", text, flags=re.MULTILINE) == []


def test_both_files_pin_the_same_versions() -> None:
    runtime, dev = (pins(name) for name in FILES)
    assert {package: block.splitlines()[0] for package, block in runtime.items()} == {
        package: dev[package].splitlines()[0] for package in runtime
    }


def test_each_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for name, wanted in zip(FILES, [project["dependencies"], project["optional-dependencies"]["dev"]], strict=True):
        assert {re.match(r"[a-z0-9-]+", line)[0] for line in wanted} - set(pins(name)) == set()

"""Names of sheets that Excel accepts: 31 characters, none of []:*?/\\, no quote at an end, unique whatever the case."""

import re
from collections.abc import Iterable

LIMIT = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
RESERVED = {"history"}


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """One name for each wanted one, in order: cleaned, shortened, numbered when taken."""
    taken: set[str] = set(RESERVED)
    names: list[str] = []
    for text in wanted:
        name = _free(_clean(text), taken)
        taken.add(name.lower())
        names.append(name)
    return names


def _clean(text: str) -> str:
    plain = re.sub(r"\s+", " ", FORBIDDEN.sub(" ", text)).strip(" '")
    return plain[:LIMIT].strip(" '") or "Bảng"


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate.lower() in taken:
        number += 1
        suffix = f" ({number})"
        candidate = name[: LIMIT - len(suffix)].rstrip() + suffix
    return candidate

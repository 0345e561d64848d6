"""How much of a file is read, and what the child process that reads it may use."""

import json
from dataclasses import asdict, dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """`cells` counts the rectangle of each sheet that holds data; `characters` the text in all cells together."""

    file_bytes: int = 20 * MIB
    unpacked_bytes: int = 600 * MIB
    entries: int = 2_000
    sheets: int = 100
    rows: int = 200_000  # of all sheets together
    columns: int = 100
    cells: int = 4_000_000
    characters: int = 60_000_000
    memory_bytes: int = 1_536 * MIB  # address space of the child
    cpu_seconds: int = 120
    wall_seconds: float = 180.0

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Limits":
        return cls(**json.loads(text))


DEFAULT_LIMITS = Limits()

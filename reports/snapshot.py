"""Tables as canonical JSON and back, every figure exact: what a locked report keeps. Pure Python.

Money stays whole đồng, counts whole numbers; decimals, fractions and days are spelled out. Links are not kept: they
lead to the figures of today. Beside what a row was given stands what each cell was worth, so that a later change of a
formula cannot change a signed figure unnoticed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from khuyencong.excel.table import Align, Column, Computed, Kind, Ratio, Row, RowStyle, Signature, Sum, Table, TotalOf
from khuyencong.excel.table import Value as CellValue

TEXT_FIELDS = ("title", "subtitle", "unit_note", "place_and_date", "sheet_name", "number_row")
COLUMN_FIELDS = ("key", "label", "width", "wrap", "summed", "number")


class SnapshotError(ValueError):
    """The text holds no tables, or figures that its own sums contradict."""


def canonical(data: object) -> str:
    """One text for one content: sorted keys, no spaces."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def dump_tables(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """The tables as plain JSON values."""
    return [_dump_table(table) for table in tables]


def load_tables(data: Sequence[Mapping[str, Any]]) -> list[Table]:
    """The tables that `dump_tables` wrote. Errors: SnapshotError."""
    try:
        return [_load_table(one) for one in data]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SnapshotError(str(error)) from error


def fingerprint(tables: Sequence[Table]) -> str:
    """The same for the same figures, so that whoever locks locks what was on the page."""
    return sha256_of(canonical(dump_tables(tables)))


def _dump_table(table: Table) -> dict[str, Any]:
    return {
        **{name: getattr(table, name) for name in TEXT_FIELDS},
        "organisation": list(table.organisation),
        "notes": list(table.notes),
        "signatures": [[one.title, one.name, one.hint] for one in table.signatures],
        "columns": [_dump_column(column) for column in table.columns],
        "rows": [_dump_row(table, place) for place in range(len(table.rows))],
    }


def _dump_column(column: Column) -> dict[str, Any]:
    return {
        **{name: getattr(column, name) for name in COLUMN_FIELDS},
        "kind": column.kind.value,
        "groups": list(column.groups),
        "align": column.align.value if column.align else None,
        "formula": _dump_formula(column.formula),
    }


def _dump_formula(formula: Sum | Ratio | None) -> dict[str, Any] | None:
    """What stands for an empty ratio is kept where there is such a text: older locked reports know none."""
    if isinstance(formula, Sum):
        return {"plus": list(formula.plus), "minus": list(formula.minus)}
    if formula is None:
        return None
    empty = {"empty": formula.empty} if formula.empty else {}
    return {"ratio": [formula.numerator, formula.denominator], **empty}


def _dump_row(table: Table, place: int) -> dict[str, Any]:
    row = table.rows[place]
    total_of = row.total_of.name if isinstance(row.total_of, TotalOf) else row.total_of
    return {
        "cells": {key: _dump_value(value) for key, value in row.cells.items()},
        "worth": [_dump_value(table.value(place, column.key)) for column in table.columns],
        "style": row.style.value,
        "total_of": list(total_of) if isinstance(total_of, tuple) else total_of,
        "kinds": {key: kind.value for key, kind in row.kinds.items()},
    }


def _dump_value(value: CellValue | Computed) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"fraction": [value.numerator, value.denominator]}


def _load_table(data: Mapping[str, Any]) -> Table:
    table = Table(
        **{name: data[name] for name in TEXT_FIELDS},
        organisation=tuple(data["organisation"]),
        notes=tuple(data["notes"]),
        signatures=tuple(Signature(*one) for one in data["signatures"]),
        columns=tuple(_load_column(one) for one in data["columns"]),
        rows=tuple(_load_row(one) for one in data["rows"]),
    )
    for place, row in enumerate(data["rows"]):
        worth = [_load_value(value) for value in row["worth"]]
        if worth != [table.value(place, column.key) for column in table.columns]:
            raise SnapshotError(f"Row {place} no longer adds up to what was stored")
    return table


def _load_column(data: Mapping[str, Any]) -> Column:
    return Column(
        **{name: data[name] for name in COLUMN_FIELDS},
        kind=Kind(data["kind"]),
        groups=tuple(data["groups"]),
        align=Align(data["align"]) if data["align"] else None,
        formula=_load_formula(data["formula"]),
    )


def _load_formula(data: Mapping[str, Any] | None) -> Sum | Ratio | None:
    if data is None:
        return None
    if "ratio" not in data:
        return Sum(tuple(data["plus"]), tuple(data["minus"]))
    numerator, denominator = data["ratio"]
    return Ratio(numerator, denominator, empty=data.get("empty", ""))


def _load_row(data: Mapping[str, Any]) -> Row:
    total_of = data["total_of"]
    return Row(
        {key: _load_value(value) for key, value in data["cells"].items()},
        RowStyle(data["style"]),
        total_of=TotalOf[total_of] if isinstance(total_of, str) else tuple(total_of) if total_of is not None else None,
        kinds={key: Kind(kind) for key, kind in data["kinds"].items()},
    )


def _load_value(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    if "date" in data:
        return date.fromisoformat(data["date"])
    return Decimal(data["decimal"]) if "decimal" in data else Fraction(*data["fraction"])

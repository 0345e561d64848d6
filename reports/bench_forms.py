"""Every form and the list of projects, timed beside the least that the same figures cost. One table, ready to paste.

Each measurement runs in a child process: its peak of memory is its own, and one that breaks is a line of the table.
"""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from tempfile import TemporaryFile
from typing import Any

from django.db import connection
from xlsxwriter import Workbook

from khuyencong.accounts.models import User
from khuyencong.excel.table import RowStyle, Table
from programs.exports import PROJECT_COLUMNS, write_projects
from programs.queries.project import project_rows
from reports.bench_sql import BARE, Bare
from reports.definitions import DEFINITIONS, Definition
from reports.parameters import Parameters
from reports.periods import report_year

FIRST_YEAR, LAST_YEAR = 2007, 2026
MIB = 1024
HEADINGS = (
    "Biểu",
    "Biểu, ms",
    "riêng SQL, ms",
    "Truy vấn",
    "SQL trần, ms",
    "Tỷ lệ",
    "Tỷ lệ SQL",
    "Biểu, MiB",
    "Trần, MiB",
    "Số khớp",
)
SLOW, MUCH = 0.2, 3  # seconds in SQL, and how many times the bare sums, from which a form's slowest query is printed
QUERY_LENGTH = 700


@dataclass(frozen=True)
class Measured:
    """Median seconds, MiB above what the process had before, the sum of the figures; or what went wrong.

    `queries`: seconds and text of each query of the last run.
    """

    seconds: float = 0.0
    mib: float = 0.0
    total: int = 0
    error: str = ""
    queries: tuple[tuple[float, str], ...] = ()

    @property
    def sql_seconds(self) -> float:
        return sum(seconds for seconds, _ in self.queries)


def measure(runs: int) -> tuple[list[list[str]], list[str]]:
    """The rows of the table, and the queries worth a look; the database is the one at hand, filled by `bench_data`."""
    rows, slow = [], []
    for definition in DEFINITIONS.values():
        bare = BARE.get(definition.slug)
        form = in_child(partial(_run_form, definition, bare), runs)
        least = in_child(partial(_run_sql, definition, bare), runs) if bare else None
        rows.append(_line(definition.title, form, least))
        slow += _worth_a_look(definition, form, least)
    title = "Danh sách đề án ra Excel (trần: XlsxWriter)"
    writer = in_child(_run_writer, runs, prepare=_cells_of_list)
    return [*rows, _line(title, in_child(_run_export, runs), writer)], slow


def _worth_a_look(definition: Definition, form: Measured, bare: Measured | None) -> list[str]:
    """The slowest query of a form that spends much longer in SQL than its bare sums."""
    if bare is None or form.sql_seconds < max(SLOW, MUCH * bare.seconds):
        return []
    seconds, text = max(form.queries)
    return [f"{definition.slug}: {seconds * 1000:.0f} ms trong một truy vấn: {text[:QUERY_LENGTH]}"]


def table_of(rows: Iterable[list[str]]) -> str:
    """Markdown, the columns padded so that it reads as it is."""
    lines = [list(HEADINGS), *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    texts = [
        "| "
        + " | ".join(cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in cells)
        + " |"
        for cells in ([*enumerate(zip(line, widths, strict=True))] for line in lines)
    ]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if not place else ":") for place, width in enumerate(widths)) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def _line(title: str, form: Measured, bare: Measured | None) -> list[str]:
    failed = form.error or (bare.error if bare else "")
    if failed:
        return [title, "LỖI", *[""] * (len(HEADINGS) - 3), failed[:80]]
    own = [title, _ms(form.seconds), _ms(form.sql_seconds), str(len(form.queries))]
    if bare is None:
        return [*own, "–", "–", "–", f"{form.mib:.0f}", "–", "–"]
    same = "có" if form.total == bare.total else f"KHÔNG: {form.total} ≠ {bare.total}"
    ratios = [f"{part / bare.seconds:.1f}" if bare.seconds else "–" for part in (form.seconds, form.sql_seconds)]
    return [*own, _ms(bare.seconds), *ratios, f"{form.mib:.0f}", f"{bare.mib:.0f}", same]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def reader() -> User:
    return User.objects.select_related("organisation__area").get(username="bench")


def parameters_for(definition: Definition, *, one_year: bool) -> Parameters:
    """All twenty years, or the last one where a form is of one year."""
    asked: dict[str, Any] = {"year": LAST_YEAR, "from_year": FIRST_YEAR, "to_year": LAST_YEAR}
    if not one_year:
        asked |= {"start": f"01/01/{FIRST_YEAR}", "end": f"31/12/{LAST_YEAR}"}
    form = definition.form_class(asked, user=reader())
    if not form.is_valid():
        raise ValueError(form.errors.as_json())
    parameters: Parameters = form.asked()
    return parameters


def _run_form(definition: Definition, bare: Bare | None) -> int:
    tables = definition.build(parameters_for(definition, one_year=bare is not None and bare.one_year))
    return form_total(tables, bare) if bare else 0


def form_total(tables: list[Table], bare: Bare) -> int:
    """The figures of the rows that are added up, in the columns that the bare queries sum too."""
    rows = [row for table in tables[bare.first : bare.last + 1] for row in table.rows]
    plain = [row for row in rows if row.style in (RowStyle.NORMAL, RowStyle.SUB) and row.total_of is None]
    found = (row.cells.get(key) for row in plain for key in bare.keys)
    return sum(value for value in found if isinstance(value, int))


def _run_sql(definition: Definition, bare: Bare) -> int:
    period = report_year(LAST_YEAR)
    days = period.days if bare.one_year else (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    given: dict[str, Any] = {
        "start": days[0].isoformat(),
        "end": days[1].isoformat(),
        "first": FIRST_YEAR,
        "last": LAST_YEAR,
    }
    total = 0
    with connection.cursor() as cursor:
        for query in bare.queries:
            cursor.execute(query, {name: value for name, value in given.items() if f"%({name})s" in query})
            figures = [place for place, column in enumerate(cursor.description) if column[0].startswith("f")]
            total += sum(int(row[place] or 0) for row in cursor.fetchall() for place in figures)
    return total


def _run_export() -> int:
    with TemporaryFile() as stream:
        return write_projects(project_rows(reader()).order_by("-year", "code", "pk"), stream)


Cells = list[tuple[Any, ...]]


def _cells_of_list() -> Cells:
    rows = project_rows(reader()).order_by("-year", "code", "pk")
    return [
        (
            one.code,
            one.name,
            str(one.place),
            str(one.year),
            one.get_track_display(),
            str(one.support_item),
            one.get_status_display(),
            "",
            one.participant_count,  # type: ignore[attr-defined]
        )
        for one in rows.iterator(chunk_size=2000)
    ]


def _run_writer(cells: Cells) -> int:
    """XlsxWriter alone, with the memory it was given: the same cells, no formats."""
    with TemporaryFile() as stream:
        with Workbook(stream, {"constant_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            for place, column in enumerate(PROJECT_COLUMNS):
                sheet.write_string(0, place, column.full_label)
            for number, row in enumerate(cells, start=1):
                for place, value in enumerate(row[:-1]):
                    sheet.write_string(number, place, value)
                sheet.write_number(number, len(row) - 1, row[-1])
        return len(cells)


def in_child(run: Callable[..., int], runs: int, *, prepare: Callable[[], Any] | None = None) -> Measured:
    """`run` in a process of its own, `runs` times; what `prepare` gives it is neither timed nor counted as memory."""
    connection.close()  # a connection must not be shared with the child
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_measure_child, args=(theirs, run, runs, prepare))
    child.start()
    theirs.close()
    try:
        measured: Measured = ours.recv()
    except EOFError:
        measured = Measured(error="tiến trình dừng đột ngột (hết bộ nhớ?)")
    child.join()
    return measured


class Queries(list[tuple[float, str]]):
    """Each query with its seconds, as a wrapper of the connection's execution sees them."""

    def timed(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.append((time.perf_counter() - started, sql))


def _measure_child(pipe: Connection, run: Callable[..., int], runs: int, prepare: Callable[[], Any] | None) -> None:
    try:
        given = () if prepare is None else (prepare(),)
        connection.ensure_connection()
        before, times, total = _peak_kib(), [], 0
        queries = Queries()
        for _ in range(runs):
            queries.clear()
            started = time.perf_counter()
            with connection.execute_wrapper(queries.timed):
                total = run(*given)
            times.append(time.perf_counter() - started)
        mib = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 0) / MIB
        pipe.send(Measured(statistics.median(times), mib, total, queries=tuple(queries)))
    except Exception as error:  # any: a form that breaks is a line of the table
        pipe.send(Measured(error=f"{type(error).__name__}: {error}"))
    finally:
        connection.close()


def _peak_kib() -> int:
    """The most that the process has held until now; a child begins with what its parent held when it was made."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))

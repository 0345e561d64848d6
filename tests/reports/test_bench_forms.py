"""The bench is honest: what it calls the bare sums of a form are the figures of that form."""

import pytest

from funding import bench_data
from funding.bench_entries import PAYMENTS, VALUES, volume
from funding.models import LedgerEntry
from programs.models import IndicatorValue
from programs.workflow import Status
from reports import bench_forms
from reports.bench_sql import BARE
from reports.definitions import DEFINITIONS

pytestmark = pytest.mark.django_db
YEARS = range(bench_forms.FIRST_YEAR, bench_forms.LAST_YEAR + 1)


@pytest.mark.parametrize("slug", sorted(BARE))
def test_the_bare_sums_are_the_figures_of_the_form(slug, reference):
    bench_data.seed(60, years=YEARS, rows=900)
    definition, bare = DEFINITIONS[slug], BARE[slug]
    total = bench_forms._run_form(definition, bare)
    assert total == bench_forms._run_sql(definition, bare)
    assert total > 0


def test_the_list_is_written_in_full_both_ways(reference):
    bench_data.seed(30, years=YEARS)
    assert bench_forms._run_writer(bench_forms._cells_of_list()) == bench_forms._run_export() == 30


def test_the_volume_asked_for_is_nearly_met(reference):
    bench_data.seed(200, years=YEARS, rows=8000)
    rows = LedgerEntry.objects.count() + IndicatorValue.objects.count()
    assert 7000 < rows < 9000


def test_without_a_volume_nothing_is_added():
    assert volume(1000, 0, [Status.SETTLED], 30) == (PAYMENTS, VALUES)


def test_the_table_reads_as_markdown_and_tells_what_broke():
    fine, slow = bench_forms.Measured(0.2, 5, 7), bench_forms.Measured(0.1, 1, 8)
    table = bench_forms.table_of(
        [
            bench_forms._line("Đúng", fine, bench_forms.Measured(0.1, 1, 7)),
            bench_forms._line("Lệch", fine, slow),
            bench_forms._line("Không có SQL trần", fine, None),
            bench_forms._line("Hỏng", bench_forms.Measured(error="OperationalError: x"), None),
        ]
    ).splitlines()
    assert {line.count("|") for line in table} == {len(bench_forms.HEADINGS) + 1}
    assert "2.0" in table[2]
    assert "KHÔNG: 7 ≠ 8" in table[3]
    assert "OperationalError" in table[5]


def test_a_child_that_breaks_or_dies_is_a_line_and_not_the_end():
    def die() -> int:
        import os

        os._exit(9)

    assert "ZeroDivisionError" in bench_forms.in_child(lambda: 1 // 0, 1).error
    assert "đột ngột" in bench_forms.in_child(die, 1).error

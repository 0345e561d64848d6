"""Thực hiện so với kế hoạch và cùng kỳ: money and results, each with its share of the plan and of the year before.

Two tables of the same columns: the year's plan, the period, the year so far and its share of the plan, the same period
a year earlier and the period's share of it. Which days each column counts is in `comparison_periods`.
"""

from khuyencong.excel.table import Table
from reports.definitions import comparison_money, comparison_results
from reports.definitions.base import Breakdown, Definition
from reports.definitions.comparison_columns import NOT_OPENED, SLUG
from reports.definitions.comparison_parameters import ComparisonForm, ComparisonParameters

BREAK_DOWNS = {
    comparison_money.PREFIX: comparison_money.break_down,
    comparison_results.PREFIX: comparison_results.break_down,
}


def build(parameters: ComparisonParameters) -> list[Table]:
    return [comparison_money.build(parameters), comparison_results.build(parameters)]


def break_down(parameters: ComparisonParameters, row: str, column: str) -> Breakdown | None:
    """`row`: the prefix of its table and what names it there, such as "kp.10" or "kq.13.1"."""
    for prefix, find in BREAK_DOWNS.items():
        if row.startswith(prefix):
            return find(parameters, row.removeprefix(prefix), column)
    return None


COMPARISON = Definition(
    slug=SLUG,
    title="Thực hiện so với kế hoạch và cùng kỳ",
    explanation="Kinh phí và kết quả: kế hoạch năm, thực hiện trong kỳ, lũy kế, cùng kỳ năm trước, các tỷ lệ so sánh.",
    file_stem="so-voi-ke-hoach-va-cung-ky",
    form_class=ComparisonForm,
    build=build,
    break_down=break_down,
    not_opened=NOT_OPENED,
)

"""What the registers accept, wherever it comes from: a form or a file. Each says what is wrong, or ""."""

import datetime
from collections.abc import Mapping

FIRST_FOUNDED_YEAR = 1900
FIRST_FIGURES_YEAR = 1990
MAX_COUNT = 100_000_000  # more people than the country has
_PARTS = {
    "craft_households": ("households", "Số hộ làm nghề không thể lớn hơn tổng số hộ."),
    "women_workers": ("workers", "Số lao động nữ không thể lớn hơn tổng số lao động."),
    "khmer_workers": ("workers", "Số lao động Khmer không thể lớn hơn tổng số lao động."),
}


def founded_year_problem(year: int | None, today: datetime.date) -> str:
    """The year in which an establishment was founded."""
    if year is None:
        return ""
    if year < FIRST_FOUNDED_YEAR:
        return f"Năm thành lập phải từ {FIRST_FOUNDED_YEAR}."
    return "Năm thành lập không thể sau năm nay." if year > today.year else ""


def figures_year_problem(year: int, today: datetime.date) -> str:
    """The year that a craft village's figures are of."""
    if year < FIRST_FIGURES_YEAR:
        return f"Năm phải từ {FIRST_FIGURES_YEAR}."
    return "Năm không thể sau năm nay." if year > today.year else ""


def reported_date_problem(day: datetime.date, today: datetime.date) -> str:
    return "Ngày báo cáo không thể sau hôm nay." if day > today else ""


def craft_figure_problems(figures: Mapping[str, int | None]) -> dict[str, str]:
    """Field → message for each part of a craft village's figures that is greater than its whole."""
    problems = {}
    for name, (whole_name, message) in _PARTS.items():
        part, whole = figures.get(name), figures.get(whole_name)
        if part is not None and whole is not None and part > whole:
            problems[name] = message
    return problems

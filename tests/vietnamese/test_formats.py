"""The formats module, checked against what people type and read here."""

from datetime import datetime

import pytest

from khuyencong.vietnamese.formats.vi import formats


@pytest.mark.parametrize("written", ["05/02/2026", "05-02-2026", "05.02.2026", "2026-02-05"])
def test_every_written_date_is_5_february_and_only_one_format_fits(written):
    fitting = []
    for pattern in formats.DATE_INPUT_FORMATS:
        try:
            fitting.append(datetime.strptime(written, pattern))
        except ValueError:
            continue
    assert fitting == [datetime(2026, 2, 5)]


def test_numbers_are_grouped_with_dots_and_weeks_start_on_monday():
    assert (formats.DECIMAL_SEPARATOR, formats.THOUSAND_SEPARATOR, formats.NUMBER_GROUPING) == (",", ".", 3)
    assert (formats.DATE_FORMAT, formats.DATETIME_FORMAT, formats.FIRST_DAY_OF_WEEK) == ("d/m/Y", "d/m/Y H:i", 1)

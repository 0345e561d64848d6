"""The geometry of the charts: lengths that do not lie, figures that can be read, texts that cannot become markup."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.charts.bars import bars
from khuyencong.charts.lettering import broken, cut, width_of
from khuyencong.charts.lines import Axis, lines
from khuyencong.charts.lines import Path as LinePath
from khuyencong.charts.scale import Scale, limits, round_step, ticks
from khuyencong.charts.series import Group, Look, Series, legend
from khuyencong.charts.svg import Drawing, Part, element, words
from khuyencong.charts.tiles import CLASSES, SMALLEST, Tile, shades_of, tiles

PLAN, OUT = Series("plan", "Dự toán", Look.HOLLOW), Series("out", "Đã giải ngân", Look.SOLID)
FIGURES = st.integers(min_value=-(10**15), max_value=10**15)


def parsed(part, width=620):
    return ET.fromstring(Drawing("x", "Tên", "Mô tả", width, part).svg)


def rects(root, css):
    return [one.attrib for one in root.iter("rect") if css in one.attrib.get("class", "")]


def group(label, *values):
    return Group(label, values, [str(value) for value in values])


def test_every_text_and_attribute_is_escaped():
    evil = '<script>alert("1")</script>&\''
    svg = Drawing("x", evil, evil, 100, Part(words(evil, 0, 0) + element("a", href=evil), 50)).svg
    assert "<script" not in svg
    assert ET.fromstring(svg).find("title").text == evil


def test_a_picture_has_a_name_and_links_are_not_hidden_in_one():
    drawing = Drawing("x", "Tên", "Mô tả", 100, Part("", 50))
    root = ET.fromstring(drawing.svg)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "x-title x-desc")
    assert {one.get("id") for one in root} == {"x-title", "x-desc"}
    assert ET.fromstring(Drawing("x", "Tên", "Mô tả", 100, Part("", 50), has_links=True).svg).get("role") == "group"


def test_numbers_have_a_full_stop_and_no_grouping():
    assert element("rect", x=1234.56, y=0.04) == '<rect x="1234.6" y="0"></rect>'


@given(st.lists(FIGURES, max_size=20), st.integers(min_value=1, max_value=8))
def test_ticks_are_round_and_hold_every_figure(values, parts):
    found = ticks(values, parts)
    low, high = limits(values)
    assert found[0] <= low
    assert found[-1] >= high
    assert 0 in found
    assert len(found) <= parts + 3
    assert len({after - before for before, after in pairwise(found)}) <= 1


@given(st.integers(min_value=0, max_value=10**18), st.integers(min_value=1, max_value=10))
def test_a_step_is_the_smallest_round_one(span, parts):
    step = round_step(span, parts)
    assert step * parts >= span
    assert str(step).rstrip("0") in {"1", "2", "5"}
    smaller = step * 2 // 5 if str(step).startswith("5") else step // 2
    assert step == 1 or smaller * parts < span


def test_a_scale_without_figures_divides_by_nothing():
    assert Scale(0, 0, 10, 90).at(0) == 10


def test_bars_are_as_long_as_their_figures():
    root = parsed(bars([group("2025", 100, 50), group("2026", 200, 0)], [PLAN, OUT], 620))
    lengths = [float(one["width"]) for one in rects(root, "kc-bar-")]
    assert len(lengths) == 3  # nothing is drawn for a zero, its figure still is
    assert lengths[0] == pytest.approx(lengths[2] / 2, abs=0.2)
    assert lengths[1] == pytest.approx(lengths[2] / 4, abs=0.2)
    assert {"100", "50", "200", "0"} <= {one.text for one in root.iter("text")}


def test_a_negative_figure_runs_left_of_zero():
    root = parsed(bars([group("2025", -50), group("2026", 100)], [OUT], 620))
    minus, plus = rects(root, "kc-bar-solid")
    assert float(minus["x"]) + float(minus["width"]) == pytest.approx(float(plus["x"]), abs=0.2)
    assert float(minus["x"]) > 0


@given(st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=12), st.sampled_from([336, 620]))
def test_bars_stay_on_the_page(pairs, width):
    part = bars([group(str(2000 + place), *pair) for place, pair in enumerate(pairs)], [PLAN, OUT], width)
    for one in rects(parsed(part, width), "kc-bar-"):
        assert float(one["x"]) >= 0
        assert float(one["x"]) + float(one["width"]) <= width + 0.2


def test_a_group_without_figures_takes_one_line_and_says_so():
    empty = bars([group("2025", 0, 0), group("2026", 5, 3)], [PLAN, OUT], 620)
    full = bars([group("2025", 1, 1), group("2026", 5, 3)], [PLAN, OUT], 620)
    assert empty.height < full.height
    assert "không có" in empty.body


def test_long_names_stand_above_their_bars_and_are_told_whole():
    name = "Hỗ trợ chuyển giao công nghệ, ứng dụng máy móc, thiết bị tiên tiến và tiến bộ khoa học kỹ thuật"
    root = parsed(bars([group(name, 5)], [OUT], 336), 336)
    shown = next(one.text for one in root.iter("text") if one.text.startswith("Hỗ trợ"))
    assert shown.endswith("…")
    assert name in {one.text for one in root.iter("title")}


def test_nothing_draws_nothing():
    assert bars([], [OUT], 620).body.count("<rect") == 0
    assert tiles([], shades_of([]), 620) == Part("", 0)
    assert lines([LinePath(OUT, [None] * 12)], Axis(["1"] * 12, "Tháng"), 620, str).height > 0


def test_a_line_ends_where_the_year_has_got_to_and_ends_stay_apart():
    months = Axis([str(month) for month in range(1, 13)], "Tháng")
    paths = [LinePath(PLAN, [100] * 12), LinePath(OUT, [0, 10, 99, *[None] * 9])]
    root = parsed(lines(paths, months, 620, str))
    drawn = {one.get("class"): len(one.get("points").split()) for one in root.iter("polyline")}
    assert drawn == {"kc-line-hollow": 12, "kc-line-solid": 3}
    together = [LinePath(PLAN, [100] * 12), LinePath(OUT, [100] * 12)]
    ends = [
        one for one in parsed(lines(together, months, 620, str)).iter("text") if one.get("class") == "kc-chart-figure"
    ]
    assert abs(float(ends[0].get("y")) - float(ends[1].get("y"))) >= 14


@given(st.lists(st.integers(min_value=0, max_value=10**12), max_size=70))
def test_shades_rise_with_the_figures(values):
    shades = shades_of(values)
    assert len(shades.tops) <= CLASSES
    classes = [shades.of(value) for value in sorted(values)]
    assert classes == sorted(classes)
    assert all((shades.of(value) == 0) == (value == 0) for value in values)


def test_one_large_place_does_not_make_the_others_alike():
    assert len({shades_of([1, 2, 3, 4, 10**9]).of(value) for value in (1, 3, 4, 10**9)}) == 4


@pytest.mark.parametrize("count", [1, 5, 40, 64])
@pytest.mark.parametrize("width", [336, 620])
def test_tiles_stay_on_the_page_and_can_be_counted_without_colour(count, width):
    places = [Tile(f"Xã Nguyễn Việt Khái {place}", place, str(place), f"/?x={place}") for place in range(count)]
    part = tiles(places, shades_of([place.value for place in places]), width)
    root = parsed(part, width)
    assert [one.get("href") for one in root.iter("a")] == [place.link for place in places]
    for place in root.iter("g"):
        across = re.match(r"translate\(([\d.]+) ([\d.]+)\)", place.get("transform", ""))
        box = rects(place, "kc-tile ")
        if across and len(box) == 1:
            assert float(across[1]) + float(box[0]["width"]) <= width
            assert float(box[0]["width"]) >= SMALLEST - 5
    steps = [len(rects(one, "kc-step-on-")) for one in root.iter("a")]
    assert steps == sorted(steps)
    assert max(steps) == min(CLASSES, count - 1)


def test_words_are_cut_where_they_fit():
    assert cut("Xã Hồng Dân", 200, 12) == "Xã Hồng Dân"
    assert cut("Xã Nguyễn Việt Khái", 70, 12).endswith("…")
    assert width_of(cut("Xã Nguyễn Việt Khái", 70, 12), 12) <= 70
    assert broken("Phường Láng Tròn", 70, 10.5, 2) == ["Phường Láng", "Tròn"]
    assert broken("", 70, 10.5, 2) == []
    assert cut("Nghiêngngảnghiêngngả", 30, 12).endswith("…")


def test_a_legend_turns_to_the_next_row():
    assert legend([PLAN, OUT], 100).height > legend([PLAN, OUT], 620).height


STYLES = re.sub(r"/\*.*?\*/", "", Path(settings.BASE_DIR, "static/css/charts.css").read_text(encoding="utf-8"))


def colour(selector, name="fill"):
    rule = next(body for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", STYLES) if selector in head.split(",")[0])
    return re.search(rf"\b{name}: (#[0-9a-f]+)", rule)[1]


def luminance(code):
    code = "#" + "".join(2 * one for one in code[1:]) if len(code) == 4 else code
    parts = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("shade", range(CLASSES + 1))
def test_names_on_tiles_can_be_read(shade):
    text = colour(".kc-on-4") if shade == CLASSES else colour(".kc-chart text")
    assert contrast(colour(f".kc-shade-{shade}"), text) >= 4.5


def test_shades_differ_in_grey_and_lines_stand_out():
    grey = [luminance(colour(f".kc-shade-{shade}")) for shade in range(CLASSES + 1)]
    assert grey == sorted(grey, reverse=True)
    for selector in (".kc-axis", ".kc-bar-hollow", ".kc-line-hatched", ".kc-line-solid", ".kc-tile"):
        assert contrast(colour(selector, "stroke"), "#ffffff") >= 3
    assert contrast(colour(".kc-chart .kc-chart-quiet"), "#ffffff") >= 4.5

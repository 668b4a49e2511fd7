"""U25: the table says what the picture shows, and nothing small is shown."""

from __future__ import annotations

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit import charts, format, gallery
from community.kit.templates import environment

counts = st.lists(st.one_of(st.none(), st.integers(min_value=0, max_value=100_000)), min_size=1, max_size=36)


def draw(call: str, **context: object) -> str:
    source = '{% import "_charts.html" as charts %}{{ charts.' + call + " }}"
    return environment().from_string(source).render(context)


def svg_of(page: str) -> str:
    return page[page.index("<svg") : page.rindex("</svg>") + 6]


def points_of(values: list[int | None]) -> list[charts.Point]:
    return [charts.Point(f"m{i}", value) for i, value in enumerate(values)]


@given(counts)
def test_bars_stand_on_nought_and_are_as_tall_as_their_values(values: list[int | None]) -> None:
    chart = charts.bars(points_of(values))

    top = charts.ceiling(max((value or 0 for value in values), default=0))
    for mark, value in zip(chart.marks, values, strict=True):
        assert mark.y + mark.height == pytest.approx(chart.floor, abs=0.2)
        assert mark.height == pytest.approx(charts.PLOT_HEIGHT * (value or 0) / top, abs=0.2)
        assert charts.LEFT <= mark.x <= mark.x + mark.width <= charts.WIDTH


@given(counts)
def test_the_table_says_what_is_drawn(values: list[int | None]) -> None:
    chart = charts.bars(points_of(values), smallest=5)

    for mark, value in zip(chart.marks, values, strict=True):
        small = value is not None and 0 < value < 5
        assert mark.drawn is (value is not None and not small)
        assert mark.words == ("–" if value is None else "<5" if small else format.number(value))


@given(st.floats(min_value=0, max_value=1e12))
def test_the_axis_ends_above_the_highest_value_and_not_far_above(value: float) -> None:
    top = charts.ceiling(value)

    assert top >= value
    assert top == 4 or top <= 2 * value


def test_the_same_numbers_stand_in_picture_and_table() -> None:
    page = draw(
        "bars(chart, 'Kalimat.', 'Bulan', 'Kegiatan')", chart=charts.bars(points_of([12, None, 7, 3]), smallest=5)
    )

    figures = re.findall(r'<text class="figures"[^>]*>([^<]*)</text>', page)
    cells = re.findall(r'<td class="number">([^<]*)</td>', page)
    assert figures == ["12", "7"]
    assert [cell.replace("&lt;", "<") for cell in cells] == ["12", "–", "7", "<5"]


def test_a_running_month_is_hollow_and_the_legend_says_so() -> None:
    chart = charts.bars([charts.Point("Okt", 8), charts.Point("Nov", 5, hollow=True)])

    page = draw("bars(chart, 'Kalimat.', 'Bulan', 'Kegiatan')", chart=chart)

    assert page.count('class="hollow"') == 1
    assert "bulan yang belum selesai" in page


def test_a_line_is_lifted_where_a_value_is_not_known() -> None:
    chart = charts.line(points_of([10, 20, None, 30, 40, 50, 60]))

    assert chart.line.count("M") == 2
    assert chart.enough


def test_too_few_points_are_not_drawn() -> None:
    page = draw("line(chart, 'Kalimat.', 'Tahun', 'Orang')", chart=charts.line(points_of([10, 20, 30, 40, 50])))

    assert "<svg" not in page
    assert "Belum cukup data" in page


def test_a_band_has_edges_and_stops_where_nothing_is_known() -> None:
    known = [charts.Point(str(i), 10, low=8, high=12) for i in range(3)]

    chart = charts.line([*known, charts.Point("?", None), *known])

    assert chart.band.count("M") == chart.band.count("Z") == 2


@given(st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=6))
def test_steps_are_parts_of_the_largest(values: list[int]) -> None:
    chart = charts.steps([charts.Step(str(i), n) for i, n in enumerate(values)], smallest=5)

    for bar, value in zip(chart.bars, values, strict=True):
        assert 0 <= bar.width <= charts.WIDTH
        if 0 < value < 5:
            assert (bar.drawn, bar.width, bar.words) == (False, 0.0, "<5")


def test_the_picture_is_named_by_its_sentence() -> None:
    page = draw("steps(chart, 'Dari 9 orang, 8 hadir.', 'Langkah', 'Orang')", chart=charts.steps([charts.Step("a", 9)]))

    assert "<figcaption>Dari 9 orang, 8 hadir.</figcaption>" in page
    assert 'role="img" aria-label="Dari 9 orang, 8 hadir."' in page


def test_jakarta_lies_in_java_and_no_region_outside_the_map() -> None:
    x, y = charts.project(-6.2, 106.8)

    left, top, width, height = map(int, charts.WINDOWS[1].box.split())
    assert left < x < left + width
    assert top < y < top + height
    for lat, lon in [(5.9, 95.1), (-11.0, 123.0), (-9.1, 141.0), (4.8, 126.9)]:
        x, y = charts.project(lat, lon)
        assert 0 <= x <= charts.MAP_WIDTH
        assert 0 <= y <= charts.MAP_HEIGHT


def test_every_point_of_the_country_is_in_a_window() -> None:
    corners = [(5.9, 95.1), (-5.9, 105.2), (-8.1, 114.4), (-10.9, 123.0), (4.2, 117.6), (3.6, 126.8), (2.3, 128.4)]
    boxes = [tuple(map(int, window.box.split())) for window in charts.WINDOWS]

    for lat, lon in [*corners, (-8.5, 140.4), (-5.8, 134.2)]:
        x, y = charts.project(lat, lon)
        assert any(left <= x <= left + w and top <= y <= top + h for left, top, w, h in boxes), (lat, lon)


def test_the_area_of_a_dot_follows_its_members() -> None:
    places = [charts.Place("a", 0, 110, size=400), charts.Place("b", 0, 111, size=100), charts.Place("c", 0, 112)]

    large, middle, small = charts.dot_map([], places).dots

    assert large.radius == charts.LARGEST_DOT
    assert middle.radius == pytest.approx((charts.LARGEST_DOT + charts.SMALLEST_DOT) / 2, abs=0.1)
    assert small.radius == charts.SMALLEST_DOT


def test_the_ground_draws_each_region_once() -> None:
    ground = charts.dot_map([(-6.2, 106.8), (-6.2, 106.8), (3.6, 98.7), (-2.5, 140.7)], []).ground

    x = y = 0
    seen = []
    for move, dx, dy in re.findall(r"([Mm])(-?\d+) ?(-?\d+)h0", ground):
        x, y = (int(dx), int(dy)) if move == "M" else (x + int(dx), y + int(dy))
        seen.append((x, y))
    assert sorted(seen) == sorted({charts.project(*spot) for spot in [(-6.2, 106.8), (3.6, 98.7), (-2.5, 140.7)]})


def test_charts_are_light_and_a_full_map_too() -> None:
    context = gallery.gallery_context()
    for call, chart in [("bars(chart, 's', 'a', 'b')", "months"), ("line(chart, 's', 'a', 'b')", "members")]:
        assert len(gzip.compress(svg_of(draw(call, chart=context[chart])).encode())) <= 3 * 1024

    ground = [(-11 + 17 * ((i * 37) % 514) / 514, 95 + 46 * i / 514) for i in range(514)]
    places = [charts.Place("x", -8 + i / 7, 96 + i * 0.6, size=i) for i in range(72)]
    page = draw("dot_map(chart, 'Kalimat.')", chart=charts.dot_map(ground, places))
    assert len(gzip.compress(svg_of(page).encode())) <= 6 * 1024

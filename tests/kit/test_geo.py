from __future__ import annotations

from array import array
from math import cos, inf, isclose, nan, pi, radians, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.geo import ACCEPTED, EARTH_RADIUS_KM, Bounds, bounds, distance_km, distances_km, is_coordinate

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)
HALF_ROUND = pi * EARTH_RADIUS_KM


def test_one_degree_of_meridian_and_a_quarter_of_the_globe_have_their_textbook_length():
    assert round(distance_km(0, 107, 1, 107), 4) == 111.1951
    assert round(distance_km(0, 0, 90, 0), 3) == 10007.557


def test_jakarta_to_surabaya_is_about_662_km():
    assert distance_km(-6.2146, 106.8451, -7.2492, 112.7508) == pytest.approx(662, abs=2)


def test_the_other_side_of_the_globe_is_half_a_round_away():
    assert distance_km(0, 0, 0, 180) == pytest.approx(HALF_ROUND)
    assert distance_km(37.3, 20.1, -37.3, -159.9) == pytest.approx(HALF_ROUND, abs=0.001)


@given(points, points)
def test_a_distance_is_symmetric_and_between_zero_and_half_a_round(a, b):
    there, back = distance_km(*a, *b), distance_km(*b, *a)

    assert isclose(there, back, rel_tol=1e-9, abs_tol=1e-6)
    assert 0 <= there <= HALF_ROUND


@given(points)
def test_a_place_is_at_no_distance_from_itself(a):
    assert distance_km(*a, *a) == 0


@given(points, points, points)
def test_a_detour_is_never_shorter(a, b, c):
    assert distance_km(*a, *c) <= distance_km(*a, *b) + distance_km(*b, *c) + 1e-4


@given(points, points, longitudes)
def test_turning_the_globe_changes_no_distance(a, b, turn):
    turned = distance_km(a[0], a[1] + turn, b[0], b[1] + turn)

    assert turned == pytest.approx(distance_km(*a, *b), abs=1e-3)


@given(st.floats(-11, 6), st.floats(95, 141), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_nearby_a_flat_map_agrees(latitude, longitude, up, across):
    flat = sqrt(up**2 + (across * cos(radians(latitude + up / 2))) ** 2) * 111.1951

    assert distance_km(latitude, longitude, latitude + up, longitude + across) == pytest.approx(flat, abs=0.01)


@given(points, st.lists(points, max_size=8))
def test_many_distances_are_the_same_distances_in_order(a, others):
    many = distances_km(*a, array("d", [p[0] for p in others]), [p[1] for p in others])

    assert many == [distance_km(*a, *other) for other in others]


def test_a_missing_longitude_is_refused():
    with pytest.raises(ValueError):
        distances_km(0, 0, [1.0, 2.0], [1.0])


@given(st.lists(points, min_size=1, max_size=8))
def test_bounds_hold_every_point_and_touch_the_outermost(places):
    box = bounds(places)

    assert all(box.holds(*place) for place in places)
    assert {box.south, box.north} <= {place[0] for place in places}
    assert {box.west, box.east} <= {place[1] for place in places}


def test_nothing_has_no_bounds():
    with pytest.raises(ValueError):
        bounds([])


def test_a_box_holds_its_edges_and_not_beyond_and_never_nan():
    box = Bounds(south=-2, west=100, north=-1, east=101)

    assert box.holds(-2, 100)
    assert not box.holds(-2.0001, 100)
    assert not box.holds(-1.5, 101.0001)
    assert not box.holds(nan, 100.5)


def test_swapped_and_unsigned_coordinates_are_noticed():
    assert ACCEPTED.holds(-6.2, 106.8)
    assert not ACCEPTED.holds(106.8, -6.2)
    assert not ACCEPTED.holds(-6.2, -106.8)


@pytest.mark.parametrize("place", [(nan, 0.0), (0.0, inf), (90.5, 0.0), (0.0, -180.5)])
def test_what_is_not_on_the_globe_is_no_coordinate(place):
    assert not is_coordinate(*place)


def test_the_poles_and_the_date_line_are_coordinates():
    assert is_coordinate(90, 180)
    assert is_coordinate(-90, -180)

"""Distances and boxes on the globe: plain degrees in (WGS84), kilometres out. Needs nothing beyond Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the WGS84 ellipsoid (IUGG); great circles then err by at most 0.6 %."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Bounds:
    """A box of degrees, its edges included. It does not reach over the 180th meridian."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """False for NaN too."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


ACCEPTED = Bounds(south=-12.0, west=94.0, north=7.0, east=142.0)
"""Where a coordinate typed or sent by somebody may lie: Indonesia with a margin."""


def is_coordinate(latitude: float, longitude: float) -> bool:
    """Finite and on the globe."""
    return isfinite(latitude) and isfinite(longitude) and -90 <= latitude <= 90 and -180 <= longitude <= 180


def distance_km(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float:
    """Great-circle distance ("garis lurus") between two points in degrees, by the haversine formula.

        a = sin²(Δφ/2) + cos φ₁ · cos φ₂ · sin²(Δλ/2);  d = 2R · asin √min(1, a)

    The `min` keeps antipodes, where rounding may push a above 1, from leaving the domain of asin.
    """
    a = _chord(cos(radians(latitude_a)), latitude_a, longitude_a, latitude_b, longitude_b)
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, a)))


def distances_km(
    latitude: float, longitude: float, latitudes: Sequence[float], longitudes: Sequence[float]
) -> list[float]:
    """`distance_km` from one point to many, in their order; takes lists and arrays of any kind.

    Raises ValueError if the two sequences differ in length.
    """
    shrink = cos(radians(latitude))
    pairs = zip(latitudes, longitudes, strict=True)
    chords = (_chord(shrink, latitude, longitude, other, beside) for other, beside in pairs)
    return [2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, a))) for a in chords]


def bounds(points: Iterable[Point]) -> Bounds:
    """The smallest box around `points`. Raises ValueError if there are none."""
    latitudes, longitudes = zip(*points, strict=True)
    return Bounds(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def _chord(shrink: float, latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float:
    """The haversine `a`; `shrink` is cos φ₁, computed once by whoever measures to many points."""
    up = sin(radians(latitude_b - latitude_a) / 2)
    across = sin(radians(longitude_b - longitude_a) / 2)
    return up * up + shrink * cos(radians(latitude_b)) * across * across

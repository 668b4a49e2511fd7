"""Every check of the gazetteer passes on the real file and fails on a planted fault, naming row and column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import lru_cache

import pytest

from community.places.build.checks import Fault, check_land, excuse, find_faults
from community.places.build.land import is_land_near
from community.places.build.make import (
    REGIONS,
    SOURCE,
    City,
    make_rows,
    read_cities,
    read_exceptions,
    read_known,
    read_rows,
    tell_differences,
    write_text,
)

Rows = list[dict[str, str]]


@lru_cache(maxsize=1)
def cities() -> dict[str, City]:
    return read_cities()


def real() -> Rows:
    return read_rows(REGIONS)


def row(rows: Rows, code: str) -> dict[str, str]:
    return next(found for found in rows if found["code"] == code)


def plant(code: str, /, **fields: str) -> Callable[[Rows], None]:
    return lambda rows: row(rows, code).update(fields)


def drop(code: str) -> Callable[[Rows], None]:
    return lambda rows: rows.remove(row(rows, code))


def rename(rows: Rows) -> None:
    for each in rows:
        each["lat"] = each.pop("latitude")


def swap_order(rows: Rows) -> None:
    rows[3], rows[4] = rows[4], rows[3]


def unsign(rows: Rows) -> None:
    """The minus of a latitude is lost."""
    row(rows, "35.71").update(latitude=row(rows, "35.71")["latitude"].lstrip("-"))


def swap_columns(rows: Rows) -> None:
    kediri = row(rows, "35.71")
    kediri.update(latitude=kediri["longitude"], longitude=kediri["latitude"])


def copy_namesake(rows: Rows) -> None:
    """The kabupaten is given the coordinate of the kota of the same name."""
    kota = row(rows, "35.71")
    row(rows, "35.06").update(latitude=kota["latitude"], longitude=kota["longitude"])


def add_kabupaten(rows: Rows) -> None:
    rows.append({**row(rows, "96.05"), "code": "96.06", "name": "Baru", "latitude": "-1.3000"})
    rows.sort(key=lambda each: each["code"])


PLANTED = [
    ("columns", rename, "11", "*"),
    ("a blank at the end", plant("35.71", seat="Kediri "), "35.71", "seat"),
    ("no seat", plant("35.71", seat=""), "35.71", "seat"),
    ("too few decimals", plant("35.71", latitude="-7.81"), "35.71", "latitude"),
    ("a decimal comma", plant("35.71", longitude="112,0167"), "35.71", "longitude"),
    ("out of order", swap_order, "11.03", "code"),
    ("a code twice", lambda rows: rows.insert(1, dict(rows[0])), "11", "code"),
    ("a code without its dot", plant("35.71", code="3571"), "3571", "code"),
    ("a kabupaten with a kota's code", plant("35.71", kind="kabupaten"), "35.71", "kind"),
    ("a code between the ranges", plant("96.05", code="96.70"), "96.70", "kind"),
    ("under another province", plant("35.71", province_code="33"), "35.71", "province_code"),
    ("a kota lost", drop("35.71"), "*", "kind"),
    ("a kabupaten lost", drop("35.06"), "35", "code"),
    ("a kabupaten too many", add_kabupaten, "96", "code"),
    ("the kind in the name", plant("35.71", name="Kota Kediri"), "35.71", "name"),
    ("two of one name", plant("35.72", name="Kediri"), "35.72", "name"),
    ("no source", plant("35.71", coordinate_source="seen on a map"), "35.71", "coordinate_source"),
    ("by hand, by nobody", plant("11.01", coordinate_source="hand: "), "11.01", "coordinate_source"),
    ("GeoNames without an id", plant("35.71", geonames_id=""), "35.71", "coordinate_source"),
    ("no day", plant("35.71", checked_on="21/11/2026"), "35.71", "checked_on"),
    ("outside the country", plant("35.71", longitude="142.0000"), "35.71", "longitude"),
    ("swapped columns", swap_columns, "35.71", "latitude"),
    ("a lost minus", unsign, "35.71", "latitude"),
    ("in the next province", plant("35.71", longitude="110.3690"), "35.71", "longitude"),
    ("another clock", plant("35.71", time_zone="Asia/Makassar"), "35.71", "time_zone"),
    ("a clock nobody has", plant("62.01", time_zone="Asia/Jakarta"), "62.01", "time_zone"),
    ("another island group", plant("51", island_group="JW"), "51", "island_group"),
    ("in the sea", plant("35.71", latitude="-5.9000", longitude="112.9000"), "35.71", "latitude"),
    ("far from all neighbours", plant("35.29", latitude="-5.4300", longitude="114.4500"), "35.29", "longitude"),
    ("the namesake's coordinate", copy_namesake, "35.06", "longitude"),
    ("an exception no longer needed", plant("31.01", latitude="-6.1000", longitude="106.9000"), "31.01", "*"),
]


def test_nothing_is_wrong_with_the_real_file():
    assert find_faults(real(), read_known()) == []


@pytest.mark.parametrize(("fault", "code", "column"), [entry[1:] for entry in PLANTED], ids=[e[0] for e in PLANTED])
def test_a_planted_fault_is_found_in_its_row_and_column(fault, code, column):
    rows = real()

    fault(rows)

    assert (code, column) in {(found.code, found.column) for found in find_faults(rows, read_known())}


def test_a_fault_is_told_with_file_row_and_column():
    assert str(Fault("35.71", "latitude", "is wrong")) == "regions.csv:35.71:latitude: is wrong"


def test_without_its_exception_an_unusual_seat_is_a_fault():
    for check, code in sorted(read_exceptions()):
        known = read_known()
        fewer = type(known)(**{**vars(known), "exceptions": known.exceptions - {(check, code)}})

        found = find_faults(real(), fewer)

        assert [(fault.code, fault.what.partition(":")[0]) for fault in found] == [(code, check)]


def test_an_exception_needs_a_reason(tmp_path, monkeypatch):
    path = tmp_path / "known_exceptions.csv"
    path.write_text("check,code,reason\nfar,93.01, \n", encoding="utf-8")
    monkeypatch.setattr("community.places.build.make.EXCEPTIONS", path)

    with pytest.raises(ValueError, match=r"93\.01"):
        read_exceptions()


def test_an_exception_excuses_its_own_check_and_row_only():
    faults = [Fault("1", "latitude", "land: none"), Fault("1", "longitude", "far: 200 km")]

    assert list(excuse(faults, frozenset({("far", "1")}))) == [faults[0]]


@pytest.mark.parametrize("place", [(-6.2, 106.85), (-8.65, 115.2), (0.5, 117.5)])
def test_the_mask_knows_land(place):
    assert is_land_near(*place, 0)


@pytest.mark.parametrize("place", [(-5.0, 110.0), (-9.5, 107.0), (-6.5, 125.0)])
def test_the_mask_knows_open_sea(place):
    assert not is_land_near(*place, 20)


def test_the_coast_is_near_from_a_little_way_out():
    assert not is_land_near(-8.92, 115.15, 1)
    assert is_land_near(-8.92, 115.15, 12)


def test_a_lost_minus_is_found_for_nine_seats_in_ten():
    rows = real()
    south = {each["code"] for each in rows if each["latitude"].startswith("-")}
    for each in rows:
        each["latitude"] = each["latitude"].lstrip("-")

    found = {fault.code for fault in find_faults(rows, read_known())} & south

    assert len(found) > 0.9 * len(south) > 300


@pytest.mark.parametrize("place", [(6.5, 120.0), (-11.49, 120.0), (-6.0, 141.49), (5.9, 94.51), (48.2, 16.4)])
def test_edges_and_the_rest_of_the_world_can_be_asked_too(place):
    assert is_land_near(*place, 4) in (True, False)


def test_building_again_gives_the_same_bytes():
    again = write_text(make_rows(read_rows(SOURCE), cities()))

    assert again.encode() == REGIONS.read_bytes()


def test_the_order_of_the_source_does_not_matter():
    source = read_rows(SOURCE)

    assert make_rows(source[::-1], cities()) == make_rows(source, cities())


def test_an_id_geonames_does_not_have_stops_the_build():
    source = read_rows(SOURCE)
    source[0]["geonames_id"] = "1"

    with pytest.raises(KeyError):
        make_rows(source, cities())


def test_differences_in_geonames_clocks_are_told():
    told = list(tell_differences(real(), cities()))

    assert [line[:5] for line in told] == ["62.03"]


def test_the_file_ends_lines_with_lf_and_has_no_byte_order_mark():
    body = REGIONS.read_bytes()

    assert b"\r" not in body
    assert body.startswith(b"code,")
    assert len(list(csv.reader(body.decode().splitlines()))) == 553


def test_land_within_four_kilometres_is_asked_of_every_row():
    asked: list[float] = []

    def nowhere(latitude: float, longitude: float, within_km: float) -> bool:
        asked.append(within_km)
        return False

    assert len(list(check_land(real(), nowhere))) == 552
    assert set(asked) == {4.0}

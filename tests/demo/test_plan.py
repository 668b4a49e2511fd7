"""The demo as drawn, without a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import phonenumbers
import pytest

from community.demo.rules import words
from community.demo.rules.plan import SEED, make_plan, share_out
from community.demo.rules.shapes import COLUMNS, City, Plan
from community.piccolo_app import all_tables
from community.places import service as places

TODAY = date(2026, 11, 23)


def cities() -> list[City]:
    regions = [places.show(code) for code in words.CITY_CODES]
    return [City(it.code, it.name, it.latitude, it.longitude, it.time_zone) for it in regions]


@cache
def the_plan() -> Plan:
    return make_plan(SEED, TODAY, TODAY, cities())


def records(table: str) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS[table].split(), row, strict=True)) for row in the_plan().rows[table]]


def test_the_same_seed_and_day_give_the_same_rows_and_another_seed_gives_others():
    assert make_plan(SEED, TODAY, TODAY, cities()) == the_plan()
    assert make_plan(SEED + 1, TODAY, TODAY, cities()).rows["person"] != the_plan().rows["person"]


def test_sizes_are_those_of_a_network_and_every_province_has_a_chapter():
    open_spells = [row for row in records("membership") if row["left_on"] is None]
    provinces = {row["region_code"][:2] for row in records("chapter_region")}

    assert len(records("chapter")) == 72
    assert len(records("ranger_spell")) == 200
    assert len(open_spells) == 6_000
    assert len(records("membership")) > 6_300  # some have left
    assert len(provinces) == 38


def test_every_required_column_of_every_table_is_filled():
    tables = {table._meta.tablename: table for table in all_tables()}
    for name, listed in COLUMNS.items():
        given = set(listed.split())
        columns = {column._meta.name: column for column in tables[name]._meta.columns}
        assert given <= set(columns), name
        for column, row_values in zip(listed.split(), zip(*the_plan().rows[name], strict=True), strict=True):
            assert columns[column]._meta.null or None not in row_values, f"{name}.{column}"


def test_nobody_could_be_taken_for_a_real_person():
    for person in records("person"):
        assert person["is_demo"]
        assert person["name"].endswith("-Demo")
        assert not phonenumbers.is_valid_number(phonenumbers.parse(person["phone"]))
        assert person["email"] is None or person["email"].endswith("@demo.example")


def test_phones_addresses_codes_and_slugs_are_given_once():
    for table, column in (
        ("person", "phone"),
        ("event", "code"),
        ("chapter", "slug"),
        ("store", "marketplace_store_id"),
    ):
        counts = Counter(row[column] for row in records(table))
        assert max(counts.values()) == 1, f"{table}.{column}"


def test_seats_are_never_oversold_and_nobody_waits_beside_a_free_seat():
    capacity = {row["id"]: row["capacity"] for row in records("event")}
    states: dict[Any, Counter[str]] = defaultdict(Counter)
    for rsvp in records("rsvp"):
        states[rsvp["event"]][rsvp["state"]] += 1

    for event, counted in states.items():
        assert counted["going"] <= capacity[event]
        assert counted["waitlisted"] == 0 or counted["going"] == capacity[event]
    assert any(counted["waitlisted"] for counted in states.values())


def test_replaying_the_changes_gives_each_rsvp():
    last = {}
    for change in records("rsvp_change"):
        assert change["from_state"] == last.get(change["rsvp"], (None,))[0]
        last[change["rsvp"]] = (change["to_state"], change["party_size"], change["queue_no"])
    assert last == {row["id"]: (row["state"], row["party_size"], row["queue_no"]) for row in records("rsvp")}


def test_the_door_stands_open_tonight_with_42_names():
    home = the_plan().home
    evening = datetime(2026, 11, 23, 12, tzinfo=UTC)  # 19.00 WIB
    tonight = [row for row in records("event") if row["chapter"] == home and row["starts_at"] == evening]

    assert [row["state"] for row in tonight] == ["published"]
    going = [row for row in records("rsvp") if row["event"] == tonight[0]["id"] and row["state"] == "going"]
    assert len(going) == 42


@pytest.mark.parametrize("tonight", [TODAY, TODAY + timedelta(days=1)])
def test_one_kopdar_of_the_evening_before_the_door_waits_to_be_closed(tonight: date):
    plan = make_plan(SEED, TODAY, tonight, cities())
    events = [dict(zip(COLUMNS["event"].split(), row, strict=True)) for row in plan.rows["event"]]
    doors_open = datetime.combine(tonight, time(12), UTC)  # 19.00 WIB
    open_before = [row for row in events if row["state"] == "published" and row["ends_at"] < doors_open]

    assert [row["chapter"] for row in open_before] == [plan.home]
    assert doors_open - open_before[0]["ends_at"] == timedelta(hours=22)


def test_about_twelve_events_are_coming_and_some_are_drafts():
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    coming = [row for row in records("event") if row["state"] == "published" and row["starts_at"] > now]
    drafts = [row for row in records("event") if row["state"] == "draft"]

    assert 10 <= len(coming) <= 14
    assert 3 <= len(drafts) <= 8
    assert min(row["starts_at"] for row in records("event")) > now - timedelta(days=24 * 31)


def test_spells_of_one_person_in_one_chapter_never_overlap_and_nothing_lies_in_the_future():
    open_spells = Counter((row["person"], row["chapter"]) for row in records("membership"))
    assert max(open_spells.values()) == 1
    for row in records("membership"):
        assert row["joined_on"] <= TODAY
        assert row["left_on"] is None or row["joined_on"] <= row["left_on"] <= TODAY


@pytest.mark.parametrize(("total", "weights", "least"), [(200, [5, 3, 1], 1), (7, [1] * 7, 1), (10, [0.1, 9.9], 2)])
def test_shares_add_up_and_none_is_under_the_least(total: int, weights: list[float], least: int):
    shares = share_out(total, weights, least=least)

    assert sum(shares) == total
    assert min(shares) >= least


def test_more_asked_than_there_is_to_share_is_refused():
    with pytest.raises(ValueError, match="less to share out"):
        share_out(2, [1, 1, 1], least=1)

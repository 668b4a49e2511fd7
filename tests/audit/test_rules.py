"""One link of the chain, and what an entry may say."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.audit.rules import GENESIS, Fault, canonical, find_faults, first_id, link, refuse_values
from community.kit.ids import uuid7

ENTRY: dict[str, Any] = {
    "id": UUID(int=1),
    "at": datetime(2026, 11, 23, 3, 0, 0, 123456, tzinfo=UTC),
    "actor_kind": "person",
    "actor_id": UUID(int=2),
    "action": "event.publish",
    "object_kind": "event",
    "object_id": "AAAA2222",
    "subject_id": None,
    "chapter_id": None,
    "reason": None,
    "detail": '{"fields": ["title"], "count": 2}',
    "request_id": None,
}


def chain(count: int) -> list[dict[str, Any]]:
    rows, head = [], GENESIS
    for seq in range(1, count + 1):
        entry = ENTRY | {"id": UUID(int=seq)}
        made = link(head, entry)
        rows.append(entry | {"seal_seq": seq, "prev_hash": head, "hash": made})
        head = made
    return rows


def faults(rows: list[dict[str, Any]]) -> list[Fault]:
    return find_faults(rows, seq=0, head=GENESIS)[0]


def test_the_same_instant_in_another_zone_is_the_same_entry() -> None:
    there = ENTRY["at"].astimezone(timezone(timedelta(hours=7)))

    assert canonical(ENTRY | {"at": there}) == canonical(ENTRY)


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical(ENTRY | {"detail": '{"count":2,"fields":["title"]}'}) == canonical(ENTRY)


def test_an_untouched_chain_has_no_faults() -> None:
    assert faults(chain(5)) == []


@given(st.integers(0, 4), st.sampled_from(["action", "object_id", "reason", "detail", "actor_kind", "request_id"]))
def test_a_changed_field_is_found_where_it_is(position: int, name: str) -> None:
    rows = chain(5)
    rows[position][name] = '{"count": 3}' if name == "detail" else "changed"

    assert faults(rows) == [Fault(position + 1, "changed")]


def test_a_removed_entry_is_found() -> None:
    rows = chain(5)
    rows[2]["id"] = None

    assert faults(rows) == [Fault(3, "missing")]


def test_a_removed_seal_is_found() -> None:
    rows = chain(5)
    del rows[2]

    assert faults(rows) == [Fault(3, "gap"), Fault(4, "fork")]


def test_a_chain_begun_anew_is_found() -> None:
    assert faults(chain(5)[1:])[0] == Fault(1, "gap")


def test_the_head_says_where_the_tail_was_cut() -> None:
    _none, seq, head = find_faults(chain(5)[:3], seq=0, head=GENESIS)

    assert (seq, head) == (3, chain(5)[2]["hash"])
    assert head != chain(5)[4]["hash"]


@pytest.mark.parametrize("value", [1.5, [1, 2.5], b"x", object(), "alice@contoh.example", "x" * 101, {"deep": 0.5}])
def test_what_is_no_name_or_count_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="audit detail"):
        refuse_values({"field": value})


def test_names_counts_ids_and_days_are_fine() -> None:
    refuse_values(
        {
            "fields": ["title", "starts_at"],
            "rows": 300,
            "ok": True,
            "id": UUID(int=1),
            "on": date(2026, 1, 1),
            "no": None,
        }
    )


def test_the_first_id_of_an_instant_sorts_before_all_drawn_then_and_after_all_before() -> None:
    before = uuid7()
    time.sleep(0.002)
    at = datetime.now(UTC)
    time.sleep(0.002)

    assert before < first_id(at) < uuid7()

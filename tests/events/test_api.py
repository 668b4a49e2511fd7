"""Events and RSVPs over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from community.kit.db import rows
from tests.events.conftest import Town
from tests.factories import NOW, make_event, make_person, make_rsvp


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def test_a_ranger_drafts_publishes_changes_and_cancels(
    town: Town, as_token: Any, client: httpx.AsyncClient
) -> None:
    alice = await as_token(town.alice)
    slug = (await town.read()).chapter_slug
    body = {
        "chapter": slug,
        "title": "Kopdar lewat API",
        "starts_at": "2026-12-05T19:00:00+07:00",
        "ends_at": "2026-12-05T21:00:00+07:00",
        "place_name": "Warung Contoh",
        "capacity": 30,
    }

    made = await alice.post("/api/v1/events", json=body, headers=key())
    path = f"/api/v1/events/{made.json()['code']}"
    hidden = await client.get(path)
    published = await alice.post(f"{path}/publish", json={}, headers=key())
    seen = await client.get(path)
    patched = await alice.patch(
        path, json={"starts_at": "2026-12-06T10:00:00+07:00"}, headers={"If-Match": published.headers["etag"]}
    )
    stale = await alice.patch(path, json={"title": "Lain", "version": 1})
    postponed = await alice.post(f"{path}/postpone", json={"reason": "Banjir"}, headers=key())
    cancelled = await alice.post(f"{path}/cancel", json={"reason": "Banjir"}, headers=key())
    again = await alice.post(f"{path}/publish", json={}, headers=key())

    assert (made.status_code, hidden.status_code, published.status_code) == (201, 404, 200)
    assert seen.json()["starts_at"] == "2026-12-05T12:00:00Z"
    assert seen.json()["time_zone"] == "Asia/Jakarta"
    assert patched.json()["ends_at"] == "2026-12-06T05:00:00Z"
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert stale.json()["current"]["title"] == "Kopdar lewat API"
    assert [answer.json()["state"] for answer in (postponed, cancelled)] == ["postponed", "cancelled"]
    assert (again.status_code, again.json()["code"]) == (409, "event_state")


async def test_faults_are_named_by_pointer(town: Town, as_token: Any) -> None:
    alice = await as_token(town.alice)
    slug = (await town.read()).chapter_slug
    body = {"chapter": slug, "title": "X", "starts_at": "2026-12-05T19:00:00+07:00", "ends_at": "besok", "owner": 1}

    answer = await alice.post("/api/v1/events", json=body, headers=key())

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/title", "/ends_at", "/owner"}


async def test_seats_queue_and_release_over_the_api(town: Town, as_token: Any) -> None:
    code = await town.code()
    path = f"/api/v1/events/{code}/rsvp"
    people = [await as_token(person) for person in (town.bob, town.charlie, await make_person())]

    answers = [await person.put(path, json={}) for person in people]
    repeated = await people[2].put(path, json={})
    released = await people[0].delete(path)
    moved_up = await people[2].put(path, json={})

    assert [answer.json()["state"] for answer in answers] == ["going", "going", "waitlisted"]
    assert repeated.json() == answers[2].json()
    assert answers[2].json()["place"] == 1
    assert released.json()["state"] == "cancelled"
    assert moved_up.json()["state"] == "going"
    assert len(await rows("select 1 from rsvp_change")) == 5  # three joins, one cancel, one seat given


async def test_rangers_see_names_pick_and_remove_and_others_see_nothing(town: Town, as_token: Any) -> None:
    code = await town.code()
    alice, bob = await as_token(town.alice), await as_token(town.bob)
    await make_rsvp(town.event, town.bob, name_given="Bob Contoh")
    await make_rsvp(town.event, town.charlie, name_given="Charlie Contoh")
    waiting = await make_rsvp(town.event, await make_person(), state="waitlisted")
    path = f"/api/v1/events/{code}/rsvps"

    listed = await alice.get(path)
    full = await alice.post(f"{path}/{waiting}/pick", json={}, headers=key())
    seat = next(item["id"] for item in listed.json()["items"] if item["name"] == "Bob Contoh")
    removed = await alice.post(f"{path}/{seat}/remove", json={"reason": "Minta sendiri"}, headers=key())
    joins = await bob.put(f"/api/v1/events/{code}/rsvp", json={})

    assert (await bob.get(path)).status_code == 404
    assert (full.status_code, full.json()["code"]) == (409, "does_not_fit")
    assert removed.json()["state"] == "removed"
    assert (joins.status_code, joins.json()["code"]) == (409, "rsvp_removed")
    assert {item["state"] for item in (await alice.get(path)).json()["items"]} == {"going", "removed"}
    assert "081" not in listed.text


async def test_an_rsvp_of_another_event_is_not_found_here(town: Town, as_token: Any) -> None:
    other = await make_event(town.chapter, "Lain")
    rsvp = await make_rsvp(other, town.bob, state="waitlisted")
    alice, code = await as_token(town.alice), await town.code()

    answer = await alice.post(f"/api/v1/events/{code}/rsvps/{rsvp}/pick", json={}, headers=key())

    assert answer.status_code == 404


async def test_a_smaller_capacity_names_who_is_going(town: Town, as_token: Any) -> None:
    alice, code = await as_token(town.alice), await town.code()
    await make_rsvp(town.event, town.bob, name_given="Bob Contoh")
    second = await make_rsvp(town.event, town.charlie, name_given="Charlie Contoh")
    path = f"/api/v1/events/{code}/capacity"

    refused = await alice.post(path, json={"capacity": 1}, headers=key())
    moved = await alice.post(path, json={"capacity": 1, "move_back": [str(second)]}, headers=key())

    assert (refused.status_code, refused.json()["code"]) == (409, "capacity_below_going")
    assert [going["name"] for going in refused.json()["current"]["going"]] == ["Bob Contoh", "Charlie Contoh"]
    assert moved.json()["capacity"] == 1


async def test_a_batch_of_scans_is_answered_for_each_nonce(town: Town, as_token: Any) -> None:
    alice, bob, code = await as_token(town.alice), await as_token(town.bob), await town.code()
    rsvp = await make_rsvp(town.event, town.bob, name_given="Bob Contoh")
    at = (NOW - timedelta(minutes=5)).isoformat()
    mark = {"nonce": str(uuid4()), "scanned_at": at, "rsvp": str(rsvp)}
    batch = {
        "sent_at": NOW.isoformat(),
        "scans": [
            mark,
            {"nonce": str(uuid4()), "scanned_at": at, "token": "A" * 43},
            {"nonce": str(uuid4()), "scanned_at": at, "name": "Tamu Baru", "phone": "0812 1111 2222"},
            {"nonce": str(uuid4()), "scanned_at": "kemarin", "rsvp": str(rsvp)},
            {"nonce": str(uuid4()), "scanned_at": at, "rsvp": str(uuid4())},
        ],
    }
    path = f"/api/v1/events/{code}/scans"

    first = await alice.post(path, json=batch)
    again = await alice.post(path, json=batch)
    undo = {"nonce": str(uuid4()), "scanned_at": at, "kind": "undo", "undoes": [mark["nonce"]]}
    undone = await alice.post(path, json={"sent_at": NOW.isoformat(), "scans": [undo]})

    results = [item["result"] for item in first.json()["items"]]
    assert results == ["accepted", "unknown_token", "accepted", "not_valid", "unknown_token"]
    assert again.json()["items"][0]["result"] == "duplicate"
    assert undone.json()["items"][0]["result"] == "accepted"
    roster = await alice.get(f"/api/v1/events/{code}/roster")
    assert {row["name"]: row["arrived_at"] is not None for row in roster.json()["rows"]} == {
        "Bob Contoh": False,
        "Tamu Baru": True,
    }
    assert "1111" not in roster.text
    assert (await bob.post(path, json=batch)).status_code == 404


async def test_the_list_pages_by_cursor(town: Town, client: httpx.AsyncClient) -> None:
    for day in range(1, 4):
        await make_event(town.chapter, f"Kopdar {day}", starts_at=NOW + timedelta(days=20 + day))

    first = (await client.get("/api/v1/events?limit=3")).json()
    second = (await client.get(f"/api/v1/events?limit=3&after={first['next']}")).json()
    broken = await client.get("/api/v1/events?after=nonsense")

    assert [item["title"] for item in first["items"]] == ["Kopdar Contoh #1", "Kopdar 1", "Kopdar 2"]
    assert [item["title"] for item in second["items"]] == ["Kopdar 3"]
    assert second["next"] is None
    assert broken.status_code == 400


async def test_a_clone_has_the_next_number_and_nobodys_rsvp(town: Town, as_token: Any) -> None:
    alice, code = await as_token(town.alice), await town.code()
    await make_rsvp(town.event, town.bob)

    answer = await alice.post(
        f"/api/v1/events/{code}/clone", json={"starts_at": "2026-12-19T19:00:00+07:00"}, headers=key()
    )

    made = answer.json()
    assert (answer.status_code, made["state"], made["title"]) == (201, "draft", "Kopdar Contoh #2")
    assert made["ends_at"] == "2026-12-19T14:00:00Z"
    assert len(await rows("select 1 from rsvp")) == 1

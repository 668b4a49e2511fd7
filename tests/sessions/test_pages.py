"""Sessions: on the event's page, on their own, and over the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio

from community.kit.db import rows
from tests.events.conftest import Town, make_town
from tests.factories import make_event, make_session

TYPED = {"title": "Foto produk pakai HP", "topic": "product_photography", "minutes": "45"}


@pytest_asyncio.fixture(loop_scope="session")
async def town(db: None) -> Town:
    return await make_town()


async def test_a_ranger_adds_changes_and_removes_a_session(
    town: Town, as_person: Any, client: httpx.AsyncClient
) -> None:
    alice, code = await as_person(town.alice), await town.code()
    speaker = {"speaker": "Ibu Contoh", "speaker_consent": "yes"}

    added = await alice.post(f"/events/{code}/sessions/new", data={**TYPED, **speaker, "_key": str(uuid4())})
    session = (await rows("select id from session"))[0]["id"]
    page = await client.get(f"/sessions/{session}")
    event = await client.get(f"/events/{code}")
    changed = await alice.post(f"/sessions/{session}/edit", data={**TYPED, "title": "Foto malam", "version": "1"})
    stale = await alice.post(f"/sessions/{session}/edit", data={**TYPED, "title": "Lain", "version": "1"})
    form = await alice.get(f"/sessions/{session}/edit")
    removed = await alice.post(f"/sessions/{session}/remove", data={})

    assert added.headers["location"] == f"/events/{code}"
    assert "Ibu Contoh" in page.text
    assert "Foto produk pakai HP" in event.text
    assert (changed.status_code, stale.status_code, removed.status_code) == (303, 409, 303)
    assert 'value="Foto malam"' in form.text
    assert (await client.get(f"/sessions/{session}")).status_code == 404


async def test_a_speaker_who_did_not_agree_is_not_named(town: Town, as_person: Any, client: httpx.AsyncClient) -> None:
    alice, code = await as_person(town.alice), await town.code()

    await alice.post(f"/events/{code}/sessions/new", data={**TYPED, "speaker": "Ibu Contoh", "_key": str(uuid4())})
    session = (await rows("select id from session"))[0]["id"]

    assert "Ibu Contoh" not in (await client.get(f"/sessions/{session}")).text
    assert "Ibu Contoh" not in (await client.get(f"/events/{code}")).text
    assert (await client.get(f"/api/v1/sessions/{session}")).json()["speakers"] == []


async def test_charlie_can_add_nothing_and_read_no_session_of_a_draft(town: Town, as_person: Any) -> None:
    draft = await make_event(town.chapter, "Rapat", state="draft", published_at=None)
    hidden = await make_session(draft)
    charlie, code = await as_person(town.charlie), await town.code()

    assert (await charlie.get(f"/events/{code}/sessions/new")).status_code == 404
    assert (await charlie.post(f"/events/{code}/sessions/new", data={**TYPED, "_key": str(uuid4())})).status_code == 404
    assert (await charlie.get(f"/sessions/{hidden}")).status_code == 404
    assert (await charlie.get("/sessions/not-an-id")).status_code == 404


async def test_the_list_finds_sessions_by_topic(town: Town, client: httpx.AsyncClient) -> None:
    await make_session(town.event, "Memotret mangga")
    await make_session(town.event, "Menghitung ongkos", topic="pricing")

    found = await client.get("/sessions?topic=pricing")
    all_of_them = await client.get("/sessions")

    assert "Menghitung ongkos" in found.text
    assert "Memotret mangga" not in found.text
    assert "Memotret mangga" in all_of_them.text


async def test_sessions_over_the_api(town: Town, client: httpx.AsyncClient, as_token: Any) -> None:
    alice, bob, code = await as_token(town.alice), await as_token(town.bob), await town.code()
    body = {"event": code, "title": "Foto produk", "topic": "product_photography"}
    speakers = [{"name": "Ibu Contoh", "consent": True}]

    wrong = await bob.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": str(uuid4())})
    made = await alice.post(
        "/api/v1/sessions", json={**body, "speakers": speakers}, headers={"Idempotency-Key": str(uuid4())}
    )
    path = f"/api/v1/sessions/{made.json()['id']}"
    patched = await alice.patch(path, json={"minutes": 30}, headers={"If-Match": made.headers["etag"]})
    stale = await alice.patch(path, json={"minutes": 90, "version": 1})
    listed = await client.get(f"/api/v1/sessions?event={code}")
    gone = await alice.delete(path)

    assert (wrong.status_code, made.status_code, patched.status_code, gone.status_code) == (404, 201, 200, 204)
    assert patched.json()["speakers"] == ["Ibu Contoh"]
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert [item["minutes"] for item in listed.json()["items"]] == [30]
    assert (await client.get(path)).status_code == 404


async def test_an_unknown_topic_or_a_thirteenth_session_is_refused(town: Town, as_token: Any) -> None:
    alice, code = await as_token(town.alice), await town.code()
    for number in range(12):
        await make_session(town.event, f"Sesi {number}")
    body = {"event": code, "title": "Satu lagi", "topic": "product_photography"}

    unknown = await alice.post(
        "/api/v1/sessions", json={**body, "topic": "cooking"}, headers={"Idempotency-Key": str(uuid4())}
    )
    many = await alice.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": str(uuid4())})

    assert (unknown.status_code, many.status_code) == (400, 409)
    assert unknown.json()["errors"][0]["pointer"] == "/topic"
    assert many.json()["code"] == "too_many_sessions"

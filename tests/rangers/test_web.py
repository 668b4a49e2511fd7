"""Pages and API of Rangers, through the whole application."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from community.kit.db import first, rows
from community.members import service as members
from tests.factories import make_chapter, make_member, make_person, make_profile, make_ranger

pytestmark = pytest.mark.usefixtures("db")
REACH = {
    "region_text": "Kota Surabaya, Jawa Timur",
    "reach_minutes": "",
    "load_limit": "5",
    "quiet_from": "22.00",
    "quiet_to": "06:30",
    "version": "1",
}


async def test_a_member_is_proposed_from_the_list_and_says_yes(as_person: Any) -> None:
    chapter_id = await make_chapter("Komunitas Anggrek", slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id))
    bob_id = await make_member(chapter_id, "Bob Contoh")
    bob = await as_person(bob_id)
    membership = (await members.spells(bob_id))[0].id
    page = await ranger.get(f"/chapters/anggrek/rangers?member={membership}")
    assert "Peran untuk Bob Contoh" in page.text

    refused = await ranger.post("/chapters/anggrek/rangers", data={"member_id": str(membership)})
    assert refused.status_code == 400
    assert "Peran untuk Bob Contoh" in refused.text
    sent = {"member_id": str(membership), "kind": "deputy"}
    assert (await ranger.post("/chapters/anggrek/rangers", data=sent)).status_code == 303
    assert "menunggu jawaban" in (await ranger.get("/chapters/anggrek/rangers")).text
    assert "Komunitas Anggrek" in (await bob.get("/me/ranger")).text
    spell = await first("select id from ranger_spell where accepted_at is null")
    assert spell is not None
    address = f"/me/ranger/proposals/{spell['id']}"
    no_promise = await bob.post(f"{address}/accept", data={})
    assert no_promise.status_code == 400
    assert "Centang janji bersama" in no_promise.text
    accepted = await bob.post(f"{address}/accept", data={"conduct": "yes"})

    assert accepted.headers["location"] == "/chapters/anggrek/manage"
    assert (await bob.get("/chapters/anggrek/manage")).status_code == 200


async def test_who_says_no_is_thanked_and_gets_no_right(as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id))
    bob_id = await make_member(chapter_id)
    bob = await as_person(bob_id)
    membership = (await members.spells(bob_id))[0].id
    await ranger.post("/chapters/anggrek/rangers", data={"member_id": str(membership), "kind": "ranger"})
    spell = await first("select id from ranger_spell where accepted_at is null")
    assert spell is not None

    assert (await bob.post(f"/me/ranger/proposals/{spell['id']}/decline")).status_code == 303
    assert (await bob.post(f"/me/ranger/proposals/{spell['id']}/decline")).status_code == 404
    assert (await bob.get("/chapters/anggrek/manage")).status_code == 404


async def test_a_ranger_stops_by_one_tap_and_the_page_looks_for_another(as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id))

    renewed = await ranger.post("/chapters/anggrek/rangers/renew")
    assert renewed.status_code == 303
    assert "1 Januari 2028" in (await ranger.get("/chapters/anggrek/rangers")).text
    assert (await ranger.post("/chapters/anggrek/rangers/renew")).status_code == 409
    assert (await ranger.post("/chapters/anggrek/rangers/stop")).headers["location"] == "/chapters/anggrek"

    page = (await ranger.get("/chapters/anggrek")).text
    assert "mencari Ranger" in page
    assert "Beristirahat" in page


async def test_the_own_profile_is_kept_as_typed_when_refused(as_person: Any) -> None:
    person_id = await make_ranger(await make_chapter())
    ranger = await as_person(person_id)
    skills: dict[str, Any] = {"topics": ["pricing", "speaking"], "languages": ["id", "jv"], "version": "1"}

    assert (await ranger.post("/me/ranger/skills", data=skills)).status_code == 303
    stale = await ranger.post("/me/ranger/skills", data=skills)
    assert stale.status_code == 409
    assert 'value="pricing" checked' in " ".join(stale.text.split())
    for changes, words in (
        ({"region_text": "Kediri"}, "Yang mana maksud Anda?"),
        ({"load_limit": "11"}, "antara 0 dan 10"),
        ({"quiet_from": "25.00"}, "sebagai jam"),
    ):
        answer = await ranger.post("/me/ranger/reach", data={**REACH, "version": "2", **changes})
        assert answer.status_code == 400
        assert words in answer.text
    assert (await ranger.post("/me/ranger/reach", data={**REACH, "version": "2"})).status_code == 303

    found = await first("select home_region, reach_minutes, load_limit, quiet_from::text from ranger_profile")
    assert found == {"home_region": "35.78", "reach_minutes": None, "load_limit": 5, "quiet_from": "22:00:00"}


async def test_leaves_and_permissions_are_given_and_taken_back(as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id, "Alice Contoh"))

    wrong = await ranger.post("/me/ranger/leaves", data={"first_on": "2026-12-05", "last_on": "2026-12-01"})
    assert wrong.status_code == 400
    assert 'value="2026-12-05"' in wrong.text
    sent = {"first_on": "2026-12-01", "last_on": "2026-12-05"}
    assert (await ranger.post("/me/ranger/leaves", data=sent)).status_code == 303
    assert "Selasa, 1 Desember 2026" in (await ranger.get("/me/ranger")).text
    leave = await first("select id from leave")
    assert leave is not None
    assert (await ranger.post(f"/me/ranger/leaves/{leave['id']}/withdraw")).status_code == 303
    assert "Alice Contoh" not in (await ranger.get("/chapters/anggrek")).text
    agreed = {"purpose": "ranger_named_on_page", "given": "yes"}
    assert (await ranger.post("/me/ranger/consents", data=agreed)).status_code == 303
    assert "Alice Contoh" in (await ranger.get("/chapters/anggrek")).text
    assert (await ranger.post("/me/ranger/consents", data={**agreed, "given": ""})).status_code == 303
    assert "Alice Contoh" not in (await ranger.get("/chapters/anggrek")).text


async def test_somebody_who_is_no_ranger_finds_an_empty_page(as_person: Any) -> None:
    person = await as_person(await make_person())

    assert "belum bertugas" in (await person.get("/me/ranger")).text
    assert (await person.post("/me/ranger/reach", data=REACH)).status_code == 404


async def test_the_api_shows_and_changes_ones_own_profile(as_token: Any) -> None:
    person_id = await make_ranger(await make_chapter(slug="anggrek"))
    other_id = await make_person()
    await make_profile(other_id)
    ranger = await as_token(person_id)
    address = f"/api/v1/rangers/{person_id}/profile"

    shown = await ranger.get(address)
    assert (shown.json()["load_limit"], shown.headers["etag"]) == (3, '"1"')
    assert (await ranger.get(f"/api/v1/rangers/{other_id}/profile")).status_code == 404
    assert (await ranger.patch(address, json={"load_limit": 1})).status_code == 400
    changed = await ranger.patch(address, json={"load_limit": 1, "reach_minutes": 60}, headers={"If-Match": '"1"'})
    assert (changed.json()["load_limit"], changed.json()["reach_minutes"], changed.json()["version"]) == (1, 60, 2)
    stale = await ranger.patch(address, json={"load_limit": 2, "version": 1})
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]) == (409, "stale_version", {"version": 2})
    cleared = await ranger.patch(address, json={"reach_minutes": None, "version": 2})
    assert cleared.json()["reach_minutes"] is None
    key = {"Idempotency-Key": str(uuid4())}
    days = {"first_on": "2026-12-01", "last_on": "2026-12-05"}
    for _ in range(2):
        taken = await ranger.post(f"/api/v1/rangers/{person_id}/leaves", json=days, headers=key)
        assert taken.status_code == 201
    assert len(await rows("select 1 from leave")) == 1

"""The pages of events: anonymous, wrong person, then the deed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from community.events import service
from community.kit.db import rows
from tests.events.conftest import Town, stamp
from tests.factories import NOW, make_event, make_rsvp

GUEST = {"name": "Tamu Contoh", "contact": "0812-3456-7890", "consent": "yes"}


async def rsvp_as_guest(client: httpx.AsyncClient, code: str, **given: str) -> httpx.Response:
    path = f"/events/{code}/rsvp"
    return await client.post(path, data={**GUEST, "_stamp": stamp(path), **given})


async def test_anybody_reads_a_published_event_and_nobody_else_a_draft(
    town: Town, client: httpx.AsyncClient, as_person: Any
) -> None:
    draft = await make_event(town.chapter, "Rapat Rahasia", state="draft", code="DRAFT234", published_at=None)

    page = await client.get(f"/events/{await town.code()}")
    hidden = await client.get("/events/DRAFT234")
    charlie = await (await as_person(town.charlie)).get("/events/DRAFT234")
    alice = await (await as_person(town.alice)).get("/events/DRAFT234")

    assert draft
    assert page.status_code == 200
    assert "Sabtu, 28 November 2026 · pukul 19.00 WIB" in page.text
    assert 'property="og:title" content="Kopdar Contoh #1 · Sab, 28 Nov"' in page.text
    assert (hidden.status_code, charlie.status_code, alice.status_code) == (404, 404, 200)
    assert "Rapat Rahasia" not in hidden.text + charlie.text


async def test_what_is_not_yours_looks_like_what_does_not_exist(town: Town, as_person: Any) -> None:
    charlie = await as_person(town.charlie)
    code = await town.code()
    for path in ("edit", "people", "published", "capacity", "finish", "cancel"):
        mine = await charlie.get(f"/events/{code}/{path}")
        nobodys = await charlie.get(f"/events/ZZZZ2222/{path}")

        assert mine.status_code == nobodys.status_code == 404
        assert without_ids(mine, code) == without_ids(nobodys, "ZZZZ2222")


def without_ids(answer: httpx.Response, code: str) -> str:
    text = answer.text.replace(code, "CODE").replace(answer.headers.get("x-request-id", "-"), "ID")
    return re.sub(r'name="_(csrf|stamp|key)" value="[^"]*"', "", text)


async def test_a_guest_answers_and_manages_it_by_the_link(town: Town, client: httpx.AsyncClient) -> None:
    code = await town.code()

    answer = await rsvp_as_guest(client, code)
    link = answer.headers["location"]
    shown = await client.get(link)
    again = await client.get(link)
    cancelled = await client.post(link, data={"deed": "cancel", "_stamp": stamp(link)})

    assert answer.status_code == 303
    assert re.fullmatch(r"/r/[\w-]{43}", link)
    assert "Anda terdaftar." in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert again.status_code == 200
    assert cancelled.status_code == 303
    assert "Anda tidak jadi datang." in (await client.get(link)).text
    stored = await rows("select state, manage_hash from rsvp")
    assert [row["state"] for row in stored] == ["cancelled"]
    assert link.removeprefix("/r/") not in str(stored)


async def test_the_same_guest_again_is_told_no_state_and_no_link(town: Town, client: httpx.AsyncClient) -> None:
    code = await town.code()
    await rsvp_as_guest(client, code)

    again = await rsvp_as_guest(client, code, name="tamu  contoh", contact="+62 812 3456 7890")
    other = await rsvp_as_guest(client, code, name="Adik Lain")

    assert again.headers["location"] == f"/events/{code}"
    assert other.headers["location"].startswith("/r/")
    assert len(await rows("select 1 from rsvp")) == 2


async def test_a_guest_who_forgets_consent_keeps_what_was_typed(town: Town, client: httpx.AsyncClient) -> None:
    answer = await rsvp_as_guest(client, await town.code(), consent="", name="Tamu <b>Contoh</b>")

    assert answer.status_code == 400
    assert "Galat: " in answer.text
    assert 'value="Tamu &lt;b&gt;Contoh&lt;/b&gt;"' in answer.text
    assert await rows("select 1 from rsvp") == []


async def test_a_robot_that_fills_the_hidden_field_changes_nothing(town: Town, client: httpx.AsyncClient) -> None:
    answer = await rsvp_as_guest(client, await town.code(), _hp="spam")

    assert answer.status_code == 303
    assert await rows("select 1 from rsvp") == []


async def test_a_full_event_tells_the_place_in_the_queue(town: Town, client: httpx.AsyncClient) -> None:
    code = await town.code()
    await make_rsvp(town.event, town.bob)
    await make_rsvp(town.event, town.charlie)

    page = await client.get(f"/events/{code}")
    link = (await rsvp_as_guest(client, code)).headers["location"]

    assert "Daftar tunggu" in page.text
    assert "Masuk daftar tunggu" in page.text
    assert "Anda di daftar tunggu, nomor 1." in (await client.get(link)).text


async def test_a_signed_in_person_answers_with_one_button(town: Town, as_person: Any) -> None:
    bob, code = await as_person(town.bob), await town.code()

    answer = await bob.post(f"/events/{code}/rsvp", data={})
    page = await bob.get(f"/events/{code}")
    back = await bob.post(f"/events/{code}/rsvp/cancel", data={})

    assert answer.status_code == 303
    assert "Anda terdaftar" in page.text
    assert back.status_code == 303
    assert "Kopdar saya" in (await bob.get("/me/rsvps")).text


async def test_a_ranger_makes_a_kopdar_from_the_last_one_and_a_double_tap_makes_one(town: Town, as_person: Any) -> None:
    alice = await as_person(town.alice)
    slug = (await town.read()).chapter_slug
    form = await alice.get(f"/events/new?chapter={slug}")
    typed = {
        "title": "Kopdar Contoh #2",
        "when": re.findall(r'name="when" value="(\d[^"]*)"', form.text)[0],
        "place": await town.code(),
        "capacity": "30",
        "topic": "product_photography",
        "chapter": slug,
        "deed": "publish",
        "_key": str(uuid4()),
    }

    first = await alice.post("/events/new", data=typed)
    second = await alice.post("/events/new", data=typed)

    assert 'value="Kopdar Contoh #2"' in form.text
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    made = await rows("select * from event where title = 'Kopdar Contoh #2'")
    assert [(row["state"], row["place_name"], row["capacity"]) for row in made] == [("published", "Warung Contoh", 30)]
    published = await alice.get(first.headers["location"])
    assert "Kopdar Anda sudah terbit." in published.text
    assert "https://wa.me/?text=" in published.text
    assert "<svg" in published.text


async def test_friday_prayer_is_a_warning_beside_the_field_and_never_blocks(town: Town, as_person: Any) -> None:
    alice = await as_person(town.alice)
    slug = (await town.read()).chapter_slug
    typed = {"title": "Kopdar Jumat", "when": "other", "when_date": "2026-11-27", "when_time": "12.00", "place": "new"}

    draft = await alice.post(
        "/events/new", data={**typed, "place_name": "Masjid Contoh", "chapter": slug, "_key": str(uuid4())}
    )
    edit = await alice.get(draft.headers["location"])
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', edit.text))
    wanted = {name: fields[name] for name in ("title", "on", "at", "minutes", "version", "place_name", "guests_max")}
    published = await alice.post(draft.headers["location"], data={**wanted, "promotion": "auto", "deed": "publish"})

    assert "salat Jumat" in edit.text
    assert "Tetap terbitkan" in edit.text
    assert published.headers["location"].endswith("/published")


async def test_an_old_version_shows_what_was_typed_and_saves_nothing(town: Town, as_person: Any) -> None:
    alice, code = await as_person(town.alice), await town.code()
    typed = {"title": "Judul Baru", "on": "2026-11-28", "at": "19:00", "minutes": "120", "place_name": "Warung Contoh"}

    first = await alice.post(f"/events/{code}/edit", data={**typed, "version": "1"})
    stale = await alice.post(f"/events/{code}/edit", data={**typed, "title": "Judul Lain", "version": "1"})

    assert first.status_code == 303
    assert stale.status_code == 409
    assert 'value="Judul Lain"' in stale.text
    assert (await town.read()).title == "Judul Baru"


async def test_the_door_marks_finds_undoes_and_never_blocks(town: Town, as_person: Any) -> None:
    alice, code = await as_person(town.alice), await town.code()
    await make_rsvp(town.event, town.bob, name_given="Bob Contoh")
    await make_rsvp(town.event, town.charlie, name_given="Hj. Charlie Contoh")

    marked = await alice.post(f"/door/{code}/in", data={"person": str(town.bob)})
    twice = await alice.post(f"/door/{code}/in", data={"person": str(town.bob)})
    page = await alice.get(f"/door/{code}")
    found = await alice.get(f"/door/{code}?q=charlie")
    undone = await alice.post(f"/door/{code}/undo", data={"person": str(town.bob)})
    after = await alice.get(f"/door/{code}")

    assert marked.status_code == twice.status_code == undone.status_code == 303
    assert "1/2" in page.text
    assert "Bob Contoh" not in found.text
    assert "Charlie Contoh" in found.text
    assert "0/2" in after.text
    assert len(await rows("select 1 from scan where kind = 'in'")) == 1


async def test_a_walk_in_hears_the_sentence_first(town: Town, as_person: Any) -> None:
    alice, code = await as_person(town.alice), await town.code()
    typed = {"name": "Tamu Baru", "phone": "0812 9876 5432"}

    refused = await alice.post(f"/door/{code}/guest", data={**typed, "_key": str(uuid4())})
    marked = await alice.post(f"/door/{code}/guest", data={**typed, "consent": "yes", "_key": str(uuid4())})
    again = await alice.post(f"/door/{code}/guest", data={**typed, "consent": "yes", "_key": str(uuid4())})

    assert refused.status_code == 400
    assert marked.status_code == again.status_code == 303
    assert "Tamu Baru" in (await alice.get(f"/door/{code}")).text
    assert len(await rows("select 1 from person where name = 'Tamu Baru'")) == 1
    consents = await rows("select channel from consent where purpose = 'rsvp_record'")
    assert [row["channel"] for row in consents] == ["door"]
    assert await rows("select 1 from membership m join person p on p.id = m.person where p.name = 'Tamu Baru'") == []


async def test_a_code_at_the_door_works_for_rangers_only_and_forged_ones_for_nobody(
    town: Town, client: httpx.AsyncClient, as_person: Any
) -> None:
    bob, alice = await as_person(town.bob), await as_person(town.alice)
    code = await town.code()
    await bob.post(f"/events/{code}/rsvp", data={})
    mine = await service.my_rsvp(town.bob, await town.read())
    assert mine
    token = await service.my_code(mine.id)
    assert token
    forged = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")

    for_all = await client.get(f"/c/{token}")
    for_alice = await alice.get(f"/c/{token}")
    wrong = await bob.post(f"/c/{token}", data={})
    right = await alice.post(f"/c/{token}", data={})

    assert "Bob Contoh" not in for_all.text
    assert "Bob Contoh" in for_alice.text
    assert wrong.status_code == 404
    assert right.status_code == 303
    assert (await alice.get(f"/c/{forged}")).status_code == 404
    assert len(token) == 43


async def test_a_cancelled_event_tells_everybody_and_stops_what_was_queued(town: Town, as_person: Any) -> None:
    alice, bob, code = await as_person(town.alice), await as_person(town.bob), await town.code()
    await bob.post(f"/events/{code}/rsvp", data={})

    question = await alice.get(f"/events/{code}/cancel")
    done = await alice.post(f"/events/{code}/cancel", data={"reason": "Hujan deras", "version": "1"})

    assert "Batalkan kopdar ini?" in question.text
    assert done.status_code == 303
    assert "Kopdar ini batal. Hujan deras" in (await bob.get(f"/events/{code}")).text
    found = await rows(
        "select n.template, d.state from notice n left join delivery d on d.notice = n.id order by n.template desc"
    )
    assert [(row["template"], row["state"]) for row in found] == [
        ("events/rsvp_going", "cancelled"),
        ("events/event_cancelled", "pending"),
    ]


async def test_selesai_counts_who_came(town: Town, as_person: Any, app: Any) -> None:
    past = datetime(2026, 11, 22, 12, tzinfo=UTC)
    event = await make_event(town.chapter, "Kopdar Kemarin", starts_at=past, code="KEMARN22")
    await make_rsvp(event, town.bob, name_given="Bob Contoh")
    alice = await as_person(town.alice)
    await alice.post("/door/KEMARN22/in", data={"person": str(town.bob)})

    form = await alice.get("/events/KEMARN22/finish")
    done = await alice.post(
        "/events/KEMARN22/finish", data={"recap": "Ramai sekali", "attendance_complete": "yes", "version": "1"}
    )

    assert "1 orang" in form.text
    assert done.status_code == 303
    assert "Ramai sekali" in (await alice.get("/events/KEMARN22")).text
    stored = await rows("select state, attendance_complete from event where code = 'KEMARN22'")
    assert stored == [{"state": "finished", "attendance_complete": True}]
    moved = await rows("select last_activity_at from chapter where id = {}", town.chapter)
    assert moved[0]["last_activity_at"] == past + timedelta(hours=2)


async def test_the_list_shows_what_comes_by_province_and_what_is_past(town: Town, client: httpx.AsyncClient) -> None:
    await make_event(town.chapter, "Kopdar Lama", starts_at=NOW - timedelta(days=9), state="finished")

    coming = await client.get("/events?province=34")
    elsewhere = await client.get("/events?province=35")
    past = await client.get("/events?past=yes")

    assert "Kopdar Contoh #1" in coming.text
    assert "Kopdar Lama" not in coming.text
    assert "Belum ada kopdar yang terbit di sini" in elsewhere.text
    assert "Kopdar Lama" in past.text


async def test_fewer_seats_than_held_lists_who_could_move_back(town: Town, as_person: Any) -> None:
    alice, code = await as_person(town.alice), await town.code()
    await make_rsvp(town.event, town.bob, name_given="Bob Contoh")
    rsvp = await make_rsvp(town.event, town.charlie, name_given="Charlie Contoh")

    refused = await alice.post(f"/events/{code}/capacity", data={"capacity": "1", "version": "1"})
    moved = await alice.post(f"/events/{code}/capacity", data={"capacity": "1", "version": "1", "move_back": str(rsvp)})

    assert refused.status_code == 409
    assert "Pindahkan ke daftar tunggu" in refused.text
    assert moved.status_code == 303
    states = await rows("select name_given, state from rsvp order by name_given")
    assert [row["state"] for row in states] == ["going", "waitlisted"]


async def test_every_page_of_a_ranger_opens(town: Town, as_person: Any) -> None:
    alice, code = await as_person(town.alice), await town.code()
    await make_rsvp(town.event, town.bob, name_given="Bob Contoh")
    rsvp = await make_rsvp(town.event, town.charlie, state="waitlisted")
    pages = ["edit", "published", "poster", "people", "capacity", "postpone", "cancel", f"people/{rsvp}/remove"]

    for path in [*(f"/events/{code}/{name}" for name in pages), f"/door/{code}/guest", f"/door/{code}/sheet"]:
        answer = await alice.get(path)
        assert answer.status_code == 200, path


async def test_a_calendar_asks_often_and_gets_a_feed_only_when_something_changed(
    town: Town, client: httpx.AsyncClient
) -> None:
    event = await town.read()
    await make_event(town.chapter, "Batal", state="cancelled", cancelled_at=NOW)
    await make_event(town.chapter, "Anggota saja", audience="members")
    await make_event(town.chapter, "Draf", state="draft", published_at=None)

    feed = await client.get(f"/chapters/{event.chapter_slug}/calendar.ics")
    again = await client.get(feed.request.url.path, headers={"If-None-Match": feed.headers["etag"]})
    single = await client.get(f"/events/{event.code}/event.ics")

    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert feed.text.count("BEGIN:VEVENT") == 2
    assert "STATUS:CANCELLED" in feed.text
    assert "Anggota" not in feed.text
    assert (again.status_code, again.content) == (304, b"")
    assert f"UID:event-{event.id}@127.0.0.1" in single.text
    assert (await client.get("/chapters/nowhere/calendar.ics")).status_code == 404


async def test_a_home_shows_its_address_to_seat_holders_only(
    town: Town, client: httpx.AsyncClient, as_person: Any
) -> None:
    home = {"is_home": True, "address": "Gang Rahasia 7", "latitude": -7.80145, "longitude": 110.36442}
    await make_event(town.chapter, "Di rumah", code="HUNANA22", **home)
    bob = await as_person(town.bob)

    before = await bob.get("/events/HUNANA22")
    await bob.post("/events/HUNANA22/rsvp", data={})
    after = await bob.get("/events/HUNANA22")
    strangers = [await client.get(f"/events/HUNANA22{part}") for part in ("", "/event.ics")]
    api = (await client.get("/api/v1/events/HUNANA22")).json()

    assert "Gang Rahasia" not in before.text
    assert "Gang Rahasia 7" in after.text
    for answer in strangers:
        assert "Gang Rahasia" not in answer.text
        assert "110.36442" not in answer.text
    assert (api["address"], api["latitude"], api["longitude"]) == ("", -7.8, 110.36)


async def test_members_only_events_are_for_members(town: Town, client: httpx.AsyncClient, as_person: Any) -> None:
    await make_event(town.chapter, "Anggota saja", code="ANGGTA22", audience="members")
    bob, charlie = await as_person(town.bob), await as_person(town.charlie)

    answers = [await who.get("/events/ANGGTA22") for who in (client, charlie, bob)]

    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert "Anggota saja" not in (await bob.get("/events")).text


async def test_whoever_meets_the_networks_limit_is_asked_to_sign_in(town: Town, client: httpx.AsyncClient) -> None:
    code = await town.code()
    for number in range(40):
        await rsvp_as_guest(client, code, name=f"Tamu {number}", contact=f"tamu{number}@contoh.example")

    refused = await rsvp_as_guest(client, code, contact="lain@contoh.example")

    assert refused.status_code == 429
    assert "Masuk dulu" in refused.text
    assert int(refused.headers["retry-after"]) > 0

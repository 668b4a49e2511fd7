"""The inbox and the unsubscribe link: nobody's but one's own, and reading changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from community.kit.db import first, rows
from community.kit.ids import uuid7
from community.notifications import service
from tests.factories import make_chapter, make_person
from tests.notifications.sample import params

pytestmark = pytest.mark.usefixtures("db", "samples")


@pytest.fixture
async def bob() -> UUID:
    return await make_person("Bob Contoh")


async def tell(person_id: UUID, now: datetime, **given: Any) -> UUID:
    told = await service.enqueue(person_id, "samples/plain", params(**given.pop("params", {})), now=now, **given)
    assert told is not None
    return told


async def state() -> list[dict[str, Any]]:
    notices = await rows("select id, read_at, expires_at from notice order by id")
    return notices + await rows("select person, category from opt_out order by id")


async def test_a_stranger_is_asked_to_sign_in(client: httpx.AsyncClient, bob: UUID, now: datetime) -> None:
    notice = await tell(bob, now)

    for method, path in (("GET", ""), ("POST", "/read"), ("POST", f"/{notice}/read"), ("POST", f"/{notice}/open")):
        answer = await client.request(method, f"/me/inbox{path}")
        assert answer.status_code in {303, 403, 409}, path
        assert answer.headers.get("location", "/sign-in").startswith("/sign-in")
    assert (await client.get("/api/v1/me/notices")).status_code == 401
    assert await service.count_unread(bob, now=now) == 1


async def test_somebody_elses_notice_is_not_there(as_person: Any, as_token: Any, bob: UUID, now: datetime) -> None:
    notice = await tell(bob, now)
    charlie = await make_person("Charlie Contoh")
    browser, machine = await as_person(charlie), await as_token(charlie)

    for path in (f"/me/inbox/{notice}/read", f"/me/inbox/{notice}/open", f"/me/inbox/{uuid4()}/open"):
        assert (await browser.post(path, data={"read": "yes"})).status_code == 404
    assert (await machine.patch(f"/api/v1/me/notices/{notice}", json={"read": True})).status_code == 404
    assert "Kopdar Contoh" not in (await browser.get("/me/inbox")).text
    assert await service.count_unread(bob, now=now) == 1


async def test_looking_changes_nothing_and_pressing_marks_it_read(as_person: Any, bob: UUID, now: datetime) -> None:
    notice = await tell(bob, now, params={"title": "Kopdar <b>Tebal</b>"})
    browser, before = await as_person(bob), await state()

    shown = await browser.get("/me/inbox")

    assert shown.status_code == 200
    assert "Kopdar &lt;b&gt;Tebal&lt;/b&gt;" in shown.text
    assert "1 kabar belum dibaca" in shown.text
    assert await state() == before

    opened = await browser.post(f"/me/inbox/{notice}/open")
    assert (opened.status_code, opened.headers["location"]) == (303, "/events/AB23CD45")
    assert await service.count_unread(bob, now=now) == 0

    await browser.post(f"/me/inbox/{notice}/read", data={"read": "no"})
    assert await service.count_unread(bob, now=now) == 1


async def test_all_at_once(as_person: Any, bob: UUID, now: datetime) -> None:
    for _number in range(3):
        await tell(bob, now)
    browser = await as_person(bob)

    assert (await browser.post("/me/inbox/read")).status_code == 303
    assert await service.count_unread(bob, now=now) == 0
    assert "Semua kabar sudah ditandai dibaca" in (await browser.get("/me/inbox")).text


async def test_a_long_inbox_comes_in_pages_without_a_gap(
    as_token: Any, as_person: Any, bob: UUID, now: datetime
) -> None:
    told = [await tell(bob, now - timedelta(minutes=number // 3)) for number in range(30)]
    machine = await as_token(bob)

    seen, after = [], ""
    for _page in range(10):
        answer = (await machine.get("/api/v1/me/notices", params={"limit": 7, "after": after})).json()
        seen += [item["id"] for item in answer["items"]]
        after = answer["next"]
        if after is None:
            break

    assert answer["unread"] == 30
    assert len(seen) == 30
    assert set(seen) == {str(notice) for notice in told}
    older = await (await as_person(bob)).get("/me/inbox")
    assert "/me/inbox?after=" in older.text


@pytest.mark.parametrize(
    "after", ["x", "!", "WzFd", "WyJhIiwiYiJd", "bnVsbA", "WyIyMDI2LTExLTIzVDAzOjAwOjAwIiwieCJd", "a" * 500]
)
async def test_a_made_up_place_is_refused(as_token: Any, bob: UUID, after: str) -> None:
    answer = await (await as_token(bob)).get("/api/v1/me/notices", params={"after": after})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/after"


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1"])
async def test_a_page_has_bounds(as_token: Any, bob: UUID, limit: str) -> None:
    assert (await (await as_token(bob)).get("/api/v1/me/notices", params={"limit": limit})).status_code == 400


async def test_a_notice_is_read_over_the_api(as_token: Any, bob: UUID, now: datetime) -> None:
    notice, machine = await tell(bob, now), await as_token(bob)

    answer = await machine.patch(f"/api/v1/me/notices/{notice}", json={"read": True})

    assert answer.status_code == 200
    assert answer.json()["read_at"] is not None
    assert (await machine.patch(f"/api/v1/me/notices/{notice}", json={"read": "soon"})).status_code == 400
    assert (await machine.patch(f"/api/v1/me/notices/{notice}", json={"read": True, "person": 1})).status_code == 400


async def test_mails_are_chosen_on_the_page(as_person: Any, bob: UUID, now: datetime) -> None:
    browser = await as_person(bob)

    assert (await browser.post("/me/inbox/mails", data={"category": "reminder", "wanted": "no"})).status_code == 303
    assert "Tidak dikirim lewat e-mail" in (await browser.get("/me/inbox")).text
    assert await first("select category from opt_out where person = {}", bob) == {"category": "reminder"}
    await browser.post("/me/inbox/mails", data={"category": "reminder", "wanted": "yes"})
    assert await first("select category from opt_out where person = {}", bob) is None
    for category in ("essential", "news", "x"):
        answer = await browser.post("/me/inbox/mails", data={"category": category, "wanted": "no"})
        assert answer.status_code == 400, category


async def test_one_click_stops_the_mails_without_cookie_token_or_redirect(connect: Any, bob: UUID) -> None:
    token = service.make_unsubscribe_token(bob, "reminder", None)
    mail_program = connect()
    del mail_program.headers["Origin"]

    for _time in range(2):
        answer = await mail_program.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Pengingat kopdar" in answer.text
    assert await first("select category from opt_out where person = {}", bob) == {"category": "reminder"}


async def test_opening_the_link_stops_nothing(client: httpx.AsyncClient, bob: UUID) -> None:
    chapter, before = await make_chapter(), await state()
    for category in ("news", "reminder", "ask"):
        token = service.make_unsubscribe_token(bob, category, chapter)
        shown = await client.get(f"/u/{token}")
        assert shown.status_code == 200
        assert 'method="post"' in shown.text
        assert "Bob" not in shown.text

    assert await state() == before


@pytest.mark.parametrize("token", ["x", "A" * 44, "%00", "é", "a" * 900])
async def test_a_made_up_link_is_not_there(client: httpx.AsyncClient, token: str) -> None:
    assert (await client.get(f"/u/{token}")).status_code == 404
    assert (await client.post(f"/u/{token}")).status_code == 404


async def test_news_ends_in_the_ledger(client: httpx.AsyncClient, bob: UUID, now: datetime) -> None:
    chapter = await make_chapter()
    await rows(
        "insert into consent (id, person, purpose, scope_id, text_version, at, channel) "
        "values ({}, {}, 'news', {}, '1', {}, 'web') returning id",
        *(uuid7(), bob, chapter, now),
    )

    await client.post(f"/u/{service.make_unsubscribe_token(bob, 'news', chapter)}")

    kept = await first("select withdrawn_at from consent where person = {}", bob)
    assert kept is not None
    assert kept["withdrawn_at"] is not None

"""The demo in the database, and its pages: filled once for this file, rolled back after it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import process_time
from typing import Any

import httpx
import pytest
import pytest_asyncio

from community.app import create_app
from community.demo import service
from community.demo.errors import NotADemoDatabase
from community.events import service as events
from community.kit import csrf
from community.kit.clock import StoppedClock
from community.kit.db import DB, first, in_one_transaction
from community.kit.settings import settings
from community.notifications import service as notifications
from community.registry import collect
from tests.factories import NOW

CPU_SECONDS = 10
"""Of this process. Twenty seconds by the clock are asked of two idle cores, which a test has not."""


@pytest.fixture(scope="module")
def demo_mode() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMUNITY_DEMO", "1")
        settings.cache_clear()
        yield
    settings.cache_clear()


@dataclass
class Filled:
    seconds: float
    app: Any
    said: list[str] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        base = settings().base_url
        return httpx.AsyncClient(transport=transport, base_url=base, headers={"Origin": base}, follow_redirects=True)


async def press(client: httpx.AsyncClient, role: str) -> httpx.Response:
    """Open the start page and press the role's button, with the hidden fields that stand in its form."""
    start = (await client.get("/demo")).text
    form = re.search(f'<form[^>]*action="/demo/sign-in/{role}"[^>]*>(.*?)</form>', start, re.DOTALL)
    assert form is not None
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[1]))
    return await client.post(f"/demo/sign-in/{role}", data=hidden)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def filled(pool: None, demo_mode: None) -> AsyncIterator[Filled]:
    transaction = DB.transaction()
    await transaction.__aenter__()
    in_one_transaction.set(True)
    said: list[str] = []
    try:
        began = process_time()
        await service.fill(now=NOW, tell=said.append)
        seconds = process_time() - began
        yield Filled(seconds, create_app(clock=StoppedClock(NOW), jobs=False), said)
    finally:
        await transaction.rollback()
        assert DB.pool is not None
        await DB.pool.release(transaction.connection)
        DB.current_transaction.set(None)
        in_one_transaction.set(False)


async def count(sql: str) -> int:
    row = await first(f"select count(*) as found from {sql}")
    assert row is not None
    return int(row["found"])


async def test_filling_takes_little_work(filled: Filled):
    assert filled.seconds < CPU_SECONDS
    assert "72 chapters" in filled.said[0]


async def test_it_is_as_large_as_a_network(filled: Filled):
    assert await count("chapter where is_demo") == 72
    assert await count("membership where left_on is null") == 6_000
    assert await count("ranger_spell where ended_at is null") == 200
    assert await count("role_spell where role = 'ranger' and to_at is null") == 200
    assert await count("event where state = 'finished'") > 700
    assert await count("scan") > 10_000


async def test_every_room_finds_its_rules_kept(filled: Filled):
    for room, check in collect().check_invariants:
        told = [words for words in await check(now=NOW) if "not sealed" not in words]
        assert told == [], room


async def test_a_second_filling_is_refused_and_the_database_is_known_as_the_demos(filled: Filled):
    assert await service.is_demo()
    assert not await service.is_empty()
    assert not await service.is_over(now=NOW)
    assert await service.is_over(now=NOW + timedelta(days=60))
    with pytest.raises(NotADemoDatabase):
        await service.fill(now=NOW, tell=filled.said.append)


async def test_the_newest_kopdar_came_about_through_the_doors(filled: Filled):
    newest = "event where title like '%Foto produk pakai HP' and published_at = (select max(published_at) from event)"
    assert await count(newest) == 1
    assert await count("audit_entry where action in ('event.publish', 'session.add')") == 2
    assert await count("delivery where address like 'tamu.%@demo.example'") == service.GUESTS


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("ranger", "Buka pintu"),
        ("member", "Kursi Anda"),
        ("hq", "Komunitas Nabire (demo)"),
        ("administrator", "komunitas berjalan"),
        ("other_ranger", "Komunitas Bandung (demo)"),
    ],
)
async def test_one_click_signs_in_as_each_role(role: str, words: str, filled: Filled):
    async with filled.client() as client:
        shown = await press(client, role)

    assert shown.status_code == 200
    assert shown.url.path == "/"
    assert words in shown.text


async def test_changing_the_role_is_one_click_too(filled: Filled):
    async with filled.client() as client:
        await press(client, "ranger")
        shown = await press(client, "member")

    assert "Mita" in shown.text


async def test_nobody_else_can_be_signed_in_as_and_no_other_site_can_press_the_button(filled: Filled):
    stamp = csrf.new_stamp("/demo/sign-in/pawang", "", now=NOW)
    async with filled.client() as client:
        unknown = await client.post("/demo/sign-in/pawang", data={"_stamp": stamp})
        elsewhere = await client.post("/demo/sign-in/ranger", headers={"Origin": "https://elsewhere.example"})
    assert unknown.status_code == 404
    assert elsewhere.status_code == 403


async def test_the_door_of_tonight_has_its_42_names(filled: Filled):
    async with filled.client() as client:
        home = (await press(client, "ranger")).text
    code = re.search(r"/door/(\w{8})", home)
    assert code is not None
    row = await first("select starts_at from event where code = {}", code[1])
    assert row is not None
    assert timedelta(0) < row["starts_at"] - NOW < timedelta(hours=24)
    assert await count(f"rsvp where state = 'going' and event = (select id from event where code = '{code[1]}')") == 42


async def test_mails_that_leave_nowhere_are_shown(filled: Filled):
    sender = notifications.DemoSender(at=lambda: NOW)
    await notifications.deliver(now=NOW, sender=sender)
    async with filled.client() as client:
        listed = (await client.get("/demo/outbox")).text
        address = re.search(r"/demo/outbox/[0-9a-f-]{36}", listed)
        assert address is not None
        shown = (await client.get(address[0])).text

    assert "@demo.example" in listed
    assert 'href="/r/' in shown or 'href="/events/' in shown


async def test_the_gallery_is_there(filled: Filled):
    async with filled.client() as client:
        assert (await client.get("/design")).status_code == 200


async def test_coming_events_are_public(filled: Filled):
    assert len(await events.next_public(now=NOW, limit=50)) >= 12

"""500 people at once on 30 seats, over HTTP, at two processes. The controls oversell, so the test can fail."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from community.kit.db import rows
from community.kit.ids import public_code
from tests.browser.server import free_port
from tests.factories import NOW, make_chapter, make_event, make_person
from tests.signing import make_token

PEOPLE, SEATS, ROUNDS_OF_CONTROL = 500, 30, 3
HELD = "select coalesce(sum(party_size), 0)::int as held from rsvp where event = {} and state in ('going', 'offered')"


@contextlib.contextmanager
def two_workers(database: dict[str, Any], control: str = "") -> Iterator[str]:
    """Two server processes on the test's database; yields the address."""
    port = free_port()
    url = f"postgresql://postgres@/{database['database']}?host={database['host']}"
    own = {"DATABASE_URL": url, "STORM_CONTROL": control, "COMMUNITY_BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "uvicorn", "tests.storm.server:make", "--factory", "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


async def wait_until_up(client: httpx.AsyncClient) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.TransportError):
            if (await client.get("/healthz")).status_code == 200:
                return
        await asyncio.sleep(0.1)
    raise RuntimeError("the workers did not come up")


async def tokens_of(people: int) -> list[str]:
    made = [await make_person(f"Orang Contoh {number}") for number in range(people)]
    return [await make_token(person) for person in made]


async def storm(url: str, tokens: list[str], code: str) -> Counter[int]:
    """Everybody at once; how often each status came back."""
    limits = httpx.Limits(max_connections=PEOPLE)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        await wait_until_up(client)

        async def ask(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return (await client.put(f"/api/v1/events/{code}/rsvp", json={}, headers=headers)).status_code

        return Counter(await asyncio.gather(*(ask(token) for token in tokens)))


async def open_event(chapter: UUID) -> tuple[UUID, str]:
    code = public_code()
    far = {"starts_at": NOW.replace(year=2036), "rsvp_opens_at": NOW.replace(year=2020)}
    return await make_event(chapter, code=code, capacity=SEATS, **far), code


async def seats_held(event_id: UUID) -> int:
    return int((await rows(HELD, event_id))[0]["held"])


async def test_five_hundred_askers_get_exactly_thirty_seats(committed: None, database: dict[str, Any]) -> None:
    event_id, code = await open_event(await make_chapter())
    tokens = await tokens_of(PEOPLE)

    with two_workers(database) as url:
        statuses = await storm(url, tokens, code)

    assert statuses == {200: PEOPLE}
    assert await seats_held(event_id) == SEATS


@contextlib.asynccontextmanager
async def without_the_second_fence(database: dict[str, Any]) -> AsyncIterator[None]:
    """The unique queue number would refuse most of what a missing lock lets through; the controls take it away too."""
    owner = {key: value for key, value in database.items() if key != "server_settings"}
    connection = await asyncpg.connect(**owner)
    fence = await connection.fetchval("select indexdef from pg_indexes where indexname = 'rsvp_queue_no'")
    await connection.execute("drop index rsvp_queue_no")
    try:
        yield
    finally:
        await connection.execute("truncate event cascade")
        await connection.execute(fence)
        await connection.close()


@pytest.mark.parametrize("control", ["unlocked", "joined"])
async def test_without_the_lock_or_with_lock_and_count_in_one_they_oversell(
    committed: None, database: dict[str, Any], control: str
) -> None:
    """The control: if it holds 30 seats too, the test above proves nothing."""
    chapter = await make_chapter()
    tokens = await tokens_of(120)
    held = []

    async with without_the_second_fence(database):
        with two_workers(database, control) as url:
            for _ in range(ROUNDS_OF_CONTROL):
                event_id, code = await open_event(chapter)
                await storm(url, tokens, code)
                held.append(await seats_held(event_id))

    print(f"{control}: {held} of {SEATS} seats held")
    assert max(held) > SEATS, held

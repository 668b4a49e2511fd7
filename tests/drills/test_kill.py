"""R11: a serving process killed in mid-request, again and again: nothing half done is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from community.kit.csrf import STAMP_MIN_SECONDS
from tests.browser.server import COMMUNITY, Running, running

CLIENTS, BACK_SECONDS = 8, 30
COMES = re.compile(r'href="/events/([A-Z0-9]{8})"')


def children(pid: int) -> list[int]:
    """Of a process, youngest last; Linux."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def servers(parent: int) -> list[int]:
    """The processes that answer: those that were spawned to serve."""
    return [pid for pid in children(parent) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def ask_the_doctor(installed: Running) -> subprocess.CompletedProcess[str]:
    command, known = [str(COMMUNITY), "doctor"], os.environ | installed.environment
    return subprocess.run(command, env=known, capture_output=True, text=True, timeout=60, check=False)


def parent_of() -> int:
    """The product that this test started."""
    mine = [pid for pid in children(os.getpid()) if b"community" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(mine) == 1
    return mine[0]


@pytest.fixture
def installed() -> Iterator[Running]:
    with running("--workers", "2") as started:
        yield started


async def stamps_of(url: str) -> list[tuple[str, str]]:
    """Where guests may answer, and the stamp of the form there: good for a day, and for more than one guest."""
    async with httpx.AsyncClient(base_url=url) as client:
        lists = [(await client.get(f"/events?page={number}")).text for number in (1, 2, 3)]
        codes = list(dict.fromkeys(code for shown in lists for code in COMES.findall(shown)))
        pages = [(code, (await client.get(f"/events/{code}")).text) for code in codes]
    await asyncio.sleep(STAMP_MIN_SECONDS + 1)
    found = [(code, re.search(r'/rsvp".*?name="_stamp" value="([^"]+)"', page, re.DOTALL)) for code, page in pages]
    return [(f"/events/{code}/rsvp", stamp[1]) for code, stamp in found if stamp]


async def answer_for_ever(url: str, forms: list[tuple[str, str]], mine: int, seen: Counter[str]) -> None:
    """A guest after another, each on the next kopdar; what a killed server did not answer is no fault of theirs."""
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=10) as client:
        for number in range(mine, 10**6, CLIENTS):
            path, stamp = forms[number % len(forms)]
            fields = {"name": f"Tamu {number}", "contact": f"tamu{number}@contoh.example", "consent": "yes"}
            try:
                answered = await client.post(path, data=fields | {"_stamp": stamp})
                seen[str(answered.status_code)] += 1
            except httpx.TransportError:
                seen["cut off"] += 1


async def kill_again_and_again(parent: int, kills: int) -> None:
    for _ in range(kills):
        until = time.monotonic() + BACK_SECONDS
        while len(servers(parent)) < 2:
            assert time.monotonic() < until, "no new process came up"
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.7)
        os.kill(servers(parent)[0], signal.SIGKILL)


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.nightly)])
async def test_killed_in_mid_request_it_leaves_nothing_half_done(installed: Running, kills: int) -> None:
    seen: Counter[str] = Counter()
    forms = await stamps_of(installed.url)
    guests = [asyncio.create_task(answer_for_ever(installed.url, forms, n, seen)) for n in range(CLIENTS)]
    try:
        await kill_again_and_again(parent_of(), kills)
    finally:
        for guest in guests:
            guest.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*guests)

    told = await asyncio.to_thread(ask_the_doctor, installed)
    print(f"{kills} kills: {dict(seen)}")
    assert told.returncode == 0, told.stdout + told.stderr
    assert seen["303"] > 0
    assert seen["cut off"] > 0, "no kill met a request under way"
    assert not [status for status in seen if status.startswith("5")], seen

"""kill -9 in the middle of the outbox: nothing is lost, a repeat is recognisable, another worker goes on."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from community.kit.db import DB, first, rows
from tests.factories import make_person
from tests.notifications.sample import params
from tests.smtp import Sink, smtp_server

ROOT = Path(__file__).resolve().parents[2]
MAILS = 1_000
PATIENCE_SECONDS = 45.0


@contextmanager
def worker(ahead_seconds: float = 0, smtp_url: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own; killed when the block ends, if it is still there."""
    task = {
        "database": {key: value for key, value in DB.config.items() if key != "server_settings"},
        "ahead_seconds": ahead_seconds,
    }
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.worker.process"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "SMTP_URL": smtp_url, "COMMUNITY_DEMO": "0"},
    )
    assert process.stdin is not None
    with process.stdin as given:
        given.write(json.dumps(task).encode())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def until(true: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    started = time.monotonic()
    while True:
        found = true()
        if await found if asyncio.iscoroutine(found) else found:
            return
        assert time.monotonic() - started < seconds, f"waited in vain: {what}"
        await asyncio.sleep(0.02)


async def fill_outbox(count: int) -> None:
    """One due mail to each of `count` addresses."""
    person, now = await make_person(), datetime.now(UTC) - timedelta(seconds=5)
    kept = json.dumps({**params(), "starts_at": "2099-01-01T12:00:00+00:00"})
    await rows(
        "insert into notice (id, person, template, params, private, category, subject_kind, dedupe_key, created_at, "
        "not_before) select gen_random_uuid(), {}, 'samples/plain', {}::jsonb, false, 'essential', '', 'kill/' || n, "
        "{}, {} from generate_series(1, {}) n returning id",
        *(person, kept, now, now, count),
    )
    await rows(
        "insert into delivery (id, notice, channel, address, given, state, due_at, attempts) select gen_random_uuid(), "
        "id, 'email', replace(dedupe_key, 'kill/', 'n') || '@contoh.example', true, 'pending', {}, 0 from notice "
        "returning id",
        now,
    )


async def count_sent() -> int:
    found = await first("select count(*) as n from delivery where state = 'sent'")
    return int(found["n"]) if found else 0


async def kill_in_the_middle(kills: int, mails: int) -> Sink:
    await fill_outbox(mails)
    async with smtp_server() as sink:
        for kill in range(kills):
            enough = mails * (kill + 1) // (kills + 1)
            # Each worker's clock is a lease ahead of the one before, which was killed with mails in its hands.
            with worker(ahead_seconds=61.0 * kill, smtp_url=sink.url) as process:
                await until(lambda enough=enough: len(sink.received) >= enough, f"{enough} mails")  # type: ignore[misc]
                process.kill()
            assert len(sink.received) < mails
        with worker(ahead_seconds=61.0 * kills, smtp_url=sink.url):
            await until(lambda: _all_sent(mails), "the rest")
    return sink


async def _all_sent(mails: int) -> bool:
    return await count_sent() == mails


def check(sink: Sink, *, mails: int, kills: int) -> None:
    arrived = Counter(str(message["To"]) for message in sink.messages)
    keys = {(str(message["To"]), str(message["Message-ID"])) for message in sink.messages}
    assert len(arrived) == mails, "a mail was lost"
    assert len(keys) == mails, "a repeat has another Message-ID"
    assert sum(arrived.values()) - mails <= kills, "more repeats than kills"


@pytest.mark.usefixtures("committed")
async def test_three_kills_lose_nothing_and_repeat_at_most_three() -> None:
    sink = await kill_in_the_middle(3, MAILS)

    check(sink, mails=MAILS, kills=3)


@pytest.mark.nightly
@pytest.mark.usefixtures("committed")
async def test_ten_kills_lose_nothing_and_repeat_at_most_ten() -> None:
    sink = await kill_in_the_middle(10, MAILS)

    check(sink, mails=MAILS, kills=10)


@pytest.mark.usefixtures("committed")
async def test_another_worker_leads_within_seconds_of_a_kill() -> None:
    async def leader() -> str:
        found = await first("select worker from job_slot where job = 'leader'")
        return str(found["worker"]) if found else ""

    async def led_by(process: subprocess.Popen[bytes]) -> bool:
        return (await leader()).endswith(f":{process.pid}")

    with worker() as one:
        await until(lambda: led_by(one), "the first leader")
        with worker() as two:
            await asyncio.sleep(2.5)
            assert await led_by(one), "two lead at once"
            one.kill()
            await until(lambda: led_by(two), "the second leader", seconds=8)

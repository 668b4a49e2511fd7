"""One leads, however many try; jobs stop when the block ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import asyncpg
import pytest

from community import worker
from community.kit.db import DB, first
from community.kit.jobs import Schedule
from community.kit.metrics import leading


def clock() -> datetime:
    return datetime.now(UTC)


class Job:
    """Counts its runs."""

    def __init__(self, seconds: float = 0.05) -> None:
        self.runs = 0
        self.ended = 0
        self.schedule = Schedule("count", self.run, seconds=0.05)
        self._seconds = seconds

    async def run(self, *, now: datetime) -> None:
        self.runs += 1
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self.ended += 1


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  (a counter in another task)
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("locked", [True, False])
async def test_of_two_workers_one_leads(locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control leaves the lock out: then both do."""
    if not locked:

        async def always(_connection: object) -> bool:
            return True

        monkeypatch.setattr(worker, "take_lock", always)
    one, two = Job(), Job()

    async with worker.running(clock, [one.schedule]), worker.running(clock, [two.schedule]):
        await until(lambda: max(one.runs, two.runs) > 2)
        if locked:
            await asyncio.sleep(1.5)
        else:
            await until(lambda: min(one.runs, two.runs) > 0)

    assert (min(one.runs, two.runs) == 0) is locked


@pytest.mark.usefixtures("committed")
async def test_when_the_leaders_connection_is_cut_it_stops_and_another_goes_on() -> None:
    one, two = Job(), Job()
    async with worker.running(clock, [one.schedule]):
        await until(lambda: one.runs > 0)
        async with worker.running(clock, [two.schedule]):
            await cut_until(lambda: two.runs > 0)
            await until(lambda: two.runs > 3)
            await until_still(one)


async def until_still(job: Job) -> None:
    """The one that was cut notices at its next heartbeat, and runs nothing any more."""
    async with asyncio.timeout(10):
        before = -1
        while job.runs != before:
            before = job.runs
            await asyncio.sleep(1)


async def cut_until(true: Callable[[], bool]) -> None:
    """The one that was cut may be the faster one to ask for the lock again; then it is cut again."""
    async with asyncio.timeout(20):
        while not true():
            await cut_leader()
            await asyncio.sleep(0.5)


async def cut_leader() -> None:
    config = {key: value for key, value in DB.config.items() if key != "server_settings"}
    connection = await asyncpg.connect(**config)
    try:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'community leader' "
            "and datname = current_database() and pid in (select pid from pg_locks where locktype = 'advisory')"
        )
    finally:
        await connection.close()


@pytest.mark.usefixtures("committed")
async def test_at_the_end_jobs_are_cancelled_waited_for_and_the_lock_is_free() -> None:
    slow = Job(seconds=30)
    async with worker.running(clock, [slow.schedule]):
        await until(lambda: slow.runs == 1)
        assert leading._value.get() == 1

    assert slow.ended == 1
    assert leading._value.get() == 0
    await until_free()


async def until_free() -> None:
    for _try in range(500):
        found = await first(
            "select count(*) as n from pg_locks where locktype = 'advisory' and objid = 1380011591 "
            "and database = (select oid from pg_database where datname = current_database())"
        )
        if found == {"n": 0}:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the lock is still held")


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("error", [ConnectionRefusedError, TimeoutError, KeyError])
async def test_whatever_goes_wrong_a_worker_tries_again(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, tries = worker._connect, 0

    async def flaky() -> object:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise error
        return await connect()

    monkeypatch.setattr(worker, "_connect", flaky)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.05)
    job = Job()
    async with worker.running(clock, [job.schedule]):
        await until(lambda: job.runs > 0)

    assert tries == 3


@pytest.mark.usefixtures("committed")
async def test_everybody_can_ask_how_long_ago_somebody_led() -> None:
    assert await worker.leader_age() is None
    job = Job()
    async with worker.running(clock, [job.schedule]):
        await until(lambda: job.runs > 0)
        await asyncio.sleep(0.3)

    age = await worker.leader_age()
    assert age is not None
    assert age < 10


def test_the_lock_has_the_number_the_tests_look_for() -> None:
    assert worker.LEADER_LOCK == 1380011591

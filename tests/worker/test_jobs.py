"""Each slot once, failures alone, and an alarm when something is late."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import httpx
import pytest

from community import worker
from community.kit import metrics, slots
from community.kit.clock import StoppedClock
from community.kit.db import atomic, first, rows
from community.kit.ids import uuid7
from community.kit.jobs import Schedule
from community.kit.settings import settings
from community.notifications import service
from tests.factories import make_person
from tests.notifications.sample import forget_samples, params, use_samples


class Slotted:
    """An hourly and a daily job that write down the slots they ran for."""

    def __init__(self) -> None:
        self.ran: Counter[tuple[str, datetime]] = Counter()
        self.schedules = [
            Schedule("hourly", self._hourly, every="hour", at=time(0, 10)),
            Schedule("daily", self._daily, every="day", at=time(3, 20)),
        ]

    async def _hourly(self, *, now: datetime) -> None:
        self.ran["hourly", self.schedules[0].slot(now)] += 1

    async def _daily(self, *, now: datetime) -> None:
        self.ran["daily", self.schedules[1].slot(now)] += 1

    async def tick(self, clock: StoppedClock, workers: Sequence[str] = ("one", "two")) -> None:
        """All workers at once."""
        await asyncio.gather(*(worker.run_job(job, clock, name) for name in workers for job in self.schedules))


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("slotted", [True, False])
async def test_two_schedulers_run_each_slot_of_a_day_once(
    slotted: bool, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control says yes to everybody who asks for a slot."""
    if not slotted:

        async def always(*_: object, **__: object) -> bool:
            return True

        monkeypatch.setattr(slots, "claim_slot", always)
    jobs = Slotted()
    for _step in range(24 * 6):
        await jobs.tick(clock)
        clock.move(timedelta(minutes=10))

    kinds = Counter(name for name, _slot in jobs.ran)
    assert (kinds["hourly"], kinds["daily"]) == (25, 2)  # each with the slot that was running at the start
    assert (set(jobs.ran.values()) == {1}) is slotted


@pytest.mark.usefixtures("committed")
async def test_after_26_hours_off_each_job_runs_once(clock: StoppedClock) -> None:
    jobs = Slotted()
    await jobs.tick(clock)
    clock.move(timedelta(hours=26))
    for _step in range(5):
        await jobs.tick(clock)
        clock.move(timedelta(minutes=1))

    assert Counter(name for name, _slot in jobs.ran) == {"hourly": 2, "daily": 2}
    assert set(jobs.ran.values()) == {1}


@pytest.mark.usefixtures("committed")
async def test_a_clock_set_back_runs_nothing_again(clock: StoppedClock) -> None:
    jobs = Slotted()
    await jobs.tick(clock)
    clock.move(timedelta(hours=1))
    await jobs.tick(clock)
    clock.move(timedelta(hours=-1))
    await jobs.tick(clock)

    assert set(jobs.ran.values()) == {1}


@pytest.mark.usefixtures("db")
async def test_a_job_that_fails_is_counted_and_its_slot_comes_round_again(clock: StoppedClock) -> None:
    tries: list[datetime] = []

    async def fails_once(*, now: datetime) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise KeyError("canary")

    job = Schedule("fails-once", fails_once, every="day")
    failed = metrics.job_runs.labels("fails-once", "failed")

    assert not await worker.run_job(job, clock, "one")
    assert failed._value.get() == 1
    clock.move(timedelta(minutes=4))
    assert not await worker.run_job(job, clock, "one")
    clock.move(timedelta(minutes=1))
    assert await worker.run_job(job, clock, "one")
    assert not await worker.run_job(job, clock, "one")
    assert len(tries) == 2


async def test_a_job_gets_the_clocks_time(clock: StoppedClock) -> None:
    got: list[datetime] = []

    async def note(*, now: datetime) -> None:
        got.append(now)

    assert await worker.run_job(Schedule("note", note, seconds=5), clock, "one")
    assert got == [clock()]


@pytest.mark.usefixtures("committed")
async def test_statements_of_a_job_may_take_a_minute_and_others_five_seconds(clock: StoppedClock) -> None:
    seen: list[object] = []

    async def look(*, now: datetime) -> None:
        async with atomic():
            seen.append(await first("show statement_timeout"))

    await worker.run_job(Schedule("look", look, seconds=5), clock, "one")
    async with atomic():
        seen.append(await first("show statement_timeout"))

    assert seen == [{"statement_timeout": "1min"}, {"statement_timeout": "5s"}]


async def test_a_job_that_fails_stops_no_other(clock: StoppedClock) -> None:
    ran: list[str] = []

    async def fails(*, now: datetime) -> None:
        raise RuntimeError

    async def works(*, now: datetime) -> None:
        ran.append("works")

    scheduler, _busy = worker.build_scheduler(
        [Schedule("fails", fails, seconds=0.05), Schedule("works", works, seconds=0.05)], clock, "one"
    )
    scheduler.start()
    async with asyncio.timeout(5):
        while len(ran) < 3:  # noqa: ASYNC110  (filled by the scheduler)
            await asyncio.sleep(0.02)
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)


def test_a_late_run_is_never_dropped_and_runs_do_not_pile_up(clock: StoppedClock) -> None:
    scheduler, _busy = worker.build_scheduler([], clock, "one")

    assert scheduler._job_defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    assert str(scheduler.timezone) == "Asia/Jakarta"


class Heartbeat:
    """Counts the pings, at a given time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, status: int = 200) -> None:
        self.pings = 0
        self.transport = httpx.MockTransport(self._answer)
        self._status = status
        url = "https://alive.example/ping"
        monkeypatch.setattr(worker, "settings", lambda: replace(settings(), heartbeat_url=url))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.pings += 1
        return httpx.Response(self._status)


@pytest.mark.usefixtures("db")
async def test_a_stopped_outbox_raises_the_alarm_within_ten_minutes_and_silences_the_heartbeat(
    clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat = Heartbeat(monkeypatch)
    use_samples()
    try:
        await service.enqueue(await make_person(), "samples/plain", params(), now=clock())
    finally:
        forget_samples()
    told_at, alarms = clock(), []
    clock.move(timedelta(seconds=worker.AUDIT_SECONDS - 1))  # the audit before came just too early
    for _round in range(3):
        late = await worker.audit_work(
            [], [("notifications", service.overdue)], now=clock(), transport=heartbeat.transport
        )
        alarms += [clock() - told_at] if late else []
        clock.move(timedelta(seconds=worker.AUDIT_SECONDS))

    assert alarms
    assert alarms[0] <= timedelta(minutes=10)
    assert heartbeat.pings == 3 - len(alarms)
    assert metrics.overdue.labels("notifications")._value.get() == 1


@pytest.mark.usefixtures("db")
async def test_while_all_is_well_the_heartbeat_beats(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat = Heartbeat(monkeypatch, status=500)

    late = await worker.audit_work([], [("notifications", service.overdue)], now=now, transport=heartbeat.transport)

    assert late == []
    assert heartbeat.pings == 1


@pytest.mark.usefixtures("db")
async def test_a_heartbeat_that_cannot_be_reached_breaks_nothing(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat(monkeypatch)

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    assert await worker.audit_work([], [], now=now, transport=httpx.MockTransport(refuse)) == []


@pytest.mark.usefixtures("db")
async def test_a_room_that_cannot_answer_is_an_alarm(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat = Heartbeat(monkeypatch)

    async def broken(*, now: datetime) -> list[str]:
        raise ZeroDivisionError

    late = await worker.audit_work([], [("events", broken)], now=now, transport=heartbeat.transport)

    assert late == ["events could not be asked (ZeroDivisionError)"]
    assert heartbeat.pings == 0


@pytest.mark.usefixtures("db")
async def test_a_slot_nobody_ran_is_late(now: datetime) -> None:
    jobs = Slotted()
    hourly, daily = jobs.schedules

    late = await worker.late_slots(jobs.schedules, now=now)
    assert late == [f"the job {job.name} of {job.slot(now):%d.%m. %H:%M} WIB is not done" for job in (hourly, daily)]

    for job in jobs.schedules:
        await worker.run_job(job, lambda: now, "one")
    assert await worker.late_slots(jobs.schedules, now=now) == []


@pytest.mark.usefixtures("db")
async def test_clocks_that_agree_are_no_alarm(now: datetime) -> None:
    assert await worker.clocks_apart(now=now) == []


@pytest.mark.usefixtures("db")
async def test_the_ground_forgets_answers_after_two_days(now: datetime) -> None:
    for age in (timedelta(hours=49), timedelta(hours=47)):
        await rows(
            "insert into form_key (id, key, route, body_hash, status, at) values ({}, {}, '/x', ''::bytea, 200, {}) "
            "returning id",
            *(uuid7(), str(age), now - age),
        )
    await worker.tidy(now=now)

    assert await first("select count(*) as n from form_key") == {"n": 1}

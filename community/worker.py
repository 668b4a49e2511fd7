"""What happens by the clock. Every process runs `running`; the one that holds the lock in the database does the jobs.

The lock belongs to a session of PostgreSQL: if its process dies, the database lets go of it and another process leads
within seconds. It lives on a connection of its own, never in the pool, which would give it back unnoticed (so
`DATABASE_URL` must not go through a pooler that shares sessions). APScheduler only ticks: what is due is asked of the
database, and of an hourly or rarer job each slot is claimed as a row.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time as monotonic_time
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import asyncpg
import httpx
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from community.kit import metrics, slots
from community.kit.clock import Clock
from community.kit.db import APP_ROLE, DB, first, patient, rows
from community.kit.jobs import WIB, Schedule
from community.kit.log import bind_job, logger
from community.kit.settings import settings
from community.kit.slots import leader_age
from community.registry import Offer

__all__ = ["audit_work", "leader_age", "run_job", "running"]

LEADER_LOCK = 0x52414E47  # any number, the same in every process
POLL_SECONDS, BEAT_SECONDS, LOCK_PATIENCE_SECONDS = 1.0, 5.0, 5.0
SLOT_TICK_SECONDS = 30
AUDIT_SECONDS = 240  # with what is overdue for 5 minutes, the alarm comes within 10
SLOT_LATE_AFTER = timedelta(minutes=15)
CLOCKS_APART_SECONDS = 2.0
JOB_STATEMENT_MS = 60_000
SLOTS_KEPT, ANSWERS_KEPT = timedelta(days=90), timedelta(hours=48)
# A machine that vanishes without a word would hold the lock until TCP gives up, hours later.
CONNECTION_SETTINGS = {
    "application_name": "community leader",
    "role": APP_ROLE,
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

log = logger("community.worker")


def worker_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


@contextlib.asynccontextmanager
async def running(clock: Clock, schedules: Iterable[Schedule], *, overdue: Sequence[Offer] = ()) -> AsyncIterator[None]:
    """Take part in the work while the block runs; at its end jobs are cancelled, and waited for.

    `overdue`: what the rooms offer under that name; the auditor asks them.
    """
    jobs = [*schedules, *own_schedules(list(schedules), overdue)]
    task = asyncio.create_task(lead(jobs, clock), name="lead")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# Who leads


async def lead(schedules: Sequence[Schedule], clock: Clock) -> None:
    """Try to get the lock, for ever; while it is held, do the jobs."""
    while True:
        connection = None
        try:
            connection = await _connect()
            while True:
                if await take_lock(connection):
                    await _lead_with(connection, schedules, clock)
                await asyncio.sleep(POLL_SECONDS)
        except LOST as error:
            log.warning("not leading", cause=type(error).__name__)
        except Exception:  # whatever it is, a process that never tries again would be worse
            log.exception("leading failed")
            metrics.errors.labels("leader").inc()
        finally:
            if connection is not None:
                connection.terminate()  # at once: closing politely could wait for a dead server
        await asyncio.sleep(POLL_SECONDS)


async def _connect() -> Any:
    config = {key: value for key, value in DB.config.items() if key != "server_settings"}
    return await asyncpg.connect(**config, server_settings=CONNECTION_SETTINGS, timeout=LOCK_PATIENCE_SECONDS)


async def take_lock(connection: Any) -> bool:
    held = await connection.fetchval("select pg_try_advisory_lock($1)", LEADER_LOCK, timeout=LOCK_PATIENCE_SECONDS)
    return bool(held)


async def _lead_with(connection: Any, schedules: Sequence[Schedule], clock: Clock) -> None:
    """Until the connection, and with it the lock, is gone: raises what took it away."""
    name = worker_name()
    scheduler, busy = build_scheduler(schedules, clock, name)
    log.info("leading", worker=name)
    scheduler.start()
    metrics.leading.set(1)
    last_beat = 0.0
    try:
        while True:
            await connection.fetchval("select 1", timeout=LOCK_PATIENCE_SECONDS)
            if monotonic_time.monotonic() - last_beat >= BEAT_SECONDS:
                await slots.beat(name)
                last_beat = monotonic_time.monotonic()
            await asyncio.sleep(POLL_SECONDS)
    finally:
        metrics.leading.set(0)
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it stops at the loop's next turn
        await asyncio.gather(*busy, return_exceptions=True)


# What is done


def build_scheduler(
    schedules: Sequence[Schedule], clock: Clock, worker: str
) -> tuple[AsyncIOScheduler, set[asyncio.Task[Any]]]:
    """The scheduler, and the jobs it is running at the moment."""
    busy: set[asyncio.Task[Any]] = set()
    scheduler = AsyncIOScheduler(
        timezone=WIB,
        # With the library's own misfire_grace_time of 1 s a busy second would drop a run (agronholm/apscheduler#146).
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )

    async def tick(schedule: Schedule) -> None:
        task = asyncio.current_task()
        if task is not None:
            busy.add(task)
            task.add_done_callback(busy.discard)
        await run_job(schedule, clock, worker)

    for schedule in schedules:
        seconds = schedule.seconds or SLOT_TICK_SECONDS
        soon = datetime.now(UTC) + timedelta(seconds=AUDIT_SECONDS if schedule.name == "auditor" else 0)
        scheduler.add_job(tick, IntervalTrigger(seconds=seconds), args=[schedule], id=schedule.name, next_run_time=soon)
    return scheduler, busy


async def run_job(schedule: Schedule, clock: Clock, worker: str) -> bool:
    """Run the job if it is this worker's turn; True if it ran to its end. What goes wrong is logged and counted."""
    bind_job(schedule.name)
    try:
        if schedule.every is None:
            return await _run(schedule, clock)
        return await _run_slot(schedule, clock, worker)
    except Exception:  # the other jobs go on, and this one at its next turn
        log.exception("job failed", job=schedule.name)
        metrics.job_runs.labels(schedule.name, "failed").inc()
        metrics.errors.labels("job").inc()
        return False


async def _run_slot(schedule: Schedule, clock: Clock, worker: str) -> bool:
    now = clock()
    slot = schedule.slot(now)
    if not await slots.claim_slot(schedule.name, slot, worker, now=now):
        return False
    try:
        done = await _run(schedule, clock)
    except Exception:
        await slots.give_back_slot(schedule.name, slot, worker, now=clock())
        raise
    await slots.close_slot(schedule.name, slot, worker, now=clock())
    return done


async def _run(schedule: Schedule, clock: Clock) -> bool:
    now = clock()
    with metrics.job_seconds.labels(schedule.name).time(), patient(JOB_STATEMENT_MS):
        await schedule.run(now=now)
    metrics.job_runs.labels(schedule.name, "done").inc()
    metrics.job_last_done.labels(schedule.name).set(now.timestamp())
    return True


# The worker's own jobs


def own_schedules(schedules: Sequence[Schedule], overdue: Sequence[Offer]) -> list[Schedule]:
    async def auditor(*, now: datetime) -> None:
        await audit_work(schedules, overdue, now=now)

    return [Schedule("auditor", auditor, seconds=AUDIT_SECONDS), Schedule("tidy", tidy, every="day", at=time(3, 20))]


async def audit_work(
    schedules: Sequence[Schedule],
    overdue: Sequence[Offer],
    *,
    now: datetime,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[str]:
    """Is anything more than five minutes late? Then an alarm in the log, and silence on the heartbeat: whoever listens
    to it notices. Returns what is late, in words."""
    late: list[str] = []
    for room, ask in [*overdue, ("worker", lambda *, now: late_slots(schedules, now=now)), ("clock", clocks_apart)]:
        told = await _asked(room, ask, now)
        metrics.overdue.labels(room).set(len(told))
        late += told
        for words in told:
            log.error("overdue", room=room, words=words)
    if not late:
        await _ping(transport)
    return late


async def _asked(room: str, ask: Any, now: datetime) -> list[str]:
    """A room that cannot answer is itself an alarm."""
    try:
        return list(await ask(now=now))
    except Exception as error:
        log.exception("auditor got no answer", room=room)
        return [f"{room} could not be asked ({type(error).__name__})"]


async def late_slots(schedules: Sequence[Schedule], *, now: datetime) -> list[str]:
    slotted = [(one.name, one.slot(now)) for one in schedules if one.every is not None]
    return [
        f"the job {name} of {slot:%d.%m. %H:%M} WIB is not done"
        for name, slot in slotted
        if now - slot > SLOT_LATE_AFTER and not await slots.is_done(name, slot)
    ]


async def clocks_apart(*, now: datetime) -> list[str]:
    found = await first("select clock_timestamp() as at")
    apart = abs((found["at"] - datetime.now(UTC)).total_seconds()) if found else 0.0
    return [f"this computer and the database are {apart:.0f} s apart"] if apart > CLOCKS_APART_SECONDS else []


async def _ping(transport: httpx.AsyncBaseTransport | None) -> None:
    url = settings().heartbeat_url
    if url is None:
        return
    try:
        async with httpx.AsyncClient(timeout=10, transport=transport) as client:
            answer = await client.get(url)
        if answer.is_error:
            log.warning("heartbeat refused", status=answer.status_code)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("heartbeat failed", cause=type(error).__name__)


async def tidy(*, now: datetime) -> None:
    """Rows of the ground that have served."""
    await slots.forget_slots(now - SLOTS_KEPT)
    await rows("delete from form_key where at < {} returning id", now - ANSWERS_KEPT)

"""Slots of jobs that run hourly or more rarely: the row decides who runs, not the scheduler."""

from __future__ import annotations

from datetime import datetime, timedelta

from community.kit.db import first, rows
from community.kit.ids import uuid7

ABANDONED_AFTER, AGAIN_AFTER = timedelta(minutes=15), timedelta(minutes=5)
LEADER = "leader"  # no job: the row in which the leading worker says that it lives
_EPOCH = "timestamptz '2000-01-01 00:00+00'"


async def claim_slot(job: str, slot: datetime, worker: str, *, now: datetime) -> bool:
    """Whether this worker is the one to run `job` for `slot`.

    Also where another claimed it, did not finish, and has been silent for 15 minutes: it was killed on the way.
    """
    claimed = await first(
        "insert into job_slot (id, job, slot, worker, claimed_at) values ({}, {}, {}, {}, {}) "
        "on conflict (job, slot) do update set worker = excluded.worker, claimed_at = excluded.claimed_at "
        "where job_slot.done_at is null and job_slot.claimed_at <= {} returning id",
        *(uuid7(), job, slot, worker[:60], now, now - ABANDONED_AFTER),
    )
    return claimed is not None


async def close_slot(job: str, slot: datetime, worker: str, *, now: datetime) -> None:
    await rows(
        "update job_slot set done_at = {} where job = {} and slot = {} and worker = {} returning id",
        *(now, job, slot, worker[:60]),
    )


async def give_back_slot(job: str, slot: datetime, worker: str, *, now: datetime) -> None:
    """After a failure: it may be claimed again in five minutes."""
    await rows(
        "update job_slot set claimed_at = {} where job = {} and slot = {} and worker = {} and done_at is null "
        "returning id",
        *(now - ABANDONED_AFTER + AGAIN_AFTER, job, slot, worker[:60]),
    )


async def is_done(job: str, slot: datetime) -> bool:
    found = await first(
        "select 1 as done from job_slot where job = {} and slot = {} and done_at is not null", job, slot
    )
    return found is not None


async def beat(worker: str) -> None:
    """The leading worker lives. By the database's own clock, so that a moved process clock changes no age."""
    await rows(
        f"insert into job_slot (id, job, slot, worker, claimed_at) values ({{}}, {{}}, {_EPOCH}, {{}}, "  # noqa: S608
        "clock_timestamp()) on conflict (job, slot) do update set worker = excluded.worker, "
        "claimed_at = excluded.claimed_at returning id",
        *(uuid7(), LEADER, worker[:60]),
    )


async def leader_age() -> float | None:
    """Seconds since any worker last said that it leads; None if none ever did."""
    found = await first(
        "select extract(epoch from clock_timestamp() - claimed_at)::float8 as age from job_slot where job = {}", LEADER
    )
    return float(found["age"]) if found else None


async def forget_slots(before: datetime) -> int:
    gone = await rows("delete from job_slot where slot < {} and job <> {} returning id", before, LEADER)
    return len(gone)

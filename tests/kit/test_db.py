"""The engine, `atomic()`, and the application's role."""

from __future__ import annotations

import asyncpg
import pytest

from community.kit.clock import StoppedClock
from community.kit.db import DB, atomic, first, rows
from community.kit.ids import uuid7
from community.kit.tables import JobSlot


async def add_slot(clock: StoppedClock, job: str) -> None:
    await JobSlot.insert(JobSlot(id=uuid7(), job=job, slot=clock(), worker="test"))


async def slots() -> list[str]:
    return [row["job"] for row in await rows("select job from job_slot order by job")]


async def test_a_failed_deed_leaves_nothing_and_the_outer_one_goes_on(db: None, clock: StoppedClock) -> None:
    async with atomic():
        await add_slot(clock, "kept")
        with pytest.raises(ValueError, match="no"):
            async with atomic():
                await add_slot(clock, "dropped")
                raise ValueError("no")

    assert await slots() == ["kept"]


async def test_a_failed_commit_gives_its_connection_back(committed: None, clock: StoppedClock) -> None:
    for _ in range(15):  # more than the pool holds
        with pytest.raises(asyncpg.PostgresError):
            async with atomic():
                await rows("select 1 / 0")

    assert await first("select 1 as one") == {"one": 1}


async def test_the_pool_runs_as_the_application_role_with_limits(committed: None) -> None:
    told = await first("select current_user::text as who, current_setting('statement_timeout') as statement")

    assert told == {"who": "community_app", "statement": "5s"}


async def test_the_application_cannot_rewrite_the_audit_log(committed: None) -> None:
    for statement in ("delete from audit_entry", "update audit_entry set action = ''", "truncate audit_seal"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rows(statement)
    assert DB.pool is not None

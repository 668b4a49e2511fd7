"""Each night: chapters long without an event rest; proposals nobody carried on are closed."""

from __future__ import annotations

from datetime import datetime, time

from community.chapters import service
from community.kit.jobs import Schedule


async def let_rest(*, now: datetime) -> int:
    return await service.fall_silent(now=now)


async def close_proposals(*, now: datetime) -> int:
    return await service.close_stale_proposals(now=now)


JOBS = (
    Schedule("chapters.let_rest", let_rest, every="day", at=time(2, 30)),
    Schedule("chapters.close_proposals", close_proposals, every="day", at=time(2, 40)),
)

"""Each night: terms that are over end; Rangers whose term nears its end are asked once."""

from __future__ import annotations

from datetime import datetime, time

from community.kit.jobs import Schedule
from community.rangers import service


async def end_what_is_over(*, now: datetime) -> int:
    return await service.end_what_is_over(now=now)


async def ask_to_renew(*, now: datetime) -> int:
    return await service.ask_to_renew(now=now)


JOBS = (
    Schedule("rangers.end_what_is_over", end_what_is_over, every="day", at=time(0, 10)),
    Schedule("rangers.ask_to_renew", ask_to_renew, every="day", at=time(9, 0)),
)

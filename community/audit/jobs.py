"""Seal each minute, read the whole chain each night."""

from __future__ import annotations

from datetime import datetime, time

from community.audit import service
from community.kit.jobs import Schedule


async def seal(*, now: datetime) -> None:
    await service.seal(now=now)


async def verify(*, now: datetime) -> None:
    await service.verify_and_report()


JOBS = (
    Schedule("audit.seal", seal, seconds=60),
    Schedule("audit.verify", verify, every="day", at=time(2, 30)),
)

"""Uploaded lists are forgotten after a day."""

from __future__ import annotations

from datetime import datetime

from community.kit.jobs import Schedule
from community.members import service


async def forget_contents(*, now: datetime) -> int:
    return await service.forget_contents(now=now)


JOBS = (Schedule("members.forget_contents", forget_contents, every="hour"),)

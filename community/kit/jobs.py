"""What a room asks to be done by the clock. The roof's worker runs it; the job itself asks the database what is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
Every = Literal["hour", "day", "week"]
_LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


@dataclass(frozen=True)
class Schedule:
    """One job. Either `seconds` (often: whoever leads runs it, again and again), or `every` (hourly or rarer: each slot
    once, however many workers there are; slots missed while everything was off are made good by one run).

    `run` takes `now=`. `at` is the time of day in WIB; of an hourly job only the minutes count. `weekday`: Monday is 0.
    """

    name: str
    run: Callable[..., Awaitable[object]]
    seconds: float | None = None
    every: Every | None = None
    at: time = time(0, 0)
    weekday: int = 0

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.every is None):
            raise ValueError(f"job {self.name}: either seconds or every")
        if self.seconds is not None and not 0 < self.seconds < 3600:
            raise ValueError(f"job {self.name}: hourly or rarer jobs say every=")

    def slot(self, now: datetime) -> datetime:
        """The latest moment at or before `now` at which a slot of this job began. Raises ValueError without slots."""
        if self.every is None:
            raise ValueError(f"job {self.name} has no slots")
        local = now.astimezone(WIB)
        if self.every == "hour":
            start = local.replace(minute=self.at.minute, second=0, microsecond=0)
        else:
            start = datetime.combine(local.date(), self.at, WIB)
        if self.every == "week":
            start -= timedelta(days=(start.weekday() - self.weekday) % 7)
        return start if start <= local else start - _LENGTHS[self.every]

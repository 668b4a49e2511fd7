"""Waking time: 07.00 to 21.00 on local clocks, the hours in which an answer may be expected of anybody.

Indonesia's zones have no summer time, so a local day always has the same length.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WAKES, SLEEPS = time(7), time(21)


def waking_minutes(start: datetime, end: datetime, tz: str) -> float:
    """Waking minutes between two instants; 0 where `end` is not after `start`."""
    minutes = 0.0
    for opens, closes in _days(start, tz):
        if opens >= end:
            break
        minutes += max((min(closes, end) - max(opens, start)) / timedelta(minutes=1), 0.0)
    return minutes


def add_waking(start: datetime, minutes: float, tz: str) -> datetime:
    """The instant at which `minutes` (> 0) of waking time have passed since `start`."""
    left = timedelta(minutes=minutes)
    for opens, closes in _days(start, tz):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta())
    raise AssertionError("days do not end")


def _days(start: datetime, tz: str) -> Iterator[tuple[datetime, datetime]]:
    """The waking hours of each local day, from the day of `start` on."""
    day = start.astimezone(ZoneInfo(tz)).date()
    while True:
        yield (
            datetime.combine(day, WAKES, ZoneInfo(tz)).astimezone(start.tzinfo),
            datetime.combine(day, SLEEPS, ZoneInfo(tz)).astimezone(start.tzinfo),
        )
        day += timedelta(days=1)

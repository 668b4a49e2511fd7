"""The next kopdar from the last ones: title, time, place, so that a phone needs few taps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
SLOTS = 3
USUAL_START, USUAL_LENGTH, SATURDAY = time(19), timedelta(hours=2), 5
SHORTEST_NOTICE = timedelta(hours=12)
REMEMBERED_GAPS = 4
_NUMBER = re.compile(r"(#\s*|ke-\s*)(\d{1,6})(?!\d)")


@dataclass(frozen=True)
class Past:
    """What is remembered of an earlier event."""

    title: str
    starts_at: datetime
    ends_at: datetime
    tz: str


def next_title(title: str) -> str:
    """`Kopdar #48` → `Kopdar #49`; `Kopdar ke-9` → `Kopdar ke-10`; a title without a number stays."""
    found = list(_NUMBER.finditer(title))
    if not found:
        return title
    last = found[-1]
    return f"{title[: last.start(2)]}{int(last[2]) + 1}{title[last.end(2) :]}"[:80]


def usual_gap(starts: Sequence[datetime]) -> timedelta:
    """Median gap of the last events in whole weeks, one at least; four weeks where nothing is known."""
    recent = sorted(starts)[-REMEMBERED_GAPS - 1 :]
    gaps = [(later - earlier) / WEEK for earlier, later in pairwise(recent)]
    return WEEK * max(1, round(median(gaps))) if gaps else 4 * WEEK


def next_slots(past: Sequence[Past], tz: str, now: datetime) -> list[datetime]:
    """Three starts to choose from, earliest first: the usual one, a week before or after, all ahead of `now`.

    Same weekday and local hour as the last event; without one, the coming Saturdays at 19.00.
    """
    zone = ZoneInfo(tz)
    earliest = now + SHORTEST_NOTICE
    if not past:
        return _weekly(_first_saturday(now, zone), earliest, zone)
    last = max(past, key=lambda event: event.starts_at)
    usual = last.starts_at.astimezone(zone) + usual_gap([event.starts_at for event in past])
    before = usual - WEEK
    return _weekly(before if before > last.starts_at + timedelta(days=3) else usual, earliest, zone)


def usual_length(past: Sequence[Past]) -> timedelta:
    if not past:
        return USUAL_LENGTH
    last = max(past, key=lambda event: event.starts_at)
    return last.ends_at - last.starts_at


def _first_saturday(now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    return datetime.combine(today + timedelta(days=(SATURDAY - today.weekday()) % 7), USUAL_START, zone)


def _weekly(first: datetime, earliest: datetime, zone: ZoneInfo) -> list[datetime]:
    """Weeks are added on local clocks, so the hour stays."""
    start = first.astimezone(zone)
    while start <= earliest:
        start += WEEK
    return [(start + index * WEEK).astimezone(earliest.tzinfo) for index in range(SLOTS)]

"""What an event may become, how long it may last, and what a ranger should think of before publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class EventState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class EventKind(StrEnum):
    KOPDAR = "kopdar"
    GATHERING = "gathering"
    OUTING = "outing"
    SOCIAL_ACTION = "social_action"
    SHARING = "sharing"


PUBLIC_STATES = frozenset(EventState) - {EventState.DRAFT}
OPEN_STATES = frozenset({EventState.PUBLISHED, EventState.POSTPONED})

TRANSITIONS: Mapping[str, Mapping[EventState, EventState]] = {
    "publish": {EventState.DRAFT: EventState.PUBLISHED, EventState.POSTPONED: EventState.PUBLISHED},
    "postpone": {EventState.PUBLISHED: EventState.POSTPONED},
    "cancel": {EventState.PUBLISHED: EventState.CANCELLED, EventState.POSTPONED: EventState.CANCELLED},
    "finish": {EventState.PUBLISHED: EventState.FINISHED},
}

LONGEST, LONGEST_OUTING = timedelta(hours=72), timedelta(days=7)
FINISHES_ITSELF_AFTER = timedelta(hours=24)
FRIDAY, PRAYER_STARTS, PRAYER_ENDS = 4, time(11, 30), time(13)
BIG_SALES = frozenset({(11, 11), (12, 12)})
NEAR_KM, NEAR_HOURS = 50.0, 3


def next_state(state: EventState, deed: str) -> EventState | None:
    """None where the deed is not possible now."""
    return TRANSITIONS[deed].get(state)


def longest(kind: EventKind) -> timedelta:
    return LONGEST_OUTING if kind is EventKind.OUTING else LONGEST


@dataclass(frozen=True)
class Caution:
    """Something to think of, never a refusal. `other`: title and chapter of the event near by."""

    code: str
    other: str = ""


def find_cautions(starts_at: datetime, ends_at: datetime, tz: str, others: tuple[str, ...] = ()) -> list[Caution]:
    """Friday prayer, the big sale days, and `others`: events within 50 km and 3 hours. Holidays are not known here."""
    zone = ZoneInfo(tz)
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    found = [Caution("friday_prayer")] if any(_meets_prayer(day, start, end) for day in _days(start, end)) else []
    if any((day.month, day.day) in BIG_SALES for day in _days(start, end)):
        found.append(Caution("big_sale"))
    return found + [Caution("near_by", other) for other in others]


def _days(start: datetime, end: datetime) -> Iterator[date]:
    day = start.date()
    while day <= end.date():
        yield day
        day += timedelta(days=1)


def _meets_prayer(day: date, start: datetime, end: datetime) -> bool:
    if day.weekday() != FRIDAY:
        return False
    begins = datetime.combine(day, PRAYER_STARTS, start.tzinfo)
    return start < datetime.combine(day, PRAYER_ENDS, start.tzinfo) and end > begins


def confirm_by_after_move(old: datetime, new: datetime, tz: str, now: datetime) -> datetime | None:
    """When T moved to another local day with 48 hours or more left, everybody going is asked again until T − 36 h."""
    zone = ZoneInfo(tz)
    another_day = old.astimezone(zone).date() != new.astimezone(zone).date()
    return new - timedelta(hours=36) if another_day and new - now >= timedelta(hours=48) else None

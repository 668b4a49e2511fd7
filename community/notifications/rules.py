"""When a message may go, and when to try again. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_TO, LAST_CALL = time(21, 0), time(7, 0), time(20, 0)
WAKES_WITHIN = timedelta(hours=12)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MAILABLE = ("reminder", "ask", "news")
LEASE = timedelta(seconds=60)
BATCH = 50
DELIVERIES_KEPT, NOTICES_KEPT = timedelta(days=365), timedelta(days=730)
PIECE = 2_000
OVERDUE_AFTER = timedelta(minutes=5)


def place_mail(
    wanted: datetime, *, now: datetime, tz: ZoneInfo, category: str, not_after: datetime | None, urgent: bool
) -> datetime | None:
    """When a mail wanted at `wanted` may go: by day, in the zone of what it is about; None if that is too late.

    At night it waits for 07.00, or goes at 20.00 the evening before where 07.00 is past `not_after`. Urgent mails
    (sign-in links) and essential ones about something less than 12 hours away wake people.
    """
    wanted = max(wanted, now)
    if not_after is not None and wanted >= not_after:
        return None
    if urgent or not is_quiet(wanted, tz) or _may_wake(wanted, category, not_after):
        return wanted
    morning = next_morning(wanted, tz)
    if not_after is None or morning < not_after:
        return morning
    evening = _last_call(wanted, tz)
    return evening if evening >= now else None


def is_quiet(at: datetime, tz: ZoneInfo) -> bool:
    local = at.astimezone(tz).time()
    return local >= QUIET_FROM or local < QUIET_TO


def next_morning(at: datetime, tz: ZoneInfo) -> datetime:
    local = at.astimezone(tz)
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_TO else local.date()
    return datetime.combine(day, QUIET_TO, tz)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """After the given number of tries; None once it has been tried often enough."""
    return now + RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None


def _may_wake(wanted: datetime, category: str, not_after: datetime | None) -> bool:
    return category == "essential" and not_after is not None and not_after - wanted < WAKES_WITHIN


def _last_call(at: datetime, tz: ZoneInfo) -> datetime:
    local = at.astimezone(tz)
    day = local.date() if local.time() >= QUIET_FROM else local.date() - timedelta(days=1)
    return datetime.combine(day, LAST_CALL, tz)

"""Who hears what when an RSVP or an event changes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from community.events.rules.seats import SEATED, RsvpState, Seat


class News(StrEnum):
    """What became of somebody's RSVP; each has its message."""

    GOING = "rsvp_going"
    WAITLISTED = "rsvp_waitlisted"
    SEAT_FREE = "seat_free"
    OFFERED = "seat_offered"
    LAPSED = "seat_lapsed"
    REMOVED = "rsvp_removed"
    MOVED_BACK = "moved_back"
    INVITED = "rsvp_invited"


def pick_news(
    before: Seat | None, after: Seat, *, asked_by_self: bool, starts_at: datetime, now: datetime
) -> News | None:
    """At most one message for one change; none for what the person did and sees, or for what the start ended."""
    old = before.state if before else None
    if old is after.state:
        return None
    match after.state:
        case RsvpState.GOING if old is RsvpState.OFFERED:
            return None
        case RsvpState.GOING:
            return News.GOING if asked_by_self or old is not RsvpState.WAITLISTED else News.SEAT_FREE
        case RsvpState.WAITLISTED:
            return News.MOVED_BACK if old in SEATED else News.WAITLISTED
        case RsvpState.OFFERED:
            return News.OFFERED
        case RsvpState.REMOVED:
            return News.REMOVED
        case RsvpState.INVITED:
            return News.INVITED
        case RsvpState.LAPSED:
            return News.LAPSED if old in SEATED and now < starts_at else None
    return None

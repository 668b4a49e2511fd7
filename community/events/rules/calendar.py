"""Events as iCalendar (RFC 5545), for files and feeds that are subscribed to. Nothing personal is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, TimezoneStandard, vCalAddress, vDuration, vText
from icalendar import Event as CalendarEvent

from community.events.rules.lifecycle import EventState

PRODID = "-//Ranger//community//ID"
POLL_EVERY = timedelta(hours=12)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (a VTIMEZONE speaks local time)
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
STATUS = {EventState.POSTPONED: "TENTATIVE", EventState.CANCELLED: "CANCELLED"}


@dataclass(frozen=True)
class Entry:
    """One event. `point`: (latitude, longitude), already blurred for a home. `changed_at` becomes DTSTAMP."""

    uid: str
    sequence: int
    state: EventState
    title: str
    description: str
    location: str
    point: tuple[float, float] | None
    url: str
    starts_at: datetime
    ends_at: datetime
    tz: str
    chapter: str
    changed_at: datetime


def write_calendar(entries: Iterable[Entry], *, name: str, tz: str, mail_from: str) -> bytes:
    """CRLF, folded at 75 octets, a VTIMEZONE for every zone used. `mail_from` is the organiser's no-reply address."""
    listed = list(entries)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", one_line(name))
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("x-wr-timezone", tz)
    calendar.add("refresh-interval", vDuration(POLL_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(POLL_EVERY))
    for zone in sorted({entry.tz for entry in listed}):
        calendar.add_component(_zone(zone))
    for entry in listed:
        calendar.add_component(_event(entry, mail_from))
    written: bytes = calendar.to_ical()
    return written


def _zone(tz: str) -> Timezone:
    """Without it a reader lets the times float. Indonesia has had no summer time since long before 1970."""
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(tz)).utcoffset() or timedelta()
    standard = TimezoneStandard()
    standard.add("dtstart", EPOCH)
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", ZONE_NAMES.get(tz, tz))
    zone = Timezone()
    zone.add("tzid", tz)
    zone.add_component(standard)
    return zone


def _event(entry: Entry, mail_from: str) -> CalendarEvent:
    event = CalendarEvent()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(ZoneInfo(entry.tz)))
    event.add("dtend", entry.ends_at.astimezone(ZoneInfo(entry.tz)))
    event.add("summary", one_line(entry.title))
    event.add("description", "\n".join(one_line(line) for line in entry.description.split("\n")))
    if entry.location:
        event.add("location", one_line(entry.location))
    if entry.point:
        event.add("geo", entry.point)
    event.add("url", entry.url)
    event.add("status", STATUS.get(entry.state, "CONFIRMED"))
    event.add("sequence", entry.sequence)
    organizer = vCalAddress(f"mailto:{mail_from}")
    organizer.params["cn"] = vText(one_line(entry.chapter).replace('"', "'"))
    event.add("organizer", organizer)
    return event


def one_line(text: str) -> str:
    """A name or title: line breaks and other control characters become spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

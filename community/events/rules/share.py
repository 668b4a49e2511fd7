"""An event in few words: for a chat, for a link preview, for the line that tells whether there is room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from community.kit.format import date_short, when_long, when_short
from community.kit.i18n import gettext as _
from community.kit.whatsapp import escape, share_text

NEARLY_FULL_SHARE, NEARLY_FULL_SEATS = 0.15, 3
OG_TITLE_MOST = 60


class Room(StrEnum):
    """How much room there is, as shown to everybody. Exact numbers are the rangers'."""

    FREE = "free"
    NEARLY_FULL = "nearly_full"
    WAITLIST = "waitlist"


@dataclass(frozen=True)
class Told:
    """What everybody may know of an event."""

    title: str
    chapter: str
    starts_at: datetime
    tz: str
    place: str
    patokan: str
    url: str


def room_left(capacity: int | None, seats_held: int, people_waiting: int) -> Room:
    """Whoever waits comes first, so a free chair with a queue is still the waitlist."""
    if capacity is None:
        return Room.FREE
    left = capacity - seats_held
    if left <= 0 or people_waiting:
        return Room.WAITLIST
    return Room.NEARLY_FULL if left <= max(NEARLY_FULL_SEATS, capacity * NEARLY_FULL_SHARE) else Room.FREE


def room_words(room: Room) -> str:
    return {
        Room.FREE: _("masih ada tempat"),
        Room.NEARLY_FULL: _("hampir penuh"),
        Room.WAITLIST: _("daftar tunggu"),
    }[room]


def whatsapp_text(told: Told, room: Room) -> str:
    """For the chapter's group: at most 400 characters, the address last and whole, no names of people."""
    lines = [
        f"*{escape(told.title)}*",
        when_long(told.starts_at, told.tz),
        escape(told.place) + (f" ({escape(told.patokan)})" if told.patokan else ""),
        _("Daftar di sini (%(room)s):") % {"room": room_words(room)},
    ]
    return share_text("\n".join(line for line in lines if line), told.url)


def og_title(told: Told) -> str:
    day = date_short(told.starts_at, told.tz)
    room = OG_TITLE_MOST - len(day) - 3
    title = told.title if len(told.title) <= room else told.title[: room - 1].rstrip() + "…"
    return f"{title} · {day}"


def og_description(told: Told, words: str) -> str:
    """`words`: whether there is room, or that it was cancelled."""
    return " · ".join(part for part in (when_short(told.starts_at, told.tz), told.place, words, told.chapter) if part)

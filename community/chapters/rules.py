"""A chapter's states and what moves it from one to the next. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

CONDUCT_VERSION = "1"
FOUNDERS_NEEDED = 2
SILENT_AFTER = timedelta(days=120)
UNANSWERED_AFTER = timedelta(days=7)
NEVER_OPENED_AFTER = timedelta(days=180)
SHOWN_FROM = 5
"""Counts of people under this read "<5" in public."""

RESERVED_SLUGS = frozenset({"propose", "new", "map"})
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]", re.ASCII)
_ADDRESS = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_INVITE = re.compile(r"https://chat\.whatsapp\.com/[A-Za-z0-9]{10,40}", re.ASCII)


class State(StrEnum):
    PROPOSED = "proposed"
    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


OPEN = (State.FORMING, State.ACTIVE, State.DORMANT)
"""States in which a chapter may do everything: the state changes only lists."""
PUBLIC = (*OPEN, State.CLOSED)


class Cause(StrEnum):
    """Why a chapter changes its state; kept as the reason in its history."""

    PROPOSED = "proposed"
    ENDORSED = "endorsed"
    FIRST_EVENT = "first_event"
    PUBLISHED = "published"
    SILENCE = "silence"
    REST = "rest"
    NO_RANGERS = "no_rangers"
    WITHDRAWN = "withdrawn"
    NEVER_OPENED = "never_opened"


TRANSITIONS: dict[tuple[State | None, Cause], State] = {
    (None, Cause.PROPOSED): State.PROPOSED,
    (State.PROPOSED, Cause.ENDORSED): State.FORMING,
    (State.PROPOSED, Cause.WITHDRAWN): State.CLOSED,
    (State.PROPOSED, Cause.NEVER_OPENED): State.CLOSED,
    (State.FORMING, Cause.FIRST_EVENT): State.ACTIVE,
    (State.DORMANT, Cause.PUBLISHED): State.ACTIVE,
    **{
        (state, cause): State.DORMANT
        for state in (State.FORMING, State.ACTIVE)
        for cause in (Cause.SILENCE, Cause.REST, Cause.NO_RANGERS)
    },
}
"""Closing an open chapter and opening a closed one need a decision of its Rangers, which does not exist yet."""


class Activity(StrEnum):
    """What events report: published (at = its start), finished with nobody checked in, finished with somebody."""

    PUBLISHED = "published"
    FINISHED = "finished"
    ATTENDED = "attended"


CAUSE_OF_ACTIVITY = {Activity.PUBLISHED: Cause.PUBLISHED, Activity.ATTENDED: Cause.FIRST_EVENT}


@dataclass(frozen=True)
class Chapter:
    """One chapter as its row says; `seat` is the code of the kabupaten or kota that gives the time zone."""

    id: UUID
    slug: str
    name: str
    tz: str
    state: State
    state_since: datetime
    latitude: float
    longitude: float
    about: str
    whatsapp_invite: str | None
    last_activity_at: datetime | None
    proposed_by: UUID | None
    is_demo: bool
    created_at: datetime
    version: int
    seat: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def next_state(state: State | None, cause: Cause) -> State | None:
    """The state `cause` leads to, or None where it changes nothing."""
    return TRANSITIONS.get((state, cause))


def is_silent(last_activity_at: datetime | None, state_since: datetime, now: datetime) -> bool:
    """120 days without a finished or a coming event, counted from the later of the last one and the last change."""
    since = max(last_activity_at or state_since, state_since)
    return now - since >= SILENT_AFTER


def is_overdue(asked_at: datetime, now: datetime) -> bool:
    """Whether a proposal has waited for an answer for a week."""
    return now - asked_at >= UNANSWERED_AFTER


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None and text not in RESERVED_SLUGS


def might_be_slug(text: str) -> bool:
    """Whether it is worth asking for: an address of ours holds nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def is_whatsapp_invite(text: str) -> bool:
    return _INVITE.fullmatch(text) is not None


def slug_from(name: str) -> str:
    """A name for the address made of the chapter's name: "Pelapak Kediri & Blitar" gives "pelapak-kediri-blitar"."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:37].strip("-")
    return slug if is_slug(slug) else f"komunitas-{slug}".strip("-")


def numbered(slug: str, taken: frozenset[str]) -> str:
    """`slug`, or with the first free number behind it."""
    if slug not in taken:
        return slug
    return next(f"{slug}-{number}" for number in range(2, len(taken) + 3) if f"{slug}-{number}" not in taken)


def shown_count(count: int) -> str:
    """A count of people as the public may see it."""
    return str(count) if count == 0 or count >= SHOWN_FROM else f"<{SHOWN_FROM}"

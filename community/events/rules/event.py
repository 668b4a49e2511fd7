"""An event as the room's code knows it, and what follows from its columns alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.events.rules.lifecycle import OPEN_STATES, PUBLIC_STATES, EventKind, EventState
from community.events.rules.seats import Terms

BLURRED_DECIMALS = 2


@dataclass(frozen=True)
class Event:
    """One event with the few facts of its chapter that are always shown beside it."""

    id: UUID
    code: str
    chapter_id: UUID
    chapter_slug: str
    chapter_name: str
    is_demo: bool
    kind: EventKind
    state: EventState
    title: str
    body: str
    topic: str | None
    starts_at: datetime
    ends_at: datetime
    tz: str
    mode: str
    place_name: str
    address: str
    patokan: str
    latitude: float | None
    longitude: float | None
    is_home: bool
    online_url: str | None
    audience: str
    rsvp_mode: str
    external_url: str | None
    rsvp_opens_at: datetime
    rsvp_closes_at: datetime
    capacity: int | None
    guests_max: int
    promotion: str
    ics_uid: str
    ics_sequence: int
    schedule_no: int
    published_at: datetime | None
    finished_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    attendance_complete: bool
    recap: str
    created_by: UUID | None
    created_at: datetime
    version: int

    @property
    def path(self) -> str:
        return f"/events/{self.code}"

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def is_open(self) -> bool:
        """Published or postponed: RSVPs are alive."""
        return self.state in OPEN_STATES

    @property
    def point_shown(self) -> tuple[float, float] | None:
        """Where it is, as everybody may see it: of a home only about a kilometre."""
        if self.latitude is None or self.longitude is None:
            return None
        if self.is_home:
            return round(self.latitude, BLURRED_DECIMALS), round(self.longitude, BLURRED_DECIMALS)
        return self.latitude, self.longitude

    @property
    def address_shown(self) -> str:
        """The address of a home is for seat holders only."""
        return "" if self.is_home else self.address

    def over(self, now: datetime) -> bool:
        return self.state in {EventState.CANCELLED, EventState.FINISHED} or now >= self.ends_at

    def terms(self, now: datetime) -> Terms:
        return Terms(
            now=now,
            starts_at=self.starts_at,
            opens_at=self.rsvp_opens_at,
            closes_at=self.rsvp_closes_at,
            tz=self.tz,
            capacity=self.capacity,
            published=self.state is EventState.PUBLISHED,
            picked_by_hand=self.promotion == "manual",
        )


@dataclass(frozen=True)
class Plan:
    """What a Ranger decides about an event before its seats are spoken of."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place_name: str = ""
    patokan: str = ""
    address: str = ""
    body: str = ""
    topic: str | None = None
    capacity: int | None = None
    kind: EventKind = EventKind.KOPDAR
    mode: str = "onsite"
    online_url: str | None = None
    is_home: bool = False
    latitude: float | None = None
    longitude: float | None = None
    audience: str = "public"
    guests_max: int = 0
    promotion: str = "auto"


PLANNED = tuple(Plan.__dataclass_fields__)
SHOWN_IN_CALENDARS = ("starts_at", "ends_at", "place_name", "address", "patokan")
WORTH_TELLING = ("starts_at", "ends_at", "place_name", "address", "patokan", "online_url")
"""Fields of which everybody who comes has to hear."""


def plan_of(event: Event) -> Plan:
    return Plan(**{name: getattr(event, name) for name in PLANNED})


def changed_fields(event: Event, plan: Plan) -> list[str]:
    return [name for name in PLANNED if getattr(event, name) != getattr(plan, name)]

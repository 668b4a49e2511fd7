"""What the demo is drawn from and what comes out: cities, sizes, rows by table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

COLUMNS = {
    "person": "id kind name phone phone_verified_at email email_verified_at is_demo created_at version",
    "role_spell": "id person role scope_id from_at to_at",
    "consent": "id person purpose scope_id text_version at channel given_by withdrawn_at",
    "chapter": "id slug name tz state state_since latitude longitude about last_activity_at proposed_by is_demo"
    " created_at version",
    "chapter_slug": "slug chapter",
    "chapter_region": "id chapter region_code is_seat",
    "chapter_state": "id chapter from_state to_state at actor_id reason",
    "chapter_founder": "id chapter person invited_at conduct_version accepted_at",
    "membership": "id person chapter joined_on left_on source precision end_cause created_at ended_at",
    "store": "id person marketplace_store_id name since_at",
    "ranger_spell": "id person chapter role from_on to_on proposed_by proposed_at accepted_at conduct_version",
    "ranger_profile": "person id topics languages home_region home_latitude home_longitude reach_minutes load_limit"
    " quiet_from quiet_to version updated_at",
    "event": "id code chapter kind state title body topic starts_at ends_at tz mode place_name address patokan latitude"
    " longitude is_home audience rsvp_mode rsvp_opens_at rsvp_closes_at capacity guests_max promotion"
    " ics_uid ics_sequence schedule_no published_at finished_at cancelled_at cancel_reason"
    " attendance_complete recap created_by created_at version",
    "session": "id event position title topic level form minutes language created_at version",
    "speaker": "id session position person consent_at",
    "rsvp": "id event person state party_size queue_no confirmed_by_person source name_given token_no created_at"
    " changed_at",
    "rsvp_change": "id rsvp change_no from_state to_state party_size queue_no actor_id channel at",
    "scan": "id nonce event kind rsvp person undoes name_given actor_id source scanned_at received_at result",
}
"""Table → columns filled here, in an order in which every row finds what it points to."""


@dataclass(frozen=True)
class City:
    code: str
    name: str
    latitude: float
    longitude: float
    tz: str


@dataclass(frozen=True)
class Sizes:
    chapters: int = 72
    rangers: int = 200
    members: int = 6_000
    months: int = 24


@dataclass
class Plan:
    """Rows by table, columns as in `COLUMNS`; the roles one can sign in as; the home chapter and its next number."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in COLUMNS})
    people: dict[str, UUID] = field(default_factory=dict)
    home: UUID | None = None
    next_number: int = 1


@dataclass
class Ground:
    """What one chapter's rows are drawn from; `members` pairs each person with the day of joining."""

    id: UUID
    city: City
    state: str
    founded: date
    rangers: list[UUID] = field(default_factory=list)
    members: list[tuple[UUID, str, date]] = field(default_factory=list)
    guests: list[tuple[UUID, str]] = field(default_factory=list)
    last_activity: datetime | None = None


@dataclass(frozen=True)
class Occasion:
    """One event to draw: on which day, and how far it has come."""

    on: date
    number: int
    state: str = "finished"
    kind: str = "kopdar"
    capacity: int | None = 40
    answers: int = 0
    hours: time = time(19)

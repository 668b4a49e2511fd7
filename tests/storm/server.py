"""The application for a storm, and its controls: the same with the lock off, or with lock and count in one statement.

A control is made here, by putting another question in place of the room's; the product knows nothing of it.
"""

from __future__ import annotations

import json
import os
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from community.app import create_app
from community.events.deeds import changing
from community.events.queries import events as event_queries
from community.events.queries import rsvps as queries
from community.events.rules.event import Event
from community.events.rules.seats import RsvpState, Seat
from community.kit.db import configure, first
from community.kit.settings import dsn_to_config

JOINED = """
select (select json_agg(json_build_object('person', r.person, 'state', r.state, 'size', r.party_size, 'no', r.queue_no))
        from rsvp r where r.event = e.id) as seats
from event e where e.id = {} for no key update of e
"""
_seats: ContextVar[dict[UUID, Seat]] = ContextVar("seats")


async def lock_and_count_at_once(event_id: UUID) -> Event | None:
    """The mistake: the statement's snapshot is older than its lock."""
    found = await first(JOINED, event_id)
    listed = json.loads(found["seats"] or "[]") if found else []
    made = [Seat(UUID(s["person"]), RsvpState(s["state"]), s["size"], s["no"]) for s in listed]
    _seats.set({seat.person: seat for seat in made})
    return await event_queries.find_by_id(event_id)


async def counted_already(event_id: UUID) -> dict[UUID, Seat]:
    return _seats.get()


def make() -> Any:
    configure(dsn_to_config(os.environ["DATABASE_URL"]))
    control = os.environ.get("STORM_CONTROL", "")
    if control == "unlocked":
        event_queries.lock_event = event_queries.find_by_id  # type: ignore[assignment]
    elif control == "joined":
        event_queries.lock_event = lock_and_count_at_once  # type: ignore[assignment]
        queries.list_seats = counted_already  # type: ignore[assignment]
    assert changing.event_queries is event_queries  # the deed asks through the module, so the control reaches it
    return create_app(jobs=False)

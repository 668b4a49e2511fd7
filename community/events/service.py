"""The door of events: plan, publish, answer, check in, show. Everything else of the room stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.events.deeds.access import access_event
from community.events.deeds.answering import (
    CONSENT,
    GuestAsk,
    LinkPage,
    MyRsvp,
    accept,
    access_answer,
    act_by_link,
    change_capacity,
    confirm,
    my_rsvp,
    pick,
    remove,
    rsvp,
    rsvp_as_guest,
    rsvp_by_link,
    withdraw,
)
from community.events.deeds.calendars import chapter_calendar, event_calendar
from community.events.deeds.changing import CLOCK, Actor, Result, change_rsvps
from community.events.deeds.door import (
    DoorCode,
    DoorList,
    Marked,
    Roster,
    Upload,
    check_in,
    check_in_by_code,
    door,
    door_code,
    my_code,
    roster,
    undo_check_in,
    upload,
    walk_in,
)
from community.events.deeds.drafting import Prefill, clone, create_kopdar, local_slot, prefill
from community.events.deeds.planning import (
    cancel,
    create,
    edit,
    find_near,
    finish,
    finish_old,
    postpone,
    publish,
    sweep,
)
from community.events.deeds.showing import (
    EventPage,
    Item,
    ListPage,
    Panel,
    PanelMaker,
    Waiting,
    chapter_panel,
    edit_page,
    event_page,
    finish_page,
    list_for_machines,
    list_page,
    manage_panel,
    my_rsvps,
    next_public,
    people_page,
    published_page,
    upcoming,
    use_panels,
    waiting_for,
)
from community.events.errors import EventNotFound
from community.events.queries import events as event_queries
from community.events.queries import rsvps as rsvp_queries
from community.events.queries.events import May
from community.events.queries.rsvps import Answer
from community.events.rules.event import Event, Plan, plan_of
from community.events.rules.lifecycle import EventKind, EventState
from community.events.rules.seats import RsvpState, place_in_queue
from community.kit.viewer import Viewer

__all__ = (
    "CLOCK",
    "Actor",
    "Answer",
    "DoorCode",
    "DoorList",
    "Event",
    "EventKind",
    "EventNotFound",
    "EventPage",
    "EventState",
    "GuestAsk",
    "Item",
    "LinkPage",
    "ListPage",
    "Marked",
    "May",
    "MyRsvp",
    "Panel",
    "PanelMaker",
    "Plan",
    "Prefill",
    "Result",
    "Roster",
    "RsvpState",
    "Upload",
    "Waiting",
    "accept",
    "access_answer",
    "access_event",
    "act_by_link",
    "cancel",
    "change_capacity",
    "change_rsvps",
    "chapter_calendar",
    "chapter_panel",
    "check_in",
    "check_in_by_code",
    "check_invariants",
    "clone",
    "confirm",
    "consent_words",
    "create",
    "create_kopdar",
    "door",
    "door_code",
    "edit",
    "edit_page",
    "event_calendar",
    "event_page",
    "export_person",
    "find_near",
    "finish",
    "finish_old",
    "finish_page",
    "list_for_machines",
    "list_page",
    "list_rsvps",
    "listed_person",
    "local_slot",
    "manage_panel",
    "my_code",
    "my_rsvp",
    "my_rsvps",
    "next_public",
    "people_page",
    "pick",
    "plan_of",
    "postpone",
    "prefill",
    "publish",
    "published_page",
    "remove",
    "roster",
    "rsvp",
    "rsvp_as_guest",
    "rsvp_by_link",
    "still_true",
    "sweep",
    "undo_check_in",
    "upcoming",
    "upload",
    "use_panels",
    "waiting_for",
    "walk_in",
    "withdraw",
)


async def consent_words() -> str:
    """What somebody agrees to who answers or comes in."""
    return (await accounts.consent_text(CONSENT)).text


STILL_TRUE_IN = {
    "events/rsvp_going": {RsvpState.GOING},
    "events/seat_free": {RsvpState.GOING},
    "events/rsvp_waitlisted": {RsvpState.WAITLISTED},
    "events/moved_back": {RsvpState.WAITLISTED},
    "events/seat_offered": {RsvpState.OFFERED},
}


async def list_rsvps(viewer: Viewer, code: str, *, now: datetime) -> tuple[Event, Sequence[tuple[Answer, int | None]]]:
    """Every RSVP with its place in the queue, for Rangers; the look is recorded. Raises EventNotFound."""
    event = await access_event(viewer, code, may="run", now=now)
    answers = await rsvp_queries.list_answers(event.id)
    await audit.record(viewer.person(), "event.people.read", ("event", event.id), now=now, chapter_id=event.chapter_id)
    seats = {answer.person: answer.seat for answer in answers}
    return event, [(answer, place_in_queue(seats, answer.person)) for answer in answers]


async def still_true(template: str, subject: tuple[str, UUID], person_id: UUID, *, now: datetime) -> bool:
    """Asked just before a mail leaves: does the RSVP stand as the mail says, and is the event still on?"""
    wanted = STILL_TRUE_IN.get(template)
    if wanted is None or subject[0] != "event":
        return True
    event = await event_queries.find_by_id(subject[1])
    answer = await rsvp_queries.find_answer(subject[1], person_id)
    return bool(event and event.is_open and answer and answer.seat.state in wanted)


async def listed_person(person_id: UUID) -> list[audit.Listed]:
    """The rosters that name this person, for "who looked"."""
    answers = await rsvp_queries.list_of_person(person_id, 10_000)
    return [audit.Listed("event", str(answer.event_id), answer.created_at) for answer in answers]


async def export_person(person_id: UUID) -> dict[str, Any]:
    """For "Unduh data saya": every RSVP with its history."""
    exported = []
    for answer in await rsvp_queries.list_of_person(person_id, 10_000):
        event = await event_queries.find_by_id(answer.event_id)
        exported.append(
            {
                "event": event.code if event else None,
                "title": event.title if event else None,
                "starts_at": event.starts_at if event else None,
                "state": answer.seat.state.value,
                "party_size": answer.seat.party_size,
                "name_given": answer.name,
                "source": answer.source,
                "created_at": answer.created_at,
                "changes": await rsvp_queries.list_changes(answer.id),
            }
        )
    return {"rsvps": exported}


async def check_invariants(*, now: datetime) -> Sequence[str]:
    """For the doctor: sentences, none if all is well."""
    return [
        f"event {row['code']} holds {row['held']} of {row['capacity']} seats"
        for row in await rsvp_queries.list_oversold()
    ]

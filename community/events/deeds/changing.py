"""The one locked place: every path that changes an RSVP ends in `change_rsvps`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from community.audit import service as audit
from community.events.deeds.access import LOCK_RETRY_SECONDS
from community.events.errors import (
    CapacityBelowGoing,
    DoesNotFit,
    EventNotFound,
    EventNotPublished,
    NothingToChange,
    OfferExpired,
    RsvpClosed,
    RsvpRemoved,
)
from community.events.queries import events as event_queries
from community.events.queries import rsvps as queries
from community.events.queries.rsvps import Changed, NewRsvp
from community.events.rules.event import Event
from community.events.rules.seats import Deed, Refusal, Seats, change, held, place_in_queue
from community.events.rules.telling import News, pick_news
from community.kit import crypto
from community.kit.db import atomic
from community.kit.errors import Conflict, Unavailable
from community.kit.ids import token_hash
from community.notifications import service as notifications

REFUSALS: Mapping[Refusal, type[Conflict]] = {
    Refusal.CLOSED: RsvpClosed,
    Refusal.REMOVED: RsvpRemoved,
    Refusal.EXPIRED: OfferExpired,
    Refusal.UNPUBLISHED: EventNotPublished,
    Refusal.FULL: DoesNotFit,
    Refusal.BELOW_GOING: CapacityBelowGoing,
    Refusal.NOTHING: NothingToChange,
}


@dataclass(frozen=True)
class Actor:
    """Who does it and by which way: a signed-in person, the holder of a link, or the clock."""

    person_id: UUID | None = None
    kind: Literal["person", "link", "job"] = "person"
    channel: Literal["page", "link", "api", "job", "door"] = "page"
    reason: str | None = None


CLOCK = Actor(kind="job", channel="job")


@dataclass(frozen=True)
class Result:
    """The event and all its seats after the deed."""

    event: Event
    seats: Seats

    def place(self, person_id: UUID) -> int | None:
        return place_in_queue(self.seats, person_id)


async def change_rsvps(
    event_id: UUID, deed: Deed, *, actor: Actor, now: datetime, new: NewRsvp | None = None
) -> Result:
    """Do `deed` under the event's lock, let the queue move up, and tell everybody whose RSVP changed.

    `new` describes the row of somebody who had none. What time alone had changed is kept even if the deed is refused.
    Raises a Conflict with the refusal's code, EventNotFound, or Unavailable after the lock timeout.
    """
    async with atomic():
        event = await _lock(event_id)
        before = await queries.list_seats(event_id)
        outcome = change(before, deed, event.terms(now))
        await _save(event, before, outcome.seats, deed, actor, new, now)
    if outcome.refusal:
        raise _refused(event, outcome.seats, outcome.refusal)
    return Result(event, outcome.seats)


async def _lock(event_id: UUID) -> Event:
    try:
        event = await event_queries.lock_event(event_id)
    except event_queries.LockTimeout as fault:
        raise Unavailable(LOCK_RETRY_SECONDS, "event lock") from fault
    if event is None:
        raise EventNotFound
    return event


def _refused(event: Event, seats: Seats, refusal: Refusal) -> Conflict:
    return REFUSALS[refusal](
        current={"state": event.state.value, "capacity": event.capacity, "held": held(seats), "version": event.version}
    )


async def _save(
    event: Event, before: Seats, after: Seats, deed: Deed, actor: Actor, new: NewRsvp | None, now: datetime
) -> None:
    asked = getattr(deed, "person", None)
    changes = [
        await _save_seat(event, before, after, person, actor if person == asked else _moved(actor), new, now)
        for person in after
        if after[person] != before.get(person)
    ]
    if changes:
        ids = await queries.save_changes(changes, now)
        await _record(event, changes, actor, asked, now)
        await _tell(event, after, changes, ids, asked if _for_self(actor, asked) else None, now)


def _moved(actor: Actor) -> Actor:
    """Whoever moves up does so by the rules, not by the hand of whoever made room."""
    return Actor(None, "job", "job", actor.reason)


async def _save_seat(
    event: Event, before: Seats, after: Seats, person: UUID, actor: Actor, new: NewRsvp | None, now: datetime
) -> Changed:
    seat = after[person]
    if person in before:
        rsvp_id = await queries.save_seat(event.id, seat, now)
    elif new is not None:
        rsvp_id = new.id
        await queries.save_new(event.id, seat, new, now)
    else:
        raise ValueError("a deed that adds somebody brings the new row")
    return Changed(rsvp_id, before.get(person), seat, actor.person_id, actor.channel, actor.reason)


async def _record(event: Event, changes: Sequence[Changed], actor: Actor, asked: UUID | None, now: datetime) -> None:
    for changed in changes:
        own = changed.after.person == asked
        await audit.record(
            actor.person_id if own else None,
            f"event.rsvp.{changed.after.state.value}",
            ("rsvp", changed.rsvp_id),
            now=now,
            actor_kind=actor.kind if own else "job",
            chapter_id=event.chapter_id,
            subject_id=changed.after.person,
            reason=actor.reason if own else None,
            detail={"event": str(event.id)},
        )


def _for_self(actor: Actor, asked: UUID | None) -> bool:
    return actor.kind == "link" or (actor.person_id is not None and actor.person_id == asked)


async def _tell(
    event: Event, seats: Seats, changes: Sequence[Changed], ids: Sequence[UUID], by_self: UUID | None, now: datetime
) -> None:
    """`by_self`: the person who asked for themselves, if that is how it came about."""
    told = []
    for changed, change_id in zip(changes, ids, strict=True):
        own = changed.after.person == by_self
        news = pick_news(changed.before, changed.after, asked_by_self=own, starts_at=event.starts_at, now=now)
        if news:
            told.append((news, changed, change_id))
    reach = await queries.list_reachable([changed.after.person for _, changed, _ in told]) if told else {}
    for news, changed, change_id in told:
        await _enqueue(event, seats, news, changed, change_id, reach[changed.after.person], now)


async def _enqueue(
    event: Event,
    seats: Seats,
    news: News,
    changed: Changed,
    change_id: UUID,
    reach: tuple[str, str | None],
    now: datetime,
) -> None:
    """Guests have no inbox: their one message carries the link that manages the RSVP, and is wiped once sent."""
    kind, email = reach
    if kind == "guest" and email is None:
        return
    person = changed.after.person
    params: dict[str, Any] = {**common_params(event), "link": event.path}
    extra = {"queue": place_in_queue(seats, person), "answer_by": changed.after.expires_at}
    if kind == "guest":
        link = f"/r/{manage_token(changed.rsvp_id)}"
        template, params = "events/guest_rsvp", {**params, **extra, "link": link, "news": news.value}
    else:
        template = f"events/{news.value}"
        params |= {name: extra[name] for name in EXTRA.get(news, ())}
    await notifications.enqueue(
        person,
        template,
        params,
        now=now,
        dedupe_key=f"rsvp_change/{change_id}",
        subject=("event", event.id),
        chapter_id=event.chapter_id,
        tz=event.tz,
        expires_at=event.starts_at if now < event.starts_at else event.ends_at,
        address=email if kind == "guest" else None,
    )


EXTRA: Mapping[News, tuple[str, ...]] = {
    News.WAITLISTED: ("queue",),
    News.MOVED_BACK: ("queue",),
    News.OFFERED: ("answer_by",),
}


def common_params(event: Event) -> dict[str, Any]:
    """What every message about an event says."""
    return {
        "title": event.title,
        "chapter": event.chapter_name,
        "starts_at": event.starts_at,
        "tz": event.tz,
        "place": event.place_name,
    }


def manage_token(rsvp_id: UUID) -> str:
    """The secret of an RSVP's own link: made again whenever it is needed, stored only as a hash."""
    return crypto.to_text(crypto.sign("rsvp", rsvp_id.bytes))


def manage_hash(token: str) -> str:
    return token_hash(token).hex()

"""RSVPs of people: signed in, as a guest, by their own link, and what a Ranger does with the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.events.deeds.access import access_event
from community.events.deeds.changing import Actor, Result, change_rsvps, common_params, manage_hash, manage_token
from community.events.errors import (
    CapacityBelowGoing,
    EventNotPublished,
    NothingToChange,
    RsvpClosed,
    RsvpNotFound,
    SignInInstead,
    TooManyGuests,
)
from community.events.queries import events as event_queries
from community.events.queries import rsvps as queries
from community.events.queries.rsvps import Answer, NewRsvp
from community.events.rules.contact import GUESTS_PER_CONTACT, are_alike
from community.events.rules.event import Event
from community.events.rules.seats import (
    LIVE,
    Accept,
    Cancel,
    ChangeCapacity,
    Confirm,
    Deed,
    Join,
    Pick,
    Remove,
    RsvpState,
    Seat,
    held,
    place_in_queue,
)
from community.kit import limits
from community.kit.db import atomic
from community.kit.errors import FieldError, InvalidInput, StaleVersion, TooMany
from community.kit.i18n import gettext as _
from community.kit.ids import uuid7
from community.kit.viewer import Viewer
from community.notifications import service as notifications

CONSENT, CONSENT_VERSION = "rsvp_record", "1"
NEWS = "news"


@dataclass(frozen=True)
class MyRsvp:
    """An RSVP as its owner sees it. `place` counts from 1 while waiting; `link` is the secret address of a guest's."""

    id: UUID
    state: RsvpState
    party_size: int
    place: int | None
    expires_at: datetime | None
    confirm_by: datetime | None
    name: str
    link: str | None = None

    @property
    def live(self) -> bool:
        return self.state in LIVE


async def rsvp(viewer: Viewer, code: str, *, party_size: int = 1, now: datetime, channel: str = "page") -> MyRsvp:
    """Take a seat or a place on the waitlist; again: change the party, or take the seat offered.

    Raises EventNotFound, SignInNeeded, or a Conflict such as RsvpClosed.
    """
    person_id = viewer.person()
    event = await access_event(viewer, code, now=now)
    _check_open(event, party_size)
    async with atomic():
        await accounts.record_consent(
            person_id, CONSENT, event.id, text_version=CONSENT_VERSION, channel=channel, by=person_id, now=now
        )
        new = NewRsvp(uuid7(), "api" if channel == "api" else "self", viewer.name)
        result = await change_rsvps(
            event.id, Join(person_id, party_size), actor=_self(person_id, channel), now=now, new=new
        )
    return await _mine(result, person_id)


def _self(person_id: UUID, channel: str) -> Actor:
    return Actor(person_id, "person", "api" if channel == "api" else "page")


def _check_open(event: Event, party_size: int) -> None:
    if event.rsvp_mode != "open":
        raise RsvpClosed(event.code)
    if party_size > event.guests_max + 1:
        most = event.guests_max + 1
        words = _("Paling banyak %(most)s orang dalam satu pendaftaran.") % {"most": most}
        raise InvalidInput([FieldError("/party_size", "out_of_range", words)])


async def _mine(result: Result, person_id: UUID) -> MyRsvp:
    answer = await queries.find_answer(result.event.id, person_id)
    if answer is None:
        raise RsvpNotFound
    return _shown(answer, result.place(person_id))


def _shown(answer: Answer, place: int | None, link: str | None = None) -> MyRsvp:
    seat = answer.seat
    return MyRsvp(
        id=answer.id,
        state=seat.state,
        party_size=seat.party_size,
        place=place,
        expires_at=seat.expires_at,
        confirm_by=seat.confirm_by,
        name=answer.name,
        link=link,
    )


async def my_rsvp(person_id: UUID | None, event: Event) -> MyRsvp | None:
    answer = await queries.find_answer(event.id, person_id) if person_id else None
    if answer is None:
        return None
    waits = answer.seat.state is RsvpState.WAITLISTED
    place = place_in_queue(await queries.list_seats(event.id), answer.person) if waits else None
    return _shown(answer, place)


async def withdraw(viewer: Viewer, code: str, *, now: datetime, channel: str = "page") -> MyRsvp:
    """Give back the seat or the place in the queue. Raises EventNotFound, RsvpNotFound, or a Conflict."""
    event = await access_event(viewer, code, now=now)
    return await _own_deed(event, Cancel(viewer.person()), _self(viewer.person(), channel), now)


async def accept(viewer: Viewer, code: str, *, now: datetime, channel: str = "page") -> MyRsvp:
    """Take the seat offered. Raises EventNotFound, or OfferExpired."""
    event = await access_event(viewer, code, now=now)
    return await _own_deed(event, Accept(viewer.person()), _self(viewer.person(), channel), now)


async def confirm(viewer: Viewer, code: str, *, now: datetime, channel: str = "page") -> MyRsvp:
    """Say again that one comes. Raises EventNotFound, or a Conflict."""
    event = await access_event(viewer, code, now=now)
    return await _own_deed(event, Confirm(viewer.person()), _self(viewer.person(), channel), now)


async def _own_deed(event: Event, deed: Cancel | Accept | Confirm, actor: Actor, now: datetime) -> MyRsvp:
    if await queries.find_answer(event.id, deed.person) is None:
        raise RsvpNotFound
    if not event.is_open:
        raise RsvpClosed(event.code)
    return await _mine(await change_rsvps(event.id, deed, actor=actor, now=now), deed.person)


@dataclass(frozen=True)
class GuestAsk:
    """What somebody without an account says. Exactly one of phone (E.164) and email is given."""

    name: str
    phone: str | None
    email: str | None
    party_size: int = 1
    wants_news: bool = False
    network: str = ""

    @property
    def contact(self) -> str:
        return self.phone or self.email or ""


async def rsvp_as_guest(code: str, ask: GuestAsk, *, now: datetime) -> MyRsvp | None:
    """Take a seat or a place without an account. None: this person is recorded already, and nothing more is told.

    A known contact with a name alike is that person; another name is another guest, three to a contact and event.
    Raises EventNotFound, a Conflict, TooManyGuests, or TooMany by the limits of contact and network.
    """
    event = await access_event(None, code, now=now)
    _check_open(event, ask.party_size)
    await _take_limits(event, ask)
    async with atomic():
        locked = await event_queries.lock_event(event.id)
        if locked is None or not locked.is_open:
            raise EventNotPublished(code)
        return await _guest_join(locked, ask, now)


async def _take_limits(event: Event, ask: GuestAsk) -> None:
    """Carriers put thousands behind one address: whoever meets that limit may still sign in and answer."""
    try:
        await limits.take("rsvp.guest_network", str(event.id), ask.network)
    except TooMany as fault:
        raise SignInInstead(fault.retry_after_seconds) from fault
    await limits.take("rsvp.contact", ask.contact)


async def _guest_join(event: Event, ask: GuestAsk, now: datetime) -> MyRsvp | None:
    person_id = await _match_guest(event, ask, now)
    if known := await queries.find_answer(event.id, person_id):
        await _tell_again(event, known, ask, now)
        return None
    await _record_consents(person_id, event, ask, now)
    rsvp_id = uuid7()
    token = manage_token(rsvp_id)
    new = NewRsvp(rsvp_id, "guest", ask.name, manage_hash(token))
    actor = Actor(None, "link", "page")
    result = await change_rsvps(
        event.id, Join(person_id, ask.party_size, by_person=False), actor=actor, now=now, new=new
    )
    answer = await queries.find_answer(event.id, person_id)
    return _shown(answer, result.place(person_id), f"/r/{token}") if answer else None


async def _match_guest(event: Event, ask: GuestAsk, now: datetime) -> UUID:
    known = await queries.list_known(ask.phone, ask.email)
    for person_id, name, _kind in known:
        if are_alike(name, ask.name):
            return person_id
    coming = [person_id for person_id, _name, _kind in known if await queries.find_answer(event.id, person_id)]
    if len(coming) >= GUESTS_PER_CONTACT:
        raise TooManyGuests(event.code)
    return await accounts.make_guest(ask.name, phone=ask.phone, email=ask.email, now=now)


async def _record_consents(person_id: UUID, event: Event, ask: GuestAsk, now: datetime) -> None:
    await accounts.record_consent(person_id, CONSENT, event.id, text_version=CONSENT_VERSION, channel="page", now=now)
    if ask.wants_news:
        await accounts.record_consent(person_id, NEWS, event.chapter_id, channel="page", now=now)


async def _tell_again(event: Event, known: Answer, ask: GuestAsk, now: datetime) -> None:
    """The page says only "sudah tercatat"; the owner of the contact hears the rest, once a day."""
    guest = known.is_guest
    if guest and ask.email is None:
        return
    link = f"/r/{manage_token(known.id)}" if guest else event.path
    params = {**common_params(event), "link": link, "queue": None, "answer_by": None, "news": "again"}
    if not guest:
        params = {**common_params(event), "link": link}
    await notifications.enqueue(
        known.person,
        "events/guest_rsvp" if guest else "events/rsvp_again",
        params,
        now=now,
        dedupe_key=f"rsvp_again/{known.id}/{now:%Y%m%d}",
        subject=("event", event.id),
        chapter_id=event.chapter_id,
        tz=event.tz,
        expires_at=event.starts_at,
        address=ask.email if guest else None,
    )


@dataclass(frozen=True)
class LinkPage:
    """What the holder of an RSVP's own link sees."""

    event: Event
    rsvp: MyRsvp
    token: str


async def rsvp_by_link(token: str) -> LinkPage:
    """Raises RsvpNotFound for anything but a live link."""
    answer, event = await _by_link(token)
    waits = answer.seat.state is RsvpState.WAITLISTED
    place = place_in_queue(await queries.list_seats(event.id), answer.person) if waits else None
    return LinkPage(event, _shown(answer, place, f"/r/{token}"), token)


async def _by_link(token: str) -> tuple[Answer, Event]:
    answer = await queries.find_by_manage_hash(manage_hash(token)) if token.isascii() else None
    event = await event_queries.find_by_id(answer.event_id) if answer else None
    if answer is None or event is None:
        raise RsvpNotFound
    return answer, event


async def act_by_link(token: str, deed: str, *, now: datetime) -> MyRsvp:
    """`deed`: cancel, accept, confirm or join (again, after having cancelled). Raises RsvpNotFound, or a Conflict."""
    answer, event = await _by_link(token)
    person = answer.person
    asked: dict[str, Deed] = {
        "cancel": Cancel(person),
        "accept": Accept(person),
        "confirm": Confirm(person),
        "join": Join(person, answer.seat.party_size, by_person=False),
    }
    if not event.is_open:
        raise RsvpClosed(event.code)
    result = await change_rsvps(event.id, asked[deed], actor=Actor(None, "link", "link"), now=now)
    return await _mine(result, person)


async def pick(
    viewer: Viewer, code: str, rsvp_id: UUID, *, reason: str = "", now: datetime, channel: str = "page"
) -> Result:
    """Give somebody who waits a seat out of turn. Raises EventNotFound, RsvpNotFound, DoesNotFit."""
    event, answer = await access_answer(viewer, code, rsvp_id, now)
    return await change_rsvps(event.id, Pick(answer.person), actor=_ranger(viewer, channel, reason), now=now)


async def remove(
    viewer: Viewer, code: str, rsvp_id: UUID, *, reason: str, now: datetime, channel: str = "page"
) -> Result:
    """Take somebody off the list; the person is told. Raises EventNotFound, RsvpNotFound, or a Conflict."""
    event, answer = await access_answer(viewer, code, rsvp_id, now)
    return await change_rsvps(event.id, Remove(answer.person), actor=_ranger(viewer, channel, reason), now=now)


def _ranger(viewer: Viewer, channel: str, reason: str | None) -> Actor:
    return Actor(viewer.person(), "person", "api" if channel == "api" else "page", reason or None)


async def access_answer(viewer: Viewer, code: str, rsvp_id: UUID, now: datetime) -> tuple[Event, Answer]:
    """The pair: an RSVP of another event is not found here."""
    event = await access_event(viewer, code, may="run", now=now)
    answer = await queries.find_answer_by_id(rsvp_id)
    if answer is None or answer.event_id != event.id:
        raise RsvpNotFound
    return event, answer


async def change_capacity(
    viewer: Viewer,
    code: str,
    capacity: int | None,
    *,
    move_back: Sequence[UUID] = (),
    version: int | None = None,
    now: datetime,
    channel: str = "page",
) -> Event:
    """More seats let the queue in; fewer than are held are refused until RSVPs named in `move_back` make room.

    Raises EventNotFound, StaleVersion, CapacityBelowGoing (with who is going), NothingToChange.
    """
    async with atomic():
        event = await access_event(viewer, code, may="run", now=now, lock=True)
        if version is not None and version != event.version:
            raise StaleVersion(current={"version": event.version, "capacity": event.capacity})
        if event.over(now):
            raise NothingToChange(code)
        people = await _people_of(event, move_back)
        await _check_capacity(event, capacity, people)
        await event_queries.save_event(event.id, {"capacity": capacity})
        actor = _ranger(viewer, channel, None)
        await audit.record(
            actor.person_id, "event.capacity", ("event", event.id), now=now, chapter_id=event.chapter_id,
            detail={"capacity": capacity, "moved_back": len(people)},
        )  # fmt: skip
        result = await change_rsvps(event.id, ChangeCapacity(tuple(people)), actor=actor, now=now)
    return result.event


async def _people_of(event: Event, rsvp_ids: Sequence[UUID]) -> list[UUID]:
    wanted = set(rsvp_ids)
    return [answer.person for answer in await queries.list_answers(event.id) if answer.id in wanted] if wanted else []


async def _check_capacity(event: Event, capacity: int | None, moving: Sequence[UUID]) -> None:
    answers = await queries.list_answers(event.id)
    seats: dict[UUID, Seat] = {answer.person: answer.seat for answer in answers if answer.person not in moving}
    if capacity is None or held(seats) <= capacity:
        return
    going = [
        {"id": str(answer.id), "name": answer.name, "party_size": answer.seat.party_size}
        for answer in answers
        if answer.seat.state is RsvpState.GOING
    ]
    raise CapacityBelowGoing(current={"held": held(seats), "going": going, "version": event.version})

"""Who sits, who waits: the RSVP state machine, as functions from rows to rows.

Every path changes RSVPs the same way: `settle` (the sweeper's work comes first), `apply` one deed, `settle` again.

    none, invited, declined, cancelled, lapsed ── join ──▶ waitlisted ── settle ──▶ going | offered
    offered ── accept ──▶ going      invited, offered ── cancel ──▶ declined     going, waitlisted ─ cancel ─▶ cancelled
    offered, going ── their time is over ──▶ lapsed      invited, waitlisted, offered ── T ──▶ lapsed
    all live ── remove ──▶ removed ── restore ──▶ invited
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from community.events.rules.waking import add_waking, waking_minutes

AUTO_UNTIL = timedelta(hours=24)
OFFER_ENDS_BEFORE = timedelta(hours=1)
SHORTEST_OFFER_MINUTES, LONGEST_OFFER_MINUTES = 30, 360


class RsvpState(StrEnum):
    INVITED = "invited"
    GOING = "going"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    LAPSED = "lapsed"


SEATED = frozenset({RsvpState.GOING, RsvpState.OFFERED})
LIVE = SEATED | {RsvpState.INVITED, RsvpState.WAITLISTED}


class Mode(StrEnum):
    """What becomes of a free seat. closed: nothing; manual: a ranger picks; auto: the next has it; offer: is asked."""

    CLOSED = "closed"
    MANUAL = "manual"
    AUTO = "auto"
    OFFER = "offer"


class Refusal(StrEnum):
    """Why a deed changed nothing; the code a caller sees."""

    CLOSED = "rsvp_closed"
    REMOVED = "rsvp_removed"
    EXPIRED = "offer_expired"
    UNPUBLISHED = "event_not_published"
    FULL = "does_not_fit"
    BELOW_GOING = "capacity_below_going"
    NOTHING = "nothing_to_change"


@dataclass(frozen=True)
class Seat:
    """One RSVP as the rules see it. `person` is its key within the event."""

    person: UUID
    state: RsvpState
    party_size: int = 1
    queue_no: int | None = None
    expires_at: datetime | None = None
    confirm_by: datetime | None = None
    confirmed_by_person: bool = False


Seats = Mapping[UUID, Seat]


@dataclass(frozen=True)
class Terms:
    """What an event says about its seats at the moment `now`. `capacity` None: no limit."""

    now: datetime
    starts_at: datetime
    opens_at: datetime
    closes_at: datetime
    tz: str
    capacity: int | None = None
    published: bool = True
    picked_by_hand: bool = False

    @property
    def started(self) -> bool:
        """A postponed event never has, whatever its old time says."""
        return self.published and self.now >= self.starts_at

    @property
    def mode(self) -> Mode:
        if not self.published or self.started:
            return Mode.CLOSED
        if self.picked_by_hand:
            return Mode.MANUAL
        if self.starts_at - self.now > AUTO_UNTIL:
            return Mode.AUTO
        enough = waking_minutes(self.now, self.starts_at - OFFER_ENDS_BEFORE, self.tz) >= SHORTEST_OFFER_MINUTES
        return Mode.OFFER if enough else Mode.MANUAL

    @property
    def offer_expires_at(self) -> datetime:
        """A quarter of the time left, 30 minutes to 6 hours of it awake, never later than an hour before the start."""
        quarter = (self.starts_at - self.now) / 4 / timedelta(minutes=1)
        minutes = min(max(quarter, SHORTEST_OFFER_MINUTES), LONGEST_OFFER_MINUTES)
        return min(self.starts_at - OFFER_ENDS_BEFORE, add_waking(self.now, minutes, self.tz))

    def free(self, seats: Seats) -> float:
        """Free seats; infinite without a limit, negative where the limit went below the seats held."""
        return float("inf") if self.capacity is None else self.capacity - held(seats)


@dataclass(frozen=True)
class Join:
    """Ask for a seat; while already in, a new party size. A `ranger` may still add somebody after the closing time."""

    person: UUID
    party_size: int = 1
    by_ranger: bool = False
    by_person: bool = True


@dataclass(frozen=True)
class Accept:
    person: UUID


@dataclass(frozen=True)
class Confirm:
    person: UUID


@dataclass(frozen=True)
class Cancel:
    person: UUID


@dataclass(frozen=True)
class Pick:
    person: UUID


@dataclass(frozen=True)
class Remove:
    person: UUID


@dataclass(frozen=True)
class Invite:
    """Also restores somebody who was removed."""

    person: UUID


@dataclass(frozen=True)
class ChangeCapacity:
    """Terms already carry the new capacity; `move_back` goes to the head of the queue to make it fit."""

    move_back: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Reschedule:
    """The time moved or is open again: no offer runs on an old clock. `confirm_by`: everybody going is asked again."""

    confirm_by: datetime | None = None


@dataclass(frozen=True)
class Tick:
    """Nothing but time has passed."""


Deed = Join | Accept | Confirm | Cancel | Pick | Remove | Invite | ChangeCapacity | Reschedule | Tick
Answer = Mapping[UUID, Seat] | Refusal


@dataclass(frozen=True)
class Outcome:
    """Seats after a deed. `refusal`: the deed itself did nothing, though time may have changed rows."""

    seats: Seats
    refusal: Refusal | None = None


def change(seats: Seats, deed: Deed, terms: Terms) -> Outcome:
    """The sweeper's work, the deed, and who moves up because of it."""
    swept = settle(seats, terms)
    answer = apply(swept, deed, terms)
    if isinstance(answer, Refusal):
        return Outcome(swept, answer)
    return Outcome(settle(answer, terms, present=getattr(deed, "person", None)))


def apply(seats: Seats, deed: Deed, terms: Terms) -> Answer:
    """The deed alone, before anybody moves up."""
    act: Callable[[Seats, Deed, Terms], Answer] = _ACTS[type(deed)]
    return act(seats, deed, terms)


def settle(seats: Seats, terms: Terms, present: UUID | None = None) -> dict[UUID, Seat]:
    """Lapse what is over, then give free seats to the queue. Settling twice changes nothing.

    `present` asks at this moment: needs no offer, and where seats are picked by hand takes a seat if first in line.
    """
    settled = {key: _lapse(seat, terms) for key, seat in seats.items()}
    free = terms.free(settled)
    for seat in _moving_up(waiting(settled.values()), terms.mode, free, present):
        settled[seat.person] = _seated(seat, terms, present)
    return settled


def _moving_up(queue: list[Seat], mode: Mode, free: float, present: UUID | None) -> list[Seat]:
    """A party larger than what is free is passed over and keeps its place."""
    if mode is Mode.CLOSED:
        return []
    if mode is Mode.MANUAL:
        return [seat for seat in queue[:1] if seat.person == present and seat.party_size <= free]
    moving = []
    for seat in queue:
        if seat.party_size <= free:
            moving.append(seat)
            free -= seat.party_size
    return moving


def _seated(seat: Seat, terms: Terms, present: UUID | None) -> Seat:
    if terms.mode is Mode.OFFER and seat.person != present:
        return replace(seat, state=RsvpState.OFFERED, expires_at=terms.offer_expires_at)
    return replace(seat, state=RsvpState.GOING, expires_at=None)


def _lapse(seat: Seat, terms: Terms) -> Seat:
    """Time alone. After the start only `going` stays: what became of it is the outcome, not a state."""
    if not terms.published:
        return seat
    never_seated = LIVE - {RsvpState.GOING}
    over = _past(seat.expires_at, terms.now) or _past(seat.confirm_by, terms.now)
    if (seat.state in SEATED and over) or (seat.state in never_seated and terms.started):
        return replace(seat, state=RsvpState.LAPSED, expires_at=None, confirm_by=None)
    return seat


def _past(limit: datetime | None, now: datetime) -> bool:
    return limit is not None and limit <= now


def held(seats: Seats) -> int:
    """Chairs taken or promised."""
    return sum(seat.party_size for seat in seats.values() if seat.state in SEATED)


def waiting(seats: Iterable[Seat]) -> list[Seat]:
    """The waitlist in order."""
    return sorted((seat for seat in seats if seat.state is RsvpState.WAITLISTED), key=lambda seat: seat.queue_no or 0)


def place_in_queue(seats: Seats, person: UUID) -> int | None:
    """1 for the next in line; None for somebody who does not wait."""
    return next((place for place, seat in enumerate(waiting(seats.values()), 1) if seat.person == person), None)


def next_queue_no(seats: Seats) -> int:
    """Higher than any ever given in this event: no clock, never renumbered."""
    return max((seat.queue_no or 0 for seat in seats.values()), default=0) + 1


def _with(seats: Seats, *changed: Seat) -> dict[UUID, Seat]:
    return {**seats, **{seat.person: seat for seat in changed}}


def _window(deed: Join, terms: Terms) -> Refusal | None:
    if not terms.published:
        return Refusal.UNPUBLISHED
    closes_at = terms.starts_at if deed.by_ranger else terms.closes_at
    opens_at = terms.now if deed.by_ranger else terms.opens_at
    return None if opens_at <= terms.now < closes_at else Refusal.CLOSED


def _join(seats: Seats, deed: Join, terms: Terms) -> Answer:
    known = seats.get(deed.person)
    if known and known.state is RsvpState.REMOVED:
        return Refusal.REMOVED
    if known and known.state in SEATED | {RsvpState.WAITLISTED}:
        return _resize(seats, known, deed, terms)
    if refusal := _window(deed, terms):
        return refusal
    seat = Seat(deed.person, RsvpState.WAITLISTED, deed.party_size, next_queue_no(seats))
    return _with(seats, replace(seat, confirmed_by_person=deed.by_person))


def _resize(seats: Seats, seat: Seat, deed: Join, terms: Terms) -> Answer:
    """Asked again by somebody who is in: takes an offered seat; more chairs only if they are free and nobody waits."""
    if terms.started or not terms.published:
        return Refusal.CLOSED
    more = deed.party_size - seat.party_size
    queue = waiting(seats.values())
    if seat.state in SEATED and more > 0 and (more > terms.free(seats) or queue):
        return Refusal.FULL
    state = RsvpState.GOING if seat.state is RsvpState.OFFERED else seat.state
    confirmed = seat.confirmed_by_person or deed.by_person
    changed = replace(seat, state=state, party_size=deed.party_size, expires_at=None, confirmed_by_person=confirmed)
    return _with(seats, changed)


def _accept(seats: Seats, deed: Accept, terms: Terms) -> Answer:
    seat = seats.get(deed.person)
    if seat is None or seat.state not in SEATED:
        return Refusal.EXPIRED if seat and seat.state is RsvpState.LAPSED else Refusal.NOTHING
    if terms.started or not terms.published:
        return Refusal.CLOSED
    return _with(seats, replace(seat, state=RsvpState.GOING, expires_at=None, confirmed_by_person=True))


def _confirm(seats: Seats, deed: Confirm, terms: Terms) -> Answer:
    seat = seats.get(deed.person)
    if seat is None or seat.state is not RsvpState.GOING:
        return Refusal.EXPIRED if seat and seat.state is RsvpState.LAPSED else Refusal.NOTHING
    return _with(seats, replace(seat, confirm_by=None, confirmed_by_person=True))


def _cancel(seats: Seats, deed: Cancel, terms: Terms) -> Answer:
    seat = seats.get(deed.person)
    if seat is None or seat.state not in LIVE:
        return Refusal.NOTHING
    if terms.started:
        return Refusal.CLOSED
    declined = seat.state in {RsvpState.INVITED, RsvpState.OFFERED}
    state = RsvpState.DECLINED if declined else RsvpState.CANCELLED
    return _with(seats, replace(seat, state=state, expires_at=None, confirm_by=None))


def _pick(seats: Seats, deed: Pick, terms: Terms) -> Answer:
    """Somebody whom the queue has just seated needs no hand any more."""
    seat = seats.get(deed.person)
    if seat is not None and seat.state is RsvpState.GOING:
        return seats
    if seat is None or seat.state is not RsvpState.WAITLISTED:
        return Refusal.NOTHING
    if terms.mode is Mode.CLOSED:
        return Refusal.CLOSED
    if seat.party_size > terms.free(seats):
        return Refusal.FULL
    return _with(seats, replace(seat, state=RsvpState.GOING))


def _remove(seats: Seats, deed: Remove, terms: Terms) -> Answer:
    seat = seats.get(deed.person)
    if seat is None or seat.state not in LIVE:
        return Refusal.NOTHING
    return _with(seats, replace(seat, state=RsvpState.REMOVED, expires_at=None, confirm_by=None))


def _invite(seats: Seats, deed: Invite, terms: Terms) -> Answer:
    seat = seats.get(deed.person)
    if seat and seat.state is not RsvpState.REMOVED:
        return Refusal.NOTHING
    if terms.mode is Mode.CLOSED:
        return Refusal.CLOSED
    invited = seat or Seat(deed.person, RsvpState.INVITED)
    return _with(seats, replace(invited, state=RsvpState.INVITED))


def _change_capacity(seats: Seats, deed: ChangeCapacity, terms: Terms) -> Answer:
    lowest = min((seat.queue_no or 0 for seat in seats.values()), default=0)
    going = [seats[person] for person in deed.move_back if person in seats]
    going = sorted((seat for seat in going if seat.state is RsvpState.GOING), key=lambda seat: seat.queue_no or 0)
    moved = [
        replace(seat, state=RsvpState.WAITLISTED, queue_no=lowest - len(going) + index, confirm_by=None)
        for index, seat in enumerate(going)
    ]
    changed = _with(seats, *moved)
    return Refusal.BELOW_GOING if terms.free(changed) < 0 else changed


def _reschedule(seats: Seats, deed: Reschedule, terms: Terms) -> Answer:
    return {
        key: replace(seat, state=RsvpState.GOING, expires_at=None, confirm_by=deed.confirm_by)
        if seat.state in SEATED
        else seat
        for key, seat in seats.items()
    }


def _tick(seats: Seats, deed: Tick, terms: Terms) -> Answer:
    return seats


_ACTS: Mapping[type[Deed], Callable[..., Answer]] = {
    Join: _join,
    Accept: _accept,
    Confirm: _confirm,
    Cancel: _cancel,
    Pick: _pick,
    Remove: _remove,
    Invite: _invite,
    ChangeCapacity: _change_capacity,
    Reschedule: _reschedule,
    Tick: _tick,
}

"""500 people ask for 30 seats at once, over real connections; and what happens without the lock, or with a bad one."""

from __future__ import annotations

import asyncio
from itertools import count
from uuid import UUID

import pytest

from community.accounts.tables import Person
from community.events.queries import events as event_queries
from community.events.queries import rsvps as rsvp_queries
from community.events.queries.rsvps import NewRsvp
from community.events.rules.event import Event
from community.events.rules.seats import Cancel, ChangeCapacity, Join, RsvpState, Seat, settle
from community.events.service import Actor, change_rsvps
from community.kit.db import atomic, rows
from community.kit.errors import Unavailable
from community.kit.ids import uuid7
from tests.factories import NOW, make_chapter, make_event


async def make_people(how_many: int) -> list[UUID]:
    people = [Person(id=uuid7(), kind="account", name="Orang Contoh", created_at=NOW) for _ in range(how_many)]
    await Person.insert(*people)
    return [person.id for person in people]


async def join(event_id: UUID, person: UUID) -> None:
    new = NewRsvp(uuid7(), "self", "Orang Contoh")
    await change_rsvps(event_id, Join(person), actor=Actor(person), now=NOW, new=new)


async def held_seats(event_id: UUID) -> int:
    found = await rows(
        "select coalesce(sum(party_size), 0) as held from rsvp where event = {} and state in ('going', 'offered')",
        event_id,
    )
    return int(found[0]["held"])


async def storm(people: int, seats: int) -> int:
    event_id = await make_event(await make_chapter(), capacity=seats)
    asking = await make_people(people)
    await asyncio.gather(*(join(event_id, person) for person in asking))
    return await held_seats(event_id)


@pytest.mark.parametrize("seats", [1, 30, 200])
async def test_five_hundred_askers_get_exactly_the_seats_there_are(committed: None, seats: int) -> None:
    assert await storm(500, seats) == seats


async def unlocked(event_id: UUID) -> Event | None:
    return await event_queries.find_by_id(event_id)


numbers = count(1_000)


def with_number(seats: dict[UUID, Seat], number: int) -> dict[UUID, Seat]:
    """The unique queue numbers alone would stop most of the overselling: here they never clash."""
    hidden = Seat(uuid7(), RsvpState.CANCELLED, queue_no=number)
    return {**seats, hidden.person: hidden}


async def test_without_the_lock_seats_are_given_twice(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control E2: the test above would notice."""
    read = rsvp_queries.list_seats

    async def seats(event_id: UUID) -> dict[UUID, Seat]:
        return with_number(await read(event_id), next(numbers))

    monkeypatch.setattr(event_queries, "lock_event", unlocked)
    monkeypatch.setattr(rsvp_queries, "list_seats", seats)

    oversold = [await storm(80, 30) > 30 for _ in range(5)]

    assert sum(oversold) >= 4


class InOneStatement:
    """Lock and rows by one statement: its snapshot is older than its lock."""

    def __init__(self) -> None:
        self.seen: dict[int, dict[UUID, Seat]] = {}

    async def lock_event(self, event_id: UUID) -> Event | None:
        found = await rows(
            """with locked as (select id from event where id = {} for no key update)
            select s.person, s.state, s.party_size, s.queue_no, s.expires_at, s.confirm_by, s.confirmed_by_person
            from locked left join rsvp s on s.event = locked.id""",
            event_id,
        )
        self.seen[id(asyncio.current_task())] = {
            row["person"]: rsvp_queries.to_seat(row) for row in found if row["person"]
        }
        return await event_queries.find_by_id(event_id)

    async def list_seats(self, event_id: UUID) -> dict[UUID, Seat]:
        return with_number(self.seen.pop(id(asyncio.current_task())), next(numbers))


async def test_lock_and_count_in_one_statement_oversell(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control E3."""
    control = InOneStatement()
    monkeypatch.setattr(event_queries, "lock_event", control.lock_event)
    monkeypatch.setattr(rsvp_queries, "list_seats", control.list_seats)

    oversold = [await storm(80, 30) > 30 for _ in range(5)]

    assert sum(oversold) >= 4


async def test_joins_cancels_and_capacity_edits_meet(committed: None) -> None:
    event_id = await make_event(await make_chapter(), capacity=20)
    people = await make_people(80)

    async def come_and_go(person: UUID) -> None:
        await join(event_id, person)
        await change_rsvps(event_id, Cancel(person), actor=Actor(person), now=NOW)

    async def resize(capacity: int) -> None:
        async with atomic():
            await event_queries.lock_event(event_id)
            seats = await rsvp_queries.list_seats(event_id)
            going = sum(seat.party_size for seat in seats.values() if seat.state is RsvpState.GOING)
            await event_queries.save_event(event_id, {"capacity": max(capacity, going, 1)})
            await change_rsvps(event_id, ChangeCapacity(), actor=Actor(None), now=NOW)

    await asyncio.gather(
        *(join(event_id, person) for person in people[:40]),
        *(come_and_go(person) for person in people[40:]),
        *(resize(capacity) for capacity in (5, 30, 10, 25, 20)),
    )

    event = await event_queries.find_by_id(event_id)
    seats = await rsvp_queries.list_seats(event_id)
    assert event is not None
    assert event.capacity is not None
    taken = await held_seats(event_id)
    assert taken <= event.capacity
    assert taken == min(event.capacity, 40)
    assert len(seats) == 80
    assert settle(seats, event.terms(NOW)) == seats


async def test_whoever_waits_too_long_for_the_event_is_asked_to_come_back(committed: None) -> None:
    event_id = await make_event(await make_chapter())
    (person,) = await make_people(1)
    held_up, let_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with atomic():
            await event_queries.lock_event(event_id)
            held_up.set()
            await let_go.wait()

    holder = asyncio.create_task(hold())
    await held_up.wait()
    with pytest.raises(Unavailable) as refused:
        await join(event_id, person)
    let_go.set()
    await holder

    assert refused.value.retry_after_seconds > 0
    assert await held_seats(event_id) == 0

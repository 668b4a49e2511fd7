"""What happens behind the pages: notices, jobs, limits, and the same invariants on real rows."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from community.events import service
from community.events.errors import OfferExpired, TooManyGuests
from community.events.queries import rsvps as queries
from community.events.queries.rsvps import NewRsvp
from community.events.rules.seats import (
    Accept,
    Cancel,
    Confirm,
    Join,
    Mode,
    Pick,
    Remove,
    RsvpState,
    held,
    settle,
    waiting,
)
from community.kit.db import first, rows
from community.kit.errors import Conflict, TooMany
from community.kit.ids import uuid7
from tests.events.conftest import Town, make_town
from tests.factories import NOW, make_chapter, make_event, make_person, make_rsvp

STARTS = NOW + timedelta(days=5, hours=9)


async def told() -> Counter[str]:
    """How often each message was told; ids of one moment have no order."""
    return Counter(row["template"].removeprefix("events/") for row in await rows("select template from notice"))


async def join(town: Town, person: UUID, **given: Any) -> service.MyRsvp:
    return await service.rsvp(town.viewer(person), await town.code(), now=NOW, **given)


async def test_each_change_is_told_once_to_whom_it_concerns(town: Town) -> None:
    third = await make_person()
    for person in (town.bob, town.charlie, third, third):
        await join(town, person)
    await service.withdraw(town.viewer(town.bob), await town.code(), now=NOW)

    assert await told() == {"rsvp_going": 2, "rsvp_waitlisted": 1, "seat_free": 1}
    audited = await rows("select action, actor_kind from audit_entry where action like 'event.rsvp%'")
    assert Counter((row["action"], row["actor_kind"]) for row in audited) == {
        ("event.rsvp.going", "person"): 2,
        ("event.rsvp.waitlisted", "person"): 1,
        ("event.rsvp.cancelled", "person"): 1,
        ("event.rsvp.going", "job"): 1,
    }


async def test_an_offer_runs_out_and_the_sweeper_asks_the_next(town: Town) -> None:
    third, fourth = await make_person(), await make_person()
    for person in (town.bob, town.charlie, third, fourth):
        await join(town, person)
    soon = STARTS - timedelta(hours=6)
    code = await town.code()
    await service.withdraw(town.viewer(town.bob), code, now=soon)
    offered = (await queries.list_seats(town.event))[third]
    assert offered.expires_at is not None
    late = offered.expires_at

    with pytest.raises(OfferExpired):
        await service.accept(town.viewer(third), code, now=late)
    seats = await queries.list_seats(town.event)

    assert (seats[third].state, seats[fourth].state) == (RsvpState.LAPSED, RsvpState.OFFERED)
    assert await service.sweep(now=late) == 0
    assert await told() == {"rsvp_going": 2, "rsvp_waitlisted": 2, "seat_offered": 2, "seat_lapsed": 1}


async def test_the_sweeper_lapses_the_queue_at_the_start_and_says_nothing(town: Town) -> None:
    for person in (town.bob, town.charlie, await make_person()):
        await join(town, person)
    before = await told()

    assert await service.sweep(now=STARTS) == 1
    assert await service.sweep(now=STARTS) == 0

    states = sorted(seat.state.value for seat in (await queries.list_seats(town.event)).values())
    assert states == ["going", "going", "lapsed"]
    assert await told() == before


async def test_an_event_finishes_by_itself_a_day_after_its_end(town: Town) -> None:
    ended = STARTS + timedelta(hours=2)

    assert await service.finish_old(now=ended + timedelta(hours=23)) == 0
    assert await service.finish_old(now=ended + timedelta(hours=24)) == 1

    event = await town.read()
    assert event.state is service.EventState.FINISHED
    assert not event.attendance_complete


async def test_moving_to_another_day_asks_again_and_postponing_keeps_seats(town: Town) -> None:
    await join(town, town.bob)
    event = await town.read()
    plan = service.plan_of(event)
    moved = type(plan)(
        **{
            **{name: getattr(plan, name) for name in plan.__dataclass_fields__},
            "starts_at": plan.starts_at + timedelta(days=1),
            "ends_at": plan.ends_at + timedelta(days=1),
        }
    )

    changed = await service.edit(town.ranger, event.code, moved, version=event.version, now=NOW)
    asked = (await queries.list_seats(town.event))[town.bob]
    confirmed = await service.confirm(town.viewer(town.bob), event.code, now=NOW)
    postponed = await service.postpone(town.ranger, event.code, reason="Banjir", now=NOW)

    assert (changed.schedule_no, changed.ics_sequence) == (1, 1)
    assert asked.confirm_by == moved.starts_at - timedelta(hours=36)
    assert confirmed.confirm_by is None
    assert postponed.ics_sequence == 2
    assert (await queries.list_seats(town.event))[town.bob].state is RsvpState.GOING
    assert await told() == {"rsvp_going": 1, "event_changed": 1, "event_postponed": 1}


async def test_an_edit_that_changes_nothing_tells_nobody(town: Town) -> None:
    await join(town, town.bob)
    event = await town.read()

    same = await service.edit(town.ranger, event.code, service.plan_of(event), version=event.version, now=NOW)

    assert same.version == event.version
    assert await told() == {"rsvp_going": 1}


async def test_a_guest_with_a_mail_address_gets_the_link_once_and_it_is_not_kept(town: Town) -> None:
    ask = service.GuestAsk("Tamu Contoh", None, "tamu@contoh.example")

    mine = await service.rsvp_as_guest(await town.code(), ask, now=NOW)
    again = await service.rsvp_as_guest(await town.code(), ask, now=NOW)

    assert mine is not None
    assert mine.link is not None
    assert again is None
    notices = await rows("select template, params::text as params from notice order by created_at, id")
    assert [row["template"] for row in notices] == ["events/guest_rsvp", "events/guest_rsvp"]
    sent = await rows("select address from delivery")
    assert {row["address"] for row in sent} == {"tamu@contoh.example"}


async def test_a_known_contact_is_linked_silently_and_told_in_app(town: Town) -> None:
    known = await make_person("Hj. Siti Aminah", phone="+6281234567890")
    ask = service.GuestAsk("siti aminah", "+6281234567890", None)

    mine = await service.rsvp_as_guest(await town.code(), ask, now=NOW)
    again = await service.rsvp_as_guest(await town.code(), ask, now=NOW)

    assert mine is not None
    assert again is None
    assert list(await queries.list_seats(town.event)) == [known]
    assert (await first("select name from person where id = {}", known)) == {"name": "Hj. Siti Aminah"}
    assert await told() == {"rsvp_going": 1, "rsvp_again": 1}


async def test_a_fourth_guest_of_one_contact_and_a_fourth_try_a_day_are_refused(db: None) -> None:
    town = await make_town(capacity=40)
    code = await town.code()
    for name in ("Ani Satu", "Budi Dua", "Cici Tiga"):
        await service.rsvp_as_guest(code, service.GuestAsk(name, "+6281234567890", None), now=NOW)

    with pytest.raises(TooMany):
        await service.rsvp_as_guest(code, service.GuestAsk("Dedi Empat", "+6281234567890", None), now=NOW)
    await rows("delete from rate_bucket")
    with pytest.raises(TooManyGuests):
        await service.rsvp_as_guest(code, service.GuestAsk("Dedi Empat", "+6281234567890", None), now=NOW)


async def test_a_mail_that_is_no_longer_true_is_known_as_such(town: Town) -> None:
    await join(town, town.bob)
    subject = ("event", town.event)

    assert await service.still_true("events/rsvp_going", subject, town.bob, now=NOW)
    await service.withdraw(town.viewer(town.bob), await town.code(), now=NOW)
    assert not await service.still_true("events/rsvp_going", subject, town.bob, now=NOW)


async def test_near_events_are_mentioned_and_far_ones_not(town: Town) -> None:
    near = await make_chapter("Komunitas Sebelah", latitude=-7.70, longitude=110.60)
    far = await make_chapter("Komunitas Jauh", latitude=3.59, longitude=98.67)
    await make_event(near, "Kopdar Sebelah", starts_at=STARTS + timedelta(hours=1))
    await make_event(far, "Kopdar Jauh", starts_at=STARTS)

    found = await service.find_near(await town.read())

    assert [caution.other for caution in found] == ["Kopdar Sebelah (Komunitas Sebelah)"]


async def test_what_waits_for_a_ranger_is_listed(town: Town) -> None:
    await make_event(town.chapter, "Draf", state="draft", published_at=None)
    await make_event(town.chapter, "Kemarin", starts_at=NOW - timedelta(days=1))

    waits = await service.waiting_for(town.ranger, now=NOW)

    assert [(item.kind, item.event.title) for item in waits] == [("finish", "Kemarin"), ("draft", "Draf")]
    assert await service.waiting_for(town.viewer(town.bob), now=NOW) == []
    assert [item.event.title for item in await service.upcoming([town.chapter], now=NOW)] == ["Kopdar Contoh #1"]


async def test_the_same_rsvp_twenty_times_at_once_is_one_row(committed: None) -> None:
    town = await make_town()
    viewer, code = town.viewer(town.bob), await town.code()

    answers = await asyncio.gather(*(service.rsvp(viewer, code, now=NOW) for _ in range(20)))

    assert len(set(answers)) == 1
    assert len(await rows("select 1 from rsvp")) == 1
    assert len(await rows("select 1 from rsvp_change")) == 1


@pytest.mark.parametrize("seed", range(12))
async def test_on_real_rows_the_invariants_hold_and_the_history_replays(db: None, seed: int) -> None:
    """The rules are tried by thousands of steps without a database; here the same through the locked place."""
    dice = random.Random(seed)
    town = await make_town(
        capacity=dice.randint(1, 5),
        guests_max=2,
        promotion=dice.choice(["auto", "auto", "manual"]),
        starts_at=NOW + timedelta(hours=60),
    )
    people = [town.bob, town.charlie, *[await make_person() for _ in range(4)]]
    now = NOW
    for _ in range(30):
        now += timedelta(minutes=dice.randint(0, 300))
        await do_anything(dice, town, dice.choice(people), now)
        await check_rows(town, now)


async def do_anything(dice: random.Random, town: Town, person: UUID, now: datetime) -> None:
    """One deed; a refusal is an answer too."""
    kind = dice.choice([Join, Join, Accept, Confirm, Cancel, Pick, Remove])
    deed = Join(person, dice.randint(1, 3)) if kind is Join else kind(person)
    new = NewRsvp(uuid7(), "self", "Orang Contoh")
    with contextlib.suppress(Conflict):
        await service.change_rsvps(town.event, deed, actor=service.Actor(person), now=now, new=new)


async def check_rows(town: Town, now: datetime) -> None:
    event, seats = await town.read(), await queries.list_seats(town.event)
    terms = event.terms(now)
    assert event.capacity is not None
    assert held(seats) <= event.capacity  # I1
    if terms.mode in {Mode.AUTO, Mode.OFFER}:
        assert all(seat.party_size > terms.free(seats) for seat in waiting(seats.values()))  # I3
    assert settle(seats, terms) == seats  # I5
    for answer in await queries.list_answers(town.event):  # I11
        last = (await queries.list_changes(answer.id))[-1]
        stored = (answer.seat.state.value, answer.seat.party_size, answer.seat.queue_no)
        assert (last["to_state"], last["party_size"], last["queue_no"]) == stored


async def test_data_of_a_person_holds_their_answers_and_history(town: Town) -> None:
    await join(town, town.bob)

    exported = await service.export_person(town.bob)

    assert [(row["state"], len(row["changes"])) for row in exported["rsvps"]] == [("going", 1)]


async def test_an_oversold_event_is_reported_by_the_doctor(town: Town) -> None:
    assert await service.check_invariants(now=NOW) == []
    for person in (town.bob, town.charlie, await make_person()):
        await make_rsvp(town.event, person)

    assert await service.check_invariants(now=NOW) == [f"event {await town.code()} holds 3 of 2 seats"]

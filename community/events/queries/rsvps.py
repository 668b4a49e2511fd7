"""Statements about RSVPs. They are read and written only under the event's lock, except to be shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from community.events.rules.seats import LIVE, RsvpState, Seat
from community.events.tables import Rsvp, RsvpChange
from community.kit.db import first, rows
from community.kit.ids import uuid7


@dataclass(frozen=True)
class Answer:
    """One RSVP with what a list of people or a link's page needs."""

    id: UUID
    event_id: UUID
    seat: Seat
    name: str
    source: str
    token_no: int
    created_at: datetime
    kind: str
    phone: str | None
    excused_reason: str | None

    @property
    def person(self) -> UUID:
        return self.seat.person

    @property
    def is_guest(self) -> bool:
        return self.kind == "guest"


@dataclass(frozen=True)
class NewRsvp:
    """What a first answer brings along beside the seat."""

    id: UUID
    source: str
    name: str
    manage_hash: str | None = None


_SEAT = "s.person, s.state, s.party_size, s.queue_no, s.expires_at, s.confirm_by, s.confirmed_by_person"
_ANSWER = f"""select s.id, s.event, {_SEAT}, s.name_given, s.source, s.token_no, s.created_at, s.excused_reason, p.kind,
    p.phone from rsvp s join person p on p.id = s.person"""  # noqa: S608


async def list_seats(event_id: UUID) -> dict[UUID, Seat]:
    found = await rows(f"select {_SEAT} from rsvp s where s.event = {{}}", event_id)  # noqa: S608
    return {row["person"]: to_seat(row) for row in found}


async def list_answers(event_id: UUID) -> list[Answer]:
    return [
        to_answer(row)
        for row in await rows(f"{_ANSWER} where s.event = {{}} order by s.queue_no nulls last, s.id", event_id)
    ]


async def find_answer(event_id: UUID, person_id: UUID) -> Answer | None:
    found = await first(f"{_ANSWER} where s.event = {{}} and s.person = {{}}", event_id, person_id)
    return to_answer(found) if found else None


async def find_answer_by_id(rsvp_id: UUID) -> Answer | None:
    found = await first(f"{_ANSWER} where s.id = {{}}", rsvp_id)
    return to_answer(found) if found else None


async def find_by_manage_hash(manage_hash: str) -> Answer | None:
    found = await first(f"{_ANSWER} where s.manage_hash = {{}}", manage_hash)
    return to_answer(found) if found else None


async def list_of_person(person_id: UUID, limit: int = 100) -> list[Answer]:
    found = await rows(f"{_ANSWER} where s.person = {{}} order by s.changed_at desc limit {{}}", person_id, limit)
    return [to_answer(row) for row in found]


async def count_people(event_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """(chairs held, people waiting) of each event."""
    found = await rows(
        """select event, coalesce(sum(party_size) filter (where state in ('going', 'offered')), 0) as held,
        count(*) filter (where state = 'waitlisted') as waiting from rsvp where event = any({}) group by event""",
        list(event_ids),
    )
    return {row["event"]: (int(row["held"]), int(row["waiting"])) for row in found}


async def save_new(event_id: UUID, seat: Seat, new: NewRsvp, now: datetime) -> None:
    values = {**_columns(seat), "name_given": new.name, "source": new.source, "manage_hash": new.manage_hash}
    await Rsvp.insert(Rsvp(id=new.id, event=event_id, person=seat.person, created_at=now, changed_at=now, **values))


async def save_seat(event_id: UUID, seat: Seat, now: datetime) -> UUID:
    """Gives the RSVP's id."""
    values: dict[Column | str, Any] = {"changed_at": now}
    values.update(_columns(seat))
    saved = await (
        Rsvp.update(values, force=True)
        .where((Rsvp.event == event_id) & (Rsvp.person == seat.person))
        .returning(Rsvp.id)
    )
    found: UUID = saved[0]["id"]
    return found


@dataclass(frozen=True)
class Changed:
    """One line of an RSVP's history."""

    rsvp_id: UUID
    before: Seat | None
    after: Seat
    actor_id: UUID | None
    channel: str
    reason: str | None


async def save_changes(changes: Sequence[Changed], now: datetime) -> list[UUID]:
    """Numbered from 1 within each RSVP; the event's lock keeps the numbers apart. Gives the ids of the lines."""
    last = await _last_numbers([change.rsvp_id for change in changes])
    lines = [_line(change, last.get(change.rsvp_id, 0) + 1, now) for change in changes]
    await RsvpChange.insert(*lines)
    return [line.id for line in lines]


def _line(change: Changed, number: int, now: datetime) -> RsvpChange:
    return RsvpChange(
        id=uuid7(),
        rsvp=change.rsvp_id,
        change_no=number,
        from_state=change.before.state.value if change.before else None,
        to_state=change.after.state.value,
        party_size=change.after.party_size,
        queue_no=change.after.queue_no,
        actor_id=change.actor_id,
        channel=change.channel,
        reason=change.reason,
        at=now,
    )


async def _last_numbers(rsvp_ids: list[UUID]) -> dict[UUID, int]:
    found = await rows(
        "select rsvp, max(change_no) as last from rsvp_change where rsvp = any({}) group by rsvp", rsvp_ids
    )
    return {row["rsvp"]: row["last"] for row in found}


async def list_changes(rsvp_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        "select change_no, from_state, to_state, party_size, queue_no, channel, reason, at from rsvp_change "
        "where rsvp = {} order by change_no",
        rsvp_id,
    )


async def list_live_people(event_id: UUID) -> list[tuple[UUID, str, str | None]]:
    """(person, kind, e-mail) of everybody whose RSVP is alive: who has to hear of a change."""
    found = await rows(
        """select p.id, p.kind, p.email from rsvp s join person p on p.id = s.person
        where s.event = {} and s.state = any({}) order by s.id""",
        event_id,
        [state.value for state in LIVE],
    )
    return [(row["id"], row["kind"], row["email"]) for row in found]


async def list_reachable(person_ids: Collection[UUID]) -> dict[UUID, tuple[str, str | None]]:
    """(kind, e-mail) of each person."""
    found = await rows("select id, kind, email from person where id = any({})", list(person_ids))
    return {row["id"]: (row["kind"], row["email"]) for row in found}


async def list_known(phone: str | None, email: str | None) -> list[tuple[UUID, str, str]]:
    """(person, name, kind) of everybody with this contact, accounts first, then by age."""
    found = await rows(
        """select id, name, kind from person where merged_into is null
        and (phone = {} or lower(email) = lower({})) order by kind, id limit 50""",
        phone,
        email,
    )
    return [(row["id"], row["name"], row["kind"]) for row in found]


def to_seat(row: Mapping[str, Any]) -> Seat:
    return Seat(
        person=row["person"],
        state=RsvpState(row["state"]),
        party_size=row["party_size"],
        queue_no=row["queue_no"],
        expires_at=row["expires_at"],
        confirm_by=row["confirm_by"],
        confirmed_by_person=row["confirmed_by_person"],
    )


def to_answer(row: Mapping[str, Any]) -> Answer:
    return Answer(
        id=row["id"],
        event_id=row["event"],
        seat=to_seat(row),
        name=row["name_given"],
        source=row["source"],
        token_no=row["token_no"],
        created_at=row["created_at"],
        kind=row["kind"],
        phone=row["phone"],
        excused_reason=row["excused_reason"],
    )


def _columns(seat: Seat) -> dict[str, Any]:
    return {
        "state": seat.state.value,
        "party_size": seat.party_size,
        "queue_no": seat.queue_no,
        "expires_at": seat.expires_at,
        "confirm_by": seat.confirm_by,
        "confirmed_by_person": seat.confirmed_by_person,
    }


async def list_oversold() -> list[dict[str, Any]]:
    """Events that hold more seats than there are: never any, says the lock."""
    return await rows(
        """select e.code, e.capacity, sum(s.party_size) as held from event e join rsvp s on s.event = e.id
        where s.state in ('going', 'offered') and e.state in ('published', 'postponed')
        group by e.id having sum(s.party_size) > e.capacity"""
    )

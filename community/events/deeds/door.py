"""Check-in: who is here, marked by search, by code or as a walk-in, and taken back. The door never blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.events.deeds.access import access_event
from community.events.errors import RsvpNotFound
from community.events.queries import events as event_queries
from community.events.queries import rsvps, scans
from community.events.queries.rsvps import Answer
from community.events.queries.scans import NewScan
from community.events.rules.checkin import LATE_AFTER, Presence, door_token, is_signed, merge, rsvp_of_token
from community.events.rules.contact import are_alike
from community.events.rules.event import Event
from community.events.rules.seats import RsvpState
from community.kit.db import atomic
from community.kit.format import phone_tail, sort_name
from community.kit.ids import uuid7
from community.kit.viewer import Viewer

EXPECTED = frozenset({RsvpState.GOING, RsvpState.OFFERED, RsvpState.WAITLISTED, RsvpState.INVITED, RsvpState.LAPSED})
CONSENT, CONSENT_VERSION = "rsvp_record", "1"
Source = Literal["search", "qr", "walk_in", "paper", "import"]


@dataclass(frozen=True)
class Row:
    """One name at the door. `tail`: the last digits, to tell two of one name apart. `by`: who marked it."""

    person: UUID
    rsvp_id: UUID | None
    name: str
    tail: str
    party_size: int
    state: str
    arrived_at: datetime | None
    by: str


@dataclass(frozen=True)
class DoorList:
    """The door's page: rows A–Z that match the search, the counter of all."""

    event: Event
    rows: Sequence[Row]
    present: int
    expected: int
    text: str


@dataclass(frozen=True)
class Marked:
    """`already`: somebody had marked it before; first time and hand stay."""

    name: str
    arrived_at: datetime
    by: str
    already: bool


async def door(viewer: Viewer, code: str, text: str = "", *, now: datetime) -> DoorList:
    """Everybody who may come, and walk-ins. Seen by the chapter's Rangers and deputies; the look is recorded."""
    event = await access_event(viewer, code, may="run", now=now)
    rows = await _rows(event)
    await audit.record(viewer.person(), "event.roster.read", ("event", event.id), now=now, chapter_id=event.chapter_id)
    shown = [row for row in rows if _matches(row, text)]
    expected = sum(row.party_size for row in rows if row.state in {"going", "offered"})
    return DoorList(event, shown, sum(row.arrived_at is not None for row in rows), expected, text)


def _matches(row: Row, text: str) -> bool:
    """Part of a name, or the last digits of the phone."""
    wanted = text.casefold().strip()
    if wanted.isdecimal():
        return row.tail.endswith(wanted[-3:])
    return all(word in row.name.casefold() for word in wanted.split())


async def _rows(event: Event) -> list[Row]:
    present = await presences(event)
    answers = [a for a in await rsvps.list_answers(event.id) if a.seat.state in EXPECTED or a.person in present]
    names = await accounts.names({here.by for here in present.values() if here.by})
    listed = [_row(answer, present.get(answer.person), names) for answer in answers]
    known = {answer.person for answer in answers}
    for walk_in in await scans.list_walk_ins(event.id):
        if walk_in["person"] in present and walk_in["person"] not in known:
            listed.append(_walk_in_row(walk_in, present[walk_in["person"]], names))
    return sorted(listed, key=lambda row: (sort_name(row.name), row.tail))


async def presences(event: Event) -> dict[UUID, Presence]:
    """Who is here, by the set of marks."""
    return merge(await scans.list_marks(event.id, event.starts_at, event.ends_at))


def _row(answer: Answer, here: Presence | None, names: Mapping[UUID, str]) -> Row:
    return Row(
        person=answer.person,
        rsvp_id=answer.id,
        name=answer.name,
        tail=phone_tail(answer.phone) if answer.phone else "",
        party_size=answer.seat.party_size,
        state=answer.seat.state.value,
        arrived_at=here.arrived_at if here else None,
        by=names.get(here.by, "") if here and here.by else "",
    )


def _walk_in_row(walk_in: Mapping[str, object], here: Presence, names: Mapping[UUID, str]) -> Row:
    phone = str(walk_in["phone"] or "")
    return Row(
        person=UUID(str(walk_in["person"])),
        rsvp_id=None,
        name=str(walk_in["name"] or ""),
        tail=phone_tail(phone) if phone else "",
        party_size=1,
        state="walk_in",
        arrived_at=here.arrived_at,
        by=names.get(here.by, "") if here.by else "",
    )


async def check_in(viewer: Viewer, code: str, person_id: UUID, *, source: Source = "search", now: datetime) -> Marked:
    """Mark one person of the list as here; again is no fault. Raises EventNotFound or RsvpNotFound."""
    async with atomic():
        event = await access_event(viewer, code, may="run", now=now)
        answer = await rsvps.find_answer(event.id, person_id)
        if answer is None:
            raise RsvpNotFound
        return await _mark(event, viewer, answer.person, answer.name, answer.id, source, now)


async def _mark(
    event: Event, viewer: Viewer, person: UUID, name: str, rsvp_id: UUID | None, source: Source, now: datetime
) -> Marked:
    here = (await presences(event)).get(person)
    if here is not None:
        by = (await accounts.names({here.by})).get(here.by, "") if here.by else ""
        return Marked(name, here.arrived_at, by, already=True)
    await _save(event, viewer, person, rsvp_id, source, now, name=name if rsvp_id is None else None)
    return Marked(name, now, viewer.name, already=False)


async def _save(
    event: Event,
    viewer: Viewer,
    person: UUID,
    rsvp_id: UUID | None,
    source: Source,
    now: datetime,
    *,
    name: str | None = None,
    phone: str | None = None,
    undoes: tuple[str, ...] = (),
) -> None:
    late = now > event.ends_at + LATE_AFTER
    scan = NewScan(
        nonce=str(uuid7()),
        event_id=event.id,
        kind="undo" if undoes else "in",
        person=person,
        source=source,
        scanned_at=now,
        received_at=now,
        result="late" if late else "accepted",
        actor_id=viewer.person(),
        rsvp_id=rsvp_id,
        undoes=undoes,
        name_given=name,
        phone_given=phone,
    )
    await scans.save_scan(scan)
    await audit.record(
        viewer.person(),
        "event.check_in.undone" if undoes else "event.check_in",
        ("event", event.id),
        now=now,
        chapter_id=event.chapter_id,
        subject_id=person,
    )


async def undo_check_in(viewer: Viewer, code: str, person_id: UUID, *, now: datetime) -> str:
    """Take back every standing mark of this person; gives the name. Nothing to take back is no fault."""
    async with atomic():
        event = await access_event(viewer, code, may="run", now=now)
        row = next((row for row in await _rows(event) if row.person == person_id), None)
        if row is None:
            raise RsvpNotFound
        here = (await presences(event)).get(person_id)
        if here is not None:
            await _save(event, viewer, person_id, row.rsvp_id, "search", now, undoes=here.nonces)
    return row.name


async def walk_in(viewer: Viewer, code: str, name: str, phone: str | None, *, now: datetime) -> Marked:
    """Somebody without an RSVP, who heard the consent sentence and agreed. The same name and phone are one person."""
    async with atomic():
        event = await access_event(viewer, code, may="run", now=now)
        person, rsvp_id = await _walk_in_person(event, name, phone, now)
        await accounts.record_consent(
            person, CONSENT, event.id, text_version=CONSENT_VERSION, channel="door", by=viewer.person(), now=now
        )
        here = (await presences(event)).get(person)
        if here is not None:
            by = (await accounts.names({here.by})).get(here.by, "") if here.by else ""
            return Marked(name, here.arrived_at, by, already=True)
        await _save(event, viewer, person, rsvp_id, "walk_in", now, name=name, phone=phone)
    return Marked(name, now, viewer.name, already=False)


async def _walk_in_person(event: Event, name: str, phone: str | None, now: datetime) -> tuple[UUID, UUID | None]:
    known = await rsvps.list_known(phone, None) if phone else []
    for person_id, known_name, _kind in known:
        if are_alike(known_name, name):
            answer = await rsvps.find_answer(event.id, person_id)
            return person_id, answer.id if answer else None
    made: UUID = await accounts.make_guest(name, phone=phone, email=None, now=now)
    return made, None


@dataclass(frozen=True)
class DoorCode:
    """What a code at the door stands for. `name` only for those who run the event."""

    event: Event
    token: str
    person: UUID | None
    name: str
    arrived_at: datetime | None


async def door_code(viewer: Viewer, token: str, *, now: datetime) -> DoorCode:
    """Raises RsvpNotFound for anything not signed by us, or taken back since."""
    answer, event = await _by_code(token)
    if not viewer.signed_in or not viewer.runs(event.chapter_id):
        return DoorCode(event, token, None, "", None)
    here = (await presences(event)).get(answer.person)
    return DoorCode(event, token, answer.person, answer.name, here.arrived_at if here else None)


async def _by_code(token: str) -> tuple[Answer, Event]:
    rsvp_id = rsvp_of_token(token)
    answer = await rsvps.find_answer_by_id(rsvp_id) if rsvp_id else None
    event = await event_queries.find_by_id(answer.event_id) if answer else None
    if answer is None or event is None or not is_signed(token, event.id, answer.id, answer.token_no):
        raise RsvpNotFound
    return answer, event


async def check_in_by_code(viewer: Viewer, token: str, *, now: datetime) -> tuple[Event, Marked]:
    """Raises RsvpNotFound for a bad code, EventNotFound for somebody who may not check in there."""
    answer, event = await _by_code(token)
    return event, await check_in(viewer, event.code, answer.person, source="qr", now=now)


async def my_code(rsvp_id: UUID) -> str | None:
    """The door code of an RSVP, for its owner."""
    answer = await rsvps.find_answer_by_id(rsvp_id)
    return door_token(answer.event_id, answer.id, answer.token_no) if answer else None


@dataclass(frozen=True)
class Upload:
    """One mark of a batch, as a phone kept it. A walk-in has a name instead of an RSVP or a code."""

    nonce: str
    kind: Literal["in", "undo"]
    scanned_at: datetime
    rsvp_id: UUID | None = None
    token: str | None = None
    undoes: tuple[str, ...] = ()
    name: str | None = None
    phone: str | None = None
    source: Source = "search"


Verdict = Literal["accepted", "duplicate", "unknown_token", "not_allowed", "late"]


async def upload(
    viewer: Viewer, code: str, items: Sequence[Upload], *, sent_at: datetime, now: datetime
) -> dict[str, Verdict]:
    """Store what a phone kept; answered for each nonce, one bad item never fails the rest. Raises EventNotFound."""
    event = await access_event(viewer, code, may="run", now=now)
    skew = now - sent_at
    return {item.nonce: await _upload_one(event, viewer, item, skew, now) for item in items}


async def _upload_one(event: Event, viewer: Viewer, item: Upload, skew: timedelta, now: datetime) -> Verdict:
    async with atomic():
        if await scans.list_nonces([item.nonce]):
            return "duplicate"
        subject = await _subject(event, viewer, item, now)
        if subject is None:
            return "unknown_token"
        person, rsvp_id = subject
        late = now > event.ends_at + LATE_AFTER
        scan = NewScan(
            nonce=item.nonce,
            event_id=event.id,
            kind=item.kind,
            person=person,
            source=item.source,
            scanned_at=item.scanned_at,
            received_at=now,
            result="late" if late else "accepted",
            actor_id=viewer.person(),
            rsvp_id=rsvp_id,
            undoes=item.undoes if item.kind == "undo" else (),
            skew=skew,
            name_given=item.name,
            phone_given=item.phone,
        )
        if not await scans.save_scan(scan):
            return "duplicate"
        await audit.record(
            viewer.person(),
            "event.check_in.undone" if item.kind == "undo" else "event.check_in",
            ("event", event.id),
            now=now,
            chapter_id=event.chapter_id,
            subject_id=person,
        )
        return "late" if late else "accepted"


async def _subject(event: Event, viewer: Viewer, item: Upload, now: datetime) -> tuple[UUID, UUID | None] | None:
    """(person, RSVP) the mark speaks of; None where it names nobody of this event."""
    rsvp_id = rsvp_of_token(item.token) if item.token is not None else item.rsvp_id
    if rsvp_id is not None:
        answer = await rsvps.find_answer_by_id(rsvp_id)
        if answer is None or answer.event_id != event.id:
            return None
        signed = item.token is None or is_signed(item.token, event.id, answer.id, answer.token_no)
        return (answer.person, answer.id) if signed else None
    if item.kind == "undo":
        return await _undone_subject(event, item.undoes)
    if item.name:
        found = await _walk_in_person(event, item.name, item.phone, now)
        await accounts.record_consent(
            found[0], CONSENT, event.id, text_version=CONSENT_VERSION, channel="door", by=viewer.person(), now=now
        )
        return found
    return None


async def _undone_subject(event: Event, nonces: Sequence[str]) -> tuple[UUID, UUID | None] | None:
    marks = await scans.list_marks(event.id, event.starts_at, event.ends_at)
    person = next((mark.person for mark in marks if mark.nonce in nonces), None)
    return (person, None) if person else None


@dataclass(frozen=True)
class Roster:
    """What a phone keeps for the door: no phone number, no e-mail."""

    event: Event
    rows: Sequence[Row]


async def roster(viewer: Viewer, code: str, *, now: datetime) -> Roster:
    listed = await door(viewer, code, now=now)
    return Roster(listed.event, listed.rows)

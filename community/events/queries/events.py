"""Statements about events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
from piccolo.columns import Column

from community.events.rules.event import Event
from community.events.rules.lifecycle import EventKind, EventState
from community.events.tables import Event as EventTable
from community.kit.db import first, rows

May = Literal["see", "run"]
"""see: published ones, members-only events for members, drafts for whoever runs the chapter · run: its Rangers and
deputies."""

COLUMNS = """e.id, e.code, e.chapter as chapter_id, c.slug as chapter_slug, c.name as chapter_name, c.is_demo, e.kind,
    e.state, e.title, e.body, e.topic, e.starts_at, e.ends_at, e.tz, e.mode, e.place_name, e.address, e.patokan,
    e.latitude, e.longitude, e.is_home, e.online_url, e.audience, e.rsvp_mode, e.external_url, e.rsvp_opens_at,
    e.rsvp_closes_at, e.capacity, e.guests_max, e.promotion, e.ics_uid, e.ics_sequence, e.schedule_no, e.published_at,
    e.finished_at, e.cancelled_at, e.cancel_reason, e.attendance_complete, e.recap, e.created_by, e.created_at,
    e.version"""
SELECT = f"select {COLUMNS} from event e join chapter c on c.id = e.chapter"  # noqa: S608

_RUNS = """exists (select 1 from role_spell r where r.person = {} and r.role in ('ranger', 'deputy')
    and r.scope_id = e.chapter and r.from_at <= {} and (r.to_at is null or r.to_at > {}))"""
_BELONGS = "exists (select 1 from membership m where m.person = {} and m.chapter = e.chapter and m.left_on is null)"
RIGHTS: Mapping[May, str] = {
    "run": _RUNS,
    "see": f"((e.state <> 'draft' and (e.audience = 'public' or {_BELONGS})) or {_RUNS})",
}
HELD = (
    """(select coalesce(sum(s.party_size), 0) from rsvp s where s.event = e.id and s.state in ('going', 'offered'))"""
)
WAITING = "(select count(*) from rsvp s where s.event = e.id and s.state = 'waitlisted')"
_LISTED = """e.state <> 'draft' and e.audience = 'public' and c.state <> 'closed'
    and ({}::text is null or c.slug = {})
    and ({}::text is null or exists (select 1 from chapter_region g where g.chapter = c.id and g.is_seat
        and left(g.region_code, 2) = {}))
    and e.ends_at >= {} and e.ends_at < {}"""


@dataclass(frozen=True)
class Listed:
    """An event in a list, with the chairs held and the people who wait."""

    event: Event
    held: int
    waiting: int


@dataclass(frozen=True)
class Filter:
    """Public events that end in `ends_from` ≤ … < `ends_before`, of a chapter (slug) or a province (code)."""

    ends_from: datetime
    ends_before: datetime
    chapter: str | None = None
    province: str | None = None

    def bound(self) -> list[Any]:
        return [self.chapter, self.chapter, self.province, self.province, self.ends_from, self.ends_before]


def _bound(may: May, person_id: UUID | None, now: datetime) -> list[Any]:
    spell = [person_id, now, now]
    return [person_id, *spell] if may == "see" else spell


async def find_event(code: str, person_id: UUID | None, may: May, now: datetime, *, lock: bool = False) -> Event | None:
    """By its code, with the right inside the question."""
    if lock:
        # The lock first and the row in a second statement: one statement would see the row as it was before waiting.
        await rows("select 1 from event where code = {} for no key update", code)
    found = await first(f"{SELECT} where e.code = {{}} and {RIGHTS[may]}", code, *_bound(may, person_id, now))
    return to_event(found) if found else None


async def find_by_id(event_id: UUID) -> Event | None:
    found = await first(f"{SELECT} where e.id = {{}}", event_id)
    return to_event(found) if found else None


async def lock_event(event_id: UUID) -> Event | None:
    """Wait until nobody else changes the event or its RSVPs, then read it. Scans go on: they need only its key.

    Raises asyncpg.LockNotAvailableError after the lock timeout.
    """
    await rows("select 1 from event where id = {} for no key update", event_id)
    return await find_by_id(event_id)


LockTimeout = asyncpg.LockNotAvailableError


def to_event(row: Mapping[str, Any]) -> Event:
    known = {name: row[name] for name in Event.__dataclass_fields__}
    return Event(**{**known, "state": EventState(row["state"]), "kind": EventKind(row["kind"])})


def _listed(row: Mapping[str, Any]) -> Listed:
    return Listed(to_event(row), int(row["held"]), int(row["waiting"]))


async def count_events(wanted: Filter) -> int:
    sql = f"select count(*) as n from event e join chapter c on c.id = e.chapter where {_LISTED}"  # noqa: S608
    found = await first(sql, *wanted.bound())
    return int(found["n"]) if found else 0


async def list_events(
    wanted: Filter, limit: int, *, offset: int = 0, after: tuple[str, str] | None = None, newest_first: bool = False
) -> list[Listed]:
    """By start; from `offset`, or behind the (start, id) given."""
    order = "desc" if newest_first else "asc"
    start, event_id = after or (None, None)
    sql = f"""select {COLUMNS}, {HELD} as held, {WAITING} as waiting from event e join chapter c on c.id = e.chapter
        where {_LISTED} and ({{}}::text is null or (e.starts_at, e.id) > ({{}}::text::timestamptz, {{}}::text::uuid))
        order by e.starts_at {order}, e.id {order} limit {{}} offset {{}}"""  # noqa: S608
    return [_listed(row) for row in await rows(sql, *wanted.bound(), start, start, event_id, limit, offset)]


async def list_of_chapter(chapter_id: UUID, since: datetime, until: datetime, limit: int = 300) -> list[Event]:
    """For the calendar feed: public ones that end in the span; cancelled ones too, so that subscribers hear of it."""
    found = await rows(
        f"""{SELECT} where e.chapter = {{}} and e.state <> 'draft' and e.audience = 'public'
        and e.ends_at >= {{}} and e.starts_at < {{}} order by e.starts_at, e.id limit {{}}""",
        *(chapter_id, since, until, limit),
    )
    return [to_event(row) for row in found]


async def list_next(chapter_ids: Collection[UUID], now: datetime, limit: int, *, drafts: bool = False) -> list[Listed]:
    """Events of these chapters that are not over, soonest first; with `drafts` those too."""
    states = ["published", "postponed", "draft"] if drafts else ["published", "postponed"]
    audiences = ["public", "members"] if drafts else ["public"]
    sql = f"""select {COLUMNS}, {HELD} as held, {WAITING} as waiting from event e join chapter c on c.id = e.chapter
        where e.chapter = any({{}}) and e.state = any({{}}) and e.audience = any({{}}) and e.ends_at > {{}}
        order by e.starts_at, e.id limit {{}}"""  # noqa: S608
    return [_listed(row) for row in await rows(sql, list(chapter_ids), states, audiences, now, limit)]


async def list_recent(chapter_id: UUID, limit: int) -> list[Event]:
    """The last events of the chapter that were ever published, newest first: what a new draft is made from."""
    found = await rows(
        f"{SELECT} where e.chapter = {{}} and e.published_at is not null and e.state <> 'cancelled' "
        "order by e.starts_at desc, e.id desc limit {}",
        *(chapter_id, limit),
    )
    return [to_event(row) for row in found]


async def list_recaps(chapter_id: UUID, limit: int) -> list[Event]:
    found = await rows(
        f"{SELECT} where e.chapter = {{}} and e.state = 'finished' and e.audience = 'public' "
        "order by e.starts_at desc limit {}",
        *(chapter_id, limit),
    )
    return [to_event(row) for row in found]


async def list_unfinished(chapter_ids: Collection[UUID], now: datetime) -> list[Event]:
    """Over, but nobody has said "Selesai" yet."""
    found = await rows(
        f"{SELECT} where e.chapter = any({{}}) and e.state = 'published' and e.ends_at <= {{}} order by e.ends_at",
        *(list(chapter_ids), now),
    )
    return [to_event(row) for row in found]


async def list_around(
    chapter_id: UUID,
    event_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    box: tuple[float, float, float, float],
) -> list[dict[str, Any]]:
    """Other chapters' published events in the span and the box (south, north, west, east), with their points."""
    point_lat, point_lon = "coalesce(e.latitude, c.latitude)", "coalesce(e.longitude, c.longitude)"
    sql = f"""select e.title, c.name as chapter_name, {point_lat} as latitude, {point_lon} as longitude
        from event e join chapter c on c.id = e.chapter
        where e.state = 'published' and e.chapter <> {{}} and e.id is distinct from {{}}::uuid
        and e.starts_at < {{}} and e.ends_at > {{}}
        and {point_lat} between {{}} and {{}} and {point_lon} between {{}} and {{}} order by e.starts_at limit 50"""  # noqa: S608
    return await rows(sql, chapter_id, event_id, ends_at, starts_at, *box)


async def list_over(before: datetime, limit: int = 100) -> list[UUID]:
    """Published events that ended before `before`: they finish by themselves."""
    found = await rows(
        "select id from event where state = 'published' and ends_at <= {} order by ends_at limit {}", before, limit
    )
    return [row["id"] for row in found]


async def list_due(now: datetime, limit: int = 100) -> list[UUID]:
    """Events in which time alone changes an RSVP: an offer or a question runs out, or the evening begins."""
    found = await rows(
        """select e.id from event e where e.state = 'published' and exists (select 1 from rsvp s where s.event = e.id
            and ((s.state in ('going', 'offered') and (s.expires_at <= {} or s.confirm_by <= {}))
                or (e.starts_at <= {} and s.state in ('invited', 'waitlisted', 'offered'))))
        order by e.id limit {}""",
        *(now, now, now, limit),
    )
    return [row["id"] for row in found]


async def save_new(values: Mapping[str, Any]) -> None:
    await EventTable.insert(EventTable(**values))


async def save_event(event_id: UUID, changes: Mapping[str, Any]) -> None:
    """Write the columns given and raise the version."""
    values: dict[Column | str, Any] = {EventTable.version: EventTable.version + 1}
    values.update(changes)
    await EventTable.update(values, force=True).where(EventTable.id == event_id)

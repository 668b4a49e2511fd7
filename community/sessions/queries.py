"""Every statement about sessions and speakers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from community.kit.db import first, rows
from community.kit.ids import uuid7
from community.sessions.rules import Form, Level, Plan, Session, Speaker
from community.sessions.tables import Session as SessionTable
from community.sessions.tables import Speaker as SpeakerTable

COLUMNS = """s.id, s.event as event_id, e.code as event_code, e.title as event_title, c.name as chapter_name,
    e.starts_at, e.tz, s.position, s.title, s.topic, s.level, s.form, s.minutes, s.language, s.version"""
_FROM = "from session s join event e on e.id = s.event join chapter c on c.id = e.chapter where s.removed_at is null"
_PUBLIC = """e.state in ('published', 'finished') and e.audience = 'public'
    and ({}::text is null or s.topic = {}) and ({}::text is null or e.code = {})
    and e.ends_at >= {} and e.ends_at < {}"""


@dataclass(frozen=True)
class Filter:
    """Sessions of public events that end in the span, of one topic or event if asked."""

    ends_from: datetime
    ends_before: datetime
    topic: str | None = None
    event: str | None = None

    def bound(self) -> list[Any]:
        return [self.topic, self.topic, self.event, self.event, self.ends_from, self.ends_before]


async def find_session(session_id: UUID) -> Session | None:
    found = await first(f"select {COLUMNS} {_FROM} and s.id = {{}}", session_id)
    return (await _with_speakers([found]))[0] if found else None


async def lock_session(session_id: UUID) -> Session | None:
    await rows("select 1 from session where id = {} for no key update", session_id)
    return await find_session(session_id)


async def list_of_event(event_id: UUID) -> list[Session]:
    found = await rows(f"select {COLUMNS} {_FROM} and s.event = {{}} order by s.position, s.id", event_id)
    return await _with_speakers(found)


async def count_public(wanted: Filter) -> int:
    found = await first(f"select count(*) as n {_FROM} and {_PUBLIC}", *wanted.bound())
    return int(found["n"]) if found else 0


async def list_public(
    wanted: Filter, limit: int, *, offset: int = 0, after: tuple[str, str] | None = None, newest_first: bool = False
) -> list[Session]:
    """By the event's start; from `offset`, or behind the (start, id) given."""
    order = "desc" if newest_first else "asc"
    start, session_id = after or (None, None)
    sql = f"""select {COLUMNS} {_FROM} and {_PUBLIC}
        and ({{}}::text is null or (e.starts_at, s.id) > ({{}}::text::timestamptz, {{}}::text::uuid))
        order by e.starts_at {order}, s.id {order} limit {{}} offset {{}}"""
    return await _with_speakers(await rows(sql, *wanted.bound(), start, start, session_id, limit, offset))


async def _with_speakers(found: Sequence[Mapping[str, Any]]) -> list[Session]:
    speakers = await _list_speakers([row["id"] for row in found])
    return [replace(_session(row), speakers=tuple(speakers.get(row["id"], ()))) for row in found]


async def _list_speakers(session_ids: Collection[UUID]) -> dict[UUID, list[Speaker]]:
    found = await rows(
        """select k.session, k.person, coalesce(k.outside_name, p.name) as name, k.consent_at from speaker k
        left join person p on p.id = k.person where k.session = any({}) order by k.session, k.position""",
        list(session_ids),
    )
    speakers: dict[UUID, list[Speaker]] = {}
    for row in found:
        speakers.setdefault(row["session"], []).append(Speaker(row["person"], row["name"], row["consent_at"]))
    return speakers


def _session(row: Mapping[str, Any]) -> Session:
    return Session(**{**row, "level": Level(row["level"]), "form": Form(row["form"])})


async def save_new(event_id: UUID, plan: Plan, now: datetime) -> UUID:
    """At the end of the event's programme; the caller holds the event's lock."""
    last = await first("select coalesce(max(position), 0) as last from session where event = {}", event_id)
    session_id = uuid7()
    await SessionTable.insert(
        SessionTable(
            id=session_id, event=event_id, position=(last["last"] if last else 0) + 1, created_at=now, **_columns(plan)
        )
    )
    return session_id


async def save_session(session_id: UUID, plan: Plan) -> None:
    await rows(
        """update session set title = {}, topic = {}, level = {}, form = {}, minutes = {}, language = {},
        version = version + 1 where id = {}""",
        *_columns(plan).values(),
        session_id,
    )


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title,
        "topic": plan.topic,
        "level": plan.level.value,
        "form": plan.form.value,
        "minutes": plan.minutes,
        "language": plan.language,
    }


async def save_removed(session_id: UUID, now: datetime) -> None:
    await rows("update session set removed_at = {}, version = version + 1 where id = {}", now, session_id)


async def save_speakers(session_id: UUID, speakers: Sequence[Speaker]) -> None:
    """In place of those there were."""
    await rows("delete from speaker where session = {}", session_id)
    if speakers:
        await SpeakerTable.insert(
            *(
                SpeakerTable(
                    id=uuid7(),
                    session=session_id,
                    position=position,
                    person=speaker.person_id,
                    outside_name=None if speaker.person_id else speaker.name,
                    consent_at=speaker.consent_at,
                )
                for position, speaker in enumerate(speakers, 1)
            )
        )


async def list_spoken(person_id: UUID) -> list[dict[str, Any]]:
    """What this person taught."""
    return await rows(
        """select s.title, s.topic, s.minutes, e.starts_at, k.consent_at from speaker k
        join session s on s.id = k.session join event e on e.id = s.event
        where k.person = {} and s.removed_at is null order by e.starts_at""",
        person_id,
    )

"""The door of sessions: what is taught at an event, by whom, and where it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.events import service as events
from community.kit.db import atomic
from community.kit.errors import FieldError, InvalidInput, StaleVersion
from community.kit.i18n import gettext as _
from community.kit.paging import PAGE_SIZE, Paged
from community.kit.viewer import Viewer
from community.sessions import queries
from community.sessions.errors import EventIsOver, SessionNotFound, TooManySessions
from community.sessions.queries import Filter
from community.sessions.rules import SESSIONS_MAX, Form, Level, Plan, Session, Speaker, Speaking

__all__ = (
    "EventView",
    "FormPage",
    "ListPage",
    "Plan",
    "Session",
    "SessionPage",
    "Speaking",
    "access_session",
    "add",
    "edit",
    "event_panel",
    "export_person",
    "form_page",
    "list_for_machines",
    "list_page",
    "plan_of",
    "remove",
    "session_page",
)

EDGE_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


async def access_session(
    viewer: Viewer, session_id: UUID, *, may: events.May = "see", now: datetime, lock: bool = False
) -> Session:
    """The session of this id, if the viewer has the right over its event. Raises SessionNotFound."""
    session = await (queries.lock_session if lock else queries.find_session)(session_id)
    if session is None:
        raise SessionNotFound
    try:
        await events.access_event(viewer, session.event_code, may=may, now=now)
    except events.EventNotFound:
        raise SessionNotFound from None
    return session


async def add(viewer: Viewer, event_code: str, plan: Plan, *, now: datetime) -> Session:
    """At the end of the event's programme. Raises EventNotFound, InvalidInput, TooManySessions, EventIsOver."""
    await _check_topic(plan)
    async with atomic():
        event = await events.access_event(viewer, event_code, may="run", now=now, lock=True)
        if event.state is events.EventState.CANCELLED:
            raise EventIsOver
        if len(await queries.list_of_event(event.id)) >= SESSIONS_MAX:
            raise TooManySessions
        session_id = await queries.save_new(event.id, plan, now)
        await queries.save_speakers(session_id, await _speakers(plan.speakers, now))
        await _record(viewer, "session.add", session_id, event.chapter_id, now)
    return await _read(session_id)


async def edit(
    viewer: Viewer, session_id: UUID, plan: Plan, *, version: int, now: datetime, keep_speakers: bool = False
) -> Session:
    """Raises SessionNotFound, StaleVersion, InvalidInput."""
    await _check_topic(plan)
    async with atomic():
        session = await access_session(viewer, session_id, may="run", now=now, lock=True)
        if version != session.version:
            raise StaleVersion(current={"version": session.version, "title": session.title, "minutes": session.minutes})
        await queries.save_session(session.id, plan)
        if not keep_speakers:
            await queries.save_speakers(session.id, await _speakers(plan.speakers, now))
        event = await events.access_event(viewer, session.event_code, may="run", now=now)
        await _record(viewer, "session.edit", session.id, event.chapter_id, now)
    return await _read(session_id)


async def remove(viewer: Viewer, session_id: UUID, *, now: datetime) -> Session:
    """Gives the session as it was. Raises SessionNotFound."""
    async with atomic():
        session = await access_session(viewer, session_id, may="run", now=now, lock=True)
        await queries.save_removed(session.id, now)
        event = await events.access_event(viewer, session.event_code, may="run", now=now)
        await _record(viewer, "session.remove", session.id, event.chapter_id, now)
    return session


async def _check_topic(plan: Plan) -> None:
    if plan.topic not in await chapters.topic_labels():
        raise InvalidInput([FieldError("/topic", "not_choice", _("Pilih salah satu topik."))])


async def _speakers(spoken: Sequence[Speaking], now: datetime) -> list[Speaker]:
    """Somebody of the platform where the contact is known, else the name as written."""
    found = []
    for speaking in spoken:
        person = await accounts.person_by_contact(speaking.contact) if speaking.contact else None
        found.append(Speaker(person.id if person else None, speaking.name, now if speaking.consent else None))
    return found


async def _record(viewer: Viewer, action: str, session_id: UUID, chapter_id: UUID, now: datetime) -> None:
    await audit.record(viewer.person(), action, ("session", session_id), now=now, chapter_id=chapter_id)


async def _read(session_id: UUID) -> Session:
    session = await queries.find_session(session_id)
    if session is None:
        raise SessionNotFound
    return session


def plan_of(session: Session) -> Plan:
    """What was decided, without the speakers."""
    names = ("title", "topic", "minutes", "level", "form", "language")
    return Plan(**{name: getattr(session, name) for name in names})


@dataclass(frozen=True)
class SessionPage:
    """`topic` in words; `may_run`: a Ranger of the event looks."""

    session: Session
    topic: str
    may_run: bool
    words: tuple[str, str]


async def session_page(viewer: Viewer, session_id: UUID, *, now: datetime) -> SessionPage:
    """Raises SessionNotFound."""
    session = await access_session(viewer, session_id, now=now)
    event = await events.access_event(viewer, session.event_code, now=now)
    labels = await chapters.topic_labels()
    words = (level_words(session.level), form_words(session.form))
    return SessionPage(session, labels.get(session.topic, session.topic), viewer.runs(event.chapter_id), words)


def level_words(level: Level) -> str:
    return {Level.BEGINNER: _("pemula"), Level.NEXT: _("lanjut"), Level.SKILLED: _("mahir")}[level]


def form_words(form: Form) -> str:
    return {
        Form.TALK: _("bincang"),
        Form.WORKSHOP: _("praktik"),
        Form.CLINIC: _("klinik tanya jawab"),
        Form.PANEL: _("panel"),
    }[form]


@dataclass(frozen=True)
class ListPage:
    """Sessions of public events by date; `topics`: (key, words) to choose from."""

    paged: Paged[Session]
    topic: str
    topics: Sequence[tuple[str, str]]
    past: bool
    labels: dict[str, str]


async def list_page(*, topic: str = "", past: bool = False, number: int = 1, now: datetime) -> ListPage:
    labels = await chapters.topic_labels()
    wanted = Filter(BEGINNING if past else now, now if past else EDGE_OF_TIME, topic if topic in labels else None)
    total = await queries.count_public(wanted)
    found = await queries.list_public(wanted, PAGE_SIZE, offset=(number - 1) * PAGE_SIZE, newest_first=past)
    query = (("topic", topic), ("past", "yes" if past else ""))
    return ListPage(
        Paged(found, number, PAGE_SIZE, total, "/sessions", query), topic, list(labels.items()), past, labels
    )


async def list_for_machines(
    *, event: str | None, topic: str | None, after: tuple[str, str] | None, limit: int
) -> list[Session]:
    """Up to limit + 1 sessions of public events, past ones too, by start."""
    return await queries.list_public(Filter(BEGINNING, EDGE_OF_TIME, topic, event), limit + 1, after=after)


@dataclass(frozen=True)
class FormPage:
    """What the form of a session needs. `session` None: a new one."""

    event: events.Event
    session: Session | None
    topics: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, str]]
    forms: Sequence[tuple[str, str]]


async def form_page(viewer: Viewer, *, event_code: str = "", session_id: UUID | None = None, now: datetime) -> FormPage:
    """Raises EventNotFound or SessionNotFound."""
    session = await access_session(viewer, session_id, may="run", now=now) if session_id else None
    code = session.event_code if session else event_code
    event = await events.access_event(viewer, code, may="run", now=now)
    return FormPage(
        event=event,
        session=session,
        topics=list((await chapters.topic_labels()).items()),
        levels=[(level.value, level_words(level)) for level in Level],
        forms=[(form.value, form_words(form)) for form in Form],
    )


@dataclass(frozen=True)
class EventView:
    """On an event's page."""

    event: events.Event
    sessions: Sequence[Session]
    labels: dict[str, str]
    may_run: bool


async def event_panel(event: events.Event, viewer: Viewer, now: datetime) -> events.Panel | None:
    found = await queries.list_of_event(event.id)
    may_run = viewer.runs(event.chapter_id)
    if not found and not may_run:
        return None
    return events.Panel("sessions/_event.html", EventView(event, found, await chapters.topic_labels(), may_run))


async def export_person(person_id: UUID) -> dict[str, Any]:
    """For "Unduh data saya": what the person taught."""
    return {"spoken": await queries.list_spoken(person_id)}

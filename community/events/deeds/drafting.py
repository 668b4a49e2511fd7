"""The next event from the last ones: what the form starts from, and the draft it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.chapters import service as chapters
from community.events.deeds.access import access_event
from community.events.deeds.planning import create
from community.events.errors import EventNotFound
from community.events.forms import NEW, CreateForm
from community.events.queries import events as queries
from community.events.rules import drafts
from community.events.rules.event import Event, Plan, plan_of
from community.kit.errors import FieldError, InvalidInput
from community.kit.i18n import gettext as _
from community.kit.viewer import Viewer

RECENT_PLACES = 3
USUAL_CAPACITY = 30
PLACE = ("place_name", "patokan", "address", "latitude", "longitude", "is_home")


@dataclass(frozen=True)
class Prefill:
    """What "Buat kopdar" starts from: the chapter's last events. `places`: (event code, name, patokan)."""

    chapter: chapters.Chapter
    title: str
    slots: Sequence[datetime]
    length: timedelta
    places: Sequence[tuple[str, str, str]]
    capacity: int | None
    topic: str | None
    body: str
    topics: Sequence[tuple[str, str]]


async def prefill(viewer: Viewer, chapter_slug: str = "", like: str = "", *, now: datetime) -> Prefill:
    """`like`: the code of an event to make one like; else the chapter's last one.

    Without a slug the chapter is that of `like`, or the first the viewer runs. Raises EventNotFound or ChapterNotFound.
    """
    model = await access_event(viewer, like, may="run", now=now) if like else None
    slug = model.chapter_slug if model else chapter_slug or await _first_slug(viewer)
    chapter = await chapters.access_chapter(viewer, slug, may="run", now=now)
    recent = await queries.list_recent(chapter.id, 12)
    past = [drafts.Past(event.title, event.starts_at, event.ends_at, event.tz) for event in recent]
    last = model or (recent[0] if recent else None)
    first_title = _("Kopdar %(chapter)s #1") % {"chapter": chapter.name}
    return Prefill(
        chapter=chapter,
        title=drafts.next_title(last.title) if last else first_title[:80],
        slots=drafts.next_slots(past, chapter.tz, now),
        length=drafts.usual_length(past),
        places=_recent_places(recent),
        capacity=last.capacity if last else USUAL_CAPACITY,
        topic=model.topic if model else None,
        body=last.body if last else "",
        topics=list((await chapters.topic_labels()).items()),
    )


async def _first_slug(viewer: Viewer) -> str:
    mine = await chapters.list_chapters_by_id(viewer.chapters())
    if not mine:
        raise EventNotFound
    return mine[0].slug


def _recent_places(recent: Sequence[Event]) -> list[tuple[str, str, str]]:
    """The last different places, the newest first."""
    found: dict[str, tuple[str, str, str]] = {}
    for event in recent:
        if event.place_name:
            found.setdefault(event.place_name.casefold(), (event.code, event.place_name, event.patokan))
    return list(found.values())[:RECENT_PLACES]


async def create_kopdar(viewer: Viewer, form: CreateForm, *, now: datetime) -> Event:
    """The draft the five fields describe; length and texts as last time. Raises EventNotFound, or InvalidInput."""
    usual = await prefill(viewer, form.chapter, now=now)
    if form.topic is not None and form.topic not in dict(usual.topics):
        raise InvalidInput([FieldError("/topic", "not_choice", _("Pilih salah satu topik."))])
    starts_at = form.starts_at(usual.chapter.tz)
    if starts_at <= now:
        raise InvalidInput([FieldError("/when", "past", _("Pilih waktu yang belum lewat."))])
    plan = Plan(
        title=form.title,
        starts_at=starts_at,
        ends_at=starts_at + usual.length,
        place_name=form.place_name,
        patokan=form.patokan,
        body=usual.body,
        topic=form.topic,
        capacity=form.capacity,
    )
    if form.place != NEW and not form.place_name:
        plan = await _at_known_place(viewer, plan, form.place, now)
    return await create(viewer, usual.chapter.slug, plan, now=now)


async def _at_known_place(viewer: Viewer, plan: Plan, code: str, now: datetime) -> Plan:
    """The place as it was at an earlier event: copied, so that an edit never rewrites the past."""
    try:
        known = await access_event(viewer, code, may="run", now=now)
    except EventNotFound:
        raise InvalidInput([FieldError("/place", "not_choice", _("Pilih salah satu tempat."))]) from None
    same = {name: getattr(known, name) for name in PLACE}
    return replace(plan, **same)


def local_slot(at: datetime, tz: str) -> str:
    """A slot as the form sends it: 2026-11-28T19:00 on local clocks."""
    return at.astimezone(ZoneInfo(tz)).strftime("%Y-%m-%dT%H:%M")


async def clone(viewer: Viewer, code: str, *, starts_at: datetime, now: datetime) -> Event:
    """A draft like this event at another time: texts, place, capacity and length; nobody's RSVP, nothing sent.

    Raises EventNotFound or InvalidInput.
    """
    event = await access_event(viewer, code, may="run", now=now)
    plan = replace(
        plan_of(event),
        title=drafts.next_title(event.title),
        starts_at=starts_at,
        ends_at=starts_at + (event.ends_at - event.starts_at),
    )
    return await create(viewer, event.chapter_slug, plan, now=now, cloned_from=event.id)

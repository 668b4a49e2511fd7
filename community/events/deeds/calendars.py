"""Events for calendars: one as a file, a chapter's as a feed to subscribe to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from community.chapters import service as chapters
from community.events.deeds.access import access_event
from community.events.errors import EventNotFound
from community.events.queries import events as queries
from community.events.rules.calendar import Entry, write_calendar
from community.events.rules.event import Event
from community.kit.settings import settings
from community.kit.viewer import Viewer

SLUG = re.compile(r"[a-z0-9-]{3,40}")
FEED_BACK, FEED_AHEAD = timedelta(days=90), timedelta(days=400)


async def event_calendar(viewer: Viewer, code: str, *, now: datetime) -> bytes:
    """Raises EventNotFound."""
    event = await access_event(viewer, code, now=now)
    return _written([event], name=event.title, tz=event.tz)


async def chapter_calendar(slug: str, *, now: datetime) -> bytes:
    """The chapter's public events of the last 90 and the next 400 days, cancelled ones among them.

    Raises ChapterNotFound.
    """
    if not SLUG.fullmatch(slug):
        raise EventNotFound
    chapter = await chapters.access_chapter(None, slug, now=now)
    events = await queries.list_of_chapter(chapter.id, now - FEED_BACK, now + FEED_AHEAD)
    return _written(events, name=chapter.name, tz=chapter.tz)


def _written(events: Iterable[Event], *, name: str, tz: str) -> bytes:
    return write_calendar([_entry(event) for event in events], name=name, tz=tz, mail_from=settings().mail_from)


def _entry(event: Event) -> Entry:
    url = f"{settings().base_url}{event.path}"
    where = [event.place_name, event.address_shown, f"({event.patokan})" if event.patokan else ""]
    return Entry(
        uid=f"{event.ics_uid}@{settings().mail_domain}",
        sequence=event.ics_sequence,
        state=event.state,
        title=event.title,
        description=f"{event.body}\n\n{url}".strip(),
        location=" ".join(part for part in where if part),
        point=event.point_shown,
        url=url,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        tz=event.tz,
        chapter=event.chapter_name,
        changed_at=event.cancelled_at or event.published_at or event.created_at,
    )

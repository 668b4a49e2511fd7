"""From an outside code to an event: the only way."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from community.events.errors import EventNotFound
from community.events.queries import events as queries
from community.events.queries.events import May
from community.events.rules.event import Event
from community.kit.errors import Unavailable
from community.kit.ids import CODE_ALPHABET
from community.kit.viewer import Viewer

LOCK_RETRY_SECONDS = 3
CODE = re.compile(rf"[{CODE_ALPHABET}]{{8}}")


async def access_event(
    who: Viewer | UUID | None, code: str, *, may: May = "see", now: datetime, lock: bool = False
) -> Event:
    """The event of this code, if `who` has the right. Raises EventNotFound, whatever the reason.

    `lock` keeps everybody else from changing the event or its RSVPs until the transaction ends; Unavailable after the
    lock timeout. With a Viewer, rights its API token lacks do not count.
    """
    if not CODE.fullmatch(code):
        raise EventNotFound
    person_id = who.person_id if isinstance(who, Viewer) else who
    try:
        event = await queries.find_event(code, person_id, may, now, lock=lock)
    except queries.LockTimeout as fault:
        raise Unavailable(LOCK_RETRY_SECONDS, "event lock") from fault
    if event is None or (isinstance(who, Viewer) and not _within_token(who, event, may)):
        raise EventNotFound(code)
    return event


def _within_token(viewer: Viewer, event: Event, may: May) -> bool:
    if viewer.via != "token" or (may == "see" and event.is_public):
        return True
    return viewer.runs(event.chapter_id)


def runs(viewer: Viewer, event: Event) -> bool:
    """Whether the page shows what only a Ranger or deputy of the chapter may do; the deed asks the database again."""
    return viewer.runs(event.chapter_id)

"""The inbox: notices in the language of whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.kit.db import atomic
from community.kit.i18n import gettext as _
from community.kit.i18n import locale
from community.kit.log import logger
from community.kit.mail import one_line
from community.kit.messages import BROKEN, find_action, render_subject, render_text
from community.kit.settings import settings
from community.notifications import queries
from community.notifications.errors import NoticeNotFound
from community.notifications.forms import NoticeOut

log = logger("community.notifications")


@dataclass(frozen=True)
class Inbox:
    """One page of a person's notices, newest first. `last` is where the next page begins, if there is one."""

    items: list[NoticeOut]
    last: tuple[datetime, UUID] | None
    unread: int
    unwanted: frozenset[str]


async def inbox(
    person_id: UUID, *, now: datetime, before: tuple[datetime, UUID] | None = None, limit: int = 20
) -> Inbox:
    """In the language of the moment."""
    lines = await queries.list_inbox(person_id, now=now, before=before, limit=limit + 1)
    reader = await queries.find_reader(person_id)
    shown = [_shown(line, reader.name if reader else "") for line in lines[:limit]]
    last = (lines[limit - 1].at, lines[limit - 1].id) if len(lines) > limit else None
    unread = await queries.count_unread(person_id, now=now)
    return Inbox(shown, last, unread, await queries.list_opt_outs(person_id))


def _shown(line: queries.Line, reader: str) -> NoticeOut:
    """A broken message shows as such; the rest of the inbox is still readable."""
    path = None
    try:
        told: dict[str, Any] = {"base_url": settings().base_url, "locale": locale.get(), "reader": one_line(reader)}
        subject = render_subject(line.template, line.params, **told)
        text = render_text(line.template, line.params, **told)
        path = find_action(line.template, line.params)
    except BROKEN:
        log.exception("message is broken", template=line.template, notice=line.id)
        subject, text = _("Kabar ini tidak bisa ditampilkan"), ""
    return NoticeOut(line.id, subject, text, line.category, line.at, line.read_at, path)


async def count_unread(person_id: UUID, *, now: datetime) -> int:
    return await queries.count_unread(person_id, now=now)


async def access_notice(person_id: UUID, notice_id: UUID, *, now: datetime) -> NoticeOut:
    """The person's own notice. Raises NoticeNotFound."""
    line = await queries.find_notice(person_id, notice_id, now=now)
    if line is None:
        raise NoticeNotFound
    reader = await queries.find_reader(person_id)
    return _shown(line, reader.name if reader else "")


async def mark_read(person_id: UUID, notice_id: UUID, *, now: datetime, read: bool = True) -> NoticeOut:
    """Read, or unread again. Raises NoticeNotFound."""
    async with atomic():
        notice = await access_notice(person_id, notice_id, now=now)
        if (notice.read_at is not None) != read:
            await queries.save_read(notice_id, now if read else None)
        return await access_notice(person_id, notice_id, now=now)


async def mark_all_read(person_id: UUID, *, now: datetime) -> int:
    async with atomic():
        return await queries.save_all_read(person_id, now=now)

"""The inbox: notices in the language of whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from community.kit.db import atomic
from community.kit.errors import FieldError, InvalidInput
from community.kit.i18n import gettext as _
from community.kit.i18n import locale
from community.kit.log import logger
from community.kit.mail import one_line
from community.kit.messages import BROKEN, find_action, render_subject, render_text
from community.kit.paging import Cursor, next_cursor, read_cursor
from community.kit.settings import settings
from community.notifications import queries
from community.notifications.errors import NoticeNotFound
from community.notifications.forms import NoticeOut

log = logger("community.notifications")


@dataclass(frozen=True)
class Inbox:
    """One page of a person's notices, newest first. `next` leads to older ones; `unwanted` categories get no mail."""

    items: list[NoticeOut]
    next: str | None
    unread: int
    unwanted: frozenset[str]


async def inbox(person_id: UUID, *, now: datetime, after: str = "", limit: int = 20) -> Inbox:
    """In the language of the moment. Raises InvalidInput where `after` is no `next` of ours."""
    before = _place(read_cursor(after[:200], limit))
    found = await queries.list_inbox(person_id, now=now, before=before, limit=limit + 1)
    lines, onward = next_cursor(found, limit, lambda line: (line.at.isoformat(), line.id))
    reader = await queries.find_reader(person_id)
    shown = [_shown(line, reader.name if reader else "") for line in lines]
    unread = await queries.count_unread(person_id, now=now)
    return Inbox(shown, onward, unread, await queries.list_opt_outs(person_id))


def _place(cursor: Cursor) -> tuple[datetime, UUID] | None:
    if cursor.after is None:
        return None
    try:
        at, notice_id = cursor.after
        return datetime.fromisoformat(at).astimezone(UTC), UUID(notice_id)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise InvalidInput([FieldError("/after", "not_valid", _("Penunjuk halaman tidak dikenal."))]) from None


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

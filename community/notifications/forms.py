"""What goes out through the API about notices, and what comes in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class NoticeOut(msgspec.Struct, frozen=True):
    """One line of the inbox. `path` leads to what it is about."""

    id: UUID
    subject: str
    text: str
    category: str
    created_at: datetime
    read_at: datetime | None
    path: str | None


class NoticesOut(msgspec.Struct, frozen=True):
    items: list[NoticeOut]
    next: str | None
    unread: int


class ReadForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    read: bool


class MailForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whether mails of this category are wanted."""

    category: str
    wanted: bool

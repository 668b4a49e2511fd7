"""What comes in and goes out about notices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from community.kit import inputs
from community.kit.i18n import N_


class NoticeOut(msgspec.Struct, frozen=True):
    """One line of the inbox, in the reader's language. `path` leads to what it is about."""

    id: UUID
    subject: str
    text: str
    category: str
    at: datetime
    read_at: datetime | None
    path: str | None


class NoticeList(msgspec.Struct, frozen=True):
    """Newest first. `next` is given back as `after`."""

    items: list[NoticeOut]
    next: str | None
    unread: int


class NoticeQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    after: Annotated[str, inputs.text("after", most=200)] = ""
    limit: Annotated[int, inputs.number("limit", low=1, high=100)] = 25


class ReadForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    read: Annotated[bool, inputs.choice(N_("Sudah dibaca"))]


class MailsForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whether mails of a category are wanted; news is a consent and not switched here."""

    category: Annotated[Literal["reminder", "ask"], inputs.choice(N_("Jenis kabar"))]
    wanted: Annotated[bool, inputs.choice(N_("Kirim lewat e-mail"))] = False

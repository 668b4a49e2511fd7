"""Mails somebody does not want: by the link in each mail, or on the person's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.accounts import service as accounts
from community.kit import crypto
from community.kit.db import atomic
from community.notifications import queries
from community.notifications.deeds.telling import cancel
from community.notifications.errors import UnknownUnsubscribe
from community.notifications.rules import MAILABLE


@dataclass(frozen=True)
class Unsubscription:
    person_id: UUID
    category: str
    chapter_id: UUID | None


def make_unsubscribe_token(person_id: UUID, category: str, chapter_id: UUID | None) -> str:
    """Person, category and chapter, signed: it can end mails and nothing else, so it never runs out."""
    raw = person_id.bytes + category[:1].encode() + (chapter_id.bytes if chapter_id else b"")
    return crypto.to_text(raw + crypto.sign("unsubscribe", raw)[:16])


def read_unsubscribe_token(token: str) -> Unsubscription:
    """Raises UnknownUnsubscribe."""
    try:
        raw = crypto.from_text(token)
    except ValueError:
        raise UnknownUnsubscribe from None
    told, signature = raw[:-16], raw[-16:]
    if len(told) not in {17, 33} or not crypto.matches(crypto.sign("unsubscribe", told)[:16], signature):
        raise UnknownUnsubscribe
    category = next(name for name in MAILABLE if name.startswith(told[16:17].decode()))
    return Unsubscription(UUID(bytes=told[:16]), category, UUID(bytes=told[17:]) if len(told) == 33 else None)


async def unsubscribe(token: str, *, now: datetime) -> Unsubscription:
    """No more mails of that kind, the queued ones included. Twice is the same as once. Raises UnknownUnsubscribe."""
    found = read_unsubscribe_token(token)
    async with atomic():
        if found.category == "news":
            # Ends the consent in the ledger; accounts was handed `cancel` by the roof and stops what is queued.
            await accounts.withdraw_consent(found.person_id, "news", found.chapter_id, now=now)
        else:
            await _opt_out(found.person_id, found.category, now=now)
    return found


async def set_wanted(person_id: UUID, category: str, *, wanted: bool, now: datetime) -> None:
    """Mails of a category, from the person's own page. News is a consent of its own and not switched here."""
    async with atomic():
        if wanted:
            await queries.remove_opt_out(person_id, category)
        else:
            await _opt_out(person_id, category, now=now)


async def _opt_out(person_id: UUID, category: str, *, now: datetime) -> None:
    await queries.save_opt_out(person_id, category, now=now)
    await cancel(now=now, person_id=person_id, categories=[category])

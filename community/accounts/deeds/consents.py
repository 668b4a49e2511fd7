"""The ledger of consent: who agreed to which words, when, through what; withdrawn works at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.accounts.deeds.mail import cancel_unsent
from community.accounts.queries import rights as queries
from community.accounts.rules.looks import purpose_words
from community.audit import service as audit
from community.kit import i18n
from community.kit.db import atomic
from community.kit.errors import NotFound
from community.kit.ids import uuid7

# What may no longer be sent once a consent is gone. Messages owed (a seat, a change of plan) still go out.
CANCELS = {"news": ("news",), "contact": ("news", "ask", "reminder"), "membership": ("news", "ask", "reminder")}


@dataclass(frozen=True)
class ConsentWords:
    """The words as they stand now, in the reader's language; `version` is what the ledger keeps."""

    purpose: str
    version: str
    text: str


@dataclass(frozen=True)
class ConsentView:
    id: UUID
    purpose: str
    words: str
    scope_id: UUID | None
    text: str
    at: datetime
    channel: str
    withdrawn_at: datetime | None


async def consent_text(purpose: str, version: str | None = None) -> ConsentWords:
    """Raises NotFound for a purpose nobody has written words for."""
    found = await queries.find_consent_text(purpose, version)
    if found is None:
        raise NotFound
    return ConsentWords(found["purpose"], found["text_version"], _in_language(found["text_id"], found["text_en"]))


def _in_language(indonesian: str | None, english: str | None) -> str:
    return (english if i18n.locale.get() == "en" else indonesian) or ""


async def record_consent(
    person_id: UUID,
    purpose: str,
    scope_id: UUID | None = None,
    *,
    text_version: str = "1",
    channel: str,
    by: UUID | None = None,
    now: datetime,
) -> bool:
    """`by`: who ticked it, if not the person (read aloud at the door). False if a live one stands already."""
    values = {
        "id": uuid7(),
        "person": person_id,
        "purpose": purpose,
        "scope_id": scope_id,
        "text_version": text_version,
        "at": now,
        "channel": channel,
        "given_by": by,
    }
    async with atomic():
        if not await queries.save_consent(values):
            return False
        await _record("consent.give", person_id, purpose, scope_id, by, now)
    return True


async def withdraw_consent(
    person_id: UUID, purpose: str, scope_id: UUID | None = None, *, by: UUID | None = None, now: datetime
) -> bool:
    """What was queued because of it is cancelled in the same transaction. False if there was none."""
    async with atomic():
        if not await queries.withdraw_consent(person_id, purpose, scope_id, now):
            return False
        if purpose in CANCELS:
            await cancel_unsent(person_id, scope_id, CANCELS[purpose], now=now)
        await _record("consent.withdraw", person_id, purpose, scope_id, by, now)
    return True


async def withdraw_own(person_id: UUID, consent_id: UUID, *, now: datetime) -> None:
    """By its row, from the account page. Raises NotFound, also for somebody else's."""
    found = await queries.find_consent_by_id(person_id, consent_id)
    if found is None:
        raise NotFound
    await withdraw_consent(person_id, found["purpose"], found["scope_id"], by=person_id, now=now)


async def _record(
    action: str, person_id: UUID, purpose: str, scope_id: UUID | None, by: UUID | None, now: datetime
) -> None:
    detail = {"purpose": purpose} | ({"scope_id": scope_id} if scope_id else {})
    actor = by or person_id
    await audit.record(actor, action, ("person", person_id), now=now, subject_id=person_id, detail=detail)


async def has_consent(person_id: UUID, purpose: str, scope_id: UUID | None = None) -> bool:
    """For exactly this scope: a consent for one chapter is none for another, nor for the whole network."""
    return await queries.find_consent(person_id, purpose, scope_id) is not None


async def list_consenting(person_ids: Collection[UUID], purpose: str, scope_id: UUID | None = None) -> set[UUID]:
    return await queries.list_consenting(list(person_ids), purpose, scope_id)


async def list_consents(person_id: UUID) -> list[ConsentView]:
    """Live ones first, newest first."""
    return [
        ConsentView(
            id=row["id"],
            purpose=row["purpose"],
            words=i18n.gettext(purpose_words(row["purpose"])),
            scope_id=row["scope_id"],
            text=_in_language(row["text_id"], row["text_en"]),
            at=row["at"],
            channel=row["channel"],
            withdrawn_at=row["withdrawn_at"],
        )
        for row in await queries.list_consents(person_id)
    ]

"""Write a notice in the deed's transaction, and take back what has not left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from community.kit.db import atomic
from community.kit.ids import uuid7
from community.kit.messages import meta
from community.notifications import queries, rules


async def enqueue(
    person_id: UUID,
    template: str,
    params: Mapping[str, Any],
    *,
    now: datetime,
    dedupe_key: str | None = None,
    category: str | None = None,
    subject: tuple[str, UUID] | None = None,
    chapter_id: UUID | None = None,
    tz: str = "Asia/Jakarta",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    address: str | None = None,
    urgent: bool = False,
) -> UUID | None:
    """Write the notice, and the mail that carries it, in the deed's transaction: both happen or neither.

    Args:
        template: `<room>/<name>` below `templates/messages`; `params` are what its meta.toml asks for.
        dedupe_key: told once for ever; None tells again each time.
        tz: the zone of what it is about; a mail due at night there waits for the morning, the inbox does not.
        expires_at: not sent at or after it; for something essential about an event, its start.
        address: sent there instead of to the verified address: a guest's, or one to be verified.
        urgent: wakes people: sign-in links, warnings about their account.

    Returns the notice's id, or None where `dedupe_key` was told before. Raises ValueError for params that do not fit.
    """
    about = meta(template)
    wanted = max(not_before or now, now)
    notice_id = uuid7()
    kind, subject_id = subject or ("", None)
    due_at = rules.place_mail(
        wanted, now=now, tz=ZoneInfo(tz), category=category or about.category, not_after=expires_at, urgent=urgent
    )
    fresh = await queries.save_notice(
        delivery_id=uuid7(),
        address=address,
        due_at=due_at,
        id=notice_id,
        person=person_id,
        template=template,
        params=about.pack(params),
        private=about.private,
        category=category or about.category,
        subject_kind=kind,
        subject_id=subject_id,
        chapter_id=chapter_id,
        dedupe_key=dedupe_key or str(notice_id),
        created_at=now,
        not_before=wanted,
        expires_at=expires_at,
    )
    return notice_id if fresh else None


async def cancel(
    *,
    now: datetime,
    person_id: UUID | None = None,
    subject: tuple[str, UUID] | None = None,
    chapter_id: UUID | None = None,
    categories: Collection[str] | None = None,
) -> int:
    """Stop what has not left yet, in the deed's transaction; returns how many mails. All given conditions must hold.

    Raises ValueError without any: that would silence everybody.
    """
    if person_id is None and subject is None and chapter_id is None:
        raise ValueError("cancel whose, or about what?")
    async with atomic():
        return await queries.cancel_deliveries(
            now=now, person_id=person_id, subject=subject, chapter_id=chapter_id, categories=categories
        )

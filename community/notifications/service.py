"""The door: tell a person something, send what is owed, show what was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.kit.db import atomic
from community.notifications import queries, rules
from community.notifications.deeds.reading import Inbox, access_notice, count_unread, inbox, mark_all_read, mark_read
from community.notifications.deeds.sending import (
    DemoSender,
    count_overdue,
    deliver,
    mail_sender,
    outbox_age,
    outbox_problem,
    use_checks,
)
from community.notifications.deeds.stopping import (
    Unsubscription,
    make_unsubscribe_token,
    read_unsubscribe_token,
    set_wanted,
    unsubscribe,
)
from community.notifications.deeds.telling import cancel, enqueue
from community.notifications.errors import NoticeNotFound, UnknownUnsubscribe

__all__ = [
    "DemoMail",
    "DemoSender",
    "Inbox",
    "NoticeNotFound",
    "UnknownUnsubscribe",
    "Unsubscription",
    "access_notice",
    "cancel",
    "check_invariants",
    "count_overdue",
    "count_unread",
    "deliver",
    "demo_mail",
    "demo_mails",
    "enqueue",
    "export_person",
    "forget_old",
    "inbox",
    "mail_sender",
    "make_unsubscribe_token",
    "mark_all_read",
    "mark_read",
    "outbox_age",
    "outbox_problem",
    "overdue",
    "overdue_seconds",
    "read_unsubscribe_token",
    "set_wanted",
    "unsubscribe",
    "use_checks",
]


@dataclass(frozen=True)
class DemoMail:
    id: UUID
    recipient: str
    subject: str
    at: datetime
    source: str = ""


async def demo_mails(limit: int = 50) -> list[DemoMail]:
    """Newest first; for the demo's outbox page."""
    return [DemoMail(**row) for row in await queries.list_demo_mails(limit)]


async def demo_mail(mail_id: UUID) -> DemoMail:
    """Raises NoticeNotFound."""
    row = await queries.find_demo_mail(mail_id)
    if row is None:
        raise NoticeNotFound
    return DemoMail(**row)


async def overdue(*, now: datetime) -> Sequence[str]:
    """For the auditor: what should have been sent, in words an operator can act on."""
    problem = await outbox_problem(now)
    return [problem] if problem else []


async def overdue_seconds(now: datetime) -> float:
    """How long the oldest due mail has been waiting; for readyz."""
    return (await outbox_age(now)).total_seconds()


async def check_invariants(*, now: datetime) -> Sequence[str]:
    """For the doctor: sentences, none if all is well."""
    return [f"{count} {what}" for what, count in (await queries.count_contradictions()).items() if count]


async def forget_old(*, now: datetime) -> int:
    """Deliveries after 12 months, notices after 24; how many notices went."""
    gone = 0
    while True:
        async with atomic():  # in pieces, so that nothing is locked for long
            deliveries, notices = await queries.remove_old(
                deliveries_before=now - rules.DELIVERIES_KEPT,
                notices_before=now - rules.NOTICES_KEPT,
                limit=rules.PIECE,
            )
        gone += notices
        if max(deliveries, notices) < rules.PIECE:
            return gone


async def export_person(person_id: UUID) -> dict[str, Any]:
    """What we told the person, and where mails went."""
    return {"notices": await queries.list_person_notices(person_id)}

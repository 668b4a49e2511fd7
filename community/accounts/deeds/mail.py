"""What the roof hands in from the room of messages, which stands above this one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from community.accounts.queries import signing as queries
from community.accounts.rules.signing import LINK_LIFE
from community.kit.ids import new_token, token_hash, uuid7

Cancel = Callable[..., Awaitable[int]]
Enqueue = Callable[..., Awaitable[UUID | None]]


class NotWired(RuntimeError):
    """The roof has not handed in what sends mails: a message owed would be lost silently."""


_enqueue: Enqueue | None = None
_cancel: Cancel | None = None


def use_enqueue(function: Enqueue) -> None:
    global _enqueue
    _enqueue = function


def use_cancel(function: Cancel) -> None:
    """`function(now=, person_id=, chapter_id=, categories=)` cancels what is not sent yet."""
    global _cancel
    _cancel = function


async def tell(person_id: UUID, name: str, params: dict[str, Any], *, now: datetime, **options: Any) -> None:
    """Queue `messages/accounts/<name>/` in the open transaction; it goes out at night too."""
    if _enqueue is None:
        raise NotWired
    await _enqueue(person_id, f"accounts/{name}", params, now=now, urgent=True, **options)


async def cancel_unsent(person_id: UUID, scope_id: UUID | None, categories: tuple[str, ...], *, now: datetime) -> None:
    if _cancel is None:
        raise NotWired
    await _cancel(now=now, person_id=person_id, chapter_id=scope_id, categories=categories)


async def mail_link(
    person_id: UUID, email: str, purpose: str, *, template: str, path: str, next_path: str | None, now: datetime
) -> None:
    """Draw a single-use link below `path` and queue the mail that carries it."""
    token, life = new_token(), LINK_LIFE[purpose]
    await queries.save_link(
        {
            "id": uuid7(),
            "token_hash": token_hash(token),
            "person": person_id,
            "purpose": purpose,
            "email": email,
            "next_path": next_path,
            "created_at": now,
            "expires_at": now + life,
        }
    )
    params = {"link": f"{path}/{token}", "valid_for": _minutes(life)}
    await tell(person_id, template, params, now=now, address=email, expires_at=now + life)


def _minutes(life: timedelta) -> int:
    return int(life.total_seconds() // 60)

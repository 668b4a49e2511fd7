"""Sign-ins and mailed links: only hashes of their tokens are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts.tables import MailedLink, SignIn
from community.kit.db import first, rows

FIND = """
select s.*, p.name, p.locale, p.is_demo, p.merged_into,
    (select coalesce(json_agg(json_build_array(r.role, r.scope_id)), '[]'::json) from role_spell r
     where r.person = p.id and r.from_at <= {} and (r.to_at is null or r.to_at > {})) as roles,
    exists (select 1 from role_spell r where r.person = p.id
            and ((r.from_at > s.created_at and r.from_at <= {}) or (r.to_at > s.created_at and r.to_at <= {}))
    ) as roles_changed
from sign_in s join person p on p.id = s.person where s.token_hash = {}
"""
END = "update sign_in set ended_at = {}, ended_reason = {} where ended_at is null and "


async def save_sign_in(values: Mapping[str, Any]) -> None:
    await SignIn.insert(SignIn(**values))


async def find_sign_in(token_hash: bytes, now: datetime) -> dict[str, Any] | None:
    """With the person and the rights of this moment; `roles_changed` since the sign-in was made."""
    return await first(FIND, now, now, now, now, token_hash)


async def save_seen(sign_in_id: UUID, network: str, now: datetime, unless_since: datetime) -> None:
    await rows(
        "update sign_in set last_seen_at = {}, network = {} where id = {} and last_seen_at <= {}",
        now,
        network,
        sign_in_id,
        unless_since,
    )


async def save_proved(sign_in_id: UUID, now: datetime) -> None:
    await rows("update sign_in set proved_at = {} where id = {} and ended_at is null", now, sign_in_id)


async def end_sign_in(sign_in_id: UUID, reason: str, now: datetime) -> bool:
    """False if it had ended before: of two who end it, one hears True."""
    return bool(await rows(END + "id = {} returning id", now, reason, sign_in_id))


async def end_all_sign_ins(person_id: UUID, reason: str, now: datetime, *, but: UUID | None = None) -> int:
    found = await rows(END + "person = {} and id is distinct from {} returning id", now, reason, person_id, but)
    return len(found)


async def list_sign_ins(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    return await rows(
        "select id, created_at, last_seen_at, strength, network, device_label from sign_in "
        "where person = {} and ended_at is null and expires_at > {} order by last_seen_at desc limit 50",
        person_id,
        now,
    )


async def find_known_network(person_id: UUID, network: str, since: datetime) -> bool:
    """Whether this person has signed in from there of late."""
    found = await first(
        "select 1 as one from sign_in where person = {} and network = {} and last_seen_at > {} limit 1",
        person_id,
        network,
        since,
    )
    return found is not None


async def save_link(values: Mapping[str, Any]) -> None:
    await MailedLink.insert(MailedLink(**values))


async def find_link(token_hash: bytes, purpose: str, now: datetime) -> dict[str, Any] | None:
    """A link that can still be used; looking does not use it up."""
    return await first(
        "select id, person, email, next_path from mailed_link "
        "where token_hash = {} and purpose = {} and used_at is null and expires_at > {}",
        token_hash,
        purpose,
        now,
    )


async def claim_link(token_hash: bytes, purpose: str, now: datetime) -> dict[str, Any] | None:
    """Uses the link up: of several at once, one gets it."""
    return await first(
        "update mailed_link set used_at = {} where token_hash = {} and purpose = {} and used_at is null "
        "and expires_at > {} returning id, person, email, next_path",
        now,
        token_hash,
        purpose,
        now,
    )


async def end_links(person_id: UUID, now: datetime) -> None:
    """After a password change no older link opens the door."""
    await rows("update mailed_link set used_at = {} where person = {} and used_at is null", now, person_id)

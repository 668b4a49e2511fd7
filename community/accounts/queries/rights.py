"""Role spells, API tokens and consents."""

# ruff: noqa: S608  (only the fixed condition OPEN is put in; every value is bound)

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts.tables import ApiToken
from community.kit.db import first, rows

OPEN = "r.from_at <= {} and (r.to_at is null or r.to_at > {})"


async def list_roles(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    return await rows(
        f"select r.role, r.scope_id from role_spell r where r.person = {{}} and {OPEN}",
        person_id,
        now,
        now,
    )


async def list_holders(role: str, scope_id: UUID | None, now: datetime) -> list[UUID]:
    found = await rows(
        f"select r.person from role_spell r where r.role = {{}} and r.scope_id is not distinct from {{}} and {OPEN} "
        "order by r.from_at, r.person",
        role,
        scope_id,
        now,
        now,
    )
    return [row["person"] for row in found]


async def save_role(values: Mapping[str, Any]) -> bool:
    """False if the person holds it already."""
    found = await rows(
        "insert into role_spell (id, person, role, scope_id, from_at, granted_by) values ({}, {}, {}, {}, {}, {}) "
        "on conflict do nothing returning id",
        *(values[name] for name in ("id", "person", "role", "scope_id", "from_at", "granted_by")),
    )
    return bool(found)


async def end_role(person_id: UUID, role: str, scope_id: UUID | None, now: datetime) -> bool:
    found = await rows(
        "update role_spell set to_at = greatest({}, from_at) where person = {} and role = {} "
        "and scope_id is not distinct from {} and to_at is null returning id",
        now,
        person_id,
        role,
        scope_id,
    )
    return bool(found)


async def save_token(values: Mapping[str, Any]) -> None:
    await ApiToken.insert(ApiToken(**values))


async def find_token(token_hash: bytes, now: datetime) -> dict[str, Any] | None:
    return await first(
        "select t.id, t.person, t.scopes, t.chapter_id, t.last_used_at from api_token t "
        "where t.token_hash = {} and t.revoked_at is null and t.expires_at > {}",
        token_hash,
        now,
    )


async def save_token_used(token_id: UUID, now: datetime, unless_since: datetime) -> None:
    await rows(
        "update api_token set last_used_at = {} where id = {} and (last_used_at is null or last_used_at <= {})",
        now,
        token_id,
        unless_since,
    )


async def list_tokens(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    return await rows(
        "select id, name, prefix, scopes, chapter_id, created_at, expires_at, last_used_at from api_token "
        "where person = {} and revoked_at is null and expires_at > {} order by created_at desc",
        person_id,
        now,
    )


async def revoke_token(person_id: UUID, token_id: UUID, now: datetime) -> bool:
    found = await rows(
        "update api_token set revoked_at = {} where id = {} and person = {} and revoked_at is null returning id",
        now,
        token_id,
        person_id,
    )
    return bool(found)


async def save_consent(values: Mapping[str, Any]) -> bool:
    """False if a live one stands already."""
    names = ("id", "person", "purpose", "scope_id", "text_version", "at", "channel", "given_by")
    found = await rows(
        "insert into consent (id, person, purpose, scope_id, text_version, at, channel, given_by) "
        "values ({}, {}, {}, {}, {}, {}, {}, {}) on conflict do nothing returning id",
        *(values[name] for name in names),
    )
    return bool(found)


async def withdraw_consent(person_id: UUID, purpose: str, scope_id: UUID | None, now: datetime) -> bool:
    found = await rows(
        "update consent set withdrawn_at = {} where person = {} and purpose = {} "
        "and scope_id is not distinct from {} and withdrawn_at is null returning id",
        now,
        person_id,
        purpose,
        scope_id,
    )
    return bool(found)


async def find_consent(person_id: UUID, purpose: str, scope_id: UUID | None) -> dict[str, Any] | None:
    return await first(
        "select id, text_version, at from consent where person = {} and purpose = {} "
        "and scope_id is not distinct from {} and withdrawn_at is null",
        person_id,
        purpose,
        scope_id,
    )


async def find_consent_by_id(person_id: UUID, consent_id: UUID) -> dict[str, Any] | None:
    return await first(
        "select id, purpose, scope_id, withdrawn_at from consent where id = {} and person = {}", consent_id, person_id
    )


async def list_consents(person_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        "select c.id, c.purpose, c.scope_id, c.text_version, c.at, c.channel, c.withdrawn_at, t.text_id, t.text_en "
        "from consent c left join consent_text t on t.purpose = c.purpose and t.text_version = c.text_version "
        "where c.person = {} order by c.withdrawn_at is not null, c.at desc",
        person_id,
    )


async def list_consenting(person_ids: list[UUID], purpose: str, scope_id: UUID | None) -> set[UUID]:
    found = await rows(
        "select person from consent where person = any({}::uuid[]) and purpose = {} "
        "and scope_id is not distinct from {} and withdrawn_at is null",
        person_ids,
        purpose,
        scope_id,
    )
    return {row["person"] for row in found}


async def find_consent_text(purpose: str, version: str | None) -> dict[str, Any] | None:
    """The given version, or the newest."""
    return await first(
        "select purpose, text_version, text_id, text_en from consent_text "
        "where purpose = {} and ({}::varchar is null or text_version = {}) "
        "order by length(text_version) desc, text_version desc limit 1",
        purpose,
        version,
        version,
    )

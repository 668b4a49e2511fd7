"""Role spells and API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from community.accounts.errors import NotYourRight, TokenNotFound
from community.accounts.queries import people as people_queries
from community.accounts.queries import rights as queries
from community.accounts.rules import rights as rules
from community.audit import service as audit
from community.kit.db import atomic
from community.kit.errors import NotFound
from community.kit.ids import CODE_ALPHABET, new_token, token_hash, uuid7
from community.kit.viewer import Grant, Viewer


@dataclass(frozen=True)
class TokenView:
    id: UUID
    name: str
    prefix: str
    scopes: Sequence[str]
    chapter_id: UUID | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


async def roles_of(person_id: UUID, *, now: datetime) -> frozenset[Grant]:
    return frozenset(Grant(row["role"], row["scope_id"]) for row in await queries.list_roles(person_id, now))


async def list_holders(role: str, scope_id: UUID | None = None, *, now: datetime) -> list[UUID]:
    """Longest holder first."""
    return await queries.list_holders(role, scope_id, now)


async def give_role(
    person_id: UUID, role: str, scope_id: UUID | None = None, *, now: datetime, by: UUID | None
) -> bool:
    """Open a spell, in the transaction of the room that appoints; False if the person holds it already.

    The person's sign-ins get new tokens at their next request, so nobody is thrown out in the middle of something.
    Raises ValueError for an unknown role, or one without the scope it needs.
    """
    if not rules.fits_scope(role, scope_id):
        raise ValueError(f"role {role} with scope {scope_id}")
    values = {
        "id": uuid7(),
        "person": person_id,
        "role": role,
        "scope_id": scope_id,
        "from_at": now,
        "granted_by": by,
    }
    async with atomic():
        if not await queries.save_role(values):
            return False
        await _record("role.gain", person_id, role, scope_id, by, now)
    return True


async def end_role(person_id: UUID, role: str, scope_id: UUID | None = None, *, now: datetime, by: UUID | None) -> bool:
    """False if there was no such open spell."""
    async with atomic():
        if not await queries.end_role(person_id, role, scope_id, now):
            return False
        await _record("role.end", person_id, role, scope_id, by, now)
    return True


async def _record(
    action: str, person_id: UUID, role: str, scope_id: UUID | None, by: UUID | None, now: datetime
) -> None:
    await audit.record(
        by,
        action,
        ("person", person_id),
        now=now,
        actor_kind="person" if by else "system",
        subject_id=person_id,
        chapter_id=scope_id if role in rules.CHAPTER_ROLES else None,
        detail={"role": role},
    )


async def create_token(
    person_id: UUID, name: str, *, scopes: Sequence[str], chapter_id: UUID | None, days: int, now: datetime
) -> str:
    """The token itself, shown this once. Raises NotYourRight, NotFound."""
    if await people_queries.find_person(person_id) is None:
        raise NotFound
    held = await roles_of(person_id, now=now)
    if not scopes or not set(scopes) <= set(rules.SCOPES):
        raise NotYourRight("scopes")
    if "network" in scopes and not any(grant.role in rules.NETWORK_ROLES for grant in held):
        raise NotYourRight("scopes")
    if chapter_id is not None and chapter_id not in {grant.scope_id for grant in held}:
        raise NotYourRight("chapter")
    if not 1 <= days <= rules.TOKEN_DAYS_MAX:
        raise NotYourRight("days")
    prefix = "".join(secrets.choice(CODE_ALPHABET) for _ in range(rules.PREFIX_LENGTH))
    token = f"{rules.TOKEN_PREFIX}_{prefix}_{new_token()}"
    token_id = uuid7()
    values = {
        "id": token_id,
        "person": person_id,
        "name": name,
        "prefix": prefix,
        "token_hash": token_hash(token),
        "scopes": sorted(set(scopes)),
        "chapter_id": chapter_id,
        "created_at": now,
        "expires_at": now + timedelta(days=days),
    }
    async with atomic():
        await queries.save_token(values)
        await audit.record(
            person_id, "token.create", ("token", token_id), now=now, subject_id=person_id, chapter_id=chapter_id
        )
    return token


async def list_tokens(person_id: UUID, *, now: datetime) -> list[TokenView]:
    return [TokenView(**row) for row in await queries.list_tokens(person_id, now)]


async def revoke_token(person_id: UUID, token_id: UUID, *, now: datetime) -> None:
    """Raises TokenNotFound, also for somebody else's."""
    async with atomic():
        if not await queries.revoke_token(person_id, token_id, now):
            raise TokenNotFound
        await audit.record(person_id, "token.revoke", ("token", token_id), now=now, subject_id=person_id)


async def resolve_bearer(token: str, *, now: datetime) -> Viewer | None:
    """Who calls the API, with what the token's scopes leave of the holder's rights now. None for a bad token."""
    if rules.token_prefix(token) is None:
        return None
    found = await queries.find_token(token_hash(token), now)
    person = await people_queries.find_person(found["person"]) if found else None
    if found is None or person is None:
        return None
    await queries.save_token_used(found["id"], now, now - rules.USED_EVERY)
    held = await roles_of(person.id, now=now)
    return Viewer(
        person_id=person.id,
        sign_in_id=found["id"],
        name=person.name,
        strength="token",
        roles=rules.token_grants(held, chapter_id=found["chapter_id"], scopes=found["scopes"]),
        via="token",
        scopes=frozenset(found["scopes"]),
        locale=person.locale,
        is_demo=person.is_demo,
    )

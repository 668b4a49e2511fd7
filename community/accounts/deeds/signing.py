"""Signed-in browsers: a random token made here at every sign-in, its hash kept, nothing adopted from outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts.deeds.rights import roles_of
from community.accounts.queries import people as people_queries
from community.accounts.queries import signing as queries
from community.accounts.rules import signing as rules
from community.audit import service as audit
from community.kit import cookies
from community.kit.db import atomic
from community.kit.errors import NotFound
from community.kit.ids import new_token, token_hash, uuid7
from community.kit.limits import wide_network_of
from community.kit.settings import settings
from community.kit.viewer import ANYBODY, Grant, Viewer


@dataclass(frozen=True)
class SignInView:
    id: UUID
    created_at: datetime
    last_seen_at: datetime
    strength: str
    network: str
    device_label: str


async def start_sign_in(
    person_id: UUID, *, strength: str, now: datetime, address: str, device: str = "", replaces: UUID | None = None
) -> str:
    """A new row and the token for its cookie. `replaces` is the sign-in this browser had until now; it ends."""
    person = await people_queries.find_person(person_id)
    if person is None:
        raise NotFound
    roles = await roles_of(person.id, now=now)
    async with atomic():
        if replaces is not None:
            await queries.end_sign_in(replaces, "signed_in_again", now)
        return await _save(
            {
                "person": person.id,
                "strength": strength,
                "created_at": now,
                "last_seen_at": now,
                "expires_at": now + rules.life_of(roles).absolute,
                "proved_at": rules.first_proof(strength, roles, now),
                "network": _rough(address),
                "device_label": device[:80],
            }
        )


def _rough(address: str) -> str:
    return wide_network_of(address.partition("/")[0])


async def _save(values: Mapping[str, Any]) -> str:
    token = new_token()
    await queries.save_sign_in({**values, "id": uuid7(), "token_hash": token_hash(token)})
    return token


async def demo_sign_in(person_id: UUID, *, now: datetime, address: str, replaces: UUID | None = None) -> str:
    """One click on the demo's start page. Raises NotFound outside of demo mode and for anybody not of the demo."""
    person = await people_queries.find_person(person_id)
    if not settings().demo or person is None or not person.is_demo:
        raise NotFound
    return await start_sign_in(person_id, strength="password", now=now, address=address, replaces=replaces)


async def resolve_cookie(token: str, *, now: datetime, network: str = "") -> Viewer | None:
    """Who sent this cookie, with the rights of this moment; None if it is worth nothing and should be cleared.

    `network`: where the request came from; kept, roughly, with the time the sign-in was last seen.
    After a role was gained or lost the sign-in is replaced: `kit.cookies.replaced` then holds the new token.
    """
    cookies.replaced.set(None)
    found = await queries.find_sign_in(token_hash(token), now)
    if found is None:
        return None
    if found["ended_at"] is not None:
        # A second request that was under way while the first got the new token must not clear that again.
        lately = now - found["ended_at"] <= rules.ROTATED_GRACE
        return ANYBODY if found["ended_reason"] == "roles_changed" and lately else None
    viewer = await _viewer(found, now)
    moments = {name: found[name] for name in ("created_at", "last_seen_at", "expires_at")}
    if rules.is_over(rules.life_of(viewer.roles), **moments, now=now):
        return None
    if found["roles_changed"]:
        return await _rotate(found, viewer, now)
    if now - found["last_seen_at"] >= rules.TOUCH_EVERY:
        seen_from = _rough(network) if network else found["network"]
        await queries.save_seen(found["id"], seen_from, now, now - rules.TOUCH_EVERY)
    return viewer


async def _viewer(found: Mapping[str, Any], now: datetime) -> Viewer:
    pairs = json.loads(found["roles"]) if isinstance(found["roles"], str) else found["roles"]
    roles = frozenset(Grant(role, UUID(scope) if scope else None) for role, scope in pairs)
    viewer = Viewer(
        person_id=found["person"],
        sign_in_id=found["id"],
        name=found["name"],
        strength=found["strength"],
        proved_at=found["proved_at"],
        roles=roles,
        via="cookie",
        locale=found["locale"],
        is_demo=found["is_demo"],
    )
    return await _merged(viewer, now) if found["merged_into"] is not None else viewer


async def _merged(viewer: Viewer, now: datetime) -> Viewer:
    person = await people_queries.find_person(viewer.person())
    if person is None:
        return viewer
    roles = await roles_of(person.id, now=now)
    return Viewer(
        **{**viewer.__dict__, "person_id": person.id, "name": person.name, "roles": roles, "locale": person.locale}
    )


async def _rotate(found: Mapping[str, Any], viewer: Viewer, now: datetime) -> Viewer:
    """The old token stops, a new one goes on; of two requests at once one gets it."""
    async with atomic():
        if not await queries.end_sign_in(found["id"], "roles_changed", now):
            return ANYBODY
        kept = ("person", "strength", "proved_at", "network", "device_label")
        token = await _save(
            {
                **{name: found[name] for name in kept},
                "created_at": now,
                "last_seen_at": now,
                "expires_at": min(found["expires_at"], now + rules.life_of(viewer.roles).absolute),
            }
        )
        fresh = await queries.find_sign_in(token_hash(token), now)
    cookies.replaced.set(token)
    return await _viewer(fresh or found, now)


async def sign_out(sign_in_id: UUID, *, now: datetime) -> None:
    await queries.end_sign_in(sign_in_id, "signed_out", now)


async def sign_out_everywhere(person_id: UUID, *, now: datetime) -> int:
    """Every browser of the person, this one too; returns how many."""
    async with atomic():
        ended = await queries.end_all_sign_ins(person_id, "signed_out_everywhere", now)
        await audit.record(
            person_id,
            "account.sign_out_everywhere",
            ("person", person_id),
            now=now,
            subject_id=person_id,
            detail={"count": ended},
        )
    return ended


async def list_sign_ins(person_id: UUID, *, now: datetime) -> list[SignInView]:
    """Live ones, the last seen first."""
    return [SignInView(**row) for row in await queries.list_sign_ins(person_id, now)]

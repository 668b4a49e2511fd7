"""Signing people of the tests in, as the doors of accounts do it."""

from __future__ import annotations

from uuid import UUID

from tests.factories import NOW


async def sign_in(person_id: UUID) -> tuple[str, UUID]:
    """A cookie's value and the id of its sign-in, to which form tokens are bound."""
    from community.accounts import service as accounts  # tests of the ground need no room

    cookie = await accounts.start_sign_in(person_id, strength="password", now=NOW, address="127.0.0.1")
    viewer = await accounts.resolve_cookie(cookie, now=NOW, network="test")
    assert viewer is not None
    assert viewer.sign_in_id is not None
    return cookie, viewer.sign_in_id


async def make_token(person_id: UUID) -> str:
    """An API token with everything the person may give: the own chapter's scopes, headquarters' figures."""
    from community.accounts import service as accounts

    roles = await accounts.roles_of(person_id, now=NOW)
    chapter_id = next((grant.scope_id for grant in roles if grant.scope_id), None)
    network = any(grant.role in {"hq", "administrator"} for grant in roles)
    scopes = ["read", "write", *(["network"] if network else [])]
    return await accounts.create_token(person_id, "tests", scopes=scopes, chapter_id=chapter_id, days=30, now=NOW)

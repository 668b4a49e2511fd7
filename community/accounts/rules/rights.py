"""Roles and the scopes of API tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from community.kit.viewer import Grant

CHAPTER_ROLES = frozenset({"ranger", "deputy"})
NETWORK_ROLES = frozenset({"hq", "administrator"})
LATER_ROLES = frozenset({"partner", "officer", "care_handler", "care_lead"})

SCOPES = ("read", "write", "network")
TOKEN_DAYS_MAX = 365
USED_EVERY = timedelta(minutes=5)
TOKEN_PREFIX = "rgr"  # noqa: S105  (how our tokens begin, so that scanners of leaked secrets know them)
PREFIX_LENGTH, SECRET_LENGTH = 8, 43


def fits_scope(role: str, scope_id: UUID | None) -> bool:
    """A Ranger is one of a chapter, headquarters one of the whole network; the later roles say themselves."""
    if role in CHAPTER_ROLES:
        return scope_id is not None
    return role in LATER_ROLES or (role in NETWORK_ROLES and scope_id is None)


def token_grants(held: Iterable[Grant], *, chapter_id: UUID | None, scopes: Iterable[str]) -> frozenset[Grant]:
    """What a token may of what its holder may now: one chapter, or with `network` what needs no chapter, or nothing."""
    network = "network" in set(scopes)
    return frozenset(
        grant
        for grant in held
        if (grant.scope_id is not None and grant.scope_id == chapter_id) or (grant.scope_id is None and network)
    )


def token_prefix(token: str) -> str | None:
    """The public part of a token, or None if it is not shaped like one."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != TOKEN_PREFIX:
        return None
    shaped = len(parts[1]) == PREFIX_LENGTH and len(parts[2]) == SECRET_LENGTH and token.isascii()
    return parts[1] if shaped else None

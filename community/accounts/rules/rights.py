"""Roles and the scopes of API tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from community.kit.viewer import Grant

CHAPTER_ROLES = frozenset({"ranger", "deputy"})
NETWORK_ROLES = frozenset({"hq", "administrator"})
LATER_ROLES = frozenset({"partner", "officer", "care_handler", "care_lead"})
ROLES = CHAPTER_ROLES | NETWORK_ROLES | LATER_ROLES

SCOPES = ("read", "write", "network")
TOKEN_DAYS_MAX = 365
USED_EVERY = timedelta(minutes=5)
TOKEN_PREFIX = "rgr"  # noqa: S105  (how our tokens begin, so that scanners of leaked secrets know them)
PREFIX_LENGTH, SECRET_LENGTH = 8, 43


def needs_scope(role: str) -> bool:
    return role in CHAPTER_ROLES


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

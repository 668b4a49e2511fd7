"""Names for things: ordered UUIDs, codes to read aloud, tokens nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
import time
from uuid import UUID

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which look alike


def uuid7() -> UUID:
    """RFC 9562 version 7: milliseconds, then 74 random bits. Made here: PostgreSQL has it from 18 only."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def public_code(length: int = 8) -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. No salt is needed: the token itself is random."""
    return hashlib.sha256(token.encode()).digest()

"""Signatures under the installation's secret, one key per purpose."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from community.kit.settings import settings


def sign(purpose: str, *parts: str | bytes) -> bytes:
    """HMAC-SHA-256 over length-prefixed parts, so that ("ab", "c") and ("a", "bc") differ."""
    key = hmac.digest(settings().secret, purpose.encode(), hashlib.sha256)
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in encoded), hashlib.sha256)


def matches(expected: bytes, given: bytes) -> bool:
    return hmac.compare_digest(expected, given)


def to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Raises ValueError where `text` is not URL-safe base64."""
    if not text.isascii():
        raise ValueError("not base64")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

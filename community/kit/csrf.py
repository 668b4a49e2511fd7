"""Is this request meant by the person who makes it? One answer for every method that changes something.

The order: (a) the API carries its token in a header no browser adds by itself; (b) `Sec-Fetch-Site` is same-origin;
(c) without that header `Origin` is ours; (d) signed in: a token bound to this very sign-in; (e) anonymous: a stamp that
says which form it was and when it was shown; (f) exempt is only the one-click unsubscribe (RFC 8058).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from community.kit.crypto import from_text, matches, sign, to_text

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD, HEADER, STAMP_FIELD = "_csrf", "x-csrf-token", "_stamp"
API_PREFIX = "/api/"
BYTES = 32
STAMP_MIN_SECONDS, STAMP_MAX_SECONDS = 3, 24 * 3600
DEFAULT_PORTS = {"http": 80, "https": 443}


class Verdict(StrEnum):
    OK = "ok"
    STALE = "stale"  # ours, but old, missing or of another sign-in: show the form again as typed
    REFUSED = "refused"  # from another site: a bare 403


@dataclass(frozen=True)
class Asked:
    """What the check needs to know of one request.

    `headers` has lower-case names. `route` is the path template and `thing` the parameters in it: together what a
    stamp is bound to. `link_holder`: the address itself holds a secret, so the form may be sent at once.
    """

    method: str
    path: str
    route: str
    thing: str
    headers: Mapping[str, str]
    form: Mapping[str, str]
    sign_in_id: UUID | None
    link_holder: bool = False
    exempt: bool = False


def check(asked: Asked, *, base_url: str, now: datetime) -> Verdict:
    if asked.method in SAFE_METHODS or asked.exempt or asked.path.startswith(API_PREFIX):
        return Verdict.OK
    if not is_same_origin(asked.headers, base_url):
        return Verdict.REFUSED
    if asked.sign_in_id is not None:
        given = asked.form.get(FIELD) or asked.headers.get(HEADER, "")
        return Verdict.OK if token_fits(given, asked.sign_in_id) else Verdict.STALE
    youngest = 0 if asked.link_holder else STAMP_MIN_SECONDS
    given = asked.form.get(STAMP_FIELD, "")
    fits = stamp_fits(given, asked.route, asked.thing, now=now, min_seconds=youngest)
    return Verdict.OK if fits else Verdict.STALE


def is_same_origin(headers: Mapping[str, str], base_url: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and origin_of(origin) == origin_of(base_url) is not None


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port, defaults filled in; None for `null` and for what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.scheme or not parts.hostname or port is None or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


def new_token(sign_in_id: UUID) -> str:
    """For one page: the same proof under a fresh pad, or compression would leak it (BREACH)."""
    pad = secrets.token_bytes(BYTES)
    return to_text(pad + _xor(pad, sign("csrf", sign_in_id.bytes)))


def token_fits(token: str, sign_in_id: UUID) -> bool:
    try:
        raw = from_text(token)
    except ValueError:
        return False
    if len(raw) != 2 * BYTES:
        return False
    return matches(sign("csrf", sign_in_id.bytes), _xor(raw[:BYTES], raw[BYTES:]))


def new_stamp(route: str, thing: str, *, now: datetime) -> str:
    second = int(now.astimezone(UTC).timestamp())
    return f"{second}.{to_text(_stamp_mark(route, thing, second))}"


def stamp_fits(stamp: str, route: str, thing: str, *, now: datetime, min_seconds: int = STAMP_MIN_SECONDS) -> bool:
    """Made for this form and thing, at least `min_seconds` and at most a day ago."""
    text, _, mark = stamp.partition(".")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return False
    try:
        given = from_text(mark)
    except ValueError:
        return False
    second = int(text)
    age = int(now.astimezone(UTC).timestamp()) - second
    return matches(_stamp_mark(route, thing, second), given) and min_seconds <= age <= STAMP_MAX_SECONDS


def _stamp_mark(route: str, thing: str, second: int) -> bytes:
    return sign("stamp", route, thing, str(second))


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))

"""How often somebody may try something: token buckets in PostgreSQL, one statement a try.

A bucket of `capacity` tokens refills evenly, `capacity` per `seconds`. The statement commits by itself before any other
work, so a deed that fails afterwards has still been counted. Carriers and cafés put hundreds of people behind one
address: wide limits by network, tight ones by account, contact or event.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass

from community.kit.crypto import sign
from community.kit.db import apart, first, rows
from community.kit.errors import TooMany


@dataclass(frozen=True)
class Limit:
    capacity: int
    seconds: int
    """Time in which an empty bucket fills."""

    @property
    def per_second(self) -> float:
        return self.capacity / self.seconds


MINUTE, HOUR, DAY = 60, 3600, 86400

LIMITS: dict[str, Limit] = {
    "sign_in.account_network": Limit(5, 15 * MINUTE),
    "sign_in.account": Limit(20, HOUR),
    "sign_in.network": Limit(100, 15 * MINUTE),
    "mail.hour": Limit(3, HOUR),
    "mail.day": Limit(5, DAY),
    "mail.network": Limit(60, HOUR),
    "sign_up.network": Limit(40, HOUR),
    "rsvp.guest_network": Limit(40, HOUR),
    "rsvp.contact": Limit(3, DAY),
    "partner_request.network": Limit(5, HOUR),
    "partner_request.email": Limit(3, DAY),
    "api.token": Limit(600, 5 * MINUTE),
    "api.token_writes": Limit(120, 5 * MINUTE),
    "export": Limit(10, DAY),
}

REFILL = "least({}::float8, b.tokens + {}::float8 * greatest(0, extract(epoch from clock_timestamp() - b.at)::float8))"
TAKE = f"""
insert into rate_bucket as b (key, tokens, at) values ({{}}, {{}}::float8 - 1, clock_timestamp())
on conflict (key) do update set tokens = {REFILL} - 1, at = greatest(b.at, clock_timestamp())
where {REFILL} >= 1
returning tokens
"""  # noqa: S608  (only the refill formula is put in, with its own placeholders)
LEFT = f"select {REFILL} as tokens from rate_bucket b where key = {{}}"  # noqa: S608
GIVE_BACK = "update rate_bucket set tokens = least({}::float8, tokens + 1) where key = {}"
SWEEP = "delete from rate_bucket where at < clock_timestamp() - make_interval(secs => {}::float8) returning 1 as gone"


async def take(name: str, *subject: str) -> None:
    """Take one token of limit `name` for `subject`; raises TooMany with the seconds until the next token."""
    limit, key = LIMITS[name], bucket_key(name, *subject)
    capacity, rate = float(limit.capacity), limit.per_second
    async with apart():
        if await first(TAKE, key, capacity, capacity, rate, capacity, rate):
            return
        left = await first(LEFT, capacity, rate, key)
    missing = 1.0 - (left["tokens"] if left else 0.0)
    raise TooMany(max(1, math.ceil(missing / rate)), detail=name)


async def give_back(name: str, *subject: str) -> None:
    """Undo one `take`: for limits that count failures only, once the try turned out well."""
    async with apart():
        await rows(GIVE_BACK, float(LIMITS[name].capacity), bucket_key(name, *subject))


async def sweep() -> int:
    """Forget buckets that are full again anyway; returns how many."""
    longest = float(max(limit.seconds for limit in LIMITS.values()))
    async with apart():
        return len(await rows(SWEEP, longest))


def bucket_key(name: str, *subject: str) -> bytes:
    """Who is limited is kept as an HMAC only."""
    return sign("limit", name, *subject)


def network_of(address: str) -> str:
    """IPv4 /32, IPv6 /64 (one household); IPv4 inside IPv6 is IPv4; anything else is one network for all."""
    return _network(address, v4_bits=32, v6_bits=64)


def wide_network_of(address: str) -> str:
    """IPv4 /24, IPv6 /48: what the list of sign-ins shows, and what makes a device known."""
    return _network(address, v4_bits=24, v6_bits=48)


def _network(address: str, *, v4_bits: int, v6_bits: int) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = v4_bits if parsed.version == 4 else v6_bits
    return str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False))

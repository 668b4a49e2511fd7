"""Token buckets: exactly the cap under load, refilled to the second."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.db import atomic, first, rows
from community.kit.errors import TooMany
from community.kit.limits import LIMITS, Limit, bucket_key, give_back, network_of, sweep, take, wide_network_of

NAME = "rsvp.guest_network"  # 40 an hour: one token each 90 s
AGE = "update rate_bucket set at = at - make_interval(secs => {}::float8) where key = {}"


async def tries(count: int, *subject: str, name: str = NAME) -> int:
    """How many of `count` tries at once got through."""

    async def one() -> bool:
        try:
            await take(name, *subject)
        except TooMany:
            return False
        return True

    return sum(await asyncio.gather(*(one() for _ in range(count))))


async def test_300_parallel_tries_get_exactly_the_cap(committed: None) -> None:
    assert await tries(300, "event", "10.0.0.1/32") == LIMITS[NAME].capacity


async def test_reading_first_and_writing_after_lets_more_through(committed: None) -> None:
    """The control: the same 300 tries without the single statement."""

    async def read_then_write() -> bool:
        found = await first("select tokens from rate_bucket where key = {}", bucket_key(NAME, "control"))
        if found is None or found["tokens"] < 1:
            return False
        await rows("update rate_bucket set tokens = tokens - 1 where key = {}", bucket_key(NAME, "control"))
        return True

    await take(NAME, "control")  # 39 are left

    assert sum(await asyncio.gather(*(read_then_write() for _ in range(300)))) > 39


async def test_subjects_and_limits_do_not_share_a_bucket(db: None) -> None:
    assert await sequential(45, "a") == 40
    assert await sequential(1, "b") == 1
    assert await sequential(1, "a", name="sign_up.network") == 1


async def sequential(count: int, *subject: str, name: str = NAME) -> int:
    through = 0
    for _ in range(count):
        try:
            await take(name, *subject)
        except TooMany:
            continue
        through += 1
    return through


async def test_a_token_comes_back_to_the_second(db: None) -> None:
    assert await sequential(40, "s") == 40
    with pytest.raises(TooMany) as refused:
        await take(NAME, "s")
    wait = refused.value.retry_after_seconds
    assert 85 <= wait <= 90

    await rows(AGE, float(wait - 5), bucket_key(NAME, "s"))
    with pytest.raises(TooMany):
        await take(NAME, "s")
    await rows(AGE, 5.0, bucket_key(NAME, "s"))
    await take(NAME, "s")


async def test_a_long_rest_fills_no_more_than_the_capacity(db: None) -> None:
    assert await sequential(40, "r") == 40
    await rows(AGE, 1e7, bucket_key(NAME, "r"))

    assert await sequential(60, "r") == 40


async def test_a_bucket_from_the_future_gives_nothing_and_breaks_nothing(db: None) -> None:
    await take(NAME, "f")
    await rows(AGE, -1e6, bucket_key(NAME, "f"))

    assert await sequential(60, "f") == 39


async def test_a_token_given_back_can_be_taken_again(db: None) -> None:
    assert await sequential(40, "g") == 40
    await give_back(NAME, "g")

    assert await sequential(3, "g") == 1


async def test_a_full_bucket_is_not_made_fuller(db: None) -> None:
    await take(NAME, "h")
    await give_back(NAME, "h")
    await give_back(NAME, "h")

    assert await sequential(60, "h") == 40


async def test_a_failed_deed_has_still_been_counted(committed: None) -> None:
    with pytest.raises(ValueError, match="after"):
        async with atomic():
            await take("rsvp.contact", "x")
            raise ValueError("after")

    assert await sequential(5, "x", name="rsvp.contact") == 2


async def test_old_buckets_are_swept_and_young_ones_kept(db: None) -> None:
    await take(NAME, "old")
    await take(NAME, "young")
    await rows(AGE, 90_000.0, bucket_key(NAME, "old"))

    assert await sweep() == 1
    assert await first("select 1 as one from rate_bucket where key = {}", bucket_key(NAME, "young"))


async def test_the_table_names_nobody(db: None) -> None:
    await take(NAME, "+6281234567890")

    assert b"81234567890" not in (await rows("select key from rate_bucket"))[0]["key"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_addresses_become_networks(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_list_of_sign_ins_shows_a_wider_network() -> None:
    assert (wide_network_of("203.0.113.9"), wide_network_of("2001:db8:1:2::9")) == ("203.0.113.0/24", "2001:db8:1::/48")


@given(st.ip_addresses(v=6))
def test_one_household_is_one_network(address: object) -> None:
    first_half = str(address)

    assert network_of(first_half) == network_of(network_of(first_half).partition("/")[0])


@pytest.mark.parametrize("limit", LIMITS.values())
def test_every_limit_lets_somebody_through(limit: Limit) -> None:
    assert limit.capacity >= 1
    assert limit.seconds >= 60

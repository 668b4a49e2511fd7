"""Sign-ins: made here only, ended for good, replaced when rights change, as long-lived as the role allows."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from community.accounts import service
from community.accounts.deeds import signing
from community.kit import cookies
from community.kit.db import first, rows
from community.kit.errors import NotFound
from community.kit.ids import new_token, uuid7
from community.kit.settings import settings
from community.kit.viewer import ANYBODY, Grant, Viewer
from tests.factories import make_chapter, make_person, make_ranger, make_role

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def enter(person_id: UUID, now: datetime, **options: object) -> str:
    return await service.start_sign_in(
        person_id,
        **{"strength": "password", "now": now, "address": "203.0.113.9", **options},  # type: ignore[arg-type]
    )


async def viewer_of(token: str, now: datetime) -> Viewer:
    found = await service.resolve_cookie(token, now=now)
    assert found is not None
    return found


async def test_the_table_holds_a_hash_and_a_rough_network(db: None, now: datetime) -> None:
    token = await enter(await make_person(), now, device="Chrome, Android")

    row = await first("select * from sign_in")
    assert row is not None
    assert row["token_hash"] == hashlib.sha256(token.encode()).digest()
    assert (row["network"], row["device_label"]) == ("203.0.113.0/24", "Chrome, Android")
    assert token not in repr(row)
    assert len(token) >= 43


async def test_a_cookie_tells_person_and_rights_of_this_moment(db: None, now: datetime) -> None:
    chapter = await make_chapter()
    alice = await make_ranger(chapter, "Alice Contoh")
    token = await enter(alice, now)

    viewer = await viewer_of(token, now)

    assert (viewer.person_id, viewer.name, viewer.via) == (alice, "Alice Contoh", "cookie")
    assert viewer.roles == {Grant("ranger", chapter)}
    assert viewer.proved_at == now


async def test_a_planted_token_is_not_adopted(db: None, now: datetime) -> None:
    planted = new_token()

    assert await service.resolve_cookie(planted, now=now) is None
    token = await enter(await make_person(), now)

    assert token != planted
    assert await service.resolve_cookie(planted, now=now) is None


async def test_signing_in_again_ends_what_this_browser_had(db: None, now: datetime) -> None:
    person = await make_person()
    old = await enter(person, now)
    sign_in_id = (await viewer_of(old, now)).sign_in_id

    new = await enter(person, now, replaces=sign_in_id)

    assert await service.resolve_cookie(old, now=now) is None
    assert (await viewer_of(new, now)).sign_in_id != sign_in_id


@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [(None, 14 * DAY, 60 * DAY), ("hq", 8 * HOUR, 24 * HOUR), ("administrator", 30 * MINUTE, 8 * HOUR)],
)
async def test_a_sign_in_lives_as_long_as_its_role_allows(
    db: None, now: datetime, role: str | None, idle: timedelta, absolute: timedelta
) -> None:
    person = await make_person()
    if role:
        await make_role(person, role)
    unused, used = await enter(person, now), await enter(person, now)
    second = timedelta(seconds=1)

    assert await service.resolve_cookie(unused, now=now + idle - second) is not None
    assert await service.resolve_cookie(used, now=now + idle) is None
    kept = await enter(person, now)
    moment = now
    while moment + idle / 2 < now + absolute:
        moment += idle / 2
        assert await service.resolve_cookie(kept, now=moment) is not None
    assert await service.resolve_cookie(kept, now=now + absolute) is None


async def test_being_seen_is_written_at_most_every_five_minutes(db: None, now: datetime) -> None:
    token = await enter(await make_person(), now)

    async def seen() -> object:
        row = await first("select last_seen_at from sign_in")
        assert row is not None
        return row["last_seen_at"]

    await service.resolve_cookie(token, now=now + 4 * MINUTE)
    assert await seen() == now
    await service.resolve_cookie(token, now=now + 6 * MINUTE, network="198.51.100.7/32")
    assert await seen() == now + 6 * MINUTE
    assert await first("select network from sign_in") == {"network": "198.51.100.0/24"}


async def test_a_gained_role_replaces_the_sign_in_at_the_next_request(db: None, now: datetime) -> None:
    chapter, bob = await make_chapter(), await make_person("Bob Contoh")
    old = await enter(bob, now)
    before = await viewer_of(old, now)
    assert await service.give_role(bob, "ranger", chapter, now=now + MINUTE, by=None)

    after = await viewer_of(old, now + 2 * MINUTE)
    new = cookies.replaced.get()

    assert new is not None
    assert after.sign_in_id != before.sign_in_id
    assert after.roles == {Grant("ranger", chapter)}
    assert await viewer_of(new, now + 2 * MINUTE) == after
    assert cookies.replaced.get() is None
    # A request that was under way with the old token is a stranger, but does not throw the new cookie away.
    assert await service.resolve_cookie(old, now=now + 2 * MINUTE) == ANYBODY
    assert await service.resolve_cookie(old, now=now + 4 * MINUTE) is None


async def test_a_lost_role_replaces_it_too_and_works_at_once(db: None, now: datetime) -> None:
    bob = await make_person("Bob Contoh")
    await make_role(bob, "hq")
    old = await enter(bob, now)
    assert await service.end_role(bob, "hq", now=now + MINUTE, by=None)

    viewer = await viewer_of(old, now + 2 * MINUTE)

    assert viewer.roles == frozenset()
    assert await service.resolve_cookie(old, now=now + 5 * MINUTE) is None


async def test_a_replaced_sign_in_does_not_live_longer_than_the_first(db: None, now: datetime) -> None:
    bob = await make_person("Bob Contoh")
    old = await enter(bob, now)
    await service.give_role(bob, "administrator", now=now + MINUTE, by=None)
    await service.resolve_cookie(old, now=now + 2 * MINUTE)
    new = cookies.replaced.get()
    assert new is not None

    row = await first("select expires_at, proved_at from sign_in where ended_at is null")

    assert row == {"expires_at": now + 2 * MINUTE + 8 * HOUR, "proved_at": now}
    assert await service.resolve_cookie(new, now=now + 33 * MINUTE) is None


async def test_signing_out_ends_one_and_everywhere_ends_all(db: None, now: datetime) -> None:
    bob, charlie = await make_person("Bob Contoh"), await make_person("Charlie Contoh")
    one, two, three = [await enter(bob, now) for _ in range(3)]
    other = await enter(charlie, now)
    viewer = await viewer_of(one, now)
    assert viewer.sign_in_id is not None

    await service.sign_out(viewer.sign_in_id, now=now)
    assert await service.resolve_cookie(one, now=now) is None
    assert await service.resolve_cookie(two, now=now) is not None

    assert await service.sign_out_everywhere(bob, now=now) == 2
    assert [await service.resolve_cookie(token, now=now) for token in (one, two, three)] == [None] * 3
    assert await service.resolve_cookie(other, now=now) is not None


async def test_a_merged_person_is_who_they_were_merged_into(db: None, now: datetime) -> None:
    chapter = await make_chapter()
    alice, twin = await make_ranger(chapter, "Alice Contoh"), await make_person("Alice Kembar")
    token = await enter(twin, now)
    await rows("update person set merged_into = {} where id = {}", alice, twin)

    viewer = await viewer_of(token, now)

    assert (viewer.person_id, viewer.name) == (alice, "Alice Contoh")
    assert viewer.roles == {Grant("ranger", chapter)}


async def test_nobody_signs_in_as_somebody_unknown(db: None, now: datetime) -> None:
    with pytest.raises(NotFound):
        await enter(uuid7(), now)


async def test_the_one_click_of_the_demo_is_for_the_demo_only(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, invented = await make_person(), await make_person(is_demo=True)

    with pytest.raises(NotFound):
        await service.demo_sign_in(invented, now=now, address="127.0.0.1")
    shown = replace(settings(), demo=True)
    monkeypatch.setattr(signing, "settings", lambda: shown)
    with pytest.raises(NotFound):
        await service.demo_sign_in(real, now=now, address="127.0.0.1")
    token = await service.demo_sign_in(invented, now=now, address="127.0.0.1")
    assert (await viewer_of(token, now)).is_demo


async def test_ones_own_devices_are_listed_without_those_that_ended(db: None, now: datetime) -> None:
    bob = await make_person("Bob Contoh")
    gone = await enter(bob, now, device="Firefox, Windows")
    await enter(bob, now, device="Chrome, Android")
    viewer = await viewer_of(gone, now)
    assert viewer.sign_in_id is not None
    await service.sign_out(viewer.sign_in_id, now=now)

    assert [view.device_label for view in await service.list_sign_ins(bob, now=now)] == ["Chrome, Android"]


async def test_of_ten_requests_at_once_after_a_role_change_one_gets_the_new_token(
    committed: None, now: datetime
) -> None:
    bob = await make_person("Bob Contoh")
    old = await enter(bob, now)
    await service.give_role(bob, "hq", now=now + MINUTE, by=None)

    async def ask() -> tuple[Viewer | None, str | None]:
        return await service.resolve_cookie(old, now=now + 2 * MINUTE), cookies.replaced.get()

    answers = await asyncio.gather(*(asyncio.create_task(ask()) for _ in range(10)))

    given = [token for _viewer, token in answers if token]
    assert len(given) == 1
    assert all(viewer == ANYBODY or (viewer and viewer.holds("hq")) for viewer, _token in answers)
    assert await first("select count(*) as n from sign_in where ended_at is null") == {"n": 1}

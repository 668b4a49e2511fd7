"""A33: a thousand posts of a robot on the form for guests, and forty people in one café."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import httpx

from community.kit import csrf
from community.kit.db import rows
from tests.factories import make_chapter, make_event

CODE, CAP = "RB2AAAAA", 40
PATH = f"/events/{CODE}/rsvp"
HASTY, PATIENT = 600, 400


def guest(number: int, stamp: str) -> dict[str, str]:
    contact = f"tamu{number}@contoh.example"
    return {"name": f"Tamu {number}", "contact": contact, "consent": "yes", "_stamp": stamp}


async def seats() -> int:
    return len(await rows("select 1 as one from rsvp"))


async def test_a_thousand_posts_of_a_robot_take_no_more_seats_than_one_network_may(
    client: httpx.AsyncClient, now: datetime
) -> None:
    await make_event(await make_chapter(), code=CODE, capacity=None)
    hasty = csrf.new_stamp(PATH, "", now=now - timedelta(seconds=2))
    patient = csrf.new_stamp(PATH, "", now=now - timedelta(seconds=4))

    statuses = Counter([(await client.post(PATH, data=guest(n, hasty))).status_code for n in range(HASTY)])
    assert (statuses, await seats()) == ({403: HASTY}, 0)

    statuses = Counter([(await client.post(PATH, data=guest(n, patient))).status_code for n in range(PATIENT)])
    assert (statuses, await seats()) == ({303: CAP, 429: PATIENT - CAP}, CAP)


async def test_a_robot_that_fills_the_hidden_field_is_thanked_and_not_noted(
    client: httpx.AsyncClient, now: datetime
) -> None:
    await make_event(await make_chapter(), code=CODE, capacity=None)
    stamp = csrf.new_stamp(PATH, "", now=now - timedelta(seconds=4))

    answers = [await client.post(PATH, data=guest(n, stamp) | {"_hp": "x"}) for n in range(3)]

    assert {answer.status_code for answer in answers} == {303}
    assert await seats() == 0


async def test_forty_people_behind_one_address_get_in_and_the_next_one_keeps_what_was_typed(
    client: httpx.AsyncClient, now: datetime
) -> None:
    await make_event(await make_chapter(), code=CODE, capacity=None)
    stamp = csrf.new_stamp(PATH, "", now=now - timedelta(seconds=30))

    answers = [await client.post(PATH, data=guest(n, stamp)) for n in range(CAP)]
    refused = await client.post(PATH, data=guest(CAP, stamp))

    assert all("/r/" in answer.headers["location"] for answer in answers)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert f'value="Tamu {CAP}"' in refused.text
    assert f'value="tamu{CAP}@contoh.example"' in refused.text

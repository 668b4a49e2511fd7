"""Several connections at once: told once, sent once, and silence after a withdrawal."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from community.kit.db import atomic, rows
from community.kit.ids import uuid7
from community.kit.mail import Mail, Outcome
from community.notifications import queries, service
from tests.factories import make_person
from tests.notifications.conftest import FakeSender
from tests.notifications.sample import params

pytestmark = pytest.mark.usefixtures("committed", "samples")
QUEUED = 1_000


async def fill(count: int, now: datetime, **given: Any) -> None:
    person = await make_person()
    async with atomic():
        for _number in range(count):
            await service.enqueue(person, "samples/plain", params(), now=now, **given)


async def test_twenty_deeds_with_one_key_tell_once(now: datetime) -> None:
    person = await make_person()

    told = await asyncio.gather(
        *(service.enqueue(person, "samples/plain", params(), now=now, dedupe_key="once") for _ in range(20))
    )

    assert sum(one is not None for one in told) == 1
    assert await service.count_unread(person, now=now) == 1


@pytest.mark.parametrize("skips_locked", [True, False])
async def test_four_workers_send_each_mail_once(
    skips_locked: bool, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control reads what is due first and leases it afterwards, without a lock."""
    if not skips_locked:

        async def careless(*, now: datetime, until: datetime, limit: int) -> list[queries.Claim]:
            due = await rows("select id from delivery where state = 'pending' order by due_at, id limit {}", limit)
            await asyncio.sleep(0.02)
            claimed = await rows(
                "update delivery set state = 'leased', lease_until = {}, attempts = 1 where id = any({}) returning id",
                *(until, [row["id"] for row in due]),
            )
            return [queries.Claim(row["id"], 1) for row in claimed]

        monkeypatch.setattr(queries, "claim_due", careless)
    await fill(120, now)
    senders = [FakeSender() for _ in range(4)]

    await asyncio.gather(*(service.deliver(now=now, sender=sender) for sender in senders))

    sent = Counter(mail.message_id for sender in senders for mail in sender.mails)
    assert len(sent) == 120
    assert (set(sent.values()) == {1}) is skips_locked


async def test_after_a_cancellation_nothing_more_leaves(now: datetime) -> None:
    event = uuid7()
    await fill(QUEUED, now, subject=("event", event))
    cancelled = asyncio.Event()
    late: list[str] = []

    class Notes(FakeSender):
        async def send(self, mail: Mail) -> Outcome:
            if cancelled.is_set():
                late.append(mail.message_id)
            await asyncio.sleep(0)
            return await super().send(mail)

    senders = [Notes(), Notes()]
    working = [asyncio.create_task(service.deliver(now=now, sender=sender)) for sender in senders]
    while sum(len(sender.mails) for sender in senders) < 100:  # noqa: ASYNC110  (filled by the workers)
        await asyncio.sleep(0.01)
    stopped = await service.cancel(now=now, subject=("event", event))
    cancelled.set()
    tally = sum((await asyncio.gather(*working)), Counter[str]())

    assert len(late) <= len(senders), "only what was already on its way"
    assert stopped > QUEUED / 2
    assert tally["sent"] + stopped >= QUEUED
    assert tally["sent"] < QUEUED / 2

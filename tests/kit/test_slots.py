"""A slot is one worker's; what failed or was killed comes round again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from community.kit import slots
from community.kit.jobs import WIB, Schedule


async def nothing(*, now: datetime) -> None: ...


DAILY = Schedule("daily", nothing, every="day", at=time(3, 20))


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("schedule", "now", "expected"),
    [
        (DAILY, wib(23, 3, 20), wib(23, 3, 20)),
        (DAILY, wib(23, 3, 19), wib(22, 3, 20)),
        (DAILY, wib(23, 23, 59).astimezone(UTC), wib(23, 3, 20)),
        (Schedule("h", nothing, every="hour", at=time(0, 15)), wib(23, 10, 14), wib(23, 9, 15)),
        (Schedule("h", nothing, every="hour", at=time(0, 15)), wib(23, 10, 15), wib(23, 10, 15)),
        (Schedule("w", nothing, every="week", at=time(8), weekday=0), wib(23, 7), wib(16, 8)),
        (Schedule("w", nothing, every="week", at=time(8), weekday=0), wib(23, 8), wib(23, 8)),
        (Schedule("w", nothing, every="week", at=time(8), weekday=6), wib(23, 8), wib(22, 8)),
    ],
)
def test_a_slot_begins_in_western_indonesian_time(schedule: Schedule, now: datetime, expected: datetime) -> None:
    assert schedule.slot(now) == expected


@pytest.mark.parametrize("given", [{}, {"seconds": 5, "every": "day"}, {"seconds": 3600}, {"seconds": 0}])
def test_a_schedule_is_either_often_or_in_slots(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="job x"):
        Schedule("x", nothing, **given)  # type: ignore[arg-type]


@pytest.mark.usefixtures("db")
async def test_a_slot_is_given_once(now: datetime) -> None:
    slot = DAILY.slot(now)

    assert await slots.claim_slot("daily", slot, "one", now=now)
    assert not await slots.claim_slot("daily", slot, "two", now=now)
    assert await slots.claim_slot("other", slot, "two", now=now)
    assert await slots.claim_slot("daily", slot + timedelta(days=1), "two", now=now)


@pytest.mark.usefixtures("db")
async def test_a_slot_whose_worker_was_killed_is_given_again_and_a_finished_one_never(now: datetime) -> None:
    slot = DAILY.slot(now)
    await slots.claim_slot("daily", slot, "killed", now=now)

    assert not await slots.claim_slot("daily", slot, "two", now=now + timedelta(minutes=14))
    assert await slots.claim_slot("daily", slot, "two", now=now + timedelta(minutes=15))
    await slots.close_slot("daily", slot, "two", now=now + timedelta(minutes=16))
    assert await slots.is_done("daily", slot)
    assert not await slots.claim_slot("daily", slot, "three", now=now + timedelta(days=1))


@pytest.mark.usefixtures("db")
async def test_a_failed_slot_is_given_again_after_five_minutes(now: datetime) -> None:
    slot = DAILY.slot(now)
    await slots.claim_slot("daily", slot, "one", now=now)
    await slots.give_back_slot("daily", slot, "one", now=now)

    assert not await slots.claim_slot("daily", slot, "two", now=now + timedelta(minutes=4))
    assert await slots.claim_slot("daily", slot, "two", now=now + timedelta(minutes=5))


@pytest.mark.usefixtures("committed")
async def test_of_twenty_workers_at_once_one_gets_the_slot(now: datetime) -> None:
    slot = DAILY.slot(now)
    claims = await asyncio.gather(*(slots.claim_slot("daily", slot, f"w{n}", now=now) for n in range(20)))

    assert sum(claims) == 1


@pytest.mark.usefixtures("db")
async def test_the_leaders_age_is_known_to_everybody() -> None:
    assert await slots.leader_age() is None
    await slots.beat("one")
    await slots.beat("two")

    age = await slots.leader_age()
    assert age is not None
    assert 0 <= age < 5


@pytest.mark.usefixtures("db")
async def test_old_slots_are_forgotten_and_the_leader_is_not(now: datetime) -> None:
    await slots.beat("one")
    await slots.claim_slot("daily", now - timedelta(days=100), "one", now=now)
    await slots.claim_slot("daily", now, "one", now=now)

    assert await slots.forget_slots(now - timedelta(days=90)) == 1
    assert await slots.leader_age() is not None

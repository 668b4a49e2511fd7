"""A benchmark compares equal work, says a ratio, and fails when it is too slow."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from tests.bench.harness import Bench, Result, UnequalResults, as_json, list_benches, measure, table

SLOW = Result("a list", "the driver", ours_ms=4.0, reference_ms=1.0, ratio=4.0, at_most=3.0, rounds=5)


async def quick() -> int:
    await asyncio.sleep(0.001)
    return 1


async def slow() -> int:
    await asyncio.sleep(0.01)
    return 1


async def other() -> int:
    return 2


async def test_slower_work_has_a_ratio_above_one() -> None:
    result = await measure(Bench("slow", "quick", slow, quick, at_most=2), rounds=5)

    assert result.ratio > 2
    assert not result.is_within


async def test_unequal_work_is_not_compared() -> None:
    with pytest.raises(UnequalResults, match="other"):
        await measure(Bench("other", "quick", other, quick, at_most=2), rounds=1)


def test_what_is_too_slow_stands_in_the_table_and_the_file() -> None:
    written = json.loads(as_json([SLOW], at=datetime(2026, 11, 23, tzinfo=UTC)))

    assert "TOO SLOW" in table([SLOW])
    assert written["results"][0]["is_within"] is False
    assert written["at"] == "2026-11-23T00:00:00+00:00"


def test_every_benchmark_has_its_own_name() -> None:
    names = [bench.name for bench in list_benches()]

    assert len(names) == len(set(names)) > 0

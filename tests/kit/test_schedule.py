"""A schedule that cannot run is refused when the house is built, not at night."""

from __future__ import annotations

from datetime import datetime

import pytest

from community.kit.schedule import Schedule


async def run(now: datetime) -> None: ...


@pytest.mark.parametrize(("when", "slotted"), [(1, False), (3599, False), (3600, True), ("0 3 * * *", True)])
def test_jobs_hourly_or_rarer_are_decided_by_a_slot(when: int | str, slotted: bool) -> None:
    assert Schedule("seal", when, run).is_slotted is slotted


@pytest.mark.parametrize("when", [0, -5, "every night", "61 3 * * *"])
def test_a_time_that_never_comes_is_refused(when: int | str) -> None:
    with pytest.raises(ValueError):
        Schedule("seal", when, run)

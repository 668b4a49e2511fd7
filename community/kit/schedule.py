"""When a job runs: what a room's `jobs.py` lists in `JOBS` for the worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from apscheduler.triggers.cron import CronTrigger

SLOTTED_FROM_SECONDS = 3600


@dataclass(frozen=True)
class Schedule:
    """`when` is a number of seconds between runs, or a cron line of five fields in Jakarta time.

    `function` is given `now`. It may run twice, late, or in two workers at once: it asks "what is due now".
    """

    name: str
    when: int | str
    function: Callable[[datetime], Awaitable[object]]

    def __post_init__(self) -> None:
        if isinstance(self.when, str):
            CronTrigger.from_crontab(self.when)
        elif self.when < 1:
            raise ValueError(f"job {self.name}: an interval of {self.when} seconds")

    @property
    def is_slotted(self) -> bool:
        """Whether a row of `job_slot` decides who runs it: jobs that run hourly or rarer."""
        return isinstance(self.when, str) or self.when >= SLOTTED_FROM_SECONDS

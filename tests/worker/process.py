"""A worker process to be killed: sends what is due, again and again. Its task comes as JSON on standard input."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

from community.kit.clock import MovableClock
from community.kit.db import configure, open_pool
from community.kit.jobs import Schedule
from community.notifications import service
from community.worker import running
from tests.notifications.sample import use_samples


async def work(task: dict[str, Any]) -> None:
    use_samples()
    configure(task["database"])
    await open_pool(min_size=1, max_size=3)
    clock = MovableClock(timedelta(seconds=task["ahead_seconds"]))
    async with running(clock, [Schedule("deliver", service.deliver, seconds=0.1)]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(json.load(sys.stdin)))

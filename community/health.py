"""Whether this installation can do its work, each fact in words an operator can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.kit.answers import GONE
from community.kit.db import first, rows
from community.kit.settings import MIGRATIONS
from community.notifications import service as notifications
from community.worker import leader_age

OUTBOX_LATE_SECONDS, LEADER_LATE_SECONDS = 300, 120


@dataclass(frozen=True)
class Fact:
    name: str
    ok: bool
    words: str = ""


async def facts(now: datetime) -> list[Fact]:
    """Database first; without it nothing else can be asked."""
    try:
        await first("select 1 as one")
        return [Fact("database", ok=True), await _migrations(), await _outbox(now), await _leader()]
    except GONE as fault:
        return [Fact("database", ok=False, words=f"not reachable ({type(fault).__name__})")]


async def _migrations() -> Fact:
    applied = {row["name"] for row in await rows("select name from migration")}
    missing = [name for name in known_migrations() if name not in applied]
    return Fact("migrations", ok=not missing, words=f"{len(missing)} not applied: run `community migrate`")


def known_migrations() -> list[str]:
    """Ids of the migrations that belong to this program."""
    found: list[Any] = []
    for path in sorted(MIGRATIONS.glob("community_*.py")):
        line = next(line for line in path.read_text().splitlines() if line.startswith("ID = "))
        found.append(line.split('"')[1])
    return found


async def _outbox(now: datetime) -> Fact:
    late = await notifications.overdue_seconds(now)
    return Fact("outbox", ok=late <= OUTBOX_LATE_SECONDS, words=f"the oldest message has waited {late:.0f} s too long")


async def _leader() -> Fact:
    age = await leader_age()
    words = "no process runs the jobs" if age is None else f"the jobs last ran {age:.0f} s ago"
    return Fact("leader", ok=age is not None and age <= LEADER_LATE_SECONDS, words=words)

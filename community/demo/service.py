"""Fills an empty database with the demo and knows a database of the demo when it sees one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from community.chapters import service as chapters
from community.demo import queries
from community.demo.errors import NotADemoDatabase
from community.demo.rules import plan as rules
from community.demo.rules import shapes, words
from community.kit.db import atomic
from community.places import service as places

DOOR_OPEN_UNTIL = 21
"""Hour after which "tonight" is tomorrow, so that the door of the demo always stands open or is about to."""


async def is_empty() -> bool:
    anybody, _of_demo = await queries.find_holding()
    return not anybody


async def is_demo() -> bool:
    """Rows of the demo get into a database only while it is empty, so one of them marks it as the demo's own."""
    _anybody, of_demo = await queries.find_holding()
    return of_demo


async def fill(*, now: datetime, seed: int = rules.SEED, tell: Callable[[str], None]) -> None:
    """Everything in one transaction. Raises NotADemoDatabase unless the database is empty."""
    if not await is_empty():
        raise NotADemoDatabase
    began = perf_counter()
    async with atomic():
        plan = await _plan(seed, now)
        for table, rows in plan.rows.items():
            await queries.copy_rows(table, shapes.COLUMNS[table].split(), rows)
        counts = ", ".join(f"{len(plan.rows[table]):,} {table}s" for table in ("chapter", "person", "event", "rsvp"))
        tell(f"Demo: {counts} ({perf_counter() - began:.1f} s)")
    await queries.analyse(list(plan.rows))


async def empty() -> None:
    """Remove every row of a demo database. Raises NotADemoDatabase where the rows are not the demo's."""
    anybody, of_demo = await queries.find_holding()
    if anybody and not of_demo:
        raise NotADemoDatabase
    await queries.empty_all()


async def _plan(seed: int, now: datetime) -> shapes.Plan:
    here = now.astimezone(ZoneInfo("Asia/Jakarta"))
    tonight = here.date() + timedelta(days=here.hour >= DOOR_OPEN_UNTIL)
    topics = [topic["key"] for topic in await chapters.list_topics()]
    return rules.make_plan(seed, here.date(), tonight, [_city(code) for code in words.CITY_CODES], topics)


def _city(code: str) -> shapes.City:
    region = places.show(code)
    return shapes.City(code, region.name, region.latitude, region.longitude, region.time_zone)

"""Alice runs the chapter, Bob belongs to it, Charlie may see nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio

from community.events.queries import events as event_queries
from community.events.rules.event import Event
from community.kit import csrf
from community.kit.viewer import Grant, Viewer
from tests.factories import NOW, make_chapter, make_event, make_member, make_person, make_ranger


@dataclass(frozen=True)
class Town:
    """One chapter with a published event of 2 seats on Saturday evening."""

    chapter: UUID
    event: UUID
    alice: UUID
    bob: UUID
    charlie: UUID

    @property
    def ranger(self) -> Viewer:
        grants = frozenset({Grant("ranger", self.chapter)})
        return Viewer(self.alice, name="Alice Contoh", roles=grants, via="cookie")

    def viewer(self, person: UUID, name: str = "Orang Contoh") -> Viewer:
        return Viewer(person, name=name, via="cookie")

    async def read(self) -> Event:
        event = await event_queries.find_by_id(self.event)
        assert event is not None
        return event

    async def code(self) -> str:
        return (await self.read()).code


async def make_town(**event: Any) -> Town:
    chapter = await make_chapter()
    values = {"capacity": 2, **event}
    return Town(
        chapter=chapter,
        event=await make_event(chapter, **values),
        alice=await make_ranger(chapter, "Alice Contoh"),
        bob=await make_member(chapter, "Bob Contoh"),
        charlie=await make_person("Charlie Contoh"),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def town(db: None) -> Town:
    return await make_town()


def stamp(path: str) -> str:
    """Of an anonymous form shown ten seconds ago."""
    return csrf.new_stamp(path, "", now=NOW - timedelta(seconds=10))

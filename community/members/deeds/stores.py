"""The shops a person runs on the marketplace: linked and let go by their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.audit import service as audit
from community.kit.db import atomic
from community.members import queries
from community.members.errors import StoreAlreadyLinked, StoreNotFound


@dataclass(frozen=True)
class StoreView:
    id: UUID
    marketplace_store_id: str
    name: str
    since_at: datetime
    until_at: datetime | None


async def stores(person_id: UUID) -> list[StoreView]:
    """Open ones first."""
    return [StoreView(**row) for row in await queries.list_stores(person_id)]


async def link_store(person_id: UUID, marketplace_store_id: str, name: str, *, now: datetime) -> None:
    """Raises StoreAlreadyLinked if somebody else holds it; one's own again changes nothing."""
    async with atomic():
        if await queries.save_store(person_id, marketplace_store_id, name, now) is None:
            owners = await queries.list_store_owners([marketplace_store_id])
            if owners.get(marketplace_store_id) != person_id:
                raise StoreAlreadyLinked(current={"linked": True})
            return
        await audit.record(person_id, "store.link", ("person", person_id), now=now, subject_id=person_id)


async def unlink_store(person_id: UUID, store_id: UUID, *, now: datetime) -> None:
    """Raises StoreNotFound, also for another person's."""
    async with atomic():
        if not await queries.end_store(person_id, store_id, now):
            raise StoreNotFound
        await audit.record(person_id, "store.unlink", ("store", store_id), now=now, subject_id=person_id)

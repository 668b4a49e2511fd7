"""Record deeds and looks, seal them in a chain, and say who looked at whose data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
import structlog

from community.audit import queries, rules
from community.audit.rules import Listed
from community.kit.db import atomic
from community.kit.ids import uuid7

__all__ = [
    "Check",
    "Entry",
    "Listed",
    "check_invariants",
    "entries_about",
    "export_person",
    "record",
    "seal",
    "verify",
    "verify_and_report",
]

BATCH = 1_000
SEALED_WITHIN = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=2)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Entry:
    """One row of the log, as shown to the person it is about."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    action: str
    object_kind: str
    object_id: str
    chapter_id: UUID | None
    reason: str | None


@dataclass(frozen=True)
class Check:
    """Result of reading the whole chain: how many seals, where it ends, what is wrong."""

    seals: int
    head: bytes
    faults: tuple[rules.Fault, ...]


async def record(
    actor_id: UUID | None,
    action: str,
    thing: tuple[str, UUID | str],
    *,
    now: datetime,
    actor_kind: Literal["person", "link", "job", "system"] = "person",
    chapter_id: UUID | None = None,
    subject_id: UUID | None = None,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> UUID:
    """Add one row in the open transaction: if it cannot be written, the deed does not happen.

    `action` is dotted (`event.publish`), `thing` is kind and id, `subject_id` whose data it was. `detail` holds field
    names and counts. Raises ValueError on floats and on anything that looks like a personal value.
    """
    rules.refuse_values(detail or {})
    entry_id = uuid7()
    await queries.save_entry(
        {
            "id": entry_id,
            "at": now,
            "actor_kind": actor_kind,
            "actor_id": actor_id,
            "action": action,
            "object_kind": thing[0],
            "object_id": str(thing[1]),
            "subject_id": subject_id,
            "chapter_id": chapter_id,
            "reason": reason,
            "detail": msgspec.json.encode(dict(detail or {})).decode(),
            "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        }
    )
    return entry_id


async def entries_about(person_id: UUID, *, listed: Sequence[Listed] = (), limit: int = SHOWN) -> list[Entry]:
    """Who looked at or changed this person's data, newest first; their own deeds left out.

    `listed`: the lists that named the person, which only the rooms above know; whoever read one looked too.
    """
    return [_entry(row) for row in await queries.list_about(person_id, listed, limit)]


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})


async def export_person(person_id: UUID) -> dict[str, Any]:
    """For "Unduh data saya": what others did with this person's data, and what the person did."""
    about = await queries.list_about(person_id, (), 10_000)
    own = await queries.list_by(person_id, 10_000)
    return {"who_looked": [_exported(row) for row in about], "own_deeds": [_exported(row) for row in own]}


def _exported(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("at", "actor_kind", "action", "object_kind", "object_id", "chapter_id")
    return {name: row[name] for name in names}


async def seal(*, now: datetime | None = None) -> int:
    """Chain what is not chained yet; returns how many. Of several sealers at once, one works and the rest return 0.

    With `now` only the last two days are looked through, as each minute; without it everything, as each night. No
    transaction stays open for two days, so nothing commits that late.
    """
    since = rules.first_id(now - LOOKED_BACK) if now else rules.first_id(LONG_AGO)
    sealed = 0
    while True:
        count = await _seal_batch(since)
        sealed += count
        if count < BATCH:
            return sealed


async def _seal_batch(since: UUID) -> int:
    async with atomic():
        if not await queries.lock_seals():
            return 0
        head = await queries.find_head()
        seq, previous = (head["seq"], bytes(head["hash"])) if head else (0, rules.GENESIS)
        seals: list[tuple[int, UUID, bytes, bytes]] = []
        for entry in await queries.list_unsealed(since, BATCH):
            seq, made = seq + 1, rules.link(previous, entry)
            seals.append((seq, entry["id"], previous, made))
            previous = made
        if seals:
            await queries.save_seals(seals)
        return len(seals)


async def verify() -> Check:
    """Read the chain from its first link to its last."""
    faults: list[rules.Fault] = []
    seq, head = 0, rules.GENESIS
    while batch := await queries.list_sealed(seq, BATCH):
        found, seq, head = rules.find_faults(batch, seq=seq, head=head)
        faults += found
    return Check(seals=seq, head=head, faults=tuple(faults))


async def verify_and_report() -> Check:
    """The nightly look, once all is sealed; a broken chain is logged as an error, where the alarm reads it."""
    await seal()
    check = await verify()
    if check.faults:
        log.error("audit.chain_broken", faults=len(check.faults), first=check.faults[0].seq)
    return check


async def overdue(*, now: datetime) -> Sequence[str]:
    """For the auditor every few minutes: what should have been sealed by now, of the last two days."""
    return _late(await queries.count_unsealed(now - LOOKED_BACK, now - SEALED_WITHIN))


def _late(count: int) -> list[str]:
    return [f"{count} audit entries older than 10 minutes are not sealed"] if count else []


async def check_invariants(*, now: datetime) -> Sequence[str]:
    """For the doctor: sentences, none if all is well. Reads the whole chain."""
    late = await queries.count_unsealed(LONG_AGO, now - SEALED_WITHIN)
    check = await verify()
    return _late(late) + [f"audit chain: {fault.what} at seal {fault.seq}" for fault in check.faults]

"""Statements about scans, the log of the door."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from community.events.rules.checkin import Mark, corrected
from community.kit.db import first, rows
from community.kit.ids import uuid7


@dataclass(frozen=True)
class NewScan:
    """One mark as it came in. `kind` in: of `person`; undo: of the marks named in `undoes`."""

    nonce: str
    event_id: UUID
    kind: str
    person: UUID
    source: str
    scanned_at: datetime
    received_at: datetime
    result: str
    actor_id: UUID | None = None
    rsvp_id: UUID | None = None
    undoes: tuple[str, ...] = ()
    skew: timedelta = timedelta()
    name_given: str | None = None
    phone_given: str | None = None


async def save_scan(scan: NewScan) -> bool:
    """False where this nonce is known already."""
    saved = await first(
        """insert into scan (id, nonce, event, kind, rsvp, person, undoes, name_given, phone_given, actor_id, source,
            scanned_at, received_at, skew_ms, result)
        values ({}, {}, {}, {}, {}, {}, {}::jsonb, {}, {}, {}, {}, {}, {}, {}, {})
        on conflict (nonce) do nothing returning nonce""",
        *(uuid7(), scan.nonce, scan.event_id, scan.kind, scan.rsvp_id, scan.person, json.dumps(scan.undoes)),
        *(scan.name_given, scan.phone_given, scan.actor_id, scan.source, scan.scanned_at, scan.received_at),
        *(round(scan.skew / timedelta(milliseconds=1)), scan.result),
    )
    return saved is not None


async def list_marks(event_id: UUID, starts_at: datetime, ends_at: datetime) -> list[Mark]:
    """All marks that count, with corrected times. Late ones wait for a ranger."""
    found = await rows(
        """select nonce, kind, person, undoes, actor_id, scanned_at, received_at, skew_ms from scan
        where event = {} and result = 'accepted' and person is not null""",
        event_id,
    )
    return [_mark(row, starts_at, ends_at) for row in found]


def _mark(row: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> Mark:
    at = corrected(
        row["scanned_at"],
        timedelta(milliseconds=row["skew_ms"]),
        starts_at=starts_at,
        ends_at=ends_at,
        received_at=row["received_at"],
    )
    undoes = row["undoes"] if isinstance(row["undoes"], list) else json.loads(row["undoes"])
    return Mark(row["nonce"], row["person"], at, row["actor_id"], tuple(undoes))


async def list_nonces(nonces: Collection[str]) -> dict[str, str]:
    """Results already given to these nonces."""
    found = await rows("select nonce, result from scan where nonce = any({})", list(nonces))
    return {row["nonce"]: row["result"] for row in found}


async def list_walk_ins(event_id: UUID) -> list[dict[str, Any]]:
    """People marked without an RSVP: person, name and phone as given at the door."""
    return await rows(
        """select distinct on (s.person) s.person, s.name_given as name, s.phone_given as phone from scan s
        where s.event = {} and s.kind = 'in' and s.rsvp is null and s.person is not null
        order by s.person, s.received_at""",
        event_id,
    )


async def list_first_timers(event_id: UUID, chapter_id: UUID, people: Sequence[UUID]) -> set[UUID]:
    """Of `people`, those never marked present at another event of the chapter."""
    found = await rows(
        """select p.person from unnest({}::uuid[]) as p(person) where not exists (
            select 1 from scan s join event e on e.id = s.event
            where s.person = p.person and s.kind = 'in' and s.result = 'accepted' and e.chapter = {} and e.id <> {})""",
        *(list(people), chapter_id, event_id),
    )
    return {row["person"] for row in found}

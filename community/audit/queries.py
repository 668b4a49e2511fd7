"""Every statement over the log. The application's role can add and read; there is nothing else to write here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from community.audit.rules import ENTRY_FIELDS, Listed
from community.audit.tables import AuditEntry
from community.kit.db import first, rows

SEAL_LOCK = 7_310_001  # advisory lock of the one sealer
FIELDS = ", ".join(f"e.{name}" for name in ENTRY_FIELDS)


async def save_entry(values: Mapping[str, Any]) -> None:
    await AuditEntry.insert(AuditEntry(**values))


async def list_about(person_id: UUID, listed: Sequence[Listed], limit: int) -> list[dict[str, Any]]:
    """Entries whose data was this person's, or who read a list that named them; newest first, own deeds left out."""
    lists = [(one.object_kind, one.object_id, one.from_at, one.to_at) for one in listed]
    kinds, ids, starts, ends = (list(column) for column in zip(*lists, strict=True)) if lists else ([], [], [], [])
    return await rows(
        f"select {FIELDS} from audit_entry e where e.subject_id = {{}} and e.actor_id is distinct from {{}} "  # noqa: S608
        f"union select {FIELDS} from unnest({{}}::text[], {{}}::text[], {{}}::timestamptz[], {{}}::timestamptz[]) "
        "as l (object_kind, object_id, from_at, to_at) "
        "join audit_entry e on e.object_id = l.object_id and e.object_kind = l.object_kind "
        "where e.subject_id is null and (e.action like '%.read' or e.action like '%.export') "
        "and e.at >= l.from_at and (l.to_at is null or e.at < l.to_at) and e.actor_id is distinct from {} "
        "order by at desc, id desc limit {}",
        *(person_id, person_id, kinds, ids, starts, ends, person_id, limit),
    )


async def list_by(person_id: UUID, limit: int) -> list[dict[str, Any]]:
    return await rows(
        f"select {FIELDS} from audit_entry e where e.actor_id = {{}} "  # noqa: S608
        "order by e.at desc, e.id desc limit {}",
        person_id,
        limit,
    )


async def lock_seals() -> bool:
    """True for the one who may seal until the transaction ends."""
    found = await first("select pg_try_advisory_xact_lock({}::bigint) as mine", SEAL_LOCK)
    return bool(found and found["mine"])


async def find_head() -> dict[str, Any] | None:
    return await first("select seq, hash from audit_seal order by seq desc limit 1")


async def list_unsealed(since: UUID, limit: int) -> list[dict[str, Any]]:
    """By id from `since` on, but never `id > last`: who commits late has an older id."""
    return await rows(
        f"select {FIELDS} from audit_entry e where e.id >= {{}} "  # noqa: S608
        "and not exists (select 1 from audit_seal s where s.entry_id = e.id) order by e.id limit {}",
        since,
        limit,
    )


async def save_seals(seals: Sequence[tuple[int, UUID, bytes, bytes]]) -> None:
    await rows(
        "insert into audit_seal (seq, entry_id, prev_hash, hash) "
        "select * from unnest({}::bigint[], {}::uuid[], {}::bytea[], {}::bytea[])",
        *(list(column) for column in zip(*seals, strict=True)),
    )


async def list_sealed(after_seq: int, limit: int) -> list[dict[str, Any]]:
    return await rows(
        f"select {FIELDS}, s.seq as seal_seq, s.prev_hash, s.hash "  # noqa: S608
        "from audit_seal s left join audit_entry e on e.id = s.entry_id where s.seq > {} order by s.seq limit {}",
        after_seq,
        limit,
    )


async def count_unsealed(since: datetime, before: datetime) -> int:
    found = await first(
        "select count(*) as open from audit_entry e where e.at >= {} and e.at < {} "
        "and not exists (select 1 from audit_seal s where s.entry_id = e.id)",
        since,
        before,
    )
    return int(found["open"]) if found else 0

"""What one link of the chain is made of, and what an entry may say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

GENESIS = hashlib.sha256(b"community audit log, first entry").digest()
ENTRY_FIELDS = (
    *("id", "at", "actor_kind", "actor_id", "action", "object_kind", "object_id"),
    *("subject_id", "chapter_id", "reason", "detail", "request_id"),
)


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks: `seq` of the seal, and what is wrong there."""

    seq: int
    what: str  # gap, fork, missing, changed


@dataclass(frozen=True)
class Listed:
    """A list that names a person from..to: the roster of an event, the members of a chapter. Who read it saw them."""

    object_kind: str
    object_id: str
    from_at: datetime
    to_at: datetime | None = None


def canonical(entry: Mapping[str, Any]) -> bytes:
    """One entry as the database gives it back: keys sorted, instants in UTC to the microsecond."""
    return json.dumps(
        {name: _plain(entry[name], name) for name in ENTRY_FIELDS},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if name == "detail" and isinstance(value, str):
        return json.loads(value)
    return str(value) if isinstance(value, UUID) else value


def first_id(at: datetime) -> UUID:
    """No id drawn at `at` or later sorts before this: version 7 begins with the milliseconds."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def link(previous: bytes, entry: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(previous + canonical(entry)).digest()


def find_faults(rows: Iterable[Mapping[str, Any]], *, seq: int, head: bytes) -> tuple[list[Fault], int, bytes]:
    """Check seals with their entries, in order of `seal_seq`, against the chain that ended at `seq` with hash `head`.

    Each row has the entry's fields (all None where the entry is gone) and seal_seq, prev_hash, hash. Returns the
    faults, and where the chain ends now: what follows is judged by what the seals say, so that one fault is told once.
    """
    faults: list[Fault] = []
    for row in rows:
        seq += 1
        if row["seal_seq"] != seq:
            faults.append(Fault(seq, "gap"))
            seq = row["seal_seq"]
        if bytes(row["prev_hash"]) != head:
            faults.append(Fault(seq, "fork"))
        if row["id"] is None:
            faults.append(Fault(seq, "missing"))
        elif link(bytes(row["prev_hash"]), row) != bytes(row["hash"]):
            faults.append(Fault(seq, "changed"))
        head = bytes(row["hash"])
    return faults, seq, head


def refuse_values(detail: Mapping[str, Any]) -> None:
    """`detail` says which fields and how many: no floats (they do not survive the round trip), no personal values.

    Raises ValueError.
    """
    for name, value in detail.items():
        if isinstance(value, Mapping):
            refuse_values(value)
            continue
        for item in value if isinstance(value, (list, tuple, set, frozenset)) else [value]:
            if not isinstance(item, (str, int, UUID, date, type(None))):
                raise ValueError(f"audit detail {name}: {type(item).__name__}")
            if isinstance(item, str) and (len(item) > 100 or "@" in item):
                raise ValueError(f"audit detail {name}: field names and counts only")

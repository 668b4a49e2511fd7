"""Column shorthands for the rooms' tables."""

from __future__ import annotations

from typing import Any

from piccolo.columns import UUID, ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete


def key() -> UUID:
    """Primary key. The id is always given by the code (`uuid7`): PostgreSQL makes version 7 only from 18 on."""
    return UUID(primary_key=True, default=None)


def link(
    target: Any, *, null: bool = False, index: bool = True, on_delete: OnDelete = OnDelete.restrict
) -> ForeignKey[Any]:
    """Foreign key. Restricts by default: rows that others speak of are ended, not deleted."""
    return ForeignKey(references=target, null=null, default=None, index=index, on_delete=on_delete)


def loose_id(*, null: bool = True, index: bool = False) -> UUID:
    """An id without a foreign key, for rows that outlive what they speak of or point to a room above."""
    return UUID(null=null, default=None, index=index)


def instant(*, null: bool = False, index: bool = False) -> Timestamptz:
    """An aware instant, given by the caller's `now`: the database's own clock is never asked."""
    return Timestamptz(null=null, default=None, index=index)

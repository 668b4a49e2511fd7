"""The door: who is present follows from the set of scans alone, whatever order they came in.

A code at the door is `rsvp id ‖ HMAC(event, rsvp, token number)[:16]` in base64url, 43 letters; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from community.kit.crypto import from_text, matches, sign, to_text

OPENS_BEFORE, CLOSES_AFTER = timedelta(hours=3), timedelta(hours=6)
LATE_AFTER = timedelta(days=7)
SIGNATURE_BYTES = 16


@dataclass(frozen=True)
class Mark:
    """One scan. `at` is the corrected time; `undoes` names the nonces it takes back, of an `undo` only."""

    nonce: str
    person: UUID
    at: datetime
    by: UUID | None = None
    undoes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Presence:
    """Somebody who is here: since when, who marked it, and the marks an undo has to name."""

    arrived_at: datetime
    by: UUID | None
    nonces: tuple[str, ...]


def merge(marks: Iterable[Mark]) -> dict[UUID, Presence]:
    """Present is whoever has a mark that no undo names; arrival is the earliest of those."""
    unique = {mark.nonce: mark for mark in marks}
    undone = {nonce for mark in unique.values() for nonce in mark.undoes}
    standing: dict[UUID, list[Mark]] = {}
    for mark in unique.values():
        if not mark.undoes and mark.nonce not in undone:
            standing.setdefault(mark.person, []).append(mark)
    return {person: _presence(sorted(found, key=_by_time)) for person, found in standing.items()}


def _by_time(mark: Mark) -> tuple[datetime, str]:
    return mark.at, mark.nonce


def _presence(found: list[Mark]) -> Presence:
    return Presence(found[0].at, found[0].by, tuple(mark.nonce for mark in found))


def corrected(
    scanned_at: datetime, skew: timedelta, *, starts_at: datetime, ends_at: datetime, received_at: datetime
) -> datetime:
    """A phone's time, put right by what its clock was off when sending, kept within the evening."""
    latest = min(received_at, ends_at + CLOSES_AFTER)
    return max(min(scanned_at + skew, latest), min(starts_at - OPENS_BEFORE, latest))


class Attendance(StrEnum):
    """What became of an RSVP. `unknown` is not zero: it stays out of figures."""

    ATTENDED = "attended"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    UNKNOWN = "unknown"


def outcome(
    *, present: bool, going: bool, excused: bool, confirmed_by_person: bool, attendance_complete: bool
) -> Attendance:
    """`no_show` only where everybody present was surely marked and the person had promised by their own hand."""
    if present:
        return Attendance.ATTENDED
    if excused:
        return Attendance.EXCUSED
    if attendance_complete and going and confirmed_by_person:
        return Attendance.NO_SHOW
    return Attendance.UNKNOWN


def door_token(event_id: UUID, rsvp_id: UUID, token_no: int) -> str:
    return to_text(rsvp_id.bytes + _signature(event_id, rsvp_id, token_no))


def rsvp_of_token(token: str) -> UUID | None:
    """The RSVP a code speaks of, before its signature is checked; None where it cannot be one of ours."""
    try:
        raw = from_text(token)
    except ValueError:
        return None
    return UUID(bytes=raw[:16]) if len(raw) == 16 + SIGNATURE_BYTES and to_text(raw) == token else None


def is_signed(token: str, event_id: UUID, rsvp_id: UUID, token_no: int) -> bool:
    return matches(door_token(event_id, rsvp_id, token_no).encode(), token.encode())


def _signature(event_id: UUID, rsvp_id: UUID, token_no: int) -> bytes:
    return sign("checkin", event_id.bytes, rsvp_id.bytes, str(token_no))[:SIGNATURE_BYTES]

"""What comes in about members, and what the API answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from community.kit import inputs
from community.kit.i18n import N_


class JoinForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    consent: Annotated[bool, inputs.choice(N_("Persetujuan"))] = False


class LeaveForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One tap; the reason may be told by who wants to."""

    reason: Annotated[str, inputs.text(N_("Alasan"), most=200)] | None = None


class ExportForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    reason: Annotated[str, inputs.text(N_("Alasan"), least=10, most=300, lines=True)]


class ImportForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The file itself comes beside the fields."""


class CommitForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    file_hash: Annotated[str, inputs.text(N_("Sidik berkas"), least=64, most=64, pattern="^[0-9a-f]{64}$")]


class StoreForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    marketplace_store_id: Annotated[
        str, inputs.text(N_("ID toko"), least=1, most=32, pattern="^[A-Za-z0-9_-]+$", example="toko-saya")
    ]
    name: Annotated[str, inputs.text(N_("Nama toko"), least=1, most=60)]


class MembershipOut(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the Rangers see one: of the phone only its last three digits."""

    id: UUID
    name: str
    phone_tail: str | None
    joined_on: date
    precision: str
    source: str


class MembershipList(msgspec.Struct, frozen=True):
    items: list[MembershipOut]
    next: str | None


class OwnMembership(msgspec.Struct, frozen=True, kw_only=True):
    """Where one stands in a chapter; `left_on` is the first day out."""

    chapter: str
    member: bool
    joined_on: date | None
    left_on: date | None


class ImportFault(msgspec.Struct, frozen=True, kw_only=True):
    row: int
    column: str
    value: str
    code: str
    advice: str


class ImportOut(msgspec.Struct, frozen=True, kw_only=True):
    """What the file would do, or did. `counts` by outcome; all zero while there are errors."""

    id: UUID
    file_hash: str
    row_count: int
    counts: dict[str, int]
    errors: list[ImportFault]
    columns_not_stored: list[str]
    committed: bool

"""The audit log and its seals. The application's database role may insert and read, never change or remove."""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, Bytea, Varchar
from piccolo.table import Table

from community.kit.columns import instant, key, loose_id
from community.kit.privacy import classify


class AuditEntry(Table):
    """One deed or one look. `detail` holds field names and counts, never personal values."""

    id = key()
    at = instant(index=True)
    actor_kind = Varchar(length=20)  # person, link, job, system
    actor_id = loose_id(index=True)
    action = Varchar(length=60)
    object_kind = Varchar(length=30)
    object_id = Varchar(length=64, index=True)
    subject_id = loose_id(index=True)  # whose data it was
    chapter_id = loose_id(index=True)
    reason = Varchar(length=500, null=True, default=None)
    detail = JSONB(default="{}")
    request_id = Varchar(length=40, null=True, default=None)


class AuditSeal(Table):
    """A link of the chain: hash = SHA-256(prev_hash ‖ canonical JSON of the entry as read back)."""

    seq = BigInt(primary_key=True, default=None)
    entry_id = loose_id(null=False)
    prev_hash = Bytea(unique=True, default=None)
    hash = Bytea(default=None)


classify(
    AuditEntry,
    none="id at actor_kind action object_kind object_id chapter_id detail request_id",
    umum="actor_id subject_id reason",
    purpose="proof of deeds and looks",
    keep="24 months",
)
classify(AuditSeal, none="seq entry_id prev_hash hash", purpose="a cut or changed log shows", keep="24 months")

"""The ground's own rows: rate limits, job slots, answers to repeated requests."""

from __future__ import annotations

from piccolo.columns import Bytea, DoublePrecision, SmallInt, Text, Varchar
from piccolo.table import Table

from community.kit.columns import instant, key, loose_id
from community.kit.privacy import classify


class RateBucket(Table):
    """Token bucket of one limit and subject. Unlogged: a crash of the database empties it, which is fine."""

    key = Bytea(primary_key=True, default=None)
    tokens = DoublePrecision(default=0.0)
    at = instant()


class JobSlot(Table):
    """One run of one scheduled job; whoever inserts it runs it. Not done and long claimed: its worker was killed."""

    id = key()
    job = Varchar(length=60)
    slot = instant()
    worker = Varchar(length=60)
    claimed_at = instant(null=True)
    done_at = instant(null=True)


class FormKey(Table):
    """The answer given to a creating request, kept 48 hours and given again to a repeat of it."""

    id = key()
    actor = loose_id()
    key = Varchar(length=36)
    route = Varchar(length=120)
    body_hash = Bytea(default=None)
    status = SmallInt(default=0)
    location = Varchar(length=500, null=True, default=None)
    answer = Text(null=True, default=None)
    at = instant(index=True)


classify(RateBucket, none="key tokens at", purpose="limits", keep="minutes")
classify(JobSlot, none="id job slot worker claimed_at done_at", purpose="each job once", keep="90 days")
classify(
    FormKey,
    none="id key route body_hash status at",
    umum="actor location answer",
    purpose="the same answer to a repeated request",
    keep="48 hours",
)

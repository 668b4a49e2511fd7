"""Membership spells, stores, imports."""

from __future__ import annotations

from piccolo.columns import JSONB, Bytea, Date, Integer, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from community.accounts.tables import Person
from community.chapters.tables import Chapter
from community.kit.columns import instant, key, link, loose_id
from community.kit.privacy import classify


class Membership(Table):
    """One spell of one person in one chapter, half open [joined_on, left_on). Never deleted: growth needs the leavers.

    In the migrations: one open spell per person and chapter, and no overlap.
    """

    id = key()
    person = link(Person)
    chapter = link(Chapter)
    joined_on = Date(default=None)
    left_on = Date(null=True, default=None)
    source = Varchar(length=10)
    precision = Varchar(length=5)
    consent_origin = Varchar(length=200, null=True, default=None)  # how an imported person agreed to be on the list
    leave_reason = Varchar(length=200, null=True, default=None)
    end_cause = Varchar(length=20, null=True, default=None)
    created_at = instant()
    ended_at = instant(null=True)

    membership_source = Check("source in ('self', 'event', 'invite', 'import')")
    membership_precision = Check("precision in ('day', 'month', 'year')")
    membership_order = Check("left_on is null or left_on >= joined_on")


class Store(Table):
    """A shop on the marketplace that a person runs; unique among open rows (partial index in the migrations)."""

    id = key()
    person = link(Person)
    marketplace_store_id = Varchar(length=32)
    name = Varchar(length=60)
    since_at = instant()
    until_at = instant(null=True)
    verified_by = loose_id()


class MemberImport(Table):
    """A file a Ranger uploaded, its plan, and whether it was carried out. The content goes at commit or after a day."""

    id = key()
    chapter = link(Chapter)
    uploaded_by = link(Person)
    file_name = Varchar(length=120)
    file_hash = Bytea(default=None)
    content = Bytea(null=True, default=None)
    plan_hash = Bytea(default=None)
    counts = JSONB(default="{}")
    row_count = Integer(default=0)
    created_at = instant()
    committed_at = instant(null=True)


classify(
    Membership,
    none="id chapter joined_on left_on source precision consent_origin end_cause created_at ended_at",
    umum="person leave_reason",
    purpose="belonging to a chapter",
    keep="for ever, pseudonym after erasure",
)
classify(
    Store,
    none="id since_at until_at",
    umum="person name marketplace_store_id verified_by",
    purpose="knowing whose growth to show",
    keep="until erasure",
)
classify(
    MemberImport,
    none="id chapter file_hash plan_hash counts row_count created_at committed_at",
    umum="uploaded_by file_name content",
    purpose="bringing an existing list along",
    keep="content one day, the rest 24 months",
)

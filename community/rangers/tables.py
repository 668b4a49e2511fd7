"""Ranger spells, profiles, leaves."""

from __future__ import annotations

from piccolo.columns import Array, Date, DoublePrecision, Integer, SmallInt, Time, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from community.accounts.tables import Person
from community.chapters.tables import Chapter
from community.kit.columns import instant, key, link, loose_id
from community.kit.privacy import classify


class RangerSpell(Table):
    """One term of one Ranger or deputy in one chapter, [from_on, to_on). Never deleted."""

    id = key()
    person = link(Person)
    chapter = link(Chapter)
    role = Varchar(length=10)
    from_on = Date(default=None)
    to_on = Date(null=True, default=None)
    proposed_by = loose_id()
    proposed_at = instant()
    accepted_at = instant(null=True)
    conduct_version = Varchar(length=20, null=True, default=None)
    ended_at = instant(null=True)
    end_cause = Varchar(length=20, null=True, default=None)

    ranger_spell_role = Check("role in ('ranger', 'deputy')")
    ranger_spell_order = Check("to_on is null or to_on >= from_on")


class RangerProfile(Table):
    """What routing and the chapter page ask of a Ranger. Home is a region, or a point rounded to 0.01 degrees."""

    person = link(Person, index=False)
    id = key()
    topics = Array(base_column=Varchar(length=40), default=list)
    languages = Array(base_column=Varchar(length=3), default=list)
    home_region = Varchar(length=5)
    home_latitude = DoublePrecision(null=True, default=None)
    home_longitude = DoublePrecision(null=True, default=None)
    reach_minutes = Integer(null=True, default=None)
    load_limit = SmallInt(default=3)
    quiet_from = Time(default=None)
    quiet_to = Time(default=None)
    version = Integer(default=1)
    updated_at = instant()

    ranger_profile_load = Check("load_limit between 0 and 10")


class Leave(Table):
    """Days off, first and last included, in the Ranger's own zone; no reason asked."""

    id = key()
    person = link(Person)
    first_on = Date(default=None)
    last_on = Date(default=None)
    filed_at = instant()
    withdrawn_at = instant(null=True)

    leave_order = Check("last_on >= first_on and last_on - first_on < 180")


classify(
    RangerSpell,
    none="id chapter role from_on to_on proposed_at accepted_at conduct_version ended_at end_cause",
    umum="person proposed_by",
    purpose="who runs a chapter",
    keep="for ever, pseudonym after erasure",
)
classify(
    RangerProfile,
    none="id topics languages reach_minutes load_limit quiet_from quiet_to version updated_at",
    umum="person home_region home_latitude home_longitude",
    purpose="asking the right Ranger at the right time",
    keep="until the last spell ended 12 months ago",
)
classify(
    Leave,
    none="id first_on last_on filed_at withdrawn_at",
    umum="person",
    purpose="not asking who is away",
    keep="24 months",
)

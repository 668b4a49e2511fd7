"""Chapters with their regions, names, founders and states; the curriculum."""

from __future__ import annotations

from piccolo.columns import Array, Boolean, DoublePrecision, Integer, Text, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from community.accounts.tables import Person
from community.kit.columns import instant, key, link, loose_id
from community.kit.privacy import classify


class Chapter(Table):
    """A city chapter. Independent: HQ reads its figures and never edits it."""

    id = key()
    slug = Varchar(length=40, unique=True)
    name = Varchar(length=60)
    tz = Varchar(length=40)
    state = Varchar(length=10)
    state_since = instant()
    latitude = DoublePrecision(default=0.0)
    longitude = DoublePrecision(default=0.0)
    about = Text(default="")
    whatsapp_invite = Varchar(length=200, null=True, default=None)
    last_activity_at = instant(null=True)
    proposed_by = loose_id()
    is_demo = Boolean(default=False)
    created_at = instant()
    version = Integer(default=1)

    chapter_state_known = Check("state in ('proposed', 'forming', 'active', 'dormant', 'closed')")


class ChapterRegion(Table):
    """The kabupaten/kota a chapter covers; one of them is the seat and gives the time zone."""

    id = key()
    chapter = link(Chapter)
    region_code = Varchar(length=5, index=True)
    is_seat = Boolean(default=False)

    chapter_region_once = Unique([chapter, region_code])


class ChapterSlug(Table):
    """Every name a chapter ever had in addresses; an old one redirects for ever and is never given away."""

    slug = Varchar(length=40, primary_key=True, default=None)
    chapter = link(Chapter)
    retired_at = instant(null=True)


class ChapterState(Table):
    """History of states, append only. `actor_id` null: a job."""

    id = key()
    chapter = link(Chapter)
    from_state = Varchar(length=10, null=True, default=None)
    to_state = Varchar(length=10)
    at = instant()
    actor_id = loose_id()
    reason = Varchar(length=500, null=True, default=None)


class ChapterFounder(Table):
    """Somebody who founds a chapter; the proposal counts once two have accepted the code of conduct."""

    id = key()
    chapter = link(Chapter)
    person = link(Person)
    invited_at = instant()
    conduct_version = Varchar(length=20, null=True, default=None)
    accepted_at = instant(null=True)

    chapter_founder_once = Unique([chapter, person])


class Topic(Table):
    """A topic of the curriculum; the key is fixed for ever."""

    key = Varchar(length=40, primary_key=True, default=None)
    section = Varchar(length=20)
    position = Integer(default=0)
    label_id = Varchar(length=80)
    label_en = Varchar(length=80)
    minutes = Integer(default=60)
    goals = Array(base_column=Varchar(length=160), default=list)
    after = Array(base_column=Varchar(length=40), default=list)


classify(
    Chapter,
    none="id slug name tz state state_since latitude longitude about whatsapp_invite last_activity_at is_demo "
    "created_at version",
    umum="proposed_by",
    purpose="the chapter's public face",
    keep="for ever",
)
classify(ChapterRegion, none="id chapter region_code is_seat", purpose="where a chapter is", keep="for ever")
classify(ChapterSlug, none="slug chapter retired_at", purpose="addresses keep working", keep="for ever")
classify(
    ChapterState, none="id chapter from_state to_state at reason", umum="actor_id", purpose="history", keep="for ever"
)
classify(
    ChapterFounder,
    none="id chapter invited_at conduct_version accepted_at",
    umum="person",
    purpose="who founded it",
    keep="for ever, pseudonym after erasure",
)
classify(
    Topic, none="key section position label_id label_en minutes goals after", purpose="curriculum", keep="for ever"
)

"""What a Ranger can help with, where and when; days away; what may be told about them; who is on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.chapters.service import Chapter, Panel
from community.kit.db import atomic
from community.kit.errors import StaleVersion
from community.kit.i18n import N_
from community.kit.i18n import gettext as _
from community.kit.ids import uuid7
from community.kit.viewer import Viewer
from community.members.service import local_day
from community.places import service as places
from community.places.service import Choice, Region
from community.rangers import queries
from community.rangers.errors import (
    LanguageUnknown,
    LeaveNotFound,
    LeaveRefused,
    ProfileNotFound,
    TooManyTopics,
    TopicUnknown,
)
from community.rangers.rules import (
    LANGUAGES,
    LEAVE_DAYS,
    MOST_TOPICS,
    Absence,
    Profile,
    Purpose,
    Spell,
    is_away,
    unite,
)

PURPOSE_WORDS = {
    Purpose.ON_PAGE: N_("Nama di halaman komunitas"),
    Purpose.TO_PARTNER: N_("Nama untuk dinas atau mitra"),
    Purpose.PHONE_TO_PARTNER: N_("Nomor HP untuk dinas atau mitra"),
}


@dataclass(frozen=True)
class Changes:
    """What of a profile is to change; None stays. `no_reach_limit` wins over `reach_minutes`."""

    topics: list[str] | None = None
    languages: list[str] | None = None
    home_region: str | None = None
    reach_minutes: int | None = None
    no_reach_limit: bool = False
    load_limit: int | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None


@dataclass(frozen=True)
class LeaveView:
    id: UUID
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Term:
    """One of a person's own terms or proposals."""

    spell: Spell
    chapter: Chapter
    proposer: str


@dataclass(frozen=True)
class Agreement:
    """Something a Ranger may agree to, in words, and whether it stands."""

    purpose: str
    name: str
    words: str
    given: bool


@dataclass(frozen=True)
class MyRanger:
    """Everything on one's own Ranger page. `profile` None: never was one."""

    terms: list[Term]
    proposals: list[Term]
    profile: Profile | None
    home: str
    topics: dict[str, str]
    languages: dict[str, str]
    leaves: list[LeaveView]
    consents: list[Agreement]
    conduct: str


@dataclass(frozen=True)
class Named:
    """A Ranger as others may see them; `name` empty without consent."""

    person_id: UUID
    name: str
    role: str
    topics: list[str]


@dataclass(frozen=True)
class OnDuty:
    """A Ranger who can be asked on a day: serving, not away, with room for requests."""

    person_id: UUID
    chapter_id: UUID
    profile: Profile


async def my_ranger(person_id: UUID, *, now: datetime) -> MyRanger:
    spells = await queries.list_live_of(person_id)
    known = {c.id: c for c in await chapters.list_chapters_by_id({spell.chapter_id for spell in spells})}
    names = await accounts.names([spell.proposed_by for spell in spells if spell.proposed_by])
    terms = [Term(s, known[s.chapter_id], names.get(s.proposed_by, "") if s.proposed_by else "") for s in spells]
    profile = await queries.find_profile(person_id)
    today = local_day(now, "Asia/Jakarta")
    leaves = await queries.list_leaves([person_id], today)
    return MyRanger(
        terms=[term for term in terms if term.spell.accepted_at],
        proposals=[term for term in terms if not term.spell.accepted_at],
        profile=profile,
        home=places.show(profile.home_region).label if profile else "",
        topics=await chapters.topic_labels(),
        languages={code: _(words) for code, words in LANGUAGES.items()},
        leaves=[LeaveView(row["id"], row["first_on"], row["last_on"]) for row in leaves],
        consents=[await _agreement(person_id, purpose) for purpose in Purpose],
        conduct=(await accounts.consent_text("conduct")).text,
    )


async def _agreement(person_id: UUID, purpose: Purpose) -> Agreement:
    words = await accounts.consent_text(purpose.value)
    given = await accounts.has_consent(person_id, purpose.value)
    return Agreement(purpose.value, _(PURPOSE_WORDS[purpose]), words.text, given)


async def profile_of(person_id: UUID, asked_for: UUID) -> Profile:
    """One's own. Raises ProfileNotFound, also for anybody else's."""
    profile = await queries.find_profile(person_id) if person_id == asked_for else None
    if profile is None:
        raise ProfileNotFound
    return profile


def shown_profile(profile: Profile) -> dict[str, object]:
    """What the forms begin with."""
    return {
        "topics": profile.topics,
        "languages": profile.languages,
        "region_text": places.show(profile.home_region).label,
        "region_code": profile.home_region,
        "reach_minutes": profile.reach_minutes,
        "load_limit": profile.load_limit,
        "quiet_from": profile.quiet_from.strftime("%H:%M"),
        "quiet_to": profile.quiet_to.strftime("%H:%M"),
    }


def choose_home(text: str, code: str, province: str, seen: str | None) -> Choice:
    """What the place field shows next; see `places.service.choose`."""
    return places.choose(text, code, province, seen)


def settle_home(text: str, code: str, province: str, seen: str | None) -> Region:
    """The kabupaten or kota chosen in the place field. Raises InvalidInput."""
    return places.settle(places.choose(text, code, province, seen), "/region_text")


async def change_profile(person_id: UUID, changes: Changes, version: int, *, now: datetime) -> Profile:
    """Raises ProfileNotFound, StaleVersion, and InvalidInput naming the field."""
    await _refuse_unknown(changes)
    async with atomic():
        old = await queries.find_profile(person_id)
        if old is None:
            raise ProfileNotFound
        new = _changed(old, changes)
        if not await queries.save_profile(person_id, new, version, now):
            raise StaleVersion(current={"version": old.version})
        fields = [name for name in Changes.__dataclass_fields__ if getattr(old, name, None) != getattr(new, name, None)]
        await audit.record(
            person_id,
            "ranger.profile",
            ("person", person_id),
            now=now,
            subject_id=person_id,
            detail={"fields": fields},
        )
    return replace(new, version=version + 1)


def _changed(old: Profile, changes: Changes) -> Profile:
    given = {
        name: getattr(changes, name)
        for name in Changes.__dataclass_fields__
        if name != "no_reach_limit" and getattr(changes, name) is not None
    }
    new = replace(old, **given)
    return replace(new, reach_minutes=None) if changes.no_reach_limit else new


async def _refuse_unknown(changes: Changes) -> None:
    if changes.topics is not None:
        if len(set(changes.topics)) > MOST_TOPICS:
            raise TooManyTopics(MOST_TOPICS)
        if not set(changes.topics) <= set(await chapters.topic_labels()):
            raise TopicUnknown
    if changes.languages is not None and not set(changes.languages) <= set(LANGUAGES):
        raise LanguageUnknown
    if changes.home_region is not None:
        chapters.known_region(changes.home_region, "region_text")


async def take_leave(person_id: UUID, absence: Absence, *, now: datetime) -> UUID:
    """Days away, no reason asked. Raises LeaveRefused, ProfileNotFound."""
    _refuse_leave(absence, local_day(now, "Asia/Jakarta"))
    if await queries.find_profile(person_id) is None:
        raise ProfileNotFound
    leave_id = uuid7()
    async with atomic():
        await queries.save_leave(leave_id, person_id, absence, now)
        await audit.record(person_id, "ranger.leave", ("leave", leave_id), now=now, subject_id=person_id)
    return leave_id


def _refuse_leave(absence: Absence, today: date) -> None:
    if absence.last_on < absence.first_on:
        raise LeaveRefused("last_on", _("Hari terakhir harus sama dengan atau setelah hari pertama."))
    if absence.last_on < today:
        raise LeaveRefused("last_on", _("Pilih hari terakhir mulai hari ini."))
    if absence.days > LEAVE_DAYS:
        raise LeaveRefused("last_on", _("Cuti paling lama 180 hari. Bagi menjadi dua bila perlu lebih."))


async def withdraw_leave(person_id: UUID, leave_id: UUID, *, now: datetime) -> None:
    """Raises LeaveNotFound, also for another person's."""
    async with atomic():
        if not await queries.withdraw_leave(leave_id, person_id, now):
            raise LeaveNotFound
        await audit.record(person_id, "ranger.leave.withdraw", ("leave", leave_id), now=now, subject_id=person_id)


async def agree(person_id: UUID, purpose: Purpose, *, given: bool, now: datetime) -> None:
    """Let others know one's name or number, or no longer. Raises ProfileNotFound."""
    if await queries.find_profile(person_id) is None:
        raise ProfileNotFound
    async with atomic():
        if given:
            words = await accounts.consent_text(purpose.value)
            await accounts.record_consent(person_id, purpose.value, text_version=words.version, channel="web", now=now)
        else:
            await accounts.withdraw_consent(person_id, purpose.value, now=now)


async def rangers_of(chapter_id: UUID, *, all_names: bool = False) -> list[Named]:
    """Who serves in the chapter; names only of those who agreed, unless `all_names` (for those who run it)."""
    serving = [spell for spell in await queries.list_live(chapter_id) if spell.accepted_at]
    people = [spell.person_id for spell in serving]
    names = await accounts.names(people)
    shown = set(people) if all_names else await accounts.list_consenting(people, Purpose.ON_PAGE.value)
    profiles = await queries.list_profiles(people)
    return [
        Named(
            spell.person_id,
            names.get(spell.person_id, "") if spell.person_id in shown else "",
            spell.role.value,
            profiles[spell.person_id].topics if spell.person_id in profiles and spell.person_id in shown else [],
        )
        for spell in serving
    ]


async def export_person(person_id: UUID) -> dict[str, Any]:
    """Everything this room holds about a person."""
    return dict(await queries.list_about(person_id))


async def list_rangers(viewer: Viewer, slug: str, *, now: datetime) -> list[Named]:
    """Who serves in the chapter, as the viewer may see them. Raises ChapterNotFound."""
    chapter = await chapters.access_chapter(viewer, slug, now=now)
    return await rangers_of(chapter.id, all_names=viewer.runs(chapter.id))


async def list_on_duty(day: date, *, now: datetime) -> list[OnDuty]:
    """Rangers who can be asked for something on `day`. The monthly limit is counted by who asks them."""
    serving = await queries.list_serving(day)
    people = {spell.person_id for spell in serving}
    profiles = await queries.list_profiles(people)
    away = await _absences(people, day)
    open_chapters = {c.id for c in await chapters.list_chapters_by_id({s.chapter_id for s in serving}) if c.is_open}
    return [
        OnDuty(spell.person_id, spell.chapter_id, profiles[spell.person_id])
        for spell in serving
        if spell.chapter_id in open_chapters
        and spell.person_id in profiles
        and profiles[spell.person_id].load_limit > 0
        and not is_away(away.get(spell.person_id, ()), day)
    ]


async def _absences(people: set[UUID], from_on: date) -> dict[UUID, Sequence[Absence]]:
    found: dict[UUID, list[Absence]] = {}
    for row in await queries.list_leaves(people, from_on):
        found.setdefault(row["person"], []).append(Absence(row["first_on"], row["last_on"]))
    return {person: unite(absences) for person, absences in found.items()}


@dataclass(frozen=True)
class ChapterPanel:
    """Rangers on the chapter's public page: those who agreed by name, the rest as a number."""

    chapter: Chapter
    named: list[Named]
    topics: list[str]
    unnamed: int
    wanted: bool


@dataclass(frozen=True)
class ManagePanel:
    chapter: Chapter
    count: int
    deputies: int


async def chapter_panel(chapter: Chapter, viewer: Viewer, now: datetime) -> Panel | None:
    serving = [ranger for ranger in await rangers_of(chapter.id) if ranger.role == "ranger"]
    named = [ranger for ranger in serving if ranger.name]
    labels = await chapters.topic_labels()
    offered = {topic for ranger in named for topic in ranger.topics}
    topics = [label for topic, label in labels.items() if topic in offered]
    wanted = not serving and chapter.is_open
    view = ChapterPanel(chapter, named, topics, len(serving) - len(named), wanted)
    return Panel("rangers/_chapter.html", view, place=2)


async def manage_panel(chapter: Chapter, viewer: Viewer, now: datetime) -> Panel | None:
    roles = [spell.role.value for spell in await queries.list_live(chapter.id) if spell.accepted_at]
    view = ManagePanel(chapter, roles.count("ranger"), roles.count("deputy"))
    return Panel("rangers/_manage.html", view, place=2)

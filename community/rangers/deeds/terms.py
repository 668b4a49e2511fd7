"""How somebody becomes a Ranger or a deputy, and stops being one: a proposal, their own yes, a term with an end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.chapters.service import CONDUCT_VERSION, Chapter, Waiting
from community.kit.db import atomic
from community.kit.ids import uuid7
from community.kit.viewer import Viewer
from community.members import service as members
from community.members.service import local_day
from community.notifications import service as notifications
from community.rangers import queries
from community.rangers.errors import (
    AccountNeeded,
    AlreadyRanger,
    ConductNeeded,
    NotRenewable,
    ProposalNotFound,
    SpellNotFound,
)
from community.rangers.rules import (
    PROPOSAL_LASTS_DAYS,
    RENEWAL_OPENS_DAYS,
    EndCause,
    Profile,
    Role,
    Spell,
    a_year_after,
    may_renew,
    term_end,
)


@dataclass(frozen=True)
class Appointed:
    """Somebody who runs a chapter, or is asked to."""

    spell: Spell
    name: str
    may_end: bool
    """By who looks: a deputy's term, or a proposal."""


@dataclass(frozen=True)
class RangersPage:
    chapter: Chapter
    serving: list[Appointed]
    proposed: list[Appointed]
    mine: Spell | None
    may_renew: bool
    may_lead: bool
    candidate: tuple[UUID, str] | None
    """(membership, name) of the member about to be proposed."""


async def endorse_chapter(viewer: Viewer, slug: str, *, now: datetime) -> Chapter:
    """Headquarters says yes to a proposal; its founders are the first Rangers. Raises as `chapters.endorse`."""
    async with atomic():
        chapter, founders = await chapters.endorse(viewer, slug, now=now)
        today = local_day(now, chapter.tz)
        for founder in founders:
            spell = _spell(founder, chapter.id, Role.RANGER, today, proposed_by=viewer.person_id, now=now)
            if await queries.save_spell(replace(spell, accepted_at=now), CONDUCT_VERSION):
                await _appoint(spell, chapter, viewer.person_id, now)
    return chapter


async def proposals(viewer: Viewer, *, now: datetime) -> list[Waiting]:
    """What waits for headquarters' answer. Raises SignInNeeded, NotAllowed."""
    return await chapters.proposals(viewer, now=now)


async def proposal(viewer: Viewer, slug: str, *, now: datetime) -> Waiting:
    """One of them. Raises ChapterNotFound, also for an answered one."""
    chapter = await chapters.access_chapter(viewer, slug, may="hq", now=now)
    waiting = next((w for w in await chapters.proposals(viewer, now=now) if w.chapter.id == chapter.id), None)
    if waiting is None:
        raise ProposalNotFound
    return waiting


async def answer_not_yet(viewer: Viewer, slug: str, reason: str, *, now: datetime) -> None:
    """Headquarters says "belum" to a proposal, with a reason."""
    await chapters.answer_not_yet(viewer, slug, reason, now=now)


def _spell(
    person_id: UUID, chapter_id: UUID, role: Role, today: date, *, proposed_by: UUID | None, now: datetime
) -> Spell:
    return Spell(
        id=uuid7(),
        person_id=person_id,
        chapter_id=chapter_id,
        role=role,
        from_on=today,
        to_on=term_end(role, today),
        proposed_by=proposed_by,
        proposed_at=now,
        accepted_at=None,
        ended_at=None,
    )


async def _appoint(spell: Spell, chapter: Chapter, by: UUID | None, now: datetime) -> None:
    """The right and a first profile, in the transaction of the term."""
    await accounts.give_role(spell.person_id, spell.role.value, chapter.id, now=now, by=by)
    await queries.save_new_profile(uuid7(), spell.person_id, Profile(home_region=chapter.seat), now)
    await audit.record(
        spell.person_id,
        "ranger.appointed",
        ("ranger_spell", spell.id),
        now=now,
        chapter_id=chapter.id,
        subject_id=spell.person_id,
        detail={"role": spell.role.value},
    )


async def propose(viewer: Viewer, slug: str, member_id: UUID, role: Role, *, now: datetime) -> Spell:
    """A Ranger proposes a member of the chapter, who is asked.

    Raises ChapterNotFound, MemberNotFound, AccountNeeded, AlreadyRanger.
    """
    async with atomic():
        chapter = await chapters.access_chapter(viewer, slug, may="lead", now=now, lock=True)
        person_id, _name = await members.find_member(chapter.id, member_id)
        person = await accounts.find_person(person_id)
        if person is None or person.kind != "account":
            raise AccountNeeded
        live = [spell.role for spell in await queries.list_live(chapter.id) if spell.person_id == person_id]
        today = local_day(now, chapter.tz)
        spell = _spell(person_id, chapter.id, role, today, proposed_by=viewer.person_id, now=now)
        if Role.RANGER in live or not await queries.save_spell(spell, None):
            raise AlreadyRanger
        await audit.record(
            viewer.person(),
            "ranger.propose",
            ("ranger_spell", spell.id),
            now=now,
            chapter_id=chapter.id,
            subject_id=person_id,
            detail={"role": role.value},
        )
        await _ask(spell, chapter, viewer.name, now)
    return spell


async def _ask(spell: Spell, chapter: Chapter, proposer: str, now: datetime) -> None:
    await notifications.enqueue(
        spell.person_id,
        "rangers/proposed",
        {
            "chapter": chapter.name,
            "proposer": proposer,
            "is_deputy": spell.role is Role.DEPUTY,
            "link": "/me/ranger",
        },
        now=now,
        dedupe_key=f"rangers/proposed/{spell.id}",
        subject=("ranger_spell", spell.id),
        chapter_id=chapter.id,
        tz=chapter.tz,
    )


async def accept(person_id: UUID, spell_id: UUID, *, conduct: bool, now: datetime) -> Chapter:
    """Say yes to a proposal: term and right begin at once. Raises ConductNeeded, SpellNotFound."""
    if not conduct:
        raise ConductNeeded
    async with atomic():
        spell = await _own_proposal(person_id, spell_id)
        chapter = await chapters.lock_chapter(spell.chapter_id)
        today = local_day(now, chapter.tz)
        if not await queries.save_accepted(spell.id, today, term_end(spell.role, today), CONDUCT_VERSION, now):
            raise SpellNotFound
        if spell.role is Role.RANGER:
            await _end_deputy_term(person_id, chapter, today, now)
        await _appoint(spell, chapter, spell.proposed_by, now)
        await _tell_others(chapter, person_id, "rangers/joined", now)
    return chapter


async def _own_proposal(person_id: UUID, spell_id: UUID) -> Spell:
    spell = await queries.find_spell(spell_id)
    if spell is None or spell.person_id != person_id or spell.accepted_at is not None:
        raise SpellNotFound
    return spell


async def _end_deputy_term(person_id: UUID, chapter: Chapter, today: date, now: datetime) -> None:
    for spell in await queries.list_live(chapter.id):
        if spell.person_id == person_id and spell.role is Role.DEPUTY:
            await queries.end_spell(spell.id, today, EndCause.PROMOTED, now)
            await accounts.end_role(person_id, Role.DEPUTY.value, chapter.id, now=now, by=person_id)


async def still_true(template: str, subject: tuple[str, UUID], person_id: UUID, *, now: datetime) -> bool:
    """Asked just before a mail leaves: an answered or withdrawn proposal asks nobody, an ended term is not renewed."""
    if subject[0] != "ranger_spell":
        return True
    spell = await queries.find_spell(subject[1])
    return spell is not None and (template != "rangers/proposed" or spell.accepted_at is None)


async def decline(person_id: UUID, spell_id: UUID, *, now: datetime) -> None:
    """Say no, without a reason; who proposed is told."""
    async with atomic():
        spell = await _own_proposal(person_id, spell_id)
        chapter = await chapters.find_chapter(spell.chapter_id)
        if not await queries.end_spell(spell.id, local_day(now, chapter.tz), EndCause.DECLINED, now):
            raise SpellNotFound
        await _record_end(spell, chapter, EndCause.DECLINED, person_id, now)
        if spell.proposed_by:
            names = await accounts.names([person_id])
            await _tell(
                spell.proposed_by, "rangers/declined", {"name": names.get(person_id, "")}, chapter, spell.id, now
            )


async def end_term(viewer: Viewer, slug: str, spell_id: UUID, *, now: datetime) -> None:
    """A Ranger ends a deputy's term, or takes a proposal back. Another Ranger's term is not theirs to end."""
    async with atomic():
        chapter = await chapters.access_chapter(viewer, slug, may="lead", now=now, lock=True)
        spell = await queries.find_spell(spell_id)
        if spell is None or spell.chapter_id != chapter.id or not _may_end(spell):
            raise SpellNotFound
        cause = EndCause.ENDED if spell.accepted_at else EndCause.WITHDRAWN
        await _end(spell, chapter, cause, viewer.person(), now)
        await _tell(spell.person_id, "rangers/ended", {}, chapter, spell.id, now)


def _may_end(spell: Spell) -> bool:
    return spell.accepted_at is None or spell.role is Role.DEPUTY


async def stop(person_id: UUID, slug: str, *, now: datetime) -> Chapter:
    """Leave as Ranger or deputy, any day; also the last one may. Raises ChapterNotFound, SpellNotFound."""
    async with atomic():
        chapter = await chapters.access_chapter(person_id, slug, now=now, lock=True)
        mine = [s for s in await queries.list_live(chapter.id) if s.person_id == person_id and s.accepted_at]
        if not mine:
            raise SpellNotFound
        for spell in mine:
            await _end(spell, chapter, EndCause.LEFT, person_id, now)
        await _tell_others(chapter, person_id, "rangers/left", now)
    return chapter


async def renew(person_id: UUID, slug: str, *, now: datetime) -> date:
    """One more year behind the present term; gives its new end. Raises NotRenewable, SpellNotFound."""
    async with atomic():
        chapter = await chapters.access_chapter(person_id, slug, now=now, lock=True)
        spell = await _own_term(person_id, chapter)
        if spell.to_on is None or not may_renew(spell, local_day(now, chapter.tz)):
            raise NotRenewable(current={"to_on": str(spell.to_on)})
        to_on = a_year_after(spell.to_on)
        await queries.save_term(spell.id, to_on)
        await audit.record(
            person_id,
            "ranger.renew",
            ("ranger_spell", spell.id),
            now=now,
            chapter_id=chapter.id,
            subject_id=person_id,
        )
    return to_on


async def _own_term(person_id: UUID, chapter: Chapter) -> Spell:
    for spell in await queries.list_live(chapter.id):
        if spell.person_id == person_id and spell.role is Role.RANGER and spell.accepted_at:
            return spell
    raise SpellNotFound


async def _end(spell: Spell, chapter: Chapter, cause: EndCause, by: UUID | None, now: datetime) -> None:
    """End the term and its right; without a Ranger left the chapter rests and looks for one."""
    if not await queries.end_spell(spell.id, local_day(now, chapter.tz), cause, now):
        raise SpellNotFound
    await _record_end(spell, chapter, cause, by, now)
    if spell.accepted_at is None:
        return
    await accounts.end_role(spell.person_id, spell.role.value, chapter.id, now=now, by=by)
    if spell.role is Role.RANGER and await queries.count_rangers(chapter.id) == 0:
        await chapters.lose_rangers(chapter.id, now=now)


async def _record_end(spell: Spell, chapter: Chapter, cause: EndCause, by: UUID | None, now: datetime) -> None:
    await audit.record(
        by,
        "ranger.end",
        ("ranger_spell", spell.id),
        now=now,
        chapter_id=chapter.id,
        subject_id=spell.person_id,
        detail={"cause": cause.value, "role": spell.role.value},
        actor_kind="person" if by else "job",
    )


async def end_what_is_over(*, now: datetime) -> int:
    """Terms past their last day, and proposals unanswered for 30 days."""
    over = await queries.list_over(local_day(now, "Asia/Jayapura"), now - timedelta(days=PROPOSAL_LASTS_DAYS))
    ended = 0
    for found in over:
        async with atomic():
            chapter = await chapters.lock_chapter(found.chapter_id)
            spell = await queries.find_spell(found.id)
            if spell is not None and _is_over(spell, chapter, now):
                cause = EndCause.TERM_OVER if spell.accepted_at else EndCause.UNANSWERED
                await _end(spell, chapter, cause, None, now)
                await _tell(spell.person_id, "rangers/ended", {}, chapter, spell.id, now)
                ended += 1
    return ended


def _is_over(spell: Spell, chapter: Chapter, now: datetime) -> bool:
    if spell.accepted_at is None:
        return spell.proposed_at < now - timedelta(days=PROPOSAL_LASTS_DAYS)
    return spell.to_on is not None and spell.to_on <= local_day(now, chapter.tz)


async def ask_to_renew(*, now: datetime) -> int:
    """Once a term, when its last 60 days begin; asking twice tells once."""
    today = local_day(now, "Asia/Jakarta")
    ending = await queries.list_ending(today, today + timedelta(days=RENEWAL_OPENS_DAYS))
    for spell in ending:
        chapter = await chapters.find_chapter(spell.chapter_id)
        async with atomic():
            await notifications.enqueue(
                spell.person_id,
                "rangers/renew",
                {"chapter": chapter.name, "to_on": spell.to_on, "link": f"/chapters/{chapter.slug}/rangers"},
                now=now,
                dedupe_key=f"rangers/renew/{spell.id}/{spell.to_on}",
                subject=("ranger_spell", spell.id),
                chapter_id=chapter.id,
                tz=chapter.tz,
            )
    return len(ending)


async def _tell_others(chapter: Chapter, person_id: UUID, template: str, now: datetime) -> None:
    name = (await accounts.names([person_id])).get(person_id, "")
    for ranger in await accounts.list_holders(Role.RANGER.value, chapter.id, now=now):
        if ranger != person_id:
            await _tell(ranger, template, {"name": name}, chapter, person_id, now)


async def _tell(
    person_id: UUID, template: str, params: dict[str, object], chapter: Chapter, about: UUID, now: datetime
) -> None:
    await notifications.enqueue(
        person_id,
        template,
        {"chapter": chapter.name, "link": f"/chapters/{chapter.slug}", **params},
        now=now,
        dedupe_key=f"{template}/{chapter.id}/{about}/{person_id}/{now.isoformat()}",
        subject=("chapter", chapter.id),
        chapter_id=chapter.id,
        tz=chapter.tz,
    )


async def rangers_page(viewer: Viewer, slug: str, member_id: UUID | None, *, now: datetime) -> RangersPage:
    """Who runs the chapter and who is asked to, for those who run it. Raises ChapterNotFound, MemberNotFound."""
    chapter = await chapters.access_chapter(viewer, slug, may="run", now=now)
    may_lead = viewer.holds("ranger", chapter.id)
    live = await queries.list_live(chapter.id)
    names = await accounts.names([spell.person_id for spell in live])
    rows = [Appointed(s, names.get(s.person_id, ""), may_lead and _may_end(s)) for s in live]
    mine = next((s for s in live if s.person_id == viewer.person_id and s.accepted_at), None)
    candidate = None
    if member_id is not None and may_lead:
        candidate = (member_id, (await members.find_member(chapter.id, member_id))[1])
    return RangersPage(
        chapter=chapter,
        serving=[row for row in rows if row.spell.accepted_at],
        proposed=[row for row in rows if not row.spell.accepted_at],
        mine=mine,
        may_renew=mine is not None and may_renew(mine, local_day(now, chapter.tz)),
        may_lead=may_lead,
        candidate=candidate,
    )

"""Joining and leaving: one's own tap, at once, as often as one likes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.chapters.service import Chapter, Panel, State
from community.kit.db import atomic
from community.kit.viewer import Viewer
from community.members import queries
from community.members.errors import ChapterClosed, ConsentNeeded
from community.members.queries import NewSpell
from community.notifications import service as notifications


@dataclass(frozen=True)
class Spell:
    """One spell as its person sees it; `left_on` is the first day out."""

    id: UUID
    chapter: Chapter
    joined_on: date
    left_on: date | None
    precision: str
    source: str


@dataclass(frozen=True)
class PublicPanel:
    """What a visitor finds about joining."""

    chapter: Chapter
    is_member: bool
    may_join: bool
    whatsapp_invite: str | None
    """For members only."""


@dataclass(frozen=True)
class ManagePanel:
    chapter: Chapter
    count: int
    may_lead: bool


@dataclass(frozen=True)
class JoinPage:
    chapter: Chapter
    is_member: bool
    words: str
    """What joining means, to be agreed to."""


def local_day(now: datetime, tz: str) -> date:
    """Today where the chapter is."""
    return now.astimezone(ZoneInfo(tz)).date()


async def join(
    person_id: UUID,
    slug: str,
    *,
    consent: bool,
    now: datetime,
    channel: Literal["web", "api"] = "web",
) -> Chapter:
    """Begin a spell; a member already stays one. Raises ConsentNeeded, ChapterClosed, ChapterNotFound."""
    if not consent:
        raise ConsentNeeded
    async with atomic():
        chapter = await chapters.access_chapter(person_id, slug, now=now)
        if not chapter.is_open:
            raise ChapterClosed(current={"state": chapter.state.value})
        words = await accounts.consent_text("membership")
        spell = NewSpell(person_id, chapter.id, local_day(now, chapter.tz), "self")
        if await queries.save_spell(spell, now) is None:
            return chapter
        await accounts.record_consent(
            person_id, "membership", chapter.id, text_version=words.version, channel=channel, now=now
        )
        await audit.record(
            person_id, "member.join", ("chapter", chapter.id), now=now, chapter_id=chapter.id, subject_id=person_id
        )
        await notifications.enqueue(
            person_id,
            "members/welcome",
            {"chapter": chapter.name, "link": f"/chapters/{chapter.slug}"},
            now=now,
            dedupe_key=f"members/welcome/{chapter.id}/{person_id}/{now.isoformat()}",
            subject=("chapter", chapter.id),
            chapter_id=chapter.id,
            tz=chapter.tz,
        )
    return chapter


async def leave(person_id: UUID, slug: str, *, now: datetime, reason: str | None = None) -> Chapter:
    """End the open spell at once; without one nothing happens. Queued messages of the chapter are cancelled.

    Essential ones stay queued: they are about a seat the person still holds.
    """
    async with atomic():
        chapter = await chapters.access_chapter(person_id, slug, now=now)
        today = local_day(now, chapter.tz)
        if not await queries.end_spell(person_id, chapter.id, today, "left", reason, now):
            return chapter
        await accounts.withdraw_consent(person_id, "membership", chapter.id, now=now)
        await notifications.cancel(
            now=now,
            person_id=person_id,
            chapter_id=chapter.id,
            categories=("reminder", "ask", "news"),
        )
        await audit.record(
            person_id, "member.leave", ("chapter", chapter.id), now=now, chapter_id=chapter.id, subject_id=person_id
        )
    return chapter


async def spells(person_id: UUID) -> list[Spell]:
    """All spells of a person, open ones first."""
    rows = await queries.list_spells(person_id)
    known = {chapter.id: chapter for chapter in await chapters.list_chapters_by_id({row["chapter"] for row in rows})}
    return [
        Spell(row["id"], known[row["chapter"]], row["joined_on"], row["left_on"], row["precision"], row["source"])
        for row in rows
    ]


async def latest_spell(person_id: UUID, slug: str, *, now: datetime) -> Spell | None:
    """One's own last spell in the chapter, open or over. Raises ChapterNotFound."""
    chapter = await chapters.access_chapter(person_id, slug, now=now)
    own = [spell for spell in await spells(person_id) if spell.chapter.id == chapter.id]
    return own[0] if own else None


async def still_true(template: str, subject: tuple[str, UUID], person_id: UUID, *, now: datetime) -> bool:
    """Asked just before a mail leaves: nobody is welcomed to a chapter they have left."""
    return template != "members/welcome" or await is_member(person_id, subject[1])


async def export_person(person_id: UUID) -> dict[str, Any]:
    """Everything this room holds about a person."""
    return dict(await queries.list_about(person_id))


async def is_member(person_id: UUID | None, chapter_id: UUID) -> bool:
    return person_id is not None and await queries.has_spell(person_id, chapter_id)


async def count_members(chapter_ids: Collection[UUID]) -> dict[UUID, int]:
    """Members of each chapter now; a chapter without any is named with 0."""
    found = await queries.count_members(chapter_ids)
    return {chapter_id: found.get(chapter_id, 0) for chapter_id in chapter_ids}


async def join_page(viewer: Viewer, slug: str, *, now: datetime) -> JoinPage:
    """Raises SignInNeeded, ChapterNotFound."""
    person_id = viewer.person()
    chapter = await chapters.access_chapter(viewer, slug, now=now)
    words = await accounts.consent_text("membership")
    return JoinPage(chapter, await is_member(person_id, chapter.id), words.text)


async def chapter_panel(chapter: Chapter, viewer: Viewer, now: datetime) -> Panel | None:
    """Joining, before everything else for those who have not; leaving, after the events, for those who have."""
    if chapter.state is State.CLOSED:
        return None
    mine = await is_member(viewer.person_id, chapter.id)
    invite = chapter.whatsapp_invite if mine else None
    return Panel("members/_chapter.html", PublicPanel(chapter, mine, not mine, invite), place=1 if mine else -1)


async def manage_panel(chapter: Chapter, viewer: Viewer, now: datetime) -> Panel | None:
    """The way to the lists, on the Rangers' home."""
    count = (await count_members([chapter.id]))[chapter.id]
    view = ManagePanel(chapter, count, viewer.holds("ranger", chapter.id))
    return Panel("members/_manage.html", view, place=1)

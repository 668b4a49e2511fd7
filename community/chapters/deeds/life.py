"""How a chapter lives: what happens in it wakes it, silence lets it rest, its Rangers write about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import queries
from community.chapters.deeds.access import access_chapter, lock_chapter
from community.chapters.errors import ChapterResting, InviteRefused, SlugRefused, SlugTaken
from community.chapters.rules import (
    CAUSE_OF_ACTIVITY,
    SILENT_AFTER,
    Activity,
    Cause,
    Chapter,
    State,
    is_silent,
    is_slug,
    is_whatsapp_invite,
    next_state,
)
from community.kit.db import atomic
from community.kit.errors import StaleVersion
from community.kit.viewer import Viewer
from community.notifications import service as notifications


@dataclass(frozen=True)
class Texts:
    """What Rangers write about their chapter. None stays as it is, but for the invitation, which None removes."""

    name: str
    about: str
    whatsapp_invite: str | None
    slug: str


async def mark_activity(chapter_id: UUID, kind: Activity | str, at: datetime, *, now: datetime) -> None:
    """Something happened or is coming: a chapter at rest wakes when an event is published, a forming one is active
    once an event finished with somebody checked in. Joins the caller's transaction."""
    async with atomic():
        chapter = await lock_chapter(chapter_id)
        await queries.save_activity(chapter_id, at)
        cause = CAUSE_OF_ACTIVITY.get(Activity(kind))
        state = next_state(chapter.state, cause) if cause else None
        if cause is None or state is None:
            return
        await _change(chapter, state, cause, None, now)
        if chapter.state is State.DORMANT:
            await _tell_hq(chapter, now)


async def rest(who: Viewer | UUID, slug: str, *, now: datetime) -> None:
    """The Rangers let their chapter rest; publishing an event wakes it."""
    async with atomic():
        chapter = await access_chapter(who, slug, may="lead", now=now, lock=True)
        state = next_state(chapter.state, Cause.REST)
        if state is None:
            raise ChapterResting(current={"state": chapter.state.value})
        actor = who.person() if isinstance(who, Viewer) else who
        await _change(chapter, state, Cause.REST, actor, now)
        await _tell_rangers(chapter, Cause.REST, now)


async def lose_rangers(chapter_id: UUID, *, now: datetime) -> None:
    """The last Ranger left: the chapter rests, and its page looks for a new one. Called by rangers."""
    async with atomic():
        chapter = await lock_chapter(chapter_id)
        if state := next_state(chapter.state, Cause.NO_RANGERS):
            await _change(chapter, state, Cause.NO_RANGERS, None, now)


async def fall_silent(*, now: datetime) -> int:
    """Chapters without a finished or coming event for 120 days rest; gives how many."""
    fallen = 0
    for chapter_id in await queries.list_silent(now - SILENT_AFTER):
        async with atomic():
            chapter = await lock_chapter(chapter_id)
            state = next_state(chapter.state, Cause.SILENCE)
            if state and is_silent(chapter.last_activity_at, chapter.state_since, now):
                await _change(chapter, state, Cause.SILENCE, None, now)
                await _tell_rangers(chapter, Cause.SILENCE, now)
                fallen += 1
    return fallen


async def _change(chapter: Chapter, state: State, cause: Cause, actor_id: UUID | None, now: datetime) -> None:
    await queries.save_state(chapter.id, chapter.state, state, cause, actor_id, None, now)
    await audit.record(
        actor_id,
        f"chapter.{state.value}",
        ("chapter", chapter.id),
        now=now,
        chapter_id=chapter.id,
        detail={"cause": cause.value},
        actor_kind="person" if actor_id else "job",
    )


async def _tell_hq(chapter: Chapter, now: datetime) -> None:
    for hq in await accounts.list_holders("hq", None, now=now):
        await notifications.enqueue(
            hq,
            "chapters/woke",
            {"chapter": chapter.name, "link": f"/chapters/{chapter.slug}"},
            now=now,
            dedupe_key=f"chapters/woke/{chapter.id}/{now.isoformat()}/{hq}",
            subject=("chapter", chapter.id),
            chapter_id=chapter.id,
            tz=chapter.tz,
        )


async def _tell_rangers(chapter: Chapter, cause: Cause, now: datetime) -> None:
    for ranger in await accounts.list_holders("ranger", chapter.id, now=now):
        await notifications.enqueue(
            ranger,
            "chapters/resting",
            {
                "chapter": chapter.name,
                "by_rangers": cause is Cause.REST,
                "link": f"/chapters/{chapter.slug}/manage",
            },
            now=now,
            dedupe_key=f"chapters/resting/{chapter.id}/{now.isoformat()}/{ranger}",
            subject=("chapter", chapter.id),
            chapter_id=chapter.id,
            tz=chapter.tz,
        )


async def edit(who: Viewer | UUID, slug: str, texts: Texts, version: int, *, now: datetime) -> Chapter:
    """Rangers and deputies change what the page says; a new address leaves the old one redirecting for ever.

    Raises StaleVersion with what stands there now, SlugRefused, SlugTaken, InviteRefused.
    """
    if texts.whatsapp_invite and not is_whatsapp_invite(texts.whatsapp_invite):
        raise InviteRefused
    async with atomic():
        chapter = await access_chapter(who, slug, may="run", now=now, lock=True)
        if version != chapter.version:
            raise StaleVersion(current=shown_texts(chapter))
        if texts.slug != chapter.slug:
            await _move(chapter, texts.slug, now)
        await queries.save_texts(chapter.id, texts.name, texts.about, texts.whatsapp_invite)
        actor = who.person() if isinstance(who, Viewer) else who
        changed = [
            name for name, old in shown_texts(chapter).items() if name != "version" and getattr(texts, name) != old
        ]
        await audit.record(
            actor, "chapter.edit", ("chapter", chapter.id), now=now, chapter_id=chapter.id, detail={"fields": changed}
        )
        return await lock_chapter(chapter.id)


def shown_texts(chapter: Chapter) -> dict[str, object]:
    """What an edit starts from, with its version."""
    return {
        "name": chapter.name,
        "about": chapter.about,
        "whatsapp_invite": chapter.whatsapp_invite,
        "slug": chapter.slug,
        "version": chapter.version,
    }


async def _move(chapter: Chapter, slug: str, now: datetime) -> None:
    if not is_slug(slug):
        raise SlugRefused
    if not await queries.save_slug(chapter.id, chapter.slug, slug, now):
        raise SlugTaken

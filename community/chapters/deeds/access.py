"""From an outside address to a chapter, and what other rooms add to its pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from community.chapters import queries
from community.chapters.errors import ChapterNotFound
from community.chapters.rules import Chapter, might_be_slug, shown_count
from community.kit.viewer import Viewer

May = Literal["read", "run", "lead", "hq", "found"]
"""read: open or closed chapters, and a proposal for its founders and HQ · run: its Rangers and deputies · lead: its
Rangers · hq: headquarters · found: its founders."""


@dataclass(frozen=True)
class Panel:
    """A part of a chapter's page that another room fills: the template is included with `panel.view`.

    What has the lower `place` stands higher: events at 0, members at 1, Rangers at 2.
    """

    template: str
    view: Any
    place: int = 0


PanelMaker = Callable[[Chapter, Viewer, datetime], Awaitable[Panel | None]]
MemberCounter = Callable[[Collection[UUID]], Awaitable[dict[UUID, int]]]


async def _count_nobody(ids: Collection[UUID]) -> dict[UUID, int]:
    return {}


@dataclass
class _Upstairs:
    """What the roof handed in from rooms above."""

    public: tuple[PanelMaker, ...] = ()
    manage: tuple[PanelMaker, ...] = ()
    count_members: MemberCounter = _count_nobody


_upstairs = _Upstairs()


def use_panels(*, public: Iterable[PanelMaker], manage: Iterable[PanelMaker]) -> None:
    """Called by the roof: what rooms above show on a chapter's page and on its Rangers' home, in this order."""
    _upstairs.public, _upstairs.manage = tuple(public), tuple(manage)


def use_member_counts(count_members: MemberCounter) -> None:
    """Called by the roof: how many members chapters have now."""
    _upstairs.count_members = count_members


async def access_chapter(
    who: Viewer | UUID | None, slug: str, *, may: May = "read", now: datetime, lock: bool = False
) -> Chapter:
    """The chapter of this address, also of one it had before, if `who` has the right. Raises ChapterNotFound.

    `lock` holds the chapter's row until the transaction ends. With a Viewer, rights its API token lacks do not count.
    """
    person_id = who.person_id if isinstance(who, Viewer) else who
    chapter = await queries.find_chapter(slug, person_id, may, now, lock=lock) if might_be_slug(slug) else None
    if chapter is None or (isinstance(who, Viewer) and not _within_token(who, chapter, may)):
        raise ChapterNotFound(slug)
    return chapter


def _within_token(viewer: Viewer, chapter: Chapter, may: May) -> bool:
    if viewer.via != "token" or may in {"read", "found"}:
        return True
    if may == "hq":
        return viewer.holds("hq")
    return viewer.holds("ranger", chapter.id) or (may == "run" and viewer.runs(chapter.id))


async def find_chapter(chapter_id: UUID) -> Chapter:
    """By its id, for rooms above that hold one already: asks for no right. Raises ChapterNotFound."""
    chapter = await queries.find_by_id(chapter_id)
    if chapter is None:
        raise ChapterNotFound
    return chapter


async def lock_chapter(chapter_id: UUID) -> Chapter:
    """As `find_chapter`, the row held until the transaction ends."""
    chapter = await queries.lock_by_id(chapter_id)
    if chapter is None:
        raise ChapterNotFound
    return chapter


async def lock_by_slug(slug: str) -> Chapter:
    """For the operator at the command line: asks for no right. Raises ChapterNotFound."""
    found = await queries.find_id(slug) if might_be_slug(slug) else None
    if found is None:
        raise ChapterNotFound(slug)
    return await lock_chapter(found)


async def list_chapters_by_id(ids: Collection[UUID]) -> list[Chapter]:
    """By name; asks for no right."""
    return await queries.list_by_ids(ids) if ids else []


async def make_panels(
    where: Literal["public", "manage"], chapter: Chapter, viewer: Viewer, now: datetime
) -> list[Panel]:
    makers = _upstairs.public if where == "public" else _upstairs.manage
    made = [await maker(chapter, viewer, now) for maker in makers]
    return sorted((panel for panel in made if panel is not None), key=lambda panel: panel.place)


async def count_members(ids: Collection[UUID]) -> dict[UUID, int]:
    """Members of each chapter now; without those the count is not known for."""
    return await _upstairs.count_members(ids) if ids else {}


async def shown_members(ids: Collection[UUID]) -> dict[UUID, str]:
    """The same as the public may see it: "<5" for a few."""
    return {chapter_id: shown_count(count) for chapter_id, count in (await count_members(ids)).items()}

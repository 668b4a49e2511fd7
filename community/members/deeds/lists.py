"""A chapter's members as its Rangers see them; every look leaves a row in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.chapters.service import Chapter
from community.kit.csvout import write_csv
from community.kit.db import atomic
from community.kit.errors import InvalidInput
from community.kit.format import phone_full
from community.kit.i18n import N_, gettext
from community.kit.inputs import clean_query
from community.kit.paging import PAGE_SIZE, Cursor, Paged, next_cursor
from community.kit.viewer import Viewer
from community.members import queries
from community.members.deeds.spells import local_day
from community.members.errors import MemberNotFound
from community.notifications import service as notifications

SOURCE_WORDS = {
    "self": N_("bergabung sendiri"),
    "event": N_("dari kopdar"),
    "invite": N_("diundang"),
    "import": N_("dari daftar lama"),
}
EXPORT_COLUMNS = ("nama", "hp", "email", "bergabung", "ketelitian", "asal", "id_toko")


@dataclass(frozen=True)
class MemberRow:
    """One member in the list; of the phone only its last three digits."""

    id: UUID
    name: str
    phone_tail: str | None
    joined_on: date
    precision: str
    source: str
    source_words: str


@dataclass(frozen=True)
class MemberPage:
    chapter: Chapter
    text: str
    page: Paged[MemberRow]
    may_lead: bool


@dataclass(frozen=True)
class OneMember:
    chapter: Chapter
    row: MemberRow
    phone: str | None
    """E.164, in full."""


def _row(row: Mapping[str, Any]) -> MemberRow:
    words = SOURCE_WORDS[row["source"]]
    return MemberRow(
        id=row["id"],
        name=row["name"],
        phone_tail=row["phone"][-3:] if row["phone"] else None,
        joined_on=row["joined_on"],
        precision=row["precision"],
        source=row["source"],
        source_words=gettext(words),
    )


async def member_page(viewer: Viewer, slug: str, text: str, number: int, *, now: datetime) -> MemberPage:
    """One page of the list, by name. Raises ChapterNotFound for who does not run the chapter."""
    async with atomic():
        chapter = await chapters.access_chapter(viewer, slug, may="run", now=now)
        total = await queries.count_listed(chapter.id, text)
        found = await queries.list_members(chapter.id, text, PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
        await _record_look(viewer, chapter, len(found), now)
    items = [_row(row) for row in found]
    address = f"/chapters/{chapter.slug}/members"
    paged = Paged(items, number, PAGE_SIZE, total, address, (("q", text),))
    return MemberPage(chapter, text, paged, viewer.holds("ranger", chapter.id))


async def members_for_machines(
    viewer: Viewer, slug: str, text: str, cursor: Cursor, *, now: datetime
) -> tuple[Sequence[MemberRow], str | None]:
    """Members behind the cursor, and the cursor of the next page."""
    after = _after(cursor)
    async with atomic():
        chapter = await chapters.access_chapter(viewer, slug, may="run", now=now)
        found = await queries.list_members(chapter.id, text, cursor.limit + 1, after=after)
        kept, onward = next_cursor(found, cursor.limit, lambda row: (row["sort"], row["id"]))
        await _record_look(viewer, chapter, len(kept), now)
    return [_row(row) for row in kept], onward


def _after(cursor: Cursor) -> tuple[str, UUID] | None:
    """Raises InvalidInput where the cursor is another list's."""
    if cursor.after is None:
        return None
    try:
        name, member_id = cursor.after
        return clean_query(str(name)), UUID(str(member_id))
    except ValueError:
        raise InvalidInput from None


async def _record_look(viewer: Viewer, chapter: Chapter, count: int, now: datetime) -> None:
    await audit.record(
        viewer.person(),
        "member.list.read",
        ("chapter", chapter.id),
        now=now,
        chapter_id=chapter.id,
        detail={"count": count},
    )


async def listed_person(person_id: UUID) -> list[audit.Listed]:
    """The member lists that name this person, for "who looked"."""
    return [
        audit.Listed("chapter", str(row["chapter"]), row["created_at"], row["ended_at"])
        for row in await queries.list_times(person_id)
    ]


async def show_member(viewer: Viewer, slug: str, member_id: UUID, *, now: datetime) -> OneMember:
    """One member with the full phone number; the look is recorded. Raises MemberNotFound."""
    async with atomic():
        chapter = await chapters.access_chapter(viewer, slug, may="run", now=now)
        found = await queries.find_member(chapter.id, member_id)
        if found is None:
            raise MemberNotFound
        await audit.record(
            viewer.person(),
            "member.phone.read",
            ("membership", member_id),
            now=now,
            chapter_id=chapter.id,
            subject_id=found["person"],
        )
    return OneMember(chapter, _row(found), found["phone"])


async def find_member(chapter_id: UUID, member_id: UUID) -> tuple[UUID, str]:
    """(person, name) of one member now, for rooms above that have asked for the right. Raises MemberNotFound."""
    found = await queries.find_member(chapter_id, member_id)
    if found is None:
        raise MemberNotFound
    return found["person"], found["name"]


async def lead_proved(viewer: Viewer, slug: str, *, now: datetime) -> Chapter:
    """The chapter, for its Ranger who proved the sign-in lately. Raises ChapterNotFound first, then ProofNeeded."""
    chapter = await chapters.access_chapter(viewer, slug, may="lead", now=now)
    viewer.require_proof(now)
    return chapter


async def export_members(viewer: Viewer, slug: str, reason: str, *, now: datetime) -> tuple[str, bytes]:
    """File name and CSV of all members, with their contacts; every Ranger is told. Raises ProofNeeded."""
    async with atomic():
        chapter = await lead_proved(viewer, slug, now=now)
        found = await queries.list_for_export(chapter.id)
        await audit.record(
            viewer.person(),
            "member.export",
            ("chapter", chapter.id),
            now=now,
            chapter_id=chapter.id,
            reason=reason,
            detail={"count": len(found)},
        )
        await tell_rangers(chapter, viewer.person(), "members/exported", {"count": len(found)}, now)
    name = f"anggota-{chapter.slug}-{local_day(now, chapter.tz).isoformat()}.csv"
    return name, write_csv(EXPORT_COLUMNS, [_cells(row) for row in found])


def _cells(row: Mapping[str, Any]) -> list[str | None]:
    return [
        row["name"],
        phone_full(row["phone"]) if row["phone"] else None,
        row["email"],
        row["joined_on"].isoformat(),
        row["precision"],
        row["source"],
        row["stores"],
    ]


async def tell_rangers(
    chapter: Chapter, actor_id: UUID | None, template: str, params: Mapping[str, Any], now: datetime
) -> None:
    """Tell every Ranger of the chapter what was done with its members, who did it included."""
    names = await accounts.names([actor_id]) if actor_id else {}
    who = names.get(actor_id, "") if actor_id else gettext(N_("Operator"))
    for ranger in await accounts.list_holders("ranger", chapter.id, now=now):
        await notifications.enqueue(
            ranger,
            template,
            {"chapter": chapter.name, "who": who, "link": f"/chapters/{chapter.slug}/members", **params},
            now=now,
            dedupe_key=f"{template}/{chapter.id}/{now.isoformat()}/{ranger}",
            subject=("chapter", chapter.id),
            chapter_id=chapter.id,
            tz=chapter.tz,
        )

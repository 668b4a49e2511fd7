"""What the pages and the API show of chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from community.accounts import service as accounts
from community.chapters import queries
from community.chapters.deeds import access
from community.chapters.deeds.access import Panel, access_chapter
from community.chapters.deeds.proposals import invitation_token, list_twins
from community.chapters.queries import Filter
from community.chapters.rules import SHOWN_FROM, Chapter, State
from community.kit import charts
from community.kit.errors import InvalidInput, NotFound
from community.kit.i18n import N_, gettext, locale
from community.kit.inputs import clean_query
from community.kit.paging import Cursor, Paged, next_cursor
from community.kit.viewer import Viewer
from community.places import service as places
from community.places.service import Region

PAGE_SIZE = 24

STATE_WORDS = {
    State.PROPOSED: N_("Diusulkan"),
    State.FORMING: N_("Baru dibentuk"),
    State.ACTIVE: N_("Aktif"),
    State.DORMANT: N_("Beristirahat"),
    State.CLOSED: N_("Ditutup"),
}
CAUSE_WORDS = {
    "proposed": N_("Diusulkan"),
    "endorsed": N_("Disambut tim pusat"),
    "first_event": N_("Kegiatan pertama selesai"),
    "published": N_("Kegiatan baru terbit"),
    "silence": N_("120 hari tanpa kegiatan"),
    "rest": N_("Keputusan para Ranger"),
    "no_rangers": N_("Ranger terakhir berhenti; mencari Ranger"),
    "withdrawn": N_("Usulan ditarik pendirinya"),
    "never_opened": N_("180 hari tanpa kelanjutan"),
}
SECTION_WORDS = {
    "digital_channels": N_("Kanal digital"),
    "selling": N_("Berjualan"),
    "safety": N_("Keamanan"),
    "business": N_("Usaha"),
    "community": N_("Berkomunitas"),
}


@dataclass(frozen=True)
class ListItem:
    """One chapter in a list. `members` None: not known."""

    chapter: Chapter
    place: str
    state_words: str
    region_codes: list[str]
    members: str | None


@dataclass(frozen=True)
class ListPage:
    text: str
    province: str | None
    provinces: Sequence[Region]
    page: Paged[ListItem]
    dots: charts.DotMap
    counts: dict[str, int]


@dataclass(frozen=True)
class FounderRow:
    name: str
    accepted: bool
    link: str | None
    """The invitation to pass on; only for those who may."""


@dataclass(frozen=True)
class ProposalView:
    """Where a proposal stands, for its founders and for headquarters."""

    founders: list[FounderRow]
    twins: list[Chapter]
    asked: bool
    answer: str | None
    is_founder: bool


@dataclass(frozen=True)
class ChapterPage:
    chapter: Chapter
    regions: list[Region]
    state_words: str
    members: str | None
    may_run: bool
    panels: list[Panel]
    proposal: ProposalView | None


@dataclass(frozen=True)
class ManagePage:
    chapter: Chapter
    state_words: str
    panels: list[Panel]
    may_lead: bool


@dataclass(frozen=True)
class StateRow:
    from_state: str | None
    to_state: str
    words: str
    at: datetime
    reason: str | None
    by_job: bool


@dataclass(frozen=True)
class TopicView:
    key: str
    label: str
    minutes: int
    goals: list[str]
    after: list[str]


@dataclass(frozen=True)
class TopicSection:
    label: str
    topics: list[TopicView]


def _filter(text: str, province: str | None) -> Filter:
    """Raises nothing: a province that does not exist matches no chapter."""
    try:
        found = [match.region.code for match in places.find(text, limit=20)] if text else []
    except (NotFound, InvalidInput):
        found = []
    return Filter(text, tuple(code for code in found if "." in code), province)


async def list_page(text: str, province: str | None, number: int) -> ListPage:
    """Open chapters by name, a page at a time, and all of them on the map."""
    wanted = _filter(text, province)
    total = await queries.count_chapters(wanted)
    chapters = await queries.list_chapters(wanted, PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    dots = await queries.list_dots()
    members = await access.count_members([row["id"] for row in dots])
    return ListPage(
        text=text,
        province=province,
        provinces=places.provinces(),
        page=Paged(
            await _items(chapters), number, PAGE_SIZE, total, "/chapters", (("q", text), ("province", province or ""))
        ),
        dots=charts.dot_map(_ground(), [_dot(row, members) for row in dots]),
        counts=_counts(dots),
    )


def _ground() -> list[tuple[float, float]]:
    return [(region.latitude, region.longitude) for region in places.all_regions()]


def _dot(row: Mapping[str, Any], members: Mapping[UUID, int]) -> charts.Place:
    """Few members all draw the same small dot: its size must not tell a number under five."""
    count = members.get(row["id"], 0)
    size = count if count >= SHOWN_FROM else 0
    state = "resting" if row["state"] == State.DORMANT else "active"
    return charts.Place(row["name"], row["latitude"], row["longitude"], state, size)


def _counts(dots: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    resting = sum(row["state"] == State.DORMANT for row in dots)
    return {"active": len(dots) - resting, "resting": resting}


async def _items(chapters: Sequence[Chapter]) -> list[ListItem]:
    ids = [chapter.id for chapter in chapters]
    codes, members = await queries.list_regions(ids), await access.shown_members(ids)
    return [
        ListItem(
            chapter=chapter,
            place=places.show(chapter.seat).label,
            state_words=gettext(STATE_WORDS[chapter.state]),
            region_codes=codes[chapter.id],
            members=members.get(chapter.id),
        )
        for chapter in chapters
    ]


async def list_for_machines(text: str, province: str | None, cursor: Cursor) -> tuple[Sequence[ListItem], str | None]:
    """Open chapters by name behind the cursor, and the cursor of the next page."""
    after = _after(cursor)
    chapters = await queries.list_chapters(_filter(text, province), cursor.limit + 1, after=after)
    kept, onward = next_cursor(chapters, cursor.limit, lambda chapter: (chapter.name, chapter.id))
    return await _items(kept), onward


def _after(cursor: Cursor) -> tuple[str, UUID] | None:
    """Raises InvalidInput where the cursor is another list's."""
    if cursor.after is None:
        return None
    try:
        name, chapter_id = cursor.after
        return clean_query(str(name)), UUID(str(chapter_id))
    except ValueError:
        raise InvalidInput from None


async def show_item(who: Viewer | UUID | None, slug: str, *, now: datetime) -> ListItem:
    """One chapter as the API shows it. Raises ChapterNotFound."""
    return (await _items([await access_chapter(who, slug, now=now)]))[0]


async def chapter_page(viewer: Viewer, slug: str, *, now: datetime) -> ChapterPage:
    """The public page; a proposal's for its founders and headquarters. Raises ChapterNotFound."""
    chapter = await access_chapter(viewer, slug, now=now)
    codes = (await queries.list_regions([chapter.id]))[chapter.id]
    proposed = chapter.state is State.PROPOSED
    members = {} if proposed else await access.shown_members([chapter.id])
    return ChapterPage(
        chapter=chapter,
        regions=[places.show(code) for code in codes],
        state_words=gettext(STATE_WORDS[chapter.state]),
        members=members.get(chapter.id),
        may_run=viewer.runs(chapter.id),
        panels=[] if proposed else await access.make_panels("public", chapter, viewer, now),
        proposal=await _proposal(chapter, viewer) if proposed else None,
    )


async def _proposal(chapter: Chapter, viewer: Viewer) -> ProposalView:
    founders = await queries.list_founders(chapter.id)
    names = await accounts.names([row["person"] for row in founders])
    is_founder = viewer.person_id in {row["person"] for row in founders}
    last = await queries.find_answer(chapter.id)
    return ProposalView(
        founders=[
            FounderRow(
                names.get(row["person"], ""),
                row["accepted_at"] is not None,
                f"/founders/{invitation_token(row['id'])}" if is_founder and row["accepted_at"] is None else None,
            )
            for row in founders
        ],
        twins=await list_twins(chapter),
        asked=last is not None and last["reason"] is None,
        answer=last["reason"] if last else None,
        is_founder=is_founder,
    )


async def manage_page(viewer: Viewer, slug: str, *, now: datetime) -> ManagePage:
    """The Rangers' home of a chapter. Raises ChapterNotFound."""
    chapter = await access_chapter(viewer, slug, may="run", now=now)
    return ManagePage(
        chapter=chapter,
        state_words=gettext(STATE_WORDS[chapter.state]),
        panels=await access.make_panels("manage", chapter, viewer, now),
        may_lead=viewer.holds("ranger", chapter.id),
    )


async def states(who: Viewer | UUID | None, slug: str, *, now: datetime) -> tuple[Chapter, list[StateRow]]:
    """The history, newest first; headquarters' "belum" answers only to those who may see the proposal's page."""
    chapter = await access_chapter(who, slug, now=now)
    rows = [row for row in await queries.list_states(chapter.id) if row["from_state"] != row["to_state"]]
    return chapter, [_state_row(row) for row in rows]


def _state_row(row: Mapping[str, Any]) -> StateRow:
    reason = row["reason"] or ""
    return StateRow(
        from_state=row["from_state"],
        to_state=row["to_state"],
        words=gettext(STATE_WORDS[State(row["to_state"])]),
        at=row["at"],
        reason=gettext(CAUSE_WORDS[reason]) if reason in CAUSE_WORDS else reason or None,
        by_job=row["actor_id"] is None,
    )


async def export_person(person_id: UUID) -> dict[str, Any]:
    """Everything this room holds about a person."""
    return {"founded": await queries.list_founded(person_id)}


async def list_topics() -> list[dict[str, Any]]:
    """The curriculum in its order, in both languages."""
    return await queries.list_topics()


async def topic_labels() -> dict[str, str]:
    """Key → label in the language of the moment, in the curriculum's order."""
    return {row["key"]: row[_label()] for row in await queries.list_topics()}


def _label() -> Literal["label_id", "label_en"]:
    return "label_en" if locale.get() == "en" else "label_id"


async def topics_page() -> list[TopicSection]:
    rows = await queries.list_topics()
    labels = {row["key"]: row[_label()] for row in rows}
    sections: dict[str, list[TopicView]] = {}
    for row in rows:
        view = TopicView(
            row["key"], labels[row["key"]], row["minutes"], row["goals"], [labels[key] for key in row["after"]]
        )
        sections.setdefault(row["section"], []).append(view)
    return [TopicSection(gettext(SECTION_WORDS[key]), topics) for key, topics in sections.items()]

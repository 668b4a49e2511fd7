"""What the pages and lists of events show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.events.deeds.access import access_event
from community.events.deeds.answering import CONSENT, MyRsvp, my_rsvp
from community.events.deeds.door import my_code, presences
from community.events.deeds.planning import find_near
from community.events.queries import events as queries
from community.events.queries import rsvps, scans
from community.events.queries.events import Filter, Listed
from community.events.queries.rsvps import Answer
from community.events.rules import share
from community.events.rules.event import Event
from community.events.rules.lifecycle import Caution, EventState
from community.events.rules.seats import SEATED, Mode, RsvpState, held, waiting
from community.kit.i18n import gettext as _
from community.kit.paging import PAGE_SIZE, Paged
from community.kit.settings import settings
from community.kit.viewer import Viewer
from community.places import service as places

EDGE_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Panel:
    """A part of an event's page that a room above fills: the template is included with `panel.view`."""

    template: str
    view: Any


PanelMaker = Callable[[Event, Viewer, datetime], Awaitable[Panel | None]]


@dataclass
class _Upstairs:
    panels: tuple[PanelMaker, ...] = ()


_upstairs = _Upstairs()


def use_panels(panels: Iterable[PanelMaker]) -> None:
    """Called by the roof: what rooms above show on an event's page, in this order."""
    _upstairs.panels = tuple(panels)


@dataclass(frozen=True)
class EventPage:
    """The public page. `mine`: the viewer's own RSVP; `code`: its code for the door; `may_run`: a Ranger looks."""

    event: Event
    room: share.Room
    room_words: str
    waiting: int
    mine: MyRsvp | None
    code: str | None
    may_run: bool
    joinable: bool
    holds_seat: bool
    topic: str | None
    og_title: str
    og_description: str
    url: str
    map_url: str
    share_text: str
    consent: str
    news_consent: str
    panels: Sequence[Panel]

    @property
    def address(self) -> str:
        return self.event.address if self.holds_seat or self.may_run else self.event.address_shown


async def event_page(viewer: Viewer, code: str, *, now: datetime) -> EventPage:
    """Raises EventNotFound."""
    event = await access_event(viewer, code, now=now)
    chairs, queue = (await rsvps.count_people([event.id])).get(event.id, (0, 0))
    room = share.room_left(event.capacity, chairs, queue)
    mine = await my_rsvp(viewer.person_id, event)
    told = _told(event)
    words = share.room_words(room) if event.state is EventState.PUBLISHED else state_words(event, now)
    terms = event.terms(now)
    return EventPage(
        event=event,
        room=room,
        room_words=words,
        waiting=queue,
        mine=mine,
        code=await my_code(mine.id) if mine and mine.live else None,
        may_run=viewer.runs(event.chapter_id),
        joinable=terms.mode is not Mode.CLOSED and event.rsvp_opens_at <= now < event.rsvp_closes_at,
        holds_seat=bool(mine and mine.state in SEATED),
        topic=await _topic_label(event.topic),
        og_title=share.og_title(told),
        og_description=share.og_description(told, words),
        url=told.url,
        map_url=map_url(event),
        share_text=share.whatsapp_text(told, room),
        consent=(await accounts.consent_text(CONSENT)).text,
        news_consent=(await accounts.consent_text("news")).text,
        panels=await _panels(event, viewer, now),
    )


async def _panels(event: Event, viewer: Viewer, now: datetime) -> list[Panel]:
    made = [await maker(event, viewer, now) for maker in _upstairs.panels]
    return [panel for panel in made if panel is not None]


async def _topic_label(topic: str | None) -> str | None:
    return (await chapters.topic_labels()).get(topic) if topic else None


def _told(event: Event) -> share.Told:
    return share.Told(
        title=event.title,
        chapter=event.chapter_name,
        starts_at=event.starts_at,
        tz=event.tz,
        place=event.place_name or _("tempat menyusul"),
        patokan=event.patokan,
        url=f"{settings().base_url}{event.path}",
    )


def state_words(event: Event, now: datetime) -> str:
    match event.state:
        case EventState.DRAFT:
            return _("belum terbit")
        case EventState.POSTPONED:
            return _("ditunda")
        case EventState.CANCELLED:
            return _("dibatalkan")
        case EventState.FINISHED:
            return _("sudah selesai")
    return (
        _("sudah lewat") if now >= event.ends_at else _("sedang berlangsung") if now >= event.starts_at else _("terbit")
    )


def map_url(event: Event) -> str:
    """A search on the map: by point if there is one, else by the words of the place."""
    point = event.point_shown
    where = f"{point[0]},{point[1]}" if point else f"{event.place_name} {event.address_shown}".strip()
    return f"https://www.google.com/maps/search/?api=1&query={quote(where, safe='')}" if where else ""


@dataclass(frozen=True)
class Item:
    """An event in a list."""

    event: Event
    words: str
    waiting: int


def _item(listed: Listed, now: datetime) -> Item:
    event = listed.event
    room = share.room_left(event.capacity, listed.held, listed.waiting)
    is_on = event.state is EventState.PUBLISHED and now < event.starts_at
    return Item(event, share.room_words(room) if is_on else state_words(event, now), listed.waiting)


@dataclass(frozen=True)
class ListPage:
    """Public events by date. `provinces`: (code, name) to choose from; `chapter`: the one asked for."""

    paged: Paged[Item]
    past: bool
    province: str
    provinces: Sequence[tuple[str, str]]
    chapter: chapters.Chapter | None


async def list_page(
    *, province: str = "", chapter: str = "", past: bool = False, number: int = 1, now: datetime
) -> ListPage:
    """Raises ChapterNotFound for a chapter that is not there."""
    known = await chapters.access_chapter(None, chapter, now=now) if chapter else None
    provinces = [(region.code, region.name) for region in places.provinces()]
    wanted = Filter(
        ends_from=BEGINNING if past else now,
        ends_before=now if past else EDGE_OF_TIME,
        chapter=known.slug if known else None,
        province=province if province in dict(provinces) else None,
    )
    total = await queries.count_events(wanted)
    found = await queries.list_events(wanted, PAGE_SIZE, offset=(number - 1) * PAGE_SIZE, newest_first=past)
    query = (("chapter", chapter), ("province", province), ("past", "yes" if past else ""))
    paged = Paged([_item(row, now) for row in found], number, PAGE_SIZE, total, "/events", query)
    return ListPage(paged, past, province, provinces, known)


async def list_for_machines(
    *, chapter: str | None, province: str | None, ends_from: datetime, after: tuple[str, str] | None, limit: int
) -> list[Listed]:
    """Up to limit + 1 public events by start."""
    wanted = Filter(ends_from=ends_from, ends_before=EDGE_OF_TIME, chapter=chapter, province=province)
    return await queries.list_events(wanted, limit + 1, after=after)


@dataclass(frozen=True)
class EditPage:
    """A Ranger's page about one event, with what to think of before publishing."""

    event: Event
    cautions: Sequence[Caution]
    topics: Sequence[tuple[str, str]]


async def edit_page(viewer: Viewer, code: str, *, now: datetime) -> EditPage:
    """Raises EventNotFound."""
    event = await access_event(viewer, code, may="run", now=now)
    return EditPage(event, await find_near(event), list((await chapters.topic_labels()).items()))


@dataclass(frozen=True)
class PublishedPage:
    event: Event
    url: str
    share_text: str
    words: str


async def published_page(viewer: Viewer, code: str, *, now: datetime) -> PublishedPage:
    """Link, QR and text to share. Raises EventNotFound."""
    event = await access_event(viewer, code, may="run", now=now)
    chairs, queue = (await rsvps.count_people([event.id])).get(event.id, (0, 0))
    told = _told(event)
    room = share.room_left(event.capacity, chairs, queue)
    return PublishedPage(event, told.url, share.whatsapp_text(told, room), state_words(event, now))


@dataclass(frozen=True)
class PeoplePage:
    """Everybody with an RSVP, in the order a Ranger needs: who comes, who is asked, who waits, who does not come."""

    event: Event
    going: Sequence[Answer]
    offered: Sequence[Answer]
    waiting: Sequence[Answer]
    gone: Sequence[Answer]
    held: int
    free: int | None
    can_pick: bool


async def people_page(viewer: Viewer, code: str, *, now: datetime) -> PeoplePage:
    """Names only; the look is recorded. Raises EventNotFound."""
    event = await access_event(viewer, code, may="run", now=now)
    answers = await rsvps.list_answers(event.id)
    await audit.record(viewer.person(), "event.people.read", ("event", event.id), now=now, chapter_id=event.chapter_id)
    seats = {answer.person: answer.seat for answer in answers}
    by_person = {answer.person: answer for answer in answers}
    chairs = held(seats)
    states = {state: [a for a in answers if a.seat.state is state] for state in RsvpState}
    return PeoplePage(
        event=event,
        going=states[RsvpState.GOING],
        offered=[*states[RsvpState.OFFERED], *states[RsvpState.INVITED]],
        waiting=[by_person[seat.person] for seat in waiting(seats.values())],
        gone=[a for state in ("cancelled", "declined", "removed", "lapsed") for a in states[RsvpState(state)]],
        held=chairs,
        free=None if event.capacity is None else max(event.capacity - chairs, 0),
        can_pick=event.terms(now).mode is not Mode.CLOSED,
    )


@dataclass(frozen=True)
class FinishPage:
    """The evening in numbers. `new_faces`: present for the first time in this chapter."""

    event: Event
    present: int
    expected: int
    new_faces: int


async def finish_page(viewer: Viewer, code: str, *, now: datetime) -> FinishPage:
    """Raises EventNotFound."""
    event = await access_event(viewer, code, may="run", now=now)
    here = await presences(event)
    expected = held(await rsvps.list_seats(event.id))
    fresh = await scans.list_first_timers(event.id, event.chapter_id, list(here))
    return FinishPage(event, len(here), expected, len(fresh))


@dataclass(frozen=True)
class MyItem:
    event: Event
    rsvp: Answer


async def my_rsvps(viewer: Viewer, *, now: datetime) -> list[MyItem]:
    """The viewer's own answers, coming events first."""
    found = []
    for answer in await rsvps.list_of_person(viewer.person()):
        event = await queries.find_by_id(answer.event_id)
        if event:
            found.append(MyItem(event, answer))
    ahead = sorted((item for item in found if item.event.ends_at > now), key=lambda item: item.event.starts_at)
    behind = sorted((item for item in found if item.event.ends_at <= now), key=lambda item: item.event.starts_at)
    return [*ahead, *reversed(behind)]


@dataclass(frozen=True)
class ChapterView:
    """On a chapter's page: the next five events, the last recaps; for its Rangers what waits for them."""

    chapter: chapters.Chapter
    upcoming: Sequence[Item]
    recaps: Sequence[Event]
    unfinished: Sequence[Event]


async def chapter_panel(chapter: chapters.Chapter, viewer: Viewer, now: datetime) -> chapters.Panel | None:
    coming = await queries.list_next([chapter.id], now, 5)
    recaps = await queries.list_recaps(chapter.id, 3)
    view = ChapterView(chapter, [_item(row, now) for row in coming], recaps, [])
    return chapters.Panel("events/_chapter.html", view)


async def manage_panel(chapter: chapters.Chapter, viewer: Viewer, now: datetime) -> chapters.Panel | None:
    coming = await queries.list_next([chapter.id], now, 10, drafts=True)
    unfinished = await queries.list_unfinished([chapter.id], now)
    view = ChapterView(chapter, [_item(row, now) for row in coming], [], unfinished)
    return chapters.Panel("events/_manage.html", view)


async def upcoming(chapter_ids: Collection[UUID], *, now: datetime, limit: int = 5, drafts: bool = False) -> list[Item]:
    """Events of these chapters that are not over, soonest first."""
    found = await queries.list_next(chapter_ids, now, limit, drafts=drafts) if chapter_ids else []
    return [_item(row, now) for row in found]


@dataclass(frozen=True)
class Waiting:
    """Something a Ranger should see to. `kind`: finish, draft or queue; `count` of people in the queue."""

    kind: str
    event: Event
    count: int = 0


async def waiting_for(viewer: Viewer, *, now: datetime) -> list[Waiting]:
    """Events over but not finished, drafts, and queues that wait for a hand."""
    mine = viewer.chapters()
    if not mine:
        return []
    found = [Waiting("finish", event) for event in await queries.list_unfinished(mine, now)]
    for listed in await queries.list_next(mine, now, 20, drafts=True):
        if listed.event.state is EventState.DRAFT:
            found.append(Waiting("draft", listed.event))
        elif listed.waiting and _needs_a_hand(listed, now):
            found.append(Waiting("queue", listed.event, listed.waiting))
    return found


def _needs_a_hand(listed: Listed, now: datetime) -> bool:
    event = listed.event
    has_room = event.capacity is None or listed.held < event.capacity
    return has_room and event.terms(now).mode is Mode.MANUAL


async def next_public(*, now: datetime, limit: int = 5) -> list[Item]:
    """The next public events anywhere."""
    found = await queries.list_events(Filter(now, EDGE_OF_TIME), limit)
    return [_item(row, now) for row in found]

"""The first page of each role, made of what the rooms below tell; and the pages in the footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from community.chapters import service as chapters
from community.chapters.service import Chapter
from community.chapters.service import Waiting as Proposed
from community.events import service as events
from community.events.service import Event, EventState, Item
from community.events.service import Waiting as Task
from community.home.rules import KEPT
from community.kit.i18n import gettext
from community.kit.privacy import REGISTER
from community.kit.viewer import Viewer
from community.members import service as members

DOOR_OPENS_BEFORE, DOOR_OPEN_AFTER = timedelta(hours=24), timedelta(hours=24)
SHOWN = 5


@dataclass(frozen=True)
class VisitorHome:
    """Somebody who is not signed in: what this is, and where to go."""

    coming: Sequence[Item]


@dataclass(frozen=True)
class Seat:
    """One of the viewer's own RSVPs that is still ahead."""

    event: Event
    state: str


@dataclass(frozen=True)
class MemberHome:
    """`coming`: of the own chapters, or of everywhere without any; those with a seat stand in `seats` only."""

    name: str
    seats: Sequence[Seat]
    coming: Sequence[Item]
    chapters: Sequence[Chapter]


@dataclass(frozen=True)
class RangerHome:
    """`door`: of the kopdar whose door may be opened now. `tasks` wait for the Ranger; `own` are seats elsewhere."""

    name: str
    chapters: Sequence[Chapter]
    next: Item | None
    later: Sequence[Item]
    door: Event | None
    tasks: Sequence[Task]
    now: datetime

    @property
    def shown(self) -> Sequence[Task]:
        return self.tasks[:SHOWN]


@dataclass(frozen=True)
class HqHome:
    """Figures and proposals, no people. `is_hq` False: an administrator, who answers no proposals."""

    name: str
    is_hq: bool
    counts: dict[str, int]
    proposals: Sequence[Proposed]
    coming: Sequence[Item]


FirstPage = VisitorHome | MemberHome | RangerHome | HqHome


async def first_page(viewer: Viewer, *, now: datetime) -> FirstPage:
    """By what the viewer holds: a Ranger's work comes before headquarters', both before a member's."""
    if not viewer.signed_in:
        return VisitorHome(await events.next_public(now=now, limit=SHOWN))
    if viewer.chapters():
        return await _ranger_home(viewer, now)
    if viewer.holds("hq") or viewer.holds("administrator"):
        return await _hq_home(viewer, now)
    return await _member_home(viewer, now)


async def _member_home(viewer: Viewer, now: datetime) -> MemberHome:
    own = [spell.chapter for spell in await members.spells(viewer.person()) if spell.left_on is None]
    seats = await _seats(viewer, now)
    if own:
        coming = await events.upcoming([chapter.id for chapter in own], now=now, limit=SHOWN + len(seats))
    else:
        coming = await events.next_public(now=now, limit=SHOWN + len(seats))
    held = {seat.event.id for seat in seats}
    return MemberHome(viewer.name, seats, [item for item in coming if item.event.id not in held][:SHOWN], own)


async def _seats(viewer: Viewer, now: datetime) -> list[Seat]:
    live = {"going", "waitlisted", "offered"}
    mine = [Seat(item.event, item.rsvp.seat.state.value) for item in await events.my_rsvps(viewer, now=now)]
    return [seat for seat in mine if seat.event.is_open and seat.event.ends_at > now and seat.state in live][:SHOWN]


async def _ranger_home(viewer: Viewer, now: datetime) -> RangerHome:
    own = await chapters.list_chapters_by_id(viewer.chapters())
    coming = await events.upcoming([chapter.id for chapter in own], now=now, limit=SHOWN + 1)
    tasks = await events.waiting_for(viewer, now=now)
    first, later = (coming[0], coming[1:]) if coming else (None, [])
    return RangerHome(viewer.name, own, first, later, _pick_door(coming, tasks, now), tasks, now)


def _pick_door(coming: Sequence[Item], tasks: Sequence[Task], now: datetime) -> Event | None:
    """The kopdar that is on or next within a day; else the one just over, while latecomers may still be marked."""
    published = [item.event for item in coming if item.event.state is EventState.PUBLISHED]
    ahead = [event for event in published if event.starts_at - DOOR_OPENS_BEFORE <= now]
    over = [task.event for task in tasks if task.kind == "finish" and now < task.event.ends_at + DOOR_OPEN_AFTER]
    return next(iter([*ahead, *over]), None)


async def _hq_home(viewer: Viewer, now: datetime) -> HqHome:
    is_hq = viewer.holds("hq")
    waiting = await chapters.proposals(viewer, now=now) if is_hq else []
    counts = (await chapters.list_page("", None, 1)).counts
    return HqHome(viewer.name, is_hq, counts, waiting, await events.next_public(now=now, limit=SHOWN))


def kept_about_people() -> list[tuple[str, str, str]]:
    """What, what for, how long: of every table here that holds anything personal, in the reader's language."""
    listed = [KEPT[name] for name in KEPT if name in REGISTER]
    return [(gettext(kept.what), gettext(kept.purpose), gettext(kept.keep)) for kept in listed]

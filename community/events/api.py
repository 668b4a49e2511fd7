"""Events and RSVPs over the API: the same deeds as the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.events import service
from community.events.errors import RsvpNotFound
from community.events.forms import (
    CapacityForm,
    CloneIn,
    EventIn,
    EventList,
    EventOut,
    EventPatch,
    EventQuery,
    FinishIn,
    ListedRsvp,
    PickForm,
    ReasonForm,
    RosterOut,
    RosterRow,
    RsvpIn,
    RsvpList,
    RsvpOut,
    ScanAnswer,
    ScanBatch,
    ScanIn,
    ScansIn,
    ScansOut,
    VersionIn,
)
from community.kit.clock import Clock
from community.kit.errors import InvalidInput
from community.kit.forms import bind
from community.kit.paging import next_cursor, read_cursor
from community.kit.settings import settings
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, etag, if_match, read_json, read_query, uuid_or_none

EVENTS, RSVPS = ["events"], ["rsvps"]
PATH = "/api/v1/events/{code:str}"


def shown(event: service.Event, status: int = 200) -> Response[EventOut]:
    return Response(EventOut.of(event, settings().base_url), status_code=status, headers=etag(event.version))


@get("/api/v1/events", tags=EVENTS, summary="Public events that are not over", opt={"query": EventQuery})
async def index(request: AnyRequest, clock: NamedDependency[Clock]) -> EventList:
    """By start, of one chapter (slug) or province (code) if asked; page on with `after`."""
    query = read_query(request, EventQuery)
    cursor = read_cursor(query.after, query.limit)
    after = (str(cursor.after[0]), str(cursor.after[1])) if cursor.after and len(cursor.after) == 2 else None
    found = await service.list_for_machines(
        chapter=query.chapter, province=query.province, ends_from=clock(), after=after, limit=query.limit
    )
    kept, following = next_cursor(found, query.limit, lambda item: (item.event.starts_at.isoformat(), item.event.id))
    return EventList([EventOut.of(item.event, settings().base_url) for item in kept], following)


@post("/api/v1/events", tags=EVENTS, summary="Draft an event", opt={"once": True, "body": EventIn})
async def create(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    viewer.person()
    body = await read_json(request, EventIn)
    return shown(await service.create(viewer, body.chapter, body.plan(), now=clock()), 201)


@get(PATH, tags=EVENTS, summary="One event")
async def show(
    code: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    return shown(await service.access_event(viewer, code, now=clock()))


@patch(PATH, tags=EVENTS, summary="Change an event", opt={"body": EventPatch})
async def edit(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    """Whoever comes hears of a new time or place. A new start alone keeps the length."""
    viewer.person()
    event = await service.access_event(viewer, code, may="run", now=clock())
    body = await read_json(request, EventPatch)
    version = if_match(request, body.version)
    changes: dict[str, Any] = body.changes()
    if body.starts_at and not body.ends_at:
        changes["ends_at"] = body.starts_at + (event.ends_at - event.starts_at)
    plan = replace(service.plan_of(event), **changes)
    return shown(await service.edit(viewer, code, plan, version=version, now=clock()))


@post(f"{PATH}/publish", tags=EVENTS, summary="Publish, or publish again", opt={"once": True, "body": VersionIn})
async def publish(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    viewer.person()
    body = await read_json(request, VersionIn)
    return shown(await service.publish(viewer, code, version=body.version, now=clock()))


@post(f"{PATH}/postpone", tags=EVENTS, summary="Postpone until a new time", opt={"once": True, "body": ReasonForm})
async def postpone(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    viewer.person()
    body = await read_json(request, ReasonForm)
    return shown(await service.postpone(viewer, code, reason=body.reason, version=body.version, now=clock()))


@post(f"{PATH}/cancel", tags=EVENTS, summary="Cancel for good", opt={"once": True, "body": ReasonForm})
async def cancel(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    viewer.person()
    body = await read_json(request, ReasonForm)
    return shown(await service.cancel(viewer, code, reason=body.reason, version=body.version, now=clock()))


@post(f"{PATH}/finish", tags=EVENTS, summary="Say that it is over", opt={"once": True, "body": FinishIn})
async def finish(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    viewer.person()
    body = await read_json(request, FinishIn)
    complete = body.attendance_complete
    return shown(
        await service.finish(
            viewer, code, attendance_complete=complete, recap=body.recap, version=body.version, now=clock()
        )
    )


@post(f"{PATH}/clone", tags=EVENTS, summary="Draft another like it", opt={"once": True, "body": CloneIn})
async def clone(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    viewer.person()
    body = await read_json(request, CloneIn)
    return shown(await service.clone(viewer, code, starts_at=body.starts_at, now=clock()), 201)


@post(f"{PATH}/capacity", tags=EVENTS, summary="More seats, or fewer", opt={"once": True, "body": CapacityForm})
async def change_capacity(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[EventOut]:
    """409 `capacity_below_going` names who is going: send some of their RSVPs in `move_back`."""
    viewer.person()
    body = await read_json(request, CapacityForm)
    event = await service.change_capacity(
        viewer,
        code,
        body.capacity,
        move_back=body.move_back,
        version=body.version,
        now=clock(),
        channel="api",
    )
    return shown(event)


def own(mine: service.MyRsvp) -> RsvpOut:
    return RsvpOut(mine.id, mine.state.value, mine.party_size, mine.place, mine.expires_at, mine.confirm_by)


@put(f"{PATH}/rsvp", tags=RSVPS, summary="Take a seat, or a place in the queue", opt={"body": RsvpIn})
async def rsvp(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> RsvpOut:
    """Again: change the party, or take the seat offered. The event and the person are the key."""
    viewer.person()
    body = await read_json(request, RsvpIn)
    return own(await service.rsvp(viewer, code, party_size=body.party_size, now=clock(), channel="api"))


@delete(f"{PATH}/rsvp", tags=RSVPS, summary="Give the seat back", status_code=200)
async def withdraw(code: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> RsvpOut:
    viewer.person()
    return own(await service.withdraw(viewer, code, now=clock(), channel="api"))


@post(f"{PATH}/rsvp/accept", tags=RSVPS, summary="Take the seat offered", status_code=200, opt={"once": True})
async def accept(code: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> RsvpOut:
    viewer.person()
    return own(await service.accept(viewer, code, now=clock(), channel="api"))


@post(f"{PATH}/rsvp/confirm", tags=RSVPS, summary="Say again that one comes", status_code=200, opt={"once": True})
async def confirm(code: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> RsvpOut:
    viewer.person()
    return own(await service.confirm(viewer, code, now=clock(), channel="api"))


@get(f"{PATH}/rsvps", tags=RSVPS, summary="Everybody's RSVPs, for Rangers")
async def list_rsvps(code: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> RsvpList:
    """Names and states, no contact."""
    viewer.person()
    _event, found = await service.list_rsvps(viewer, code, now=clock())
    return RsvpList([listed(answer, place) for answer, place in found])


def listed(answer: service.Answer, place: int | None) -> ListedRsvp:
    seat = answer.seat
    return ListedRsvp(
        answer.id, answer.name, seat.state.value, seat.party_size, place, answer.source, answer.created_at
    )


@post(
    f"{PATH}/rsvps/{{rsvp_id:str}}/pick",
    tags=RSVPS,
    summary="Give a seat out of turn",
    status_code=200,
    opt={"once": True, "body": PickForm},
)
async def pick(
    code: FromPath[str],
    rsvp_id: FromPath[str],
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> ListedRsvp:
    viewer.person()
    wanted = known_id(rsvp_id)
    body = await read_json(request, PickForm)
    await service.pick(viewer, code, wanted, reason=body.reason, now=clock(), channel="api")
    return listed((await service.access_answer(viewer, code, wanted, clock()))[1], None)


@post(
    f"{PATH}/rsvps/{{rsvp_id:str}}/remove",
    tags=RSVPS,
    summary="Take off the list",
    status_code=200,
    opt={"once": True, "body": ReasonForm},
)
async def remove(
    code: FromPath[str],
    rsvp_id: FromPath[str],
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> ListedRsvp:
    """The person is told, and cannot join this event by themselves again."""
    viewer.person()
    wanted = known_id(rsvp_id)
    body = await read_json(request, ReasonForm)
    await service.remove(viewer, code, wanted, reason=body.reason, now=clock(), channel="api")
    return listed((await service.access_answer(viewer, code, wanted, clock()))[1], None)


def known_id(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise RsvpNotFound
    return found


@get(f"{PATH}/roster", tags=RSVPS, summary="The list of the door")
async def roster(code: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> RosterOut:
    """Names, last digits and arrivals; no phone number, no e-mail."""
    viewer.person()
    found = await service.roster(viewer, code, now=clock())
    event = found.event
    rows = [RosterRow(r.rsvp_id, r.name, r.tail, r.party_size, r.state, r.arrived_at) for r in found.rows]
    return RosterOut(event.code, event.starts_at, event.tz, rows)


@post(
    f"{PATH}/scans", tags=RSVPS, summary="Send what a phone marked at the door", status_code=200, opt={"body": ScansIn}
)
async def upload(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> ScansOut:
    """Up to 200 marks, each answered by its nonce: accepted, duplicate, unknown_token, late or not_valid."""
    viewer.person()
    batch = await read_json(request, ScanBatch)
    read = [read_scan(item) for item in batch.scans]
    marks = [mark for _nonce, mark in read if mark is not None]
    results = await service.upload(viewer, code, marks, sent_at=batch.sent_at, now=clock())
    return ScansOut([ScanAnswer(nonce, results.get(str(nonce), "not_valid")) for nonce, _mark in read])


def read_scan(item: dict[str, Any]) -> tuple[UUID | None, service.Upload | None]:
    """The nonce as far as it can be read, and the mark if all of it can."""
    try:
        scan = bind(ScanIn, item, strict=True)
    except InvalidInput:
        return uuid_or_none(str(item.get("nonce"))), None
    return scan.nonce, service.Upload(
        nonce=str(scan.nonce),
        kind=scan.kind,
        scanned_at=scan.scanned_at,
        rsvp_id=scan.rsvp,
        token=scan.token,
        undoes=tuple(str(nonce) for nonce in scan.undoes),
        name=scan.name,
        phone=scan.phone,
        source="qr" if scan.token else "search" if scan.rsvp else "walk_in",
    )


ROUTES = (
    *(index, create, show, edit, publish, postpone, cancel, finish, clone, change_capacity),
    *(rsvp, withdraw, accept, confirm, list_rsvps, pick, remove, roster, upload),
)

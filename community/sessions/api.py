"""Sessions over the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.kit.clock import Clock
from community.kit.forms import bind
from community.kit.paging import next_cursor, read_cursor
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, etag, if_match, read_json, read_query, uuid_or_none
from community.sessions import service
from community.sessions.errors import SessionNotFound
from community.sessions.forms import SessionIn, SessionList, SessionOut, SessionPatch, SessionQuery, SpeakerIn

TAGS = ["sessions"]
PATH = "/api/v1/sessions/{session_id:str}"


def known_id(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise SessionNotFound
    return found


def shown(session: service.Session, status: int = 200) -> Response[SessionOut]:
    return Response(SessionOut.of(session), status_code=status, headers=etag(session.version))


def read_speakers(given: list[dict[str, Any]]) -> list[SpeakerIn]:
    return [bind(SpeakerIn, item, strict=True) for item in given]


@get("/api/v1/sessions", tags=TAGS, summary="Sessions of public events", opt={"query": SessionQuery})
async def index(request: AnyRequest) -> SessionList:
    """By start, past ones too; of one event (code) or topic (key) if asked."""
    query = read_query(request, SessionQuery)
    cursor = read_cursor(query.after, query.limit)
    after = (str(cursor.after[0]), str(cursor.after[1])) if cursor.after and len(cursor.after) == 2 else None
    found = await service.list_for_machines(event=query.event, topic=query.topic, after=after, limit=query.limit)
    kept, following = next_cursor(found, query.limit, lambda item: (item.starts_at.isoformat(), item.id))
    return SessionList([SessionOut.of(session) for session in kept], following)


@post("/api/v1/sessions", tags=TAGS, summary="Add a session to an event", opt={"once": True, "body": SessionIn})
async def add(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[SessionOut]:
    """Each speaker: name, contact (to find somebody of the platform), consent to be named."""
    viewer.person()
    body = await read_json(request, SessionIn)
    plan = body.plan(read_speakers(body.speakers))
    return shown(await service.add(viewer, body.event, plan, now=clock()), 201)


@get(PATH, tags=TAGS, summary="One session")
async def show(
    session_id: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[SessionOut]:
    return shown(await service.access_session(viewer, known_id(session_id), now=clock()))


@patch(PATH, tags=TAGS, summary="Change a session", opt={"body": SessionPatch})
async def edit(
    session_id: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[SessionOut]:
    viewer.person()
    known = known_id(session_id)
    session = await service.access_session(viewer, known, may="run", now=clock())
    body = await read_json(request, SessionPatch)
    version = if_match(request, body.version)
    plan = replace(service.plan_of(session), **body.changes())
    if body.speakers is not None:
        plan = replace(plan, speakers=tuple(speaker.speaking() for speaker in read_speakers(body.speakers)))
    kept = body.speakers is None
    return shown(await service.edit(viewer, known, plan, version=version, now=clock(), keep_speakers=kept))


@delete(PATH, tags=TAGS, summary="Take a session off the programme")
async def remove(session_id: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> None:
    viewer.person()
    await service.remove(viewer, known_id(session_id), now=clock())


ROUTES = (index, add, show, edit, remove)

"""Chapters over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from community.chapters import service
from community.chapters.forms import (
    ChapterList,
    ChapterOut,
    EditBody,
    ProposeBody,
    StateList,
    StateOut,
    TopicList,
    TopicOut,
)
from community.chapters.service import ListItem, Proposal, Texts
from community.kit.clock import Clock
from community.kit.inputs import clean_query
from community.kit.paging import read_cursor
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, etag, if_match, read_json

Limit = Annotated[int, QueryParameter(ge=1, le=100)]


def _out(item: ListItem) -> ChapterOut:
    chapter = item.chapter
    return ChapterOut(
        id=chapter.id,
        slug=chapter.slug,
        name=chapter.name,
        state=chapter.state.value,
        state_since=chapter.state_since,
        time_zone=chapter.tz,
        region_codes=item.region_codes,
        latitude=chapter.latitude,
        longitude=chapter.longitude,
        about=chapter.about,
        members=item.members,
        is_demo=chapter.is_demo,
        version=chapter.version,
    )


@get("/api/v1/chapters", tags=["chapters"], summary="Open chapters by name")
async def index(
    q: FromQuery[str] = "", province: FromQuery[str] = "", after: FromQuery[str] = "", limit: Limit = 25
) -> ChapterList:
    """`q` matches name, address or region; `province` is its two-digit code."""
    cursor = read_cursor(after[:400], limit)
    items, onward = await service.list_for_machines(clean_query(q), clean_query(province)[:2] or None, cursor)
    return ChapterList([_out(item) for item in items], onward)


@post("/api/v1/chapters", tags=["chapters"], summary="Propose a chapter", opt={"once": True, "body": ProposeBody})
async def propose(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[ChapterOut]:
    """The second founder is invited; with their yes headquarters is asked."""
    body = await read_json(request, ProposeBody)
    proposal = Proposal(
        name=body.name,
        seat_code=body.region_code,
        more_codes=tuple(body.more_region_codes),
        founder_name=body.founder_name,
        founder_contact=body.founder_contact,
        conduct=body.conduct,
        slug=body.slug,
    )
    chapter = await service.propose(person_id, proposal, now=clock())
    return Response(
        _out(await service.show_item(person_id, chapter.slug, now=clock())),
        status_code=201,
        headers={"Location": f"/api/v1/chapters/{chapter.slug}", **etag(chapter.version)},
    )


@get("/api/v1/chapters/{slug:str}", tags=["chapters"], summary="One chapter")
async def show(
    slug: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[ChapterOut]:
    """An address that was given up answers with the chapter and its present slug."""
    item = await service.show_item(viewer, slug, now=clock())
    return Response(_out(item), headers=etag(item.chapter.version))


@patch("/api/v1/chapters/{slug:str}", tags=["chapters"], summary="Edit a chapter", opt={"body": EditBody})
async def edit(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[ChapterOut]:
    """For its Rangers. What is left out stays; `version` or `If-Match` is needed."""
    now = clock()
    chapter = await service.access_chapter(viewer, slug, may="run", now=now)
    body = await read_json(request, EditBody)
    version = if_match(request, body.version)
    given = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not msgspec.UNSET}
    texts = Texts(**{**_texts(chapter), **{name: value for name, value in given.items() if name != "version"}})
    edited = await service.edit(viewer, slug, texts, version, now=now)
    item = await service.show_item(viewer, edited.slug, now=now)
    return Response(_out(item), headers=etag(edited.version))


def _texts(chapter: service.Chapter) -> dict[str, Any]:
    return {name: value for name, value in service.shown_texts(chapter).items() if name != "version"}


@get("/api/v1/chapters/{slug:str}/states", tags=["chapters"], summary="The states a chapter was in")
async def states(slug: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> StateList:
    """Newest first."""
    _chapter, rows = await service.states(viewer, slug, now=clock())
    return StateList(
        [
            StateOut(from_state=row.from_state, to_state=row.to_state, at=row.at, reason=row.reason, by_job=row.by_job)
            for row in rows
        ]
    )


@get("/api/v1/topics", tags=["chapters"], summary="The curriculum")
async def topics() -> TopicList:
    """Keys are fixed for ever; `after` names topics to come first."""
    rows = await service.list_topics()
    return TopicList([TopicOut(**{name: row[name] for name in TopicOut.__struct_fields__}) for row in rows])


ROUTES = (index, propose, show, edit, states, topics)

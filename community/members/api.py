"""Members over the API: a chapter's list for its Rangers, one's own joining and leaving, imports."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from community.kit.clock import Clock
from community.kit.inputs import clean_query
from community.kit.paging import read_cursor
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, read_json
from community.members import service
from community.members.errors import FileNeeded
from community.members.forms import (
    CommitForm,
    ImportFault,
    ImportOut,
    JoinForm,
    MembershipList,
    MembershipOut,
    OwnMembership,
)
from community.members.service import MemberRow, Report

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
UPLOAD_MAX_BYTES = 12_000_000
TAGS = ["memberships"]


def _out(row: MemberRow) -> MembershipOut:
    return MembershipOut(
        id=row.id,
        name=row.name,
        phone_tail=row.phone_tail,
        joined_on=row.joined_on,
        precision=row.precision,
        source=row.source,
    )


@get("/api/v1/chapters/{slug:str}/memberships", tags=TAGS, summary="Members of a chapter, for its Rangers")
async def index(
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
    q: FromQuery[str] = "",
    after: FromQuery[str] = "",
    limit: Limit = 25,
) -> MembershipList:
    """By name. `q` is part of a name, or the last three digits of a phone. Each reading is recorded."""
    cursor = read_cursor(after[:400], limit)
    rows, onward = await service.members_for_machines(viewer, slug, clean_query(q), cursor, now=clock())
    return MembershipList([_out(row) for row in rows], onward)


@post(
    "/api/v1/chapters/{slug:str}/memberships",
    tags=TAGS,
    summary="Join a chapter",
    opt={"once": True, "body": JoinForm},
)
async def join(
    request: AnyRequest, slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[OwnMembership]:
    """For oneself, with consent; a member already stays one."""
    body = await read_json(request, JoinForm)
    await service.join(person_id, slug, consent=body.consent, now=clock(), channel="api")
    return Response(await _own(person_id, slug, clock), status_code=201)


@delete("/api/v1/chapters/{slug:str}/memberships", tags=TAGS, summary="Leave a chapter", status_code=200)
async def leave(slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> OwnMembership:
    """For oneself, at once; without a membership nothing happens."""
    await service.leave(person_id, slug, now=clock())
    return await _own(person_id, slug, clock)


async def _own(person_id: UUID, slug: str, clock: Clock) -> OwnMembership:
    spell = await service.latest_spell(person_id, slug, now=clock())
    return OwnMembership(
        chapter=slug,
        member=spell is not None and spell.left_on is None,
        joined_on=spell.joined_on if spell else None,
        left_on=spell.left_on if spell else None,
    )


@post(
    "/api/v1/chapters/{slug:str}/imports",
    tags=TAGS,
    summary="Look at a list of members",
    opt={"once": True, "upload": "text/csv"},
    request_max_body_size=UPLOAD_MAX_BYTES,
)
async def look(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[ImportOut]:
    """The body is the CSV file itself. Nothing is stored but the file, for a day."""
    content = await request.body()
    if not content:
        raise FileNeeded
    found = await service.look(viewer, slug, "api.csv", content, now=clock())
    return Response(_import(found.id, found.file_hash, found.report), status_code=201)


@post(
    "/api/v1/chapters/{slug:str}/imports/{import_id:uuid}/commit",
    tags=TAGS,
    summary="Carry out a list that was looked at",
    opt={"once": True, "body": CommitForm},
    status_code=200,
)
async def commit(
    request: AnyRequest,
    slug: FromPath[str],
    import_id: FromPath[UUID],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> ImportOut:
    """All rows or none. 409 `plan_changed` if the outcome would be another than the one looked at."""
    body = await read_json(request, CommitForm)
    report = await service.commit(viewer, slug, import_id, body.file_hash, now=clock())
    return _import(import_id, body.file_hash, report, committed=True)


def _import(import_id: UUID, file_hash: str, report: Report, *, committed: bool = False) -> ImportOut:
    return ImportOut(
        id=import_id,
        file_hash=file_hash,
        row_count=report.row_count,
        counts=report.counts,
        errors=[
            ImportFault(row=e.number, column=e.column, value=e.value, code=e.code, advice=e.advice)
            for e in report.errors
        ],
        columns_not_stored=list(report.unread),
        committed=committed,
    )


ROUTES = (index, join, leave, look, commit)

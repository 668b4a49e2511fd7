"""Rangers over the API: who serves, proposals, one's own profile and leaves, headquarters' yes."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.kit.clock import Clock
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, etag, if_match, read_json
from community.rangers import service
from community.rangers.forms import (
    EndorsedOut,
    LeaveForm,
    LeaveOut,
    ProfileBody,
    ProfileOut,
    ProposedOut,
    ProposeForm,
    RangerList,
    RangerOut,
)
from community.rangers.service import Absence, Changes, Profile

TAGS = ["rangers"]


@post(
    "/api/v1/chapters/{slug:str}/endorse", tags=["chapters"], summary="Say yes to a proposed chapter", status_code=200
)
async def endorse(
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> EndorsedOut:
    """For headquarters. The founders become its first Rangers."""
    chapter = await service.endorse_chapter(viewer, slug, now=clock())
    return EndorsedOut(slug=chapter.slug, state=chapter.state.value, version=chapter.version)


@get("/api/v1/chapters/{slug:str}/rangers", tags=TAGS, summary="Who runs a chapter")
async def index(slug: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> RangerList:
    """Named are those who agreed; the chapter's own Rangers see every name."""
    found = await service.list_rangers(viewer, slug, now=clock())
    return RangerList([RangerOut(name=each.name, role=each.role, topics=each.topics) for each in found])


@post(
    "/api/v1/chapters/{slug:str}/rangers",
    tags=TAGS,
    summary="Propose a member as Ranger or deputy",
    opt={"once": True, "body": ProposeForm},
)
async def propose(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[ProposedOut]:
    """For a Ranger of the chapter; the person is asked and decides."""
    body = await read_json(request, ProposeForm)
    spell = await service.propose(viewer, slug, body.member_id, body.kind, now=clock())
    return Response(ProposedOut(id=spell.id, role=spell.role.value, accepted=False), status_code=201)


@get("/api/v1/rangers/{ranger_id:uuid}/profile", tags=TAGS, summary="One's own profile")
async def profile(ranger_id: FromPath[UUID], person_id: NamedDependency[UUID]) -> Response[ProfileOut]:
    """`ranger_id` is the person's id; anybody else's profile is not found."""
    return _profile(await service.profile_of(person_id, ranger_id))


@patch(
    "/api/v1/rangers/{ranger_id:uuid}/profile", tags=TAGS, summary="Change one's own profile", opt={"body": ProfileBody}
)
async def change_profile(
    request: AnyRequest, ranger_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[ProfileOut]:
    """What is left out stays; `version` or `If-Match` is needed."""
    await service.profile_of(person_id, ranger_id)
    body = await read_json(request, ProfileBody)
    version = if_match(request, body.version)
    given = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not msgspec.UNSET}
    del given["version"]
    changes = Changes(**given, no_reach_limit="reach_minutes" in given and given["reach_minutes"] is None)
    return _profile(await service.change_profile(person_id, changes, version, now=clock()))


def _profile(found: Profile) -> Response[ProfileOut]:
    out = ProfileOut(**{name: getattr(found, name) for name in ProfileOut.__struct_fields__})
    return Response(out, headers=etag(found.version))


@post(
    "/api/v1/rangers/{ranger_id:uuid}/leaves",
    tags=TAGS,
    summary="Be away for some days",
    opt={"once": True, "body": LeaveForm},
)
async def take_leave(
    request: AnyRequest, ranger_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[LeaveOut]:
    """First and last day included, at most 180; no reason asked."""
    await service.profile_of(person_id, ranger_id)
    body = await read_json(request, LeaveForm)
    leave_id = await service.take_leave(person_id, Absence(body.first_on, body.last_on), now=clock())
    return Response(LeaveOut(id=leave_id, first_on=body.first_on, last_on=body.last_on), status_code=201)


ROUTES = (endorse, index, propose, profile, change_profile, take_leave)

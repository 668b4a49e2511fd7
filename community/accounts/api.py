"""One's own account over the API. Tokens are made on the page only, where the password is asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.accounts import service
from community.accounts.forms import (
    ConsentList,
    ConsentOut,
    LookList,
    LookOut,
    MeOut,
    ProfileForm,
    RoleOut,
    TokenList,
    TokenOut,
)
from community.kit.clock import Clock
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, etag, read_json

TAGS = ["me"]


@get("/api/v1/me", tags=TAGS, summary="Who the token belongs to, and what it may")
async def me(person_id: NamedDependency[UUID], viewer: NamedDependency[Viewer]) -> Response[MeOut]:
    return await _me(person_id, viewer)


@patch("/api/v1/me", tags=TAGS, summary="Correct name and phone number", opt={"body": ProfileForm})
async def edit_me(
    request: AnyRequest,
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[MeOut]:
    """`version` is the one the change was made from; 409 `stale_version` if somebody else was faster."""
    form = await read_json(request, ProfileForm)
    await service.edit_profile(person_id, name=form.name, phone=form.phone, version=form.version, now=clock())
    return await _me(person_id, viewer)


async def _me(person_id: UUID, viewer: Viewer) -> Response[MeOut]:
    person = await service.show_person(person_id)
    shown = MeOut(
        id=person.id,
        name=person.name,
        phone=person.phone,
        phone_verified=person.phone_verified_at is not None,
        email=person.email,
        email_verified=person.email_verified_at is not None,
        locale=person.locale,
        roles=[RoleOut(grant.role, grant.scope_id) for grant in sorted(viewer.roles, key=str)],
        scopes=sorted(viewer.scopes),
        version=person.version,
    )
    return Response(shown, headers=etag(person.version))


@get("/api/v1/me/consents", tags=TAGS, summary="What one agreed to, live ones first")
async def consents(person_id: NamedDependency[UUID]) -> ConsentList:
    found = await service.list_consents(person_id)
    return ConsentList([msgspec.convert(view, ConsentOut, from_attributes=True) for view in found])


@post(
    "/api/v1/me/consents/{consent_id:uuid}/withdraw",
    tags=TAGS,
    summary="Withdraw a consent; works at once",
    status_code=200,
)
async def withdraw(
    consent_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> ConsentList:
    await service.withdraw_own(person_id, consent_id, now=clock())
    found = await service.list_consents(person_id)
    return ConsentList([msgspec.convert(view, ConsentOut, from_attributes=True) for view in found])


@get("/api/v1/me/tokens", tags=TAGS, summary="One's API tokens, without the secrets")
async def tokens(person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> TokenList:
    found = await service.list_tokens(person_id, now=clock())
    return TokenList([msgspec.convert(view, TokenOut, from_attributes=True) for view in found])


@get("/api/v1/me/looks", tags=TAGS, summary="Who looked at or changed one's data")
async def looks(person_id: NamedDependency[UUID]) -> LookList:
    found = await service.who_looked(person_id)
    return LookList([msgspec.convert(look, LookOut, from_attributes=True) for look in found])


@post("/api/v1/me/export", tags=TAGS, summary="Everything held about oneself, from every room", status_code=200)
async def export(person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> dict[str, Any]:
    """At most ten a day; each is a row in the audit log, which is why it is no GET."""
    return await service.export_everything(person_id, now=clock())


ROUTES = (me, edit_me, consents, withdraw, tokens, looks, export)

"""Pages of sessions: find them, read one, and a Ranger's forms."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.kit.clock import Clock
from community.kit.i18n import gettext as _
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, form_view, page, read_form, read_query, redirect, uuid_or_none
from community.sessions import service
from community.sessions.errors import SessionNotFound
from community.sessions.forms import ListQuery, RemoveForm, SessionForm


def known_id(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise SessionNotFound
    return found


@get("/sessions")
async def index(request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    query = read_query(request, ListQuery)
    view = await service.list_page(topic=query.topic, past=query.past, number=query.page, now=clock())
    return page(request, "sessions/list.html", view=view)


@get("/sessions/{session_id:str}")
async def show(
    session_id: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    view = await service.session_page(viewer, known_id(session_id), now=clock())
    return page(request, "sessions/show.html", view=view)


@get("/events/{code:str}/sessions/new")
async def new(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    view = await service.form_page(viewer, event_code=code, now=clock())
    form = form_view(request, SessionForm, {"topic": view.event.topic})
    return page(request, "sessions/form.html", view=view, form=form, action=request.url.path)


@post("/events/{code:str}/sessions/new", opt={"once": True})
async def add(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, SessionForm)
    session = await service.add(viewer, code, form.plan(), now=clock())
    return redirect(f"/events/{session.event_code}", say=_("Sesi ditambahkan."))


@get("/sessions/{session_id:str}/edit")
async def edit_form(
    session_id: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    view = await service.form_page(viewer, session_id=known_id(session_id), now=clock())
    session = view.session
    if session is None:
        raise SessionNotFound
    initial = {name: getattr(session, name) for name in ("title", "topic", "minutes", "level", "form")}
    if session.speakers:
        initial |= {"speaker": session.speakers[0].name, "speaker_consent": session.speakers[0].named}
    form = form_view(request, SessionForm, initial, version=session.version)
    return page(request, "sessions/form.html", view=view, form=form, action=request.url.path)


@post("/sessions/{session_id:str}/edit")
async def edit(
    session_id: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    known = known_id(session_id)
    await service.access_session(viewer, known, may="run", now=clock())
    form = read_form(request, SessionForm)
    session = await service.edit(viewer, known, form.plan(), version=form.version or 0, now=clock())
    return redirect(session.path, say=_("Perubahan tersimpan."))


@post("/sessions/{session_id:str}/remove", opt={"form": "/sessions/{session_id}"})
async def remove(
    session_id: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    read_form(request, RemoveForm)
    session = await service.remove(viewer, known_id(session_id), now=clock())
    return redirect(f"/events/{session.event_code}", say=_("Sesi dihapus."))


ROUTES = (index, show, new, add, edit_form, edit, remove)

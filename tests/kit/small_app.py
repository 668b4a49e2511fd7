"""A small application under the real front: one form, one creating form, one API resource, and faults on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import asyncpg
import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.types import Scope

from community.kit.answers import answer
from community.kit.asking import asking
from community.kit.clock import StoppedClock
from community.kit.errors import Conflict, FieldError, InvalidInput
from community.kit.front import Front
from community.kit.guard import Guard
from community.kit.ids import uuid7
from community.kit.inputs import text
from community.kit.once import Once
from community.kit.settings import settings
from community.kit.tables import JobSlot
from community.kit.viewer import Viewer
from community.kit.web import form_view, now_of, read_form, read_json, redirect

AnyRequest = Request[Any, Any, Any]


class Full(Conflict):
    code = "full"
    message = "Sudah penuh."


class SmallForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    title: Annotated[str, text("Judul", least=3, most=20)]


@get("/things/new")
async def new_thing(request: AnyRequest) -> Response[str]:
    form = form_view(request, SmallForm)
    told = "|".join([form.value("title"), form.problem, *(error.detail for error in form.errors)])
    status = form.again.status if form.again else 200
    return Response(f"form:{told}", media_type="text/html", status_code=status)


async def make_thing(request: AnyRequest, title: str) -> None:
    thing = uuid7()
    slot = now_of(request) + timedelta(microseconds=thing.int % 10**9)  # any number of things of one title may exist
    await JobSlot.insert(JobSlot(id=thing, job=title, slot=slot, worker="small"))


@post("/things/new", opt={"once": True})
async def create_thing(request: AnyRequest) -> Response[None]:
    form = read_form(request, SmallForm)
    await make_thing(request, form.title)
    if form.title == "penuh":
        raise Full
    return redirect("/things/new", say="Tersimpan.")


@post("/things/gone", opt={"form": "/fault/gone"})
async def create_while_gone() -> None:
    raise OSError("no route")


@post("/api/v1/things", opt={"once": True})
async def create_by_api(request: AnyRequest) -> dict[str, str]:
    body = await read_json(request, SmallForm)
    await make_thing(request, body.title)
    return {"title": body.title}


@get("/fault/{kind:str}")
async def fault(kind: FromPath[str]) -> str:
    raise {
        "own": RuntimeError("secret detail"),
        "gone": OSError("no route"),
        "state": asyncpg.UniqueViolationError("person_verified_email"),
        "range": asyncpg.NumericValueOutOfRangeError("out of range"),
        "invalid": InvalidInput([FieldError("/a", "b", "c")]),
    }[kind]


@get("/who")
async def who(scope: Scope) -> dict[str, str]:
    viewer = asking(scope).viewer
    return {"name": viewer.name, "via": viewer.via}


def small_front(clock: StoppedClock, viewer: Viewer, *, away: bool = False) -> Front:
    """`viewer` is who every cookie `sid=known` and token `known` belongs to."""

    async def by_token(token: str, **_facts: object) -> Viewer | None:
        if away:
            raise OSError("database away")
        return viewer if token == "known" else None

    async def unread(*_person: object, **_facts: object) -> int:
        return 0

    app = Litestar(
        [new_thing, create_thing, create_while_gone, create_by_api, fault, who],
        middleware=[Guard(), Once()],
        exception_handlers={Exception: answer},
        state=State({"menu": lambda _viewer, _path: ()}),
        openapi_config=None,
        request_max_body_size=1000,
        logging_config=None,
    )
    return Front(app=app, settings=settings(), clock=clock, by_cookie=by_token, by_bearer=by_token, unread=unread)

"""What every controller uses: pages, redirects, forms in and out, JSON in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import MediaType

from community.kit import crypto, csrf
from community.kit.asking import asking
from community.kit.errors import FieldError, InvalidInput, StaleVersion
from community.kit.forms import Form, FormView, Typed, bind
from community.kit.i18n import gettext as _
from community.kit.i18n import locale
from community.kit.settings import settings
from community.kit.templates import render
from community.kit.viewer import Viewer

AnyRequest = Request[Any, Any, Any]
Body = TypeVar("Body", bound=msgspec.Struct)
SAY_COOKIE, SAY_SECONDS = "say", 60


@dataclass(frozen=True)
class MenuItem:
    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class PageFrame:
    """What `base.html` needs around any page."""

    locale: str
    viewer: Viewer
    csrf: str
    path: str
    base_url: str
    demo: bool
    unread: int
    menu: Sequence[MenuItem]
    request_id: str
    said: str
    now: datetime

    def stamp(self, action: str) -> str:
        """Proof of when an anonymous form that posts to `action` was shown."""
        return csrf.new_stamp(action, "", now=self.now)


def viewer_of(request: ASGIConnection[Any, Any, Any, Any]) -> Viewer:
    return asking(request.scope).viewer


def now_of(request: ASGIConnection[Any, Any, Any, Any]) -> datetime:
    """The instant this request was received; every deed of it uses this one."""
    return asking(request.scope).now


def frame(request: AnyRequest) -> PageFrame:
    viewer = viewer_of(request)
    return PageFrame(
        locale=locale.get(),
        viewer=viewer,
        csrf=csrf.new_token(viewer.sign_in_id) if viewer.sign_in_id else "",
        path=request.url.path,
        base_url=settings().base_url,
        demo=settings().demo,
        unread=asking(request.scope).unread,
        menu=request.app.state.menu(viewer, request.url.path),
        request_id=asking(request.scope).request_id,
        said=_said(request),
        now=now_of(request),
    )


def page(request: AnyRequest, template: str, *, status: int = 200, **context: Any) -> Response[str]:
    """A page; a sentence left by the redirect that led here is shown once."""
    shown = frame(request)
    cookies = [Cookie(key=SAY_COOKIE, value="", max_age=0, path="/")] if shown.said else []
    again = asking(request.scope).again
    status = again.status if again else status
    return Response(
        render(template, page=shown, **context), media_type=MediaType.HTML, status_code=status, cookies=cookies
    )


def redirect(path: str, *, say: str = "") -> Response[None]:
    """303, so that Back and reload never send a form twice. `path` is one of ours; `say` is shown there once."""
    cookies = [_say_cookie(say)] if say else []
    return Response(None, status_code=303, headers={"Location": quote(path, safe="/?&=%#:+,;@-._~")}, cookies=cookies)


def _say_cookie(words: str) -> Cookie:
    signed = crypto.to_text(crypto.sign("say", words)[:16] + words.encode())
    return Cookie(
        key=SAY_COOKIE,
        value=signed,
        max_age=SAY_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().https,
    )


def _said(request: AnyRequest) -> str:
    """Only words signed by us: a planted cookie shows nothing."""
    try:
        raw = crypto.from_text(request.cookies.get(SAY_COOKIE, ""))
        words = raw[16:].decode()
    except (ValueError, UnicodeDecodeError):
        return ""
    return words if words and crypto.matches(crypto.sign("say", words)[:16], raw[:16]) else ""


def form_view(
    request: AnyRequest,
    form: type[msgspec.Struct],
    initial: Mapping[str, Any] | msgspec.Struct | None = None,
    *,
    action: str | None = None,
    version: int | None = None,
) -> FormView:
    """The form as a template shows it: as typed if it came back refused, else from `initial`, else its defaults.

    `action` is the path it posts to, if that is not the page's own address.
    """
    target = action or request.url.path
    again = asking(request.scope).again
    mine = again if again and again.action == target else None
    values = msgspec.structs.asdict(initial) if isinstance(initial, msgspec.Struct) else dict(initial or {})
    for info in msgspec.structs.fields(form):
        if info.default is not msgspec.NODEFAULT:
            values.setdefault(info.encode_name, info.default)
    return FormView(values, mine, version=version)


def typed_of(request: AnyRequest) -> Typed:
    """The posted fields as typed; read by the guard before the handler runs."""
    return asking(request.scope).typed


def read_form(request: AnyRequest, form: type[Form]) -> Form:
    """Raises InvalidInput with every fault."""
    return bind(form, typed_of(request))


async def read_json(request: AnyRequest, form: type[Form]) -> Form:
    """The JSON body of an API request. Raises InvalidInput."""
    try:
        body = msgspec.json.decode(await request.body() or b"{}")
    except (msgspec.DecodeError, RecursionError) as fault:
        raise InvalidInput([FieldError("", "not_json", _("Isi permintaan bukan JSON yang sah."))]) from fault
    if not isinstance(body, dict):
        raise InvalidInput([FieldError("", "not_object", _("Isi permintaan harus berupa objek JSON."))])
    return bind(form, body, strict=True)


def read_query(request: AnyRequest, form: type[Form]) -> Form:
    """Query parameters, bound like a form. Raises InvalidInput."""
    values: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        values[name] = [*values[name], value] if name in values else [value]
    return bind(form, values)


def if_match(request: AnyRequest, given: int | None = None) -> int:
    """The version an edit was made from: the body's, or the `If-Match` header's. Raises InvalidInput if neither."""
    if given is not None:
        return given
    tag = request.headers.get("if-match", "").removeprefix("W/").strip('"')
    if not tag.isdecimal() or len(tag) > 9:
        raise InvalidInput([FieldError("/version", "required", _("Sertakan version, atau header If-Match."))])
    return int(tag)


def check_version(stored: int, given: int | None, **current: object) -> None:
    """Raises StaleVersion with the present state if somebody else was faster."""
    if given != stored:
        raise StaleVersion(current={"version": stored, **current})


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

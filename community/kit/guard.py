"""Before a page's handler changes anything: read the form once, and make sure its sender meant it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from community.kit.asking import asking
from community.kit.csrf import API_PREFIX, SAFE_METHODS, Asked, Verdict, check
from community.kit.errors import CommunityError, InvalidInput, Unavailable
from community.kit.i18n import N_
from community.kit.scopes import check_token
from community.kit.settings import settings
from community.kit.web import now_of, viewer_of

FIELDS_MAX = 200


class CrossSite(CommunityError):
    """The request came from another site. Said barely: its sender is not our reader."""

    status = 403
    code = "cross_site"
    message = N_("Permintaan ini datang dari situs lain.")


class StaleForm(CommunityError):
    """No token, an old one, or another sign-in's: refused, but shown again as typed."""

    status = 403
    code = "stale_form"
    message = N_("Halaman ini sudah lama terbuka. Isian Anda masih ada: periksa, lalu kirim sekali lagi.")


class TooManyFields(InvalidInput):
    code = "too_many_fields"


class Guard(ASGIMiddleware):
    """Leaves the typed fields with the request; raises CrossSite, StaleForm where the form is shown again, Unavailable.

    Of an API request it looks at what the token may be used for, and how often.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        if scope["path"].startswith(API_PREFIX):
            await check_token(viewer_of(request), request.method)
        elif request.method not in SAFE_METHODS:
            typed = await read_fields(request)
            asking(scope).typed = typed
            _check(request, typed)
        await next_app(scope, receive, send)


async def read_fields(request: Request[Any, Any, Any]) -> dict[str, str | list[str]]:
    """Texts only; files stay with `request.form()`, which is read once and kept."""
    fields: dict[str, str | list[str]] = {}
    for number, (name, value) in enumerate((await request.form()).multi_items()):
        if number >= FIELDS_MAX:
            raise TooManyFields
        if isinstance(value, UploadFile):
            continue
        earlier = fields.get(name)
        if earlier is None:
            fields[name] = str(value)
        else:
            fields[name] = [*(earlier if isinstance(earlier, list) else [earlier]), str(value)]
    return fields


def _check(request: Request[Any, Any, Any], typed: dict[str, str | list[str]]) -> None:
    opt = request.route_handler.opt
    asked = Asked(
        method=request.method,
        path=request.url.path,
        route=request.url.path,
        thing="",
        headers={name.lower(): value for name, value in request.headers.items()},
        form={name: value for name, value in typed.items() if isinstance(value, str)},
        sign_in_id=viewer_of(request).sign_in_id,
        link_holder=bool(opt.get("holder")),
        exempt=opt.get("csrf") is False,
    )
    verdict = check(asked, base_url=settings().base_url, now=now_of(request))
    if verdict is Verdict.REFUSED:
        raise CrossSite
    if asking(request.scope).away:  # whose form token this is cannot be known now
        raise Unavailable
    if verdict is Verdict.STALE:
        raise StaleForm

"""One handler for everything that goes wrong: a page for people, `application/problem+json` for machines (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
import structlog
from jinja2 import TemplateNotFound
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from community.kit.asking import asking
from community.kit.csrf import API_PREFIX, FIELD, SAFE_METHODS, STAMP_FIELD
from community.kit.errors import (
    CommunityError,
    Conflict,
    FieldError,
    InvalidInput,
    NotFound,
    SignInNeeded,
    TooMany,
    Unavailable,
)
from community.kit.forms import Again
from community.kit.guard import CrossSite, StaleForm
from community.kit.i18n import N_
from community.kit.i18n import gettext as _
from community.kit.templates import render
from community.kit.viewer import ProofNeeded
from community.kit.web import PageFrame, frame

log = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]

GONE = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError)
SQLSTATES: tuple[tuple[tuple[str, ...], Callable[[], CommunityError]], ...] = (
    (("22",), InvalidInput),
    (("23505", "23514", "23P01"), Conflict),
    (("23503",), NotFound),
    (("40001", "40P01", "55P03", "57014"), lambda: Unavailable(1)),
    (("08", "53", "57"), lambda: Unavailable(5)),
)


SENT_AGAIN = frozenset({409, 429, 500, 503})
"""Statuses after which the same request may succeed a little later."""
SECRETS = frozenset({"password", "code"})


class WrongMethod(CommunityError):
    status = 405
    code = "wrong_method"
    message = N_("Alamat ini tidak menerima cara itu.")


class TooLarge(CommunityError):
    status = 413
    code = "too_large"
    message = N_("Kiriman terlalu besar. Kirim berkas yang lebih kecil.")


class ServerFault(CommunityError):
    """Our own mistake; logged with the request id, told without details."""


def as_ours(error: Exception) -> CommunityError:
    """What `error` means to the outside. The database's refusals are our last net, and each is counted as our bug."""
    if isinstance(error, CommunityError):
        return error
    if isinstance(error, HTTPException):
        return _of_framework(error)
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        for prefixes, made in SQLSTATES:
            if state.startswith(prefixes):
                log.warning("database_refused", sqlstate=state, kind=type(error).__name__)
                return made()
    if isinstance(error, asyncpg.DataError):
        return InvalidInput()
    if isinstance(error, GONE) and not isinstance(error, TemplateNotFound):  # which is an OSError too
        return Unavailable()
    return ServerFault()


def _of_framework(error: HTTPException) -> CommunityError:
    made: dict[int, Callable[[], CommunityError]] = {
        400: lambda: InvalidInput(_framework_faults(error)),
        404: NotFound,
        405: WrongMethod,
        413: TooLarge,
        415: InvalidInput,
        429: TooMany,
        503: Unavailable,
    }
    return made.get(error.status_code, ServerFault)()


def _framework_faults(error: HTTPException) -> list[FieldError]:
    """Parameters of path and query that the framework refused, by name."""
    faults = error.extra if isinstance(error.extra, list) else []
    named = [str(fault.get("key", ""))[:60] for fault in faults if isinstance(fault, dict)]
    return [FieldError(f"/{name}", "not_valid", _("Periksa %(name)s.") % {"name": name}) for name in named if name]


def answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """The exception handler at the roof."""
    ours = as_ours(error)
    if ours.status >= 500 and not isinstance(ours, Unavailable):
        log.error("request_failed", route=_template_of(request), exc_info=error)
    if request.url.path.startswith(API_PREFIX):
        return problem(request, ours)
    if isinstance(ours, CrossSite):
        return Response(ours.words(), status_code=403, media_type=MediaType.TEXT)
    if isinstance(ours, SignInNeeded):
        return _send_to(request, "/sign-in")
    if isinstance(ours, ProofNeeded):
        return _send_to(request, "/prove")
    _offer_again(request, ours)
    return error_page(request, ours)


def problem(request: AnyRequest, error: CommunityError) -> Response[bytes]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "detail": error.words(),
        "code": error.code,
        "request_id": asking(request.scope).request_id,
    }
    if isinstance(error, InvalidInput):
        body["errors"] = error.errors
    if error.current is not None:
        body["current"] = error.current
    headers = retry_headers(error)
    if isinstance(error, SignInNeeded):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(body, enc_hook=str),
        status_code=error.status,
        media_type="application/problem+json",
        headers=headers,
    )


def error_page(request: AnyRequest, error: CommunityError) -> Response[str]:
    page = frame(request)
    known = asking(request.scope)
    refused = known.again or known.refused
    kept = kept_fields(refused, page, is_stale=isinstance(error, StaleForm)) if refused else []
    body = render(
        "errors/error.html",
        page=page,
        status=error.status,
        words=error.words(),
        kept=kept,
        action=refused.action if refused else "",
        heading=_("Halaman ini sudah lama terbuka") if isinstance(error, StaleForm) else "",
    )
    return Response(body, status_code=error.status, media_type=MediaType.HTML, headers=retry_headers(error))


def kept_fields(refused: Again, page: PageFrame, *, is_stale: bool) -> list[tuple[str, str]]:
    """What was typed, to be sent once more from a page without its form; none where that would write down a secret.

    The proof of who sends stays as it came, because without the database nobody can be given a new one.
    """
    if (refused.status not in SENT_AGAIN and not is_stale) or SECRETS.intersection(refused.typed):
        return []
    pairs = [
        (name, item)
        for name, value in refused.typed.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    fresh = {}
    if page.csrf:
        fresh[FIELD] = page.csrf
    elif is_stale:
        fresh[STAMP_FIELD] = page.stamp(refused.action)
    return [(name, value) for name, value in pairs if name not in fresh] + list(fresh.items())


def retry_headers(error: CommunityError) -> dict[str, str]:
    if isinstance(error, TooMany | Unavailable):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def _send_to(request: AnyRequest, path: str) -> Response[None]:
    back = request.url.path if request.method in SAFE_METHODS else ""
    query = f"?next={quote(back, safe='/')}" if back else ""
    return Response(None, status_code=303, headers={"Location": path + query})


def _offer_again(request: AnyRequest, error: CommunityError) -> None:
    """Ask the front to show the form once more, as typed, instead of the error page."""
    is_final = error.status in {401, 403, 404, 405} and not isinstance(error, StaleForm)
    if request.method in SAFE_METHODS or is_final:
        return
    template = request.scope.get("route_handler") and request.route_handler.opt.get("form", request.url.path)
    if template:
        address = str(template).format_map({name: str(value) for name, value in request.path_params.items()})
        errors = error.errors if isinstance(error, InvalidInput) else []
        words = "" if errors else error.words()
        known = asking(request.scope)
        known.refused = Again(request.url.path, known.typed, errors, error.status, words, error.current)
        known.show_again_at = address


def _template_of(request: AnyRequest) -> str:
    return str(request.scope.get("path_template", "unmatched"))

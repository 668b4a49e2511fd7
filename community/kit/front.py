"""Around the whole application: who asks, in which language, from where; headers on every answer; the form again.

Middleware of the framework would not see an unmatched path or a wrong method, and every answer must carry the headers.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from time import perf_counter
from typing import Any, cast
from uuid import uuid4

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.utils.scope.state import CONNECTION_STATE_KEY

from community.kit import metrics
from community.kit.answers import GONE
from community.kit.asking import KEY, Asking, asking
from community.kit.clock import Clock
from community.kit.cookies import cookie_name, no_cookie, replaced, sign_in_cookie
from community.kit.csrf import API_PREFIX
from community.kit.headers import security_headers
from community.kit.i18n import LOCALES, use_locale
from community.kit.limits import network_of
from community.kit.log import bind_request, logger
from community.kit.settings import Settings
from community.kit.viewer import ANYBODY, Viewer

ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})
STATIC = "/static/"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
SERVER_KEYS = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path", "state", "app")
LINK_PAGES = re.compile(r"^/(r|c|v|u|track|offers|sign-in/link|verify|reset)/[^/]+")

log = logger("community.front")

Resolve = Callable[..., Awaitable[Viewer | None]]


@dataclass
class _Held:
    """An answer held back until it is clear whether the form is shown again instead."""

    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(cast("Any", self.messages[0])["status"]) if self.messages else 500

    def wait_as_long_as(self, refusal: _Held) -> None:
        """The form shown again says when to come back, as the refusal itself did."""
        start, refused = (cast("Any", held.messages[0]) for held in (self, refusal))
        waits = [(name, value) for name, value in refused["headers"] if name.lower() == b"retry-after"]
        start["headers"] = [*start["headers"], *waits]


@dataclass
class Front:
    """`by_cookie(token, now=, network=)` and `by_bearer(token, now=)` find the viewer; `unread(person)` counts."""

    app: ASGIApp
    settings: Settings
    clock: Clock
    by_cookie: Resolve
    by_bearer: Resolve
    unread: Callable[..., Awaitable[int]]

    @property
    def routes(self) -> list[Any]:
        """What the application answers, for the tests that walk it."""
        return list(cast("Any", self.app).routes)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        known = scope[KEY] = Asking(self.clock(), uuid4().hex[:16])
        bind_request(known.request_id)
        began, send = perf_counter(), self._with_headers(scope, send)
        try:
            await self._answer(scope, receive, send, known, headers)
        finally:
            _count(scope, known, perf_counter() - began)

    async def _answer(self, scope: Any, receive: Receive, send: Send, known: Asking, headers: dict[str, str]) -> None:
        if headers.get("host", "") != self.settings.host and scope["path"] not in ANY_HOST:
            await self._refuse_host(send)
            return
        cookies = _cookies(headers.get("cookie", ""))
        if not scope["path"].startswith(STATIC):
            await self._recognise(scope, known, headers, cookies)
        with use_locale(_language(known.viewer, cookies)):
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
            send = _without_body(send)
        if scope["method"] in {"GET", "OPTIONS"} or scope["path"].startswith(API_PREFIX):
            await self.app(scope, receive, send)
            return
        held = _Held()
        await self.app(scope, receive, held.send)
        refused = asking(scope).refused
        if refused:
            shown = await self._show_again(scope)
            if shown.status == refused.status:
                shown.wait_as_long_as(held)
                held = shown
        for message in held.messages:
            await send(message)

    async def _show_again(self, scope: Any) -> _Held:
        """Ask the application for the form's page once more, with what was typed and what was wrong with it."""
        known = asking(scope)
        address = known.show_again_at or scope["path"]
        fresh = {key: scope[key] for key in SERVER_KEYS if key in scope}
        fresh |= {
            KEY: replace(known, again=known.refused, refused=None),
            # The framework's notes on the first request would have it believe that this one is answered already.
            "state": {key: value for key, value in scope.get("state", {}).items() if key != CONNECTION_STATE_KEY},
            "method": "GET",
            "path": address,
            "raw_path": address.encode(),
            "query_string": b"",
            "headers": [(name, value) for name, value in scope["headers"] if not name.startswith(b"content-")],
        }
        held = _Held()
        await self.app(cast("Scope", fresh), _nothing, held.send)
        return held

    async def _recognise(self, scope: Any, known: Asking, headers: dict[str, str], cookies: dict[str, str]) -> None:
        """Pages know the cookie only, the API the token only. With the database away nobody is known: it is noted."""
        try:
            if scope["path"].startswith(API_PREFIX):
                kind, _space, token = headers.get("authorization", "").partition(" ")
                if kind.lower() == "bearer" and token:
                    known.viewer = await self.by_bearer(token.strip(), now=known.now) or ANYBODY
            elif token := cookies.get(cookie_name(), ""):
                network = network_of((scope.get("client") or ("",))[0])
                found = await self.by_cookie(token, now=known.now, network=network)
                known.unknown_cookie, known.new_token = found is None, replaced.get()
                if found is not None and found.person_id is not None:
                    known.viewer = found
                    known.unread = await self.unread(found.person_id, now=known.now)
        except GONE:
            known.away = True

    def _with_headers(self, scope: Any, send: Send) -> Send:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                asking(scope).status = message["status"]
                message["headers"] = self._headers(scope, message["status"], message["headers"])
            await send(message)

        return send_with_headers

    def _headers(self, scope: Any, status: int, given: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        known = asking(scope)
        chosen = {name.lower(): value for name, value in given}
        added = security_headers(
            https=self.settings.https,
            status=status,
            signed_in=known.viewer.signed_in,
            link_page=bool(LINK_PAGES.match(scope["path"])),
            static=scope["path"].startswith(STATIC),
            given=chosen.get(b"cache-control", b"").decode("latin-1") or None,
        )
        names = {name.encode() for name in added}
        headers = [(name, value) for name, value in given if name.lower() not in names]
        headers += [(name.encode(), value.encode("latin-1")) for name, value in added.items()]
        headers.append((b"x-request-id", known.request_id.encode()))
        if cookie := _sign_in_cookie(known, given):
            headers.append(cookie)
        return headers

    @staticmethod
    async def _refuse_host(send: Send) -> None:
        body = b"Unknown host."
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _count(scope: Any, known: Asking, seconds: float) -> None:
    """Under the template of the address: the address itself may hold a token."""
    route = scope.get("path_template") or "(none)"
    if scope["path"].startswith(STATIC):
        return
    method = scope["method"] if scope["method"] in METHODS else "(other)"
    metrics.requests.labels(method, route, known.status).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    log.info("request", method=method, route=route, status=known.status, ms=round(seconds * 1000))


def _language(viewer: Viewer, cookies: dict[str, str]) -> str:
    """The account's choice, else this browser's; Indonesian until one is made (phones are often set to English)."""
    for wanted in (viewer.locale, cookies.get("lang")):
        if wanted in LOCALES:
            return str(wanted)
    return "id"


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _sign_in_cookie(known: Asking, given: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, bytes] | None:
    """The token that takes the old one's place, or the end of a worthless cookie; the handler's own cookie wins."""
    mine = cookie_name().encode() + b"="
    if any(name.lower() == b"set-cookie" and value.startswith(mine) for name, value in given):
        return None
    if known.new_token:
        return sign_in_cookie(known.new_token).to_encoded_header()
    return no_cookie().to_encoded_header() if known.unknown_cookie else None


def _without_body(send: Send) -> Send:
    async def send_start_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await send(message)

    return send_start_only


async def _nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}

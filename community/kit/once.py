"""A creating request said twice is done once: the second gets the first one's answer.

A form carries a hidden `_key`, an API request an `Idempotency-Key` header. Key and answer are stored in the deed's own
transaction; somebody who repeats while the first is still running waits for it at the unique index.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from community.kit.csrf import API_PREFIX
from community.kit.db import atomic, first, rows
from community.kit.errors import FieldError, InvalidInput, Unprocessable
from community.kit.i18n import gettext as _
from community.kit.ids import uuid7
from community.kit.web import now_of, typed_of, uuid_or_none, viewer_of

CLAIM = """
insert into form_key (id, actor, key, route, body_hash, status, at) values ({}, {}, {}, {}, {}, 0, {})
on conflict (actor, key, route) do nothing returning id
"""
FIND = """
select body_hash, status, location, answer from form_key
where actor is not distinct from {} and key = {} and route = {}
"""
SAVE = "update form_key set status = {}, location = {}, answer = {} where id = {}"
HEADERS_KEPT = ("location", "content-type", "etag")


class _RolledBack(Exception):
    """The deed was refused: its answer is passed on, its key forgotten."""


@dataclass
class _Answer:
    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"]) if self.messages else 500  # type: ignore[typeddict-item]

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [(bytes(k), bytes(v)) for k, v in self.messages[0]["headers"]]  # type: ignore[typeddict-item]

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.messages[1:])  # type: ignore[misc]


class Once(ASGIMiddleware):
    """For handlers with `opt={"once": True}`."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if not scope["route_handler"].opt.get("once"):
            await next_app(scope, receive, send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        key = _read_key(request)
        answer = _Answer()
        try:
            async with atomic():
                claimed = await _claim(request, key)
                if isinstance(claimed, dict):
                    answer.messages = _repeat(claimed)
                else:
                    await next_app(scope, receive, answer.send)
                    if answer.status >= 400:
                        raise _RolledBack
                    await _save(claimed, answer)
        except _RolledBack:
            pass
        for message in answer.messages:
            await send(message)


def _read_key(request: Request[Any, Any, Any]) -> str:
    if request.url.path.startswith(API_PREFIX):
        given = request.headers.get("idempotency-key", "")
        pointer, words = "/Idempotency-Key", _("Sertakan header Idempotency-Key berisi UUID.")
    else:
        typed = typed_of(request).get("_key", "")
        given = typed if isinstance(typed, str) else ""
        pointer, words = "/_key", _("Muat ulang halaman, lalu isi lagi.")
    key = uuid_or_none(given)
    if key is None:
        raise InvalidInput([FieldError(pointer, "required", words)])
    return str(key)


async def _claim(request: Request[Any, Any, Any], key: str) -> UUID | dict[str, Any]:
    """The new row's id, or the finished row of an earlier request. Raises Unprocessable if that had other content."""
    actor, route, digest = viewer_of(request).person_id, request.url.path[:120], await _digest(request)
    claimed = await first(CLAIM, uuid7(), actor, key, route, digest, now_of(request))
    if claimed:
        return UUID(str(claimed["id"]))
    earlier = await first(FIND, actor, key, route)
    if earlier is None or earlier["body_hash"] != digest:
        raise Unprocessable
    return earlier


async def _digest(request: Request[Any, Any, Any]) -> bytes:
    if request.url.path.startswith(API_PREFIX):
        return hashlib.sha256(await request.body()).digest()
    typed = {name: value for name, value in typed_of(request).items() if name not in {"_csrf", "_stamp"}}
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).digest()


async def _save(claimed: UUID, answer: _Answer) -> None:
    kept = {
        k.decode("latin-1"): v.decode("latin-1")
        for k, v in answer.headers
        if k.decode("latin-1").lower() in HEADERS_KEPT
    }
    stored = json.dumps({"headers": kept, "body": answer.body.decode("utf-8", "replace")})
    await rows(SAVE, answer.status, kept.get("location"), stored, claimed)


def _repeat(earlier: dict[str, Any]) -> list[Message]:
    stored = json.loads(earlier["answer"] or '{"headers": {}, "body": ""}')
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in stored["headers"].items()]
    body = stored["body"].encode()
    headers.append((b"content-length", str(len(body)).encode()))
    return [
        {"type": "http.response.start", "status": earlier["status"] or 200, "headers": headers},
        {"type": "http.response.body", "body": body, "more_body": False},
    ]

"""A small server of its own for the component gallery: the page rules are tried on it without rooms or database."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.config.compression import CompressionConfig
from litestar.response import Redirect

from community.kit import assets
from community.kit.gallery import gallery_context
from community.kit.i18n import known_locale, use_locale
from community.kit.templates import environment, render
from community.kit.viewer import Viewer
from community.kit.web import MenuItem, PageFrame

SOMEBODY = UUID("00000000-0000-7000-8000-000000000001")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self' https://wa.me https://api.whatsapp.com; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SAVED = (
    '{% extends "base.html" %}{% block title %}Tersimpan{% endblock %}{% block main %}<h1>Tersimpan</h1>{% endblock %}'
)


def page_frame(locale: str, path: str) -> PageFrame:
    labels = {"id": ("Beranda", "Kopdar", "Anggota", "Ranger"), "en": ("Home", "Meetups", "Members", "Rangers")}
    hrefs = ("/", "/kopdar", "/anggota", "/ranger")
    menu = [MenuItem(label, href, href == "/kopdar") for label, href in zip(labels[locale], hrefs, strict=True)]
    return PageFrame(
        locale=locale,
        viewer=Viewer(person_id=SOMEBODY),
        csrf="token",
        path=path,
        base_url="http://localhost",
        demo=True,
        unread=3,
        menu=menu,
        request_id="r-1",
        said="",
        now=datetime.now(UTC),
    )


def _answer(request: Request[Any, Any, Any], template: str, status: int = 200, **context: Any) -> Response[str]:
    locale = known_locale(request.cookies.get("lang"))
    with use_locale(locale):
        page = page_frame(locale, request.url.path)
        body = render(template, page=page, status=status, **gallery_context(), **context)
    headers = {"Content-Security-Policy": CSP, "Referrer-Policy": "same-origin"}
    return Response(body, status_code=status, media_type="text/html; charset=utf-8", headers=headers)


@get("/design")
async def show_gallery(request: Request[Any, Any, Any]) -> Response[str]:
    return _answer(request, "design.html")


@post("/design")
async def take_form() -> Redirect:
    return Redirect("/saved", status_code=303)


@get(["/saved", "/"])
async def show_saved() -> Response[str]:
    body = environment().from_string(SAVED).render(page=page_frame("id", "/saved"))
    return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": CSP})


@get("/refused")
async def show_refused(request: Request[Any, Any, Any]) -> Response[str]:
    return _answer(request, "errors/error.html", status=404, words="Periksa alamatnya.")


def gallery_app() -> Litestar:
    return Litestar(
        [show_gallery, take_form, show_saved, show_refused, *assets.ROUTES],
        openapi_config=None,
        compression_config=CompressionConfig(backend="gzip", exclude="/static/"),
    )


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[str]:
    """Run `app` on a free port in this loop; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="on"))
    running = asyncio.create_task(server.serve())
    while not server.started and not running.done():  # noqa: ASYNC110  (uvicorn offers no event)
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running

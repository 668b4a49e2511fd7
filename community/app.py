"""The web application: every room's routes under one roof, with what they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import Scope

from community import __doc__ as what_it_is
from community.accounts import service as accounts
from community.chapters import service as chapters
from community.events import service as events
from community.health import facts
from community.kit import assets, metrics
from community.kit.answers import answer
from community.kit.asking import asking
from community.kit.clock import Clock, MovableClock
from community.kit.crypto import matches
from community.kit.db import DB, close_pool, open_pool
from community.kit.errors import NotFound, Unavailable
from community.kit.front import Front
from community.kit.guard import Guard
from community.kit.i18n import gettext as _
from community.kit.once import Once
from community.kit.openapi import CompletedJson, ReferencePage
from community.kit.settings import LOOPBACK, Settings, settings
from community.kit.viewer import Viewer
from community.kit.web import MenuItem
from community.members import service as members
from community.notifications import service as notifications
from community.registry import Registry, collect
from community.worker import running

BODY_MAX_BYTES = 1_000_000
ONLY_IN_DEMO = "demo"


def provide_viewer(scope: Scope) -> Viewer:
    """Raises Unavailable if who is asking could not be found out: nobody is treated as a stranger by accident."""
    known = asking(scope)
    if known.away:
        raise Unavailable
    return known.viewer


def provide_person(viewer: NamedDependency[Viewer]) -> UUID:
    return viewer.person()


def provide_clock(scope: Scope) -> Clock:
    """The instant the request came in: read once, the same for everything it does."""
    at = asking(scope).now
    return lambda: at


def menu(viewer: Viewer, path: str) -> Sequence[MenuItem]:
    """At most four items."""
    items = [(_("Kopdar"), "/events"), (_("Komunitas"), "/chapters")]
    if viewer.signed_in:
        items = [(_("Beranda"), "/"), *items, (_("Akun"), "/me")]
    else:
        items.append((_("Masuk"), "/sign-in"))
    return [
        MenuItem(label, href, path == href or (href != "/" and path.startswith(href + "/"))) for label, href in items
    ]


@get("/healthz", include_in_schema=False, media_type=MediaType.TEXT)
async def healthz() -> str:
    return "ok"


@get("/readyz", include_in_schema=False)
async def readyz(request: Request[Any, Any, Any], state: State) -> Response[dict[str, Any]]:
    """Whether this process can serve: database, migrations, outbox age, leader age, each with its own word.

    For probes on this machine, and for the holder of the metrics token.
    """
    if not (request.client and request.client.host in LOOPBACK) and not _holds_metrics_token(request):
        raise NotFound
    found = await facts(state.clock())
    ready = all(fact.ok for fact in found)
    body = {fact.name: fact.words if not fact.ok else "ok" for fact in found}
    return Response(body, status_code=200 if ready else 503)


@get("/metrics", include_in_schema=False, media_type=MediaType.TEXT)
async def show_metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """For the holder of COMMUNITY_METRICS_TOKEN; without one configured there is no such page."""
    if not _holds_metrics_token(request):
        raise NotFound
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _holds_metrics_token(request: Request[Any, Any, Any]) -> bool:
    token = settings().metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(token) and matches(str(token).encode(), given.encode())


def hand_over(offers: Registry) -> None:
    """Give the rooms below what they need from the rooms above."""
    accounts.use_enqueue(notifications.enqueue)
    accounts.use_cancel(notifications.cancel)
    accounts.use_exports(offers.export_person)
    accounts.use_listings([listing for _room, listing in offers.listed_person])
    accounts.use_chapter_names(_chapter_names)
    notifications.use_checks(dict(offers.still_true))
    chapters.use_panels(
        public=[panel for _room, panel in offers.chapter_panel], manage=[panel for _room, panel in offers.manage_panel]
    )
    chapters.use_member_counts(members.count_members)
    events.use_panels(panel for _room, panel in offers.event_panel)


async def _chapter_names(chapter_ids: Collection[UUID]) -> dict[UUID, str]:
    return {chapter.id: chapter.name for chapter in await chapters.list_chapters_by_id(chapter_ids)}


def build(config: Settings, clock: Clock, offers: Registry, *, jobs: bool) -> Litestar:
    pages = [route for route in offers.pages if config.demo or not _is_demo(route)]

    schedules = [job for _room, job in offers.jobs]

    @asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        own_pool = DB.pool is None
        if own_pool:
            await open_pool()
        try:
            async with running(clock, schedules, overdue=offers.overdue) if jobs else _nothing():
                yield
        finally:
            if own_pool:
                await close_pool()

    return Litestar(
        route_handlers=[
            Router("/", route_handlers=[*pages, *assets.ROUTES], include_in_schema=False),
            Router("/", route_handlers=list(offers.api)),
            healthz,
            readyz,
            show_metrics,
        ],
        dependencies={
            "viewer": Provide(provide_viewer, sync_to_thread=False),
            "person_id": Provide(provide_person, sync_to_thread=False),
            "clock": Provide(provide_clock, sync_to_thread=False),
        },
        middleware=[Guard(), Once()],
        exception_handlers={Exception: answer},
        openapi_config=OpenAPIConfig(
            title="Community",
            version="1",
            description=what_it_is,
            path="/schema",
            render_plugins=[ReferencePage(), CompletedJson()],
        ),
        request_max_body_size=BODY_MAX_BYTES,
        compression_config=CompressionConfig("gzip", exclude="^/static/"),  # those are kept packed
        state=State({"menu": menu, "clock": clock}),
        lifespan=[life],
        logging_config=None,
        debug=False,
    )


def create_app(*, clock: Clock | None = None, jobs: bool = True) -> Front:
    """The ASGI application, on a configured and migrated database; `jobs=False` leaves the schedule to others."""
    config, clock = settings(), clock or MovableClock()
    offers = collect()
    hand_over(offers)
    app = build(config, clock, offers, jobs=jobs)
    return Front(
        app=app,
        settings=config,
        clock=clock,
        by_cookie=accounts.resolve_cookie,
        by_bearer=accounts.resolve_bearer,
        unread=notifications.count_unread,
    )


def _is_demo(route: Any) -> bool:
    return bool((getattr(route, "opt", None) or {}).get(ONLY_IN_DEMO))


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield

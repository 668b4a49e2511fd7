"""One migrated template database a run, one clone a worker, one rolled-back transaction a test."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from filelock import FileLock

os.environ["COMMUNITY_DEMO"] = "0"
os.environ["COMMUNITY_SECRET"] = "only-for-tests-" + "t" * 32
os.environ["COMMUNITY_BASE_URL"] = "http://127.0.0.1:8000"
os.environ.setdefault("COMMUNITY_DATA", str(Path(tempfile.gettempdir()) / f"community-test-data-{os.getuid()}"))

import httpx

from community.kit import csrf
from community.kit.clock import StoppedClock
from community.kit.db import DB, close_pool, configure, in_one_transaction, open_pool
from community.kit.embedded_pg import EmbeddedPostgres
from community.kit.migrate import migrate
from community.kit.settings import dsn_to_config, settings
from tests import factories
from tests.signing import make_token, sign_in
from tests.world import make_world

NOW = factories.NOW
KEPT = ("migration", "topic", "consent_text")  # filled by migrations


@pytest.fixture(scope="session")
def server() -> Iterator[dict[str, Any]]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield dsn_to_config(url)
        return
    cluster = EmbeddedPostgres(Path(tempfile.gettempdir()) / f"community-test-pg-{os.getuid()}", durable=False)
    yield cluster.start()
    cluster.leave()


async def administer(config: dict[str, Any], *statements: str) -> None:
    connection = await asyncpg.connect(**{**config, "database": "postgres"})
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def database(
    server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[dict[str, Any]]:
    """A clone of the migrated template for this worker; yields asyncpg's arguments."""
    config = server
    base = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    template = f"t_{os.getpid() if worker_id == 'master' else os.getppid()}"
    with FileLock(str(base / "database.lock")):
        if not (base / "database.done").exists():
            asyncio.run(administer(config, f'drop database if exists "{template}" with (force)'))
            configure({**config, "database": template})
            asyncio.run(migrate())
            (base / "database.done").touch()
    name = f"{template}_{worker_id}"
    asyncio.run(
        administer(
            config,
            f'drop database if exists "{name}" with (force)',
            f'create database "{name}" template "{template}" strategy file_copy',
        )
    )
    configure({**config, "database": name})
    yield dict(DB.config)
    asyncio.run(administer(config, f'drop database if exists "{name}" with (force)'))
    if worker_id == "master":
        asyncio.run(administer(config, f'drop database if exists "{template}" with (force)'))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool(database: dict[str, Any]) -> AsyncIterator[None]:
    await open_pool(min_size=1, max_size=12)
    yield
    await close_pool()


@pytest_asyncio.fixture(loop_scope="session")
async def db(pool: None) -> AsyncIterator[None]:
    """Everything the test and the app in its task do rides on one transaction and is rolled back."""
    transaction = DB.transaction()
    await transaction.__aenter__()
    in_one_transaction.set(True)
    try:
        yield
    finally:
        await transaction.rollback()
        assert DB.pool is not None
        await DB.pool.release(transaction.connection)
        DB.current_transaction.set(None)
        in_one_transaction.set(False)


@pytest_asyncio.fixture(loop_scope="session")
async def committed(pool: None) -> AsyncIterator[None]:
    """Real commits, for tests in which several connections meet; all tables are emptied afterwards."""
    yield
    config = {key: value for key, value in DB.config.items() if key != "server_settings"}
    connection = await asyncpg.connect(**config)
    try:
        tables = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
        names = ", ".join(f'"{row["tablename"]}"' for row in tables if row["tablename"] not in KEPT)
        await connection.execute(f"truncate {names} cascade")
    finally:
        await connection.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(NOW)


class Clients(Protocol):
    """Makes clients that are closed when the test ends."""

    async def __call__(self, role: str, *, api: bool = False) -> httpx.AsyncClient: ...


@pytest.fixture(scope="session")
def app(database: dict[str, Any]) -> Any:
    """The whole application with a clock that stands at NOW; jobs are run by the tests that mean them."""
    from community.app import create_app  # tests of the ground need no application

    return create_app(clock=StoppedClock(NOW), jobs=False)


@pytest_asyncio.fixture(loop_scope="session")
async def connect(app: Any) -> AsyncIterator[Any]:
    """Opens clients over ASGI in the test's own task, so that they join its transaction."""
    opened: list[httpx.AsyncClient] = []

    def connect(**headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx.AsyncClient(
            transport=transport, base_url=settings().base_url, headers={"Origin": settings().base_url, **headers}
        )
        opened.append(client)
        return client

    yield connect
    for client in opened:
        await client.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def client(db: None, connect: Any) -> httpx.AsyncClient:
    """Nobody signed in."""
    made: httpx.AsyncClient = connect()
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def as_person(connect: Any) -> Any:
    """`await as_person(person_id)`: a browser signed in as that person, its CSRF token in every request."""

    async def as_person(person_id: UUID) -> httpx.AsyncClient:
        cookie, sign_in_id = await sign_in(person_id)
        made: httpx.AsyncClient = connect(**{"X-CSRF-Token": csrf.new_token(sign_in_id)})
        made.cookies.set("sid", cookie, domain="127.0.0.1")
        return made

    return as_person


@pytest_asyncio.fixture(loop_scope="session")
async def as_token(connect: Any) -> Any:
    """`await as_token(person_id)`: an API client of that person, with every scope the person may give."""

    async def as_token(person_id: UUID) -> httpx.AsyncClient:
        made: httpx.AsyncClient = connect(Authorization=f"Bearer {await make_token(person_id)}")
        return made

    return as_token


@pytest_asyncio.fixture(loop_scope="session")
async def world(db: None) -> dict[str, str]:
    return await make_world()


@pytest_asyncio.fixture(loop_scope="session")
async def client_for(world: dict[str, str], connect: Any, as_person: Any, as_token: Any) -> Clients:
    """A client for a role of the matrix: V M R R2 H P O A (and C, who may see nothing)."""

    async def client_for(role: str, *, api: bool = False) -> httpx.AsyncClient:
        if role == "V":
            made: httpx.AsyncClient = connect()
        else:
            made = await (as_token if api else as_person)(UUID(world[f"person:{role}"]))
        return made

    return client_for

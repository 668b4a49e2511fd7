"""One migrated template database a run, one clone a worker, one rolled-back transaction a test."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from filelock import FileLock

os.environ["COMMUNITY_DEMO"] = "0"
os.environ["COMMUNITY_SECRET"] = "only-for-tests-" + "t" * 32
os.environ["COMMUNITY_BASE_URL"] = "http://127.0.0.1:8000"
os.environ.setdefault("COMMUNITY_DATA", str(Path(tempfile.gettempdir()) / f"community-test-data-{os.getuid()}"))

from community.kit.clock import StoppedClock
from community.kit.db import DB, close_pool, configure, in_one_transaction, open_pool
from community.kit.embedded_pg import EmbeddedPostgres
from community.kit.migrate import migrate
from community.kit.settings import dsn_to_config

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday, 10.00 WIB
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

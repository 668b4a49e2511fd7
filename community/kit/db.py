"""The database engine: connects when asked to, never at import; and `atomic()`, the one way to a transaction."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

APP_ROLE = "community_app"
STATEMENT_TIMEOUT_MS, LOCK_TIMEOUT_MS, IDLE_TIMEOUT_MS = 5_000, 3_000, 30_000


class LazyEngine(PostgresEngine):
    """Piccolo's engine asks the server its version when constructed; importing a module must not."""

    async def check_version(self) -> None: ...

    async def prep_database(self) -> None: ...


DB = LazyEngine(config={})  # filled by configure()
_patience_ms: ContextVar[int | None] = ContextVar("patience_ms", default=None)
in_one_transaction: ContextVar[bool] = ContextVar("in_one_transaction", default=False)  # set by tests only


def configure(config: dict[str, Any]) -> None:
    """Point the engine at a database; `config` holds asyncpg's connection arguments."""
    DB.config.clear()
    DB.config.update(config)


def app_settings() -> dict[str, str]:
    """Server settings of a pooled connection: the role without rights over the audit log, and the time limits."""
    return {
        "role": APP_ROLE,
        "statement_timeout": str(STATEMENT_TIMEOUT_MS),
        "lock_timeout": str(LOCK_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS),
        "timezone": "UTC",
    }


async def open_pool(min_size: int = 2, max_size: int = 12) -> None:
    DB.config["server_settings"] = app_settings()
    await DB.start_connection_pool(min_size=min_size, max_size=max_size, timeout=5)


async def close_pool() -> None:
    await DB.close_connection_pool()


@contextlib.contextmanager
def patient(milliseconds: int) -> Iterator[None]:
    """Statements of transactions begun inside may take this long: for jobs, which nobody sits and waits for."""
    token = _patience_ms.set(milliseconds)
    try:
        yield
    finally:
        _patience_ms.reset(token)


@contextlib.asynccontextmanager
async def atomic() -> AsyncIterator[PostgresTransaction]:
    """A transaction, or a savepoint where one is open already (Piccolo's own nested transaction does nothing)."""
    current: Any = DB.current_transaction.get()  # Piccolo's transactions carry no types
    if current is None:
        async with _transaction() as opened:
            yield opened
        return
    savepoint = await current.savepoint()
    try:
        yield current
    except BaseException:
        await savepoint.rollback_to()
        raise
    await savepoint.release()


@contextlib.asynccontextmanager
async def _transaction() -> AsyncIterator[PostgresTransaction]:
    """Piccolo's context manager keeps the connection for ever when BEGIN or COMMIT fails; this one gives it back."""
    transaction: Any = DB.transaction(allow_nested=False)
    transaction.connection = await transaction.get_connection()
    token = None
    try:
        transaction.transaction = transaction.connection.transaction()
        await transaction.begin()
        if patience := _patience_ms.get():
            await transaction.connection.execute(f"set local statement_timeout = {patience}")
        token = DB.current_transaction.set(transaction)
        try:
            yield transaction
        except BaseException:
            await transaction.rollback()
            raise
        await transaction.commit()
    finally:
        if token is not None:
            DB.current_transaction.reset(token)
        await _give_back(transaction.connection)


async def _give_back(connection: Any) -> None:
    if DB.pool is not None:
        await DB.pool.release(connection)
    else:
        await connection.close()


@contextlib.asynccontextmanager
async def apart() -> AsyncIterator[None]:
    """Statements inside run outside the open transaction, on a connection of their own: limits count even when the
    deed is rolled back. In tests, where one transaction holds everything, they join it."""
    if DB.current_transaction.get() is None or in_one_transaction.get():
        yield
        return
    token = DB.current_transaction.set(None)
    try:
        yield
    finally:
        DB.current_transaction.reset(token)


async def rows(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Run one statement with `{}` placeholders, inside the open transaction if there is one."""
    return [dict(record) for record in await DB.run_querystring(QueryString(sql, *args))]


async def first(sql: str, *args: Any) -> dict[str, Any] | None:
    found = await rows(sql, *args)
    return found[0] if found else None


async def create_database() -> None:
    config = {key: value for key, value in DB.config.items() if key != "server_settings"}
    name = config.pop("database")
    connection = await asyncpg.connect(**config, database="postgres")
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()

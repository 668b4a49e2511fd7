"""Migrations forward, one process at a time."""

from __future__ import annotations

import contextlib
import io

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from community.kit.db import DB, create_database

LOCK = 0x434F4D4D  # any constant of this product


class MigrationError(RuntimeError):
    """A migration failed; the database is as before it."""


async def migrate() -> None:
    """Create the database if missing and bring it to the newest schema; waits while another process does so."""
    await create_database()
    connection = await asyncpg.connect(**DB.config)  # own connection: a session lock must not go back to a pool
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        with contextlib.redirect_stdout(io.StringIO()) as told:
            result = await run_forwards(app_name="all")
        if not result.success:
            raise MigrationError(f"{result.message}\n{told.getvalue()}")
    finally:
        await connection.close()  # releases the lock

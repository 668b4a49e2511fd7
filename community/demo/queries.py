"""What the database holds, emptying it, and copying rows into it by the thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from community.kit.db import DB, rows

KEPT = ("migration", "topic", "consent_text")
"""Filled by migrations."""
CHUNK = 20_000


async def find_holding() -> tuple[bool, bool]:
    """Whether anybody is known here, and whether anybody of the demo is."""
    found = await rows(
        "select exists(select 1 from person) as anybody, exists(select 1 from person where is_demo) as anybody_of_demo"
    )
    return found[0]["anybody"], found[0]["anybody_of_demo"]


async def copy_rows(table: str, columns: Sequence[str], records: Sequence[tuple[Any, ...]]) -> None:
    """Inside the open transaction, in chunks that stay well under the statement time-out."""
    transaction = DB.current_transaction.get()
    if transaction is None:
        raise RuntimeError("rows are copied inside a transaction")
    for start in range(0, len(records), CHUNK):
        await transaction.connection.copy_records_to_table(
            table, records=records[start : start + CHUNK], columns=list(columns)
        )


async def empty_all() -> None:
    """On a connection of the owner: the application's own role may not remove audit entries."""
    config = {key: value for key, value in DB.config.items() if key != "server_settings"}
    connection = await asyncpg.connect(**config)
    try:
        tables = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
        names = ", ".join(f'"{row["tablename"]}"' for row in tables if row["tablename"] not in KEPT)
        await connection.execute(f"truncate {names}")
    finally:
        await connection.close()


async def analyse(tables: Sequence[str]) -> None:
    """So that the planner knows the sizes at once, and not a minute later."""
    config = {key: value for key, value in DB.config.items() if key != "server_settings"}
    connection = await asyncpg.connect(**config)
    try:
        for table in tables:
            await connection.execute(f'analyze "{table}"')
    finally:
        await connection.close()

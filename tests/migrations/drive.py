"""Drives migrations in a process of its own: `python drive.py SOCKET [database=NAME] STEP…`; answers begin with >."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from typing import Any

import asyncpg
from piccolo.apps.migrations.auto.diffable_table import DiffableTable
from piccolo.apps.migrations.auto.schema_differ import SchemaDiffer
from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.apps.migrations.commands.backwards import run_backwards
from piccolo.apps.migrations.commands.base import BaseMigrationManager

from community.kit.db import DB, configure
from community.kit.migrate import migrate
from community.piccolo_app import APP_CONFIG

SCHEMA = """
select string_agg(line, E'\\n' order by line) from (
    select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as line
    from information_schema.columns where table_schema = 'public'
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace
    union all select table_name || ' ' || grantee || ' ' || privilege_type from information_schema.role_table_grants
        where grantee = 'community_app') as lines
"""
ONE, TWO = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
PERSON = """insert into person (id, kind, name, email, email_verified_at, is_demo, created_at, version)
    values ('{}', 'account', 'x', 'x@contoh.example', now(), false, now(), 1)"""
CHAPTER = """insert into chapter (id, slug, name, tz, state, state_since, latitude, longitude, about, is_demo,
    created_at, version)
    values ('{}', 'x', 'x', 'Asia/Jakarta', 'active', now(), 0, 0, '', false, now(), 1)"""
SPELL = """insert into membership (id, person, chapter, joined_on, left_on, source, precision, created_at)
    values (gen_random_uuid(), '{0}', '{0}', '{1}', {2}, 'self', 'day', now())"""
REGION = """insert into chapter_region (id, chapter, region_code, is_seat)
    values (gen_random_uuid(), '{}', '{}', true)"""
EVENT = f"""insert into event (id, code, chapter, kind, state, title, body, starts_at, ends_at, tz, mode, place_name,
    address, patokan, is_home, audience, rsvp_mode, rsvp_opens_at, rsvp_closes_at, guests_max, promotion, ics_uid,
    ics_sequence, schedule_no, attendance_complete, recap, created_at, version)
    values ('{ONE}', 'AAAAAAAA', '{ONE}', 'kopdar', 'draft', 'x', '', now(), now() + interval '1 hour', 'Asia/Jakarta',
    'onsite', '', '', '', false, 'public', 'open', now(), now(), 0, 'auto', 'x', 0, 0, false, '', now(), 1)"""


async def rules(connection: asyncpg.Connection) -> None:
    for statement in (PERSON.format(ONE), CHAPTER.format(ONE), SPELL.format(ONE, "2026-01-01", "'2026-06-01'")):
        await connection.execute(statement)
    await connection.execute(SPELL.format(ONE, "2026-07-01", "null"))
    await connection.execute(REGION.format(ONE, "34.71"))
    await connection.execute(EVENT)
    await refused(connection, "two accounts with one verified e-mail", PERSON.format(TWO))
    await refused(connection, "overlapping spells of one member", SPELL.format(ONE, "2026-05-01", "'2026-05-02'"))
    await refused(connection, "two open spells", SPELL.format(ONE, "2026-08-01", "null"))
    await refused(connection, "a capacity of none", "update event set capacity = 0")
    await refused(connection, "a seat region twice", REGION.format(ONE, "34.02"))
    await connection.execute("set role community_app")
    await refused(connection, "the application removes audit rows", "delete from audit_entry")


async def refused(connection: asyncpg.Connection, what: str, statement: str) -> None:
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError as error:
        print(f"> {what}: {error.sqlstate}")
    else:
        print(f"> {what}: not refused")


async def difference() -> str:
    managers = await BaseMigrationManager().get_migration_managers(app_config=APP_CONFIG)
    snapshot = SchemaSnapshot(managers).get_snapshot()
    tables = [
        DiffableTable(
            class_name=table.__name__,
            tablename=table._meta.tablename,
            columns=table._meta.non_default_columns,
            constraints=table._meta.constraints,
            schema=table._meta.schema,
        )
        for table in APP_CONFIG.table_classes
    ]
    changes = SchemaDiffer(schema=tables, schema_snapshot=snapshot, auto_input="y").get_alter_statements()
    found = [line for change in changes for line in change.statements]
    return "difference " + " | ".join(found) if found else "no difference"


async def step(name: str, connect: dict[str, Any]) -> None:
    if name == "forwards":
        await migrate()
    elif name == "backwards":
        await run_backwards(app_name="community", migration_id="all", auto_agree=True)
    elif name == "difference":
        print("> " + await difference())
    else:
        connection = await asyncpg.connect(**connect)
        if name == "schema":
            print("> schema " + hashlib.sha256((await connection.fetchval(SCHEMA)).encode()).hexdigest())
        elif name == "tables":
            names = await connection.fetch("select tablename from pg_tables where schemaname = 'public' order by 1")
            print("> tables " + " ".join(row["tablename"] for row in names))
        elif name == "rules":
            await rules(connection)
        await connection.close()


async def main(socket: str, *steps: str) -> None:
    name = next((s.partition("=")[2] for s in steps if s.startswith("database=")), "driven")
    configure({"host": socket, "user": "postgres", "database": name})
    for wanted in steps:
        if "=" not in wanted:
            await step(wanted, dict(DB.config))


asyncio.run(main(*sys.argv[1:]))

"""What is wrong with an installation, in words an operator can act on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import asyncpg
import msgspec

from community.health import known_migrations
from community.kit.db import APP_ROLE, DB, close_pool, configure, open_pool
from community.kit.embedded_pg import EmbeddedPostgres, EmbeddedPostgresError
from community.kit.i18n import LOCALE_DIR
from community.kit.mail import probe
from community.kit.settings import Settings, SettingsError, dsn_to_config, read_settings
from community.kit.slots import leader_age
from community.notifications import service as notifications
from community.registry import collect

OLDEST_POSTGRES = 15
LEAST_FREE_BYTES = 1_000_000_000
LEADER_SILENT_SECONDS = 60
CLOCK_APART_SECONDS = 2.0

State = Literal["ok", "note", "wrong"]
MARKS: dict[State, str] = {"ok": "✓", "note": "·", "wrong": "✗"}


@dataclass(frozen=True)
class Finding:
    """`note`: worth knowing, nothing to repair."""

    check: str
    state: State
    words: str


def examine(env: dict[str, str]) -> list[Finding]:
    """Look at everything that can be looked at; what cannot be reached hides what lies behind it."""
    try:
        chosen = read_settings(env)
    except SettingsError as error:
        return [Finding("settings", "wrong", str(error))]
    findings = [Finding("settings", "ok", f"Links point to {chosen.base_url}."), *examine_machine(chosen)]
    return [*findings, *_examine_database(chosen)]


def examine_machine(chosen: Settings) -> Iterator[Finding]:
    yield check_disk(chosen.data)
    yield check_mail(chosen)
    yield check_catalogue(LOCALE_DIR)


def check_disk(folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free in {folder}."
    return Finding("disk", "wrong" if free < LEAST_FREE_BYTES else "ok", words)


def check_mail(chosen: Settings) -> Finding:
    if chosen.demo:
        return Finding("mail", "ok", "Demo mode: mails are shown at /demo/outbox and leave nowhere.")
    if not chosen.smtp_url:
        return Finding("mail", "wrong", "SMTP_URL is not set: no sign-in link and no notice reaches anybody by mail.")
    try:
        obstacle = asyncio.run(probe(chosen.smtp_url))
    except SettingsError as error:
        return Finding("mail", "wrong", str(error))
    if obstacle:
        return Finding("mail", "wrong", f"The mail server of SMTP_URL does not let us in: {obstacle}.")
    return Finding("mail", "ok", "The mail server of SMTP_URL lets us in.")


def check_catalogue(folder: Path) -> Finding:
    for text in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        compiled = text.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < text.stat().st_mtime:
            return Finding(
                "languages", "wrong", f"{compiled.name} of {text.parents[1].name} is older than its text: make setup."
            )
    return Finding("languages", "ok", "The English catalogue is compiled.")


def _examine_database(chosen: Settings) -> list[Finding]:
    if chosen.database_url:
        configure(dsn_to_config(chosen.database_url))
        return asyncio.run(_listed(examine_database(chosen)))
    try:
        cluster = EmbeddedPostgres(chosen.data / "pg")
        configure({**cluster.start(), "database": "community"})
    except EmbeddedPostgresError as error:
        return [Finding("database", "wrong", str(error))]
    try:
        return asyncio.run(_listed(examine_database(chosen)))
    finally:
        cluster.leave()


async def _listed(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in findings]


async def examine_database(chosen: Settings) -> AsyncIterator[Finding]:
    try:
        connection = await asyncpg.connect(**_owner_config(), timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        yield Finding("database", "wrong", f"Cannot reach the database: {_one_line(error)}")
        return
    try:
        yield await check_version(connection)
        yield await check_clock(connection)
        migrated = await check_migrations(connection, set(known_migrations()))
        yield migrated
        if migrated.state == "wrong":
            return
        yield await check_role(connection)
        yield await check_holding(connection, demo=chosen.demo)
    finally:
        await connection.close()
    async for finding in examine_rooms():
        yield finding


def _owner_config() -> dict[str, Any]:
    return {key: value for key, value in DB.config.items() if key != "server_settings"}


def _one_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


async def check_version(connection: Any) -> Finding:
    version = connection.get_server_version()
    words = f"PostgreSQL {version.major}.{version.minor} answers."
    if version.major < OLDEST_POSTGRES:
        return Finding("database", "wrong", f"{words} At least {OLDEST_POSTGRES} is needed.")
    return Finding("database", "ok", words)


async def check_clock(connection: Any) -> Finding:
    """Every printed time comes from this computer, leases are judged by it too: the two must agree."""
    apart = abs((await connection.fetchval("select clock_timestamp()") - datetime.now(UTC)).total_seconds())
    words = f"This computer and the database are {apart:.1f} s apart."
    return Finding("clock", "wrong" if apart > CLOCK_APART_SECONDS else "ok", words)


async def check_migrations(connection: Any, known: set[str]) -> Finding:
    try:
        ran = {row["name"] for row in await connection.fetch("select name from migration")}
    except asyncpg.UndefinedTableError:
        ran = set()
    if missing := known - ran:
        return Finding(
            "migrations", "wrong", f"{len(missing)} of {len(known)} migrations have not run: community migrate."
        )
    if ran - known:
        return Finding("migrations", "wrong", "The database is newer than this program: install the newer release.")
    return Finding("migrations", "ok", f"All {len(known)} migrations have run.")


async def check_role(connection: Any) -> Finding:
    """Without this role the application would run with the owner's rights, over the audit log too."""
    row = await connection.fetchrow(
        "select pg_has_role(current_user, oid, 'member') as member, has_table_privilege(oid, 'audit_entry', 'delete')"
        " as may_delete from pg_roles where rolname = $1",
        APP_ROLE,
    )
    if row is None or not row["member"]:
        return Finding(
            "role", "wrong", f"The database user may not act as {APP_ROLE}: run community migrate as the owner."
        )
    if row["may_delete"]:
        return Finding("role", "wrong", f"{APP_ROLE} may delete audit entries; revoke it.")
    return Finding("role", "ok", f"The application acts as {APP_ROLE}, which may not change the audit log.")


async def check_holding(connection: Any, *, demo: bool) -> Finding:
    of_demo = await connection.fetchval("select exists(select 1 from person where is_demo)")
    anybody = await connection.fetchval("select exists(select 1 from person)")
    if of_demo and not demo:
        return Finding("contents", "wrong", "This database holds the demo: use another, or set COMMUNITY_DEMO=1.")
    if demo and anybody and not of_demo:
        return Finding("contents", "wrong", "COMMUNITY_DEMO=1, but this database holds real people: unset it.")
    return Finding("contents", "ok", "The database holds the demo." if of_demo else "The database holds no demo rows.")


async def examine_rooms() -> AsyncIterator[Finding]:
    """What only the rooms can tell: their own rules, and whether their jobs are being run."""
    offers, now = collect(), datetime.now(UTC)
    await open_pool(min_size=1, max_size=2)
    try:
        problem = await notifications.outbox_problem(now)
        yield Finding("outbox", "wrong" if problem else "ok", problem or "No message is late.")
        yield judge_leader(await leader_age())
        for room, check in offers.check_invariants:
            broken = list(await check(now=now))
            for words in broken:
                yield Finding(room, "wrong", words)
            if not broken:
                yield Finding(room, "ok", "Its rules hold in the database.")
    finally:
        await close_pool()


def judge_leader(age: float | None) -> Finding:
    if age is None:
        return Finding("jobs", "note", "No worker has ever run the jobs: has community run been started?")
    if age > LEADER_SILENT_SECONDS:
        return Finding(
            "jobs", "wrong", f"No worker has run the jobs for {age:.0f} s: start community run, or see its log."
        )
    return Finding("jobs", "ok", f"A worker runs the jobs; it said so {age:.0f} s ago.")


def as_text(findings: list[Finding]) -> str:
    width = max(len(finding.check) for finding in findings)
    lines = [f"{MARKS[finding.state]} {finding.check:<{width}}  {finding.words}" for finding in findings]
    wrong = sum(finding.state == "wrong" for finding in findings)
    return "\n".join([*lines, f"{wrong} to repair." if wrong else "Nothing is wrong."])


def as_json(findings: list[Finding]) -> str:
    return msgspec.json.encode([asdict(finding) for finding in findings]).decode()

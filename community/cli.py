"""What an operator does with an installation. Starts light: a command imports what it needs when it runs."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import click

from community.kit.settings import LOOPBACK, Settings, SettingsError, dsn_to_config, settings

DATABASE = "community"
READY_SECONDS = 120
EMBEDDED_WORKERS = 5  # times 12 pooled connections, and the leader's own, within the 80 of the embedded database


class RoomCommands(click.Group):
    """Adds what rooms offer as `COMMANDS`; only the room asked for is imported."""

    offered = ("places",)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *self.offered})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in self.offered:
            commands = import_module(f"community.{name}.commands").COMMANDS
            return next((command for command in commands if command.name == name), None)
        return super().get_command(context, name)


@click.group(cls=RoomCommands)
@click.version_option(package_name="community")
def main() -> None:
    """City chapters of marketplace sellers. Settings are read from the environment; see docs/reference/settings.md."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def run(host: str, port: int, workers: int) -> None:
    """Start the database if none is configured, migrate, fill the demo on its first run, and serve until stopped."""
    began = time.monotonic()
    os.environ["PORT"] = str(port)
    chosen = _settings()
    if chosen.demo and host not in LOOPBACK:
        raise click.ClickException(f"Demo mode is only for this computer: --host {host} is not a loopback address.")
    if not chosen.database_url and workers > EMBEDDED_WORKERS:
        raise click.ClickException(
            f"The embedded database serves at most {EMBEDDED_WORKERS} workers; for more set DATABASE_URL."
        )
    _refuse_used_port(host, port)
    with stopped_by_signal(), database() as config:
        os.environ["DATABASE_URL"] = _address_of(config)  # workers are processes of their own
        settings.cache_clear()
        with _reachable():
            asyncio.run(_prepare(chosen))
        threading.Thread(target=_announce, args=(host, port, chosen, began), daemon=True).start()
        _serve(host, port, workers, chosen)
    click.echo("Stopped.")


@main.command()
def migrate() -> None:
    """Create the database if it is missing and bring it to the newest schema."""
    from community.kit import migrate as kit

    with database(), _reachable(), _in_words(kit.MigrationError):
        asyncio.run(kit.migrate())
    click.echo("The database has the newest schema.")


@main.command()
@click.option("--refill", is_flag=True, help="Empty the demo's own database first; everything in it is lost.")
@click.option("--seed", type=int, default=None, help="Another seed makes another demo of the same size.")
def demo(refill: bool, seed: int | None) -> None:
    """Fill an empty database with the demo (refused on a database that holds anything else)."""
    chosen = _settings()
    if not chosen.demo:
        raise click.ClickException("Demo data is made in demo mode only: set COMMUNITY_DEMO=1.")
    with database(), _reachable():
        asyncio.run(_fill(refill=refill, seed=seed))


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def doctor(form: str) -> None:
    """Say in words what is wrong with this installation. Exit status 1 if something is."""
    from community import doctor as examination

    findings = examination.examine(dict(os.environ))
    click.echo(examination.as_json(findings) if form == "json" else examination.as_text(findings))
    sys.exit(1 if any(finding.state == "wrong" for finding in findings) else 0)


@main.command()
@click.argument("email")
@click.option("--name", required=True, help="Full name, for the new account if nobody has this address yet.")
@click.option("--role", type=click.Choice(["administrator", "hq"]), required=True)
def appoint(email: str, name: str, role: str) -> None:
    """Make somebody administrator or headquarters: how the first of them comes in. They sign in by mailed link."""
    from community.accounts import service as accounts
    from community.kit.clock import MovableClock
    from community.kit.db import atomic

    async def deed() -> bool:
        now = MovableClock()()
        async with atomic():
            known = await accounts.person_by_contact(email)
            person = known.id if known else await accounts.make_account(name, email=email, verified=True, now=now)
            return await accounts.give_role(person, role, now=now, by=None)

    fresh = _do(deed)
    click.echo(f"{email} {'is now' if fresh else 'was already'} {role}.")


@main.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--person", "contact", required=True, help="E-mail address or phone number of an account.")
@click.option("--name", required=True, help="What the token is for; shown to its owner.")
@click.option("--scopes", default="read", show_default=True, help="Of read, write, network; separated by commas.")
@click.option("--chapter", default=None, help="Slug: the token acts as Ranger of this chapter.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True)
def create_token(contact: str, name: str, scopes: str, chapter: str | None, days: int) -> None:
    """Print a new API token of a person. It is shown this once."""
    from community.accounts import service as accounts
    from community.chapters import service as chapters
    from community.kit.clock import MovableClock

    async def deed() -> str:
        now = MovableClock()()
        person = await accounts.person_by_contact(contact)
        if person is None:
            raise click.ClickException(f"Nobody with the address {contact} is known here.")
        scope = (await chapters.access_chapter(person.id, chapter, may="run", now=now)).id if chapter else None
        listed = [part.strip() for part in scopes.split(",") if part.strip()]
        return await accounts.create_token(person.id, name, scopes=listed, chapter_id=scope, days=days, now=now)

    click.echo(_do(deed))


@main.group("import")
def import_() -> None:
    """Lists that exist already."""


@import_.command("members")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--chapter", required=True, help="Slug of the chapter.")
@click.option("--commit", is_flag=True, help="Carry it out; without this nothing is changed.")
def import_members(file: Path, chapter: str, commit: bool) -> None:
    """Members of a chapter from a CSV file: a dry run by default; all rows or none. Exit status 2 on faulty rows."""
    from community.kit.clock import MovableClock
    from community.members import service as members

    content = file.read_bytes()
    if len(content) > members.MOST_BYTES:
        raise click.ClickException(f"{file} is larger than {members.MOST_BYTES // 1_000_000} MB.")
    report = _do(lambda: members.import_members(chapter, content, commit=commit, now=MovableClock()()))
    for error in report.errors:
        click.echo(f"row {error.number}, {error.column}: {error.value!r}: {error.advice}", err=True)
    if report.errors:
        click.echo(f"{len(report.errors)} faults in {report.row_count} rows; nothing was changed.", err=True)
        sys.exit(2)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.counts.items()) if count)
    click.echo(
        f"{report.row_count} rows: {counts}. " + ("Done." if commit else "Nothing was changed; --commit does it.")
    )


@main.group()
def export() -> None:
    """What the installation holds, in files anybody can read."""


@export.command("person")
@click.argument("contact")
def export_person(contact: str) -> None:
    """Everything held about one person, as JSON on stdout. The export is audited and shown to the person."""
    import msgspec

    from community.accounts import service as accounts
    from community.kit.clock import MovableClock
    from community.registry import collect

    async def deed() -> object:
        accounts.use_exports(collect().export_person)
        person = await accounts.person_by_contact(contact)
        if person is None:
            raise click.ClickException(f"Nobody with the address {contact} is known here.")
        return await accounts.export_everything(person.id, now=MovableClock()())

    click.echo(msgspec.json.format(msgspec.json.encode(_do(deed), enc_hook=str), indent=2))


@export.command("chapters")
def export_chapters() -> None:
    """Every public chapter as CSV on stdout: name, region, state, members (under five as "<5")."""
    from community.chapters import service as chapters
    from community.kit.csvout import write_csv
    from community.kit.paging import read_cursor
    from community.members import service as members

    async def deed() -> list[tuple[str, ...]]:
        chapters.use_member_counts(members.count_members)
        rows: list[tuple[str, ...]] = []
        after: str | None = ""
        while after is not None:
            items, after = await chapters.list_for_machines("", None, read_cursor(after, 100))
            rows += [(i.chapter.slug, i.chapter.name, i.place, i.chapter.state, i.members or "") for i in items]
        return rows

    click.echo(write_csv(("slug", "name", "place", "state", "members"), _do(deed)), nl=False)


# What the commands share


def _do(deed: Callable[[], Any]) -> Any:
    """Run an asynchronous deed with the database open; a refusal is told in the words a person would read."""
    from community.kit.errors import CommunityError, InvalidInput

    with database(), _reachable():
        try:
            return asyncio.run(_with_pool(deed))
        except InvalidInput as refused:
            raise click.ClickException("\n".join(fault.detail for fault in refused.errors) or refused.words()) from None
        except CommunityError as refused:
            raise click.ClickException(refused.words()) from None


def _settings() -> Settings:
    settings.cache_clear()
    with _in_words(SettingsError):
        return settings()


@contextlib.contextmanager
def database() -> Iterator[dict[str, Any]]:
    """Point the engine at the configured PostgreSQL, or at the embedded one, which runs while the block does."""
    from community.kit.db import configure
    from community.kit.embedded_pg import EmbeddedPostgres, EmbeddedPostgresError

    chosen = _settings()
    if chosen.database_url:
        config = dsn_to_config(chosen.database_url)
        configure(config)
        yield config
        return
    with _in_words(EmbeddedPostgresError):
        cluster = EmbeddedPostgres(chosen.data / "pg")
        config = {**cluster.start(), "database": DATABASE}
    try:
        configure(config)
        yield config
    finally:
        cluster.leave()


@contextlib.contextmanager
def _in_words(*known: type[Exception]) -> Iterator[None]:
    """Errors whose message tells an operator what to do end the command without a traceback."""
    try:
        yield
    except known as error:
        raise click.ClickException(str(error)) from error


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    import asyncpg

    gone = (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidAuthorizationSpecificationError)
    try:
        yield
    except gone as error:
        raise click.ClickException(f"Cannot reach the database: {error or type(error).__name__}") from error


def _address_of(config: dict[str, Any]) -> str:
    if url := settings().database_url:
        return url
    return f"postgresql://{config['user']}@/{config['database']}?host={quote(config['host'], safe='')}"


# Serving


def _refuse_used_port(host: str, port: int) -> None:
    """Asked first, so that nothing has been started when the answer is no."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port} ({error.strerror}). Something else may be running there; "
                f"choose another port, for example PORT={min(port + 1, 65535)}."
            ) from error


@contextlib.contextmanager
def stopped_by_signal() -> Iterator[None]:
    """SIGTERM and a closed terminal (unless `nohup` ignores that) unwind like Ctrl-C: the database is stopped too."""

    def unwind(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    heard = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, unwind) for number in heard}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _prepare(chosen: Settings) -> None:
    from community.kit.migrate import MigrationError, migrate

    with _in_words(MigrationError):
        await migrate()
    await _with_pool(_fill_on_first_run if chosen.demo else _refuse_demo_rows)


async def _fill_on_first_run() -> None:
    from community.demo import service
    from community.kit.clock import MovableClock

    if not await service.is_demo():
        await _fill_demo(refill=False, seed=None)
    elif await service.is_over(now=MovableClock()()):
        click.echo("The demo's events are over; make them new with: community demo --refill")


async def _refuse_demo_rows() -> None:
    """Invented people must not stand among real ones, nor in any figure."""
    from community.demo import service

    if await service.is_demo():
        raise click.ClickException("This database holds the demo. Use another one, or set COMMUNITY_DEMO=1.")


def _serve(host: str, port: int, workers: int, chosen: Settings) -> None:
    import uvicorn

    uvicorn.run(
        "community.cli:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        server_header=False,
        access_log=False,
        log_level="warning",
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
    )


def application() -> Any:
    """What each worker process serves; it finds the database in the environment that `run` left it."""
    from community.app import create_app
    from community.kit.db import configure
    from community.kit.log import configure_logging

    # On a terminal with the demo only what is wrong; elsewhere a line for each request and each job that fails.
    configure_logging(level="WARNING" if settings().demo else "INFO")
    configure(dsn_to_config(os.environ["DATABASE_URL"]))
    return create_app()


def _announce(host: str, port: int, chosen: Settings, began: float) -> None:
    """Print the address once a page is really served."""
    until = time.monotonic() + READY_SECONDS
    while not _answers(host, port):
        if time.monotonic() > until:
            return
        time.sleep(0.1)
    lines = [f"Ready after {time.monotonic() - began:.1f} s: {chosen.base_url}"]
    if chosen.demo:
        lines.append(f"One-click sign-in for the demo roles: {chosen.base_url}/demo")
    click.echo("\n".join([*lines, "Press Ctrl-C to stop."]))


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


# The demo


async def _fill(*, refill: bool, seed: int | None) -> None:
    from community.kit.migrate import MigrationError, migrate

    with _in_words(MigrationError):
        await migrate()
    await _with_pool(lambda: _fill_demo(refill=refill, seed=seed))


async def _fill_demo(*, refill: bool, seed: int | None) -> None:
    from community.demo import errors, service
    from community.kit.clock import MovableClock

    try:
        if refill:
            await service.empty()
        await service.fill(now=MovableClock()(), tell=click.echo, **({} if seed is None else {"seed": seed}))
    except errors.NotADemoDatabase as error:
        raise click.ClickException(
            "This database holds something else than the demo, or the demo already (then: community demo --refill)."
        ) from error


async def _with_pool(deed: Callable[[], Any]) -> Any:
    from community.kit.db import close_pool, open_pool

    await open_pool(min_size=1, max_size=4)
    try:
        return await deed()
    finally:
        await close_pool()


if __name__ == "__main__":
    main()

"""Commands that end before they touch a database, and the words they end with."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from community.cli import main, stopped_by_signal
from community.kit.db import DB, configure
from community.kit.settings import settings

READ = ("COMMUNITY_DEMO", "COMMUNITY_SECRET", "COMMUNITY_BASE_URL", "DATABASE_URL", "PORT")
SECRET = "only-for-tests-" + "t" * 32


@pytest.fixture
def invoke() -> Iterator[Callable[..., Result]]:
    """Run a command with nothing but the environment given; settings and database of the tests come back afterwards."""
    config = dict(DB.config)

    def run(*arguments: str, **env: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=dict.fromkeys(READ) | env)

    yield run
    settings.cache_clear()
    configure(config)


def test_help_names_every_command(invoke: Callable[..., Result]):
    shown = invoke("--help").output
    for command in ("run", "migrate", "demo", "token", "import", "export", "places", "doctor", "appoint"):
        assert f"  {command} " in shown


def test_places_answers_without_loading_the_application_or_a_database_driver():
    program = (
        "import sys; from community.cli import main\n"
        "try: main(['places', 'show', '35.71', '--format', 'json'])\n"
        "except SystemExit as end: assert not end.code\n"
        "loaded = {'litestar', 'asyncpg', 'uvicorn'} & set(sys.modules); assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=False)

    assert done.returncode == 0, done.stderr
    assert '"Kota Kediri' in done.stdout or '"Kediri"' in done.stdout


def test_a_missing_secret_is_said_in_words_and_starts_nothing(invoke: Callable[..., Result]):
    shown = invoke("run")

    assert shown.exit_code == 1
    assert "COMMUNITY_SECRET is missing" in shown.output


def test_demo_mode_is_refused_where_others_could_reach_it(invoke: Callable[..., Result]):
    by_address = invoke(
        "run", COMMUNITY_DEMO="1", COMMUNITY_BASE_URL="https://pelapak.example", COMMUNITY_SECRET=SECRET
    )
    by_host = invoke("run", "--host", "0.0.0.0", COMMUNITY_DEMO="1", COMMUNITY_SECRET=SECRET)  # noqa: S104

    assert by_address.exit_code == by_host.exit_code == 1
    assert "loopback" in by_address.output
    assert "only for this computer" in by_host.output


def test_a_port_in_use_is_said_with_another_to_try(invoke: Callable[..., Result]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        shown = invoke("run", "--port", str(port), COMMUNITY_DEMO="1", COMMUNITY_SECRET=SECRET)

    assert shown.exit_code == 1
    assert f"127.0.0.1:{port}" in shown.output
    assert "choose another port" in shown.output


def test_more_workers_than_the_embedded_database_serves_are_refused(invoke: Callable[..., Result]):
    shown = invoke("run", "--workers", "6", COMMUNITY_SECRET=SECRET)

    assert shown.exit_code == 1
    assert "at most 5 workers" in shown.output


def test_demo_data_is_made_in_demo_mode_only(invoke: Callable[..., Result]):
    shown = invoke("demo", COMMUNITY_SECRET=SECRET)

    assert shown.exit_code == 1
    assert "COMMUNITY_DEMO=1" in shown.output


def test_a_database_that_does_not_answer_is_said_in_one_line(invoke: Callable[..., Result]):
    shown = invoke("migrate", COMMUNITY_SECRET=SECRET, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert shown.exit_code == 1
    assert shown.output.startswith("Error: Cannot reach the database")
    assert shown.output.count("\n") == 1


def test_a_signal_to_end_unwinds_and_what_nohup_ignores_stays_ignored():
    reached = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_by_signal():
            os.kill(os.getpid(), signal.SIGHUP)
            reached.append("after the closed terminal")
            os.kill(os.getpid(), signal.SIGTERM)
            reached.append("after the signal to end")
    finally:
        signal.signal(signal.SIGHUP, before)

    assert reached == ["after the closed terminal"]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL

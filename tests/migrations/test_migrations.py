"""The schema grows and shrinks cleanly, says what the tables say, and needs nothing newer than PostgreSQL 15."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from community.kit.embedded_pg import EmbeddedPostgres
from community.kit.settings import MIGRATIONS
from community.piccolo_app import all_tables

DRIVE = Path(__file__).with_name("drive.py")


@pytest.fixture(scope="module", params=[16, 18])
def cluster(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A cluster of each version that comes with the wheel."""
    with tempfile.TemporaryDirectory(prefix="community-migrations-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as nobody
        postgres = EmbeddedPostgres(Path(folder) / "pg", durable=False, major=request.param)
        config = postgres.start()
        try:
            yield config | {"major": request.param}
        finally:
            postgres.leave()


def drive(cluster: dict[str, Any], *steps: str) -> list[str]:
    """Run `drive.py` in a process of its own: this process's engine belongs to the other tests."""
    done = subprocess.run(
        [sys.executable, str(DRIVE), cluster["host"], *steps], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.removeprefix("> ") for line in done.stdout.splitlines() if line.startswith("> ")]


def test_forwards_backwards_and_forwards_again(cluster: dict[str, Any]) -> None:
    said = drive(cluster, "forwards", "schema", "backwards", "tables", "forwards", "schema")

    schemas = [line for line in said if line.startswith("schema ")]
    left = next(line for line in said if line.startswith("tables "))
    assert left == "tables migration"
    assert schemas[0] == schemas[1]


def test_the_migrations_make_exactly_what_the_tables_say(cluster: dict[str, Any]) -> None:
    assert "no difference" in drive(cluster, "forwards", "difference")


def test_two_processes_migrate_one_after_the_other(cluster: dict[str, Any]) -> None:
    runs = [
        subprocess.Popen([sys.executable, str(DRIVE), cluster["host"], "database=twice", "forwards"]) for _ in range(2)
    ]

    assert [run.wait(timeout=120) for run in runs] == [0, 0]


def test_rules_of_the_database_hold(cluster: dict[str, Any]) -> None:
    """Each line of `rules` is a statement that must be refused, with the SQLSTATE it must be refused with."""
    refused = drive(cluster, "forwards", "rules")

    assert refused == [
        "two accounts with one verified e-mail: 23505",
        "overlapping spells of one member: 23P01",
        "two open spells: 23505",
        "a capacity of none: 23514",
        "a seat region twice: 23505",
        "the application removes audit rows: 42501",
    ]


def test_migrations_import_nothing_of_the_product_and_need_no_extension() -> None:
    for path in MIGRATIONS.glob("*.py"):
        text = path.read_text()
        assert not re.search(r"^\s*(from|import) community", text, re.MULTILINE), path.name
        assert "create extension" not in text.lower(), path.name


def test_every_table_has_a_migration() -> None:
    text = "".join(path.read_text() for path in MIGRATIONS.glob("*.py"))

    assert [t._meta.tablename for t in all_tables() if f'tablename="{t._meta.tablename}"' not in text] == []

"""Commands on an installation that stands: who comes in, what goes in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from community.kit.embedded_pg import EmbeddedPostgres
from tests.cli.operating import free_port, installation, operate


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Filled with the demo; its database stays up, so that each command finds it running."""
    with installation() as made:
        cluster = EmbeddedPostgres(made / "pg", durable=False)
        cluster.start()
        filled = operate(made, "demo")
        assert "72 chapters" in filled.stdout, filled.stderr
        yield made
        cluster.leave()


def test_the_first_administrator_comes_in_by_command_and_gets_a_token(folder: Path):
    fresh = operate(folder, "appoint", "ayu@contoh.example", "--name", "Ayu Contoh", "--role", "administrator")
    again = operate(folder, "appoint", "ayu@contoh.example", "--name", "Ayu Contoh", "--role", "administrator")
    token = operate(
        folder,
        *("token", "create", "--person", "ayu@contoh.example", "--name", "percobaan"),
        "--scopes=network",
    )

    assert fresh.stdout == "ayu@contoh.example is now administrator.\n"
    assert again.stdout == "ayu@contoh.example was already administrator.\n"
    assert re.fullmatch(r"rgr_\w{8}_[\w-]{43}\n", token.stdout), token.stderr


def test_a_token_for_nobody_or_for_more_than_one_may_is_refused_in_words(folder: Path):
    nobody = operate(folder, "token", "create", "--person", "tak.ada@contoh.example", "--name", "x")
    too_much = operate(
        folder, *("token", "create", "--person", "anggota@demo.example", "--name", "x"), "--scopes=network"
    )

    assert nobody.returncode == too_much.returncode == 1
    assert "Nobody with the address" in nobody.stderr
    assert "Traceback" not in too_much.stderr


def test_members_are_imported_only_when_asked_to_and_faulty_rows_are_named(folder: Path, tmp_path: Path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("nama,hp,asal_persetujuan\nSeroja Jahe-Demo,0840-9900-0001,daftar kopdar\n")
    bad.write_text("nama,hp,asal_persetujuan\nSeroja Jahe-Demo,8E+10,daftar kopdar\n")
    options = ("--chapter", "bandung")
    dry = operate(folder, "import", "members", str(good), *options)
    done = operate(folder, "import", "members", str(good), *options, "--commit")
    again = operate(folder, "import", "members", str(good), *options, "--commit")
    faulty = operate(folder, "import", "members", str(bad), *options, "--commit")

    assert "1 new" in dry.stdout
    assert "Nothing was changed" in dry.stdout
    assert "1 new" in done.stdout
    assert "1 new" not in again.stdout
    assert faulty.returncode == 2
    assert faulty.stdout == ""
    assert "row 2, hp" in faulty.stderr


def test_a_person_and_the_chapters_are_exported_in_files_anybody_can_read(folder: Path):
    person = operate(folder, "export", "person", "anggota@demo.example")
    chapters = operate(folder, "export", "chapters")

    assert "Mita Anggota-Demo" in json.dumps(json.loads(person.stdout)["rooms"]["accounts"])
    assert chapters.stdout.splitlines()[0].removeprefix("\ufeff") == '"slug","name","place","state","members"'
    assert len(chapters.stdout.splitlines()) == 70  # 72 less two proposals and one that never opened, and the heading


def test_a_demo_that_is_there_is_filled_again_only_on_demand(folder: Path):
    refused = operate(folder, "demo")

    assert refused.returncode == 1
    assert "--refill" in refused.stderr


def test_the_demo_is_not_served_as_if_it_were_real(folder: Path):
    shown = operate(folder, "run", "--port", str(free_port()), COMMUNITY_DEMO="", COMMUNITY_SECRET="t" * 40)

    assert shown.returncode == 1
    assert "holds the demo" in shown.stderr


def test_the_doctor_names_a_database_that_does_not_answer_and_one_that_is_not_for_this(folder: Path):
    away = operate(folder, "doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    mixed = operate(folder, "doctor", "--format", "json", COMMUNITY_DEMO="", COMMUNITY_SECRET="t" * 40)
    wrong = {finding["check"] for finding in json.loads(mixed.stdout) if finding["state"] == "wrong"}

    assert away.returncode == mixed.returncode == 1
    assert "Cannot reach the database" in away.stdout
    assert wrong == {"contents", "mail"}

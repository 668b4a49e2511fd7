from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from community.places.commands import COMMANDS, places


def run(*arguments: str) -> Result:
    return CliRunner().invoke(places, arguments)


def test_the_roof_is_offered_one_group():
    assert list(COMMANDS) == [places]


def test_show_tells_the_fields_of_the_contract_in_order():
    result = run("show", "35.71", "--format", "json")

    assert result.exit_code == 0
    assert list(json.loads(result.stdout)) == [
        *("code", "name", "kind", "province_code", "province", "seat", "latitude", "longitude"),
        *("time_zone", "zone_label", "island_group"),
    ]
    assert json.loads(result.stdout)["name"] == "Kota Kediri"


@pytest.mark.parametrize("arguments", [("show", "99.99"), ("show", "kediri"), ("show", ""), ("show", "35.7")])
def test_an_unknown_or_malformed_code_speaks_on_stderr_and_leaves_with_2(arguments):
    result = run(*arguments, "--format", "json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()


def test_find_tells_query_matches_and_whether_there_are_more():
    result = run("find", "Kediri", "--limit", "1", "--format", "json")
    told = json.loads(result.stdout)

    assert (result.exit_code, list(told), told["query"], told["more"]) == (
        0,
        ["query", "matches", "more"],
        "Kediri",
        True,
    )
    assert told["matches"][0] | {"code": "35.71", "score": 1.0, "matched_on": "name"} == told["matches"][0]


def test_find_in_a_province():
    told = json.loads(run("find", "Banjar", "--province", "63", "--format", "json").stdout)

    assert {match["province_code"] for match in told["matches"]} == {"63"}


def test_finding_nothing_is_an_empty_list_and_no_fault():
    result = run("find", "xyzzyx", "--format", "json")

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"query": "xyzzyx", "matches": [], "more": False})
    assert run("find", "xyzzyx").stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("find", "Kediri", "--province", "99"),
        ("find", "Kediri", "--province", "35.71"),
        ("find", "Kediri", "--limit", "0"),
        ("find", "Kediri", "--limit", "many"),
        ("find", "k" * 101),
        ("find", "Kediri", "--format", "xml"),
        ("find",),
        ("find", "\udcff"),
    ],
)
def test_bad_arguments_speak_on_stderr_and_leave_with_2(arguments):
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()


def test_a_table_has_a_head_and_a_line_for_each():
    lines = run("find", "Kediri", "--limit", "2", "--format", "table").stdout.splitlines()

    assert lines[0].split()[:3] == ["code", "name", "province"]
    assert [line.split()[0] for line in lines[1:]] == ["35.71", "35.06"]
    assert "Kota Kediri" in run("show", "35.71").stdout


def test_the_same_question_gives_the_same_bytes():
    assert run("find", "kota", "--format", "json").stdout == run("find", "kota", "--format", "json").stdout


def test_the_command_itself_needs_no_database_and_no_network():
    """With the settings of a database that is not there, and every socket refused."""
    program = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise SystemExit(99)\n"
        "socket.socket.connect = refuse\n"
        "from community.cli import main\n"
        "main(['places', 'find', 'Kediri', '--format', 'json'])\n"
    )
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment, check=False, timeout=60
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["matches"][0]["code"] == "35.71"


def test_asking_for_a_place_does_not_load_the_web_or_the_database():
    program = (
        "import sys; from community.cli import main\n"
        "try: main(['places', 'show', '35'])\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'litestar', 'piccolo', 'asyncpg'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr

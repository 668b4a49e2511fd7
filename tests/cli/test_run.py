"""The whole installation, from an empty folder to a page, and nothing left of it afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from community.kit.embedded_pg import EmbeddedPostgres

READY_WITHIN, STOPPED_WITHIN = 90, 30


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the database's own account may enter: pytest's folders are closed to it when root runs the tests."""
    path = Path(tempfile.mkdtemp(prefix="community-run-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "COMMUNITY_SECRET"}}
    env |= {"COMMUNITY_DEMO": "1", "COMMUNITY_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
    env["COMMUNITY_BASE_URL"] = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "community.cli", "run", "--port", str(port), *arguments]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    shown = ""
    assert process.stdout is not None
    until = time.monotonic() + READY_WITHIN
    for line in process.stdout:
        shown += line
        if words in line:
            return shown
        assert time.monotonic() < until, shown
    raise AssertionError(f"ended before saying {words!r}:\n{shown}")


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def stop(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)
    assert process.wait(STOPPED_WITHIN) == 0


def test_from_an_empty_folder_to_a_page_and_ctrl_c_stops_the_database_too(folder: Path):
    port = free_port()
    with running(folder, port) as process:
        shown = read_until(process, "Ctrl-C")
        assert "72 chapters" in shown
        assert f"http://127.0.0.1:{port}/demo" in shown
        assert "Ranger-Demo" in get(port, "/demo")
        stop(process, signal.SIGINT)
    assert not EmbeddedPostgres(folder / "pg").is_up()

    with running(folder, port, "--workers", "2") as process:  # nothing is filled a second time
        began = time.monotonic()
        shown = read_until(process, "Ready after")
        assert "72 chapters" not in shown
        assert time.monotonic() - began < 15  # 5 s on an idle machine of two cores; the suite shares its cores
        assert json.loads(examine(folder))[0]["state"] == "ok"
        stop(process, signal.SIGTERM)
    assert not EmbeddedPostgres(folder / "pg").is_up()


def examine(folder: Path) -> str:
    """The doctor beside the running server: it must find nothing to repair."""
    env = os.environ | {"COMMUNITY_DEMO": "1", "COMMUNITY_DATA": str(folder), "COMMUNITY_SECRET": ""}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "community.cli", "doctor", "--format", "json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

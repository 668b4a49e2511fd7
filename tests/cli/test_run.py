"""The whole installation, from an empty folder to a page, and nothing left of it afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from community.kit.embedded_pg import EmbeddedPostgres
from tests.cli.operating import environment, free_port, installation, operate

READY_WITHIN, STOPPED_WITHIN = 90, 30


@contextmanager
def running(folder: Path, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    env = environment(folder) | {"COMMUNITY_BASE_URL": f"http://127.0.0.1:{port}"}
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


def test_from_an_empty_folder_to_a_page_ctrl_c_stops_all_of_it_and_the_second_start_is_quick():
    with installation() as folder:
        first_start(folder)
        second_start(folder)


def first_start(folder: Path) -> None:
    port = free_port()
    with running(folder, port) as process:
        shown = read_until(process, "Ctrl-C")
        assert "72 chapters" in shown
        assert f"http://127.0.0.1:{port}/demo" in shown
        assert "Ranger-Demo" in get(port, "/demo")
        process.send_signal(signal.SIGINT)
        assert process.wait(STOPPED_WITHIN) == 0
    assert not EmbeddedPostgres(folder / "pg").is_up()


def second_start(folder: Path) -> None:
    """Two workers, nothing filled again, the doctor content beside it, SIGTERM as a service manager sends it."""
    port = free_port()
    with running(folder, port, "--workers", "2") as process:
        began = time.monotonic()
        shown = read_until(process, "Ready after")
        assert "72 chapters" not in shown
        assert time.monotonic() - began < 30  # 2 s on an idle machine of two cores; the suite shares its cores
        assert "Ranger-Demo" in get(port, "/demo")
        doctor = operate(folder, "doctor", "--format", "json")
        assert doctor.returncode == 0, doctor.stdout + doctor.stderr
        assert json.loads(doctor.stdout)[0]["state"] == "ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOPPED_WITHIN) == 0
    assert not EmbeddedPostgres(folder / "pg").is_up()

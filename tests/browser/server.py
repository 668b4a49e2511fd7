"""The product itself, as `make run` starts it: own database, demo data, a free port. Stopped with Ctrl-C's signal."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

COMMUNITY = Path(sys.executable).with_name("community")
START_SECONDS, STOP_SECONDS = 120, 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """Where it answers, and the environment in which other commands find the same installation."""

    url: str
    environment: dict[str, str]


@contextlib.contextmanager
def product(*arguments: str, **environment: str) -> Iterator[str]:
    """Yields the address."""
    with running(*arguments, **environment) as started:
        yield started.url


@contextlib.contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Running]:
    """What it printed is shown if it does not come up."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="community-run-") as folder:
        Path(folder).chmod(0o755)  # as root the database runs as nobody
        own = {"COMMUNITY_DEMO": "1", "COMMUNITY_DATA": f"{folder}/var", "PORT": str(port), **environment}
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("COMMUNITY_") and name != "DATABASE_URL"
        }
        printed = Path(folder) / "printed"
        with printed.open("w") as output:
            process = subprocess.Popen(
                [str(COMMUNITY), "run", *arguments], env=inherited | own, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                wait_until_up(f"http://127.0.0.1:{port}", process, printed)
                yield Running(f"http://127.0.0.1:{port}", own)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(STOP_SECONDS)


def wait_until_up(url: str, process: subprocess.Popen[bytes], printed: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the product stopped with status {process.returncode}:\n{printed.read_text()}")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the product did not come up in {START_SECONDS} s:\n{printed.read_text()}")

"""The platform as an operator sees it: a folder, and commands of its own processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from community.kit.embedded_pg import EmbeddedPostgres


@contextmanager
def installation() -> Iterator[Path]:
    """An empty data folder that the database's own account may enter: pytest's are closed to it under root."""
    folder = Path(tempfile.mkdtemp(prefix="community-run-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in (folder, EmbeddedPostgres(folder / "pg").socket):
            shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    unwanted = {"DATABASE_URL", "COMMUNITY_SECRET", "COMMUNITY_BASE_URL"}
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return kept | {"COMMUNITY_DEMO": "1", "COMMUNITY_DATA": str(folder), "PYTHONUNBUFFERED": "1"}


def operate(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """One command, beside or without the server."""
    command = [sys.executable, "-m", "community.cli", *arguments]
    return subprocess.run(
        command, env=environment(folder) | env, capture_output=True, text=True, timeout=60, check=False
    )

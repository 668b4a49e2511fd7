"""What the installation is told from outside, read once from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parent
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _find(name: str) -> Path:
    """In a wheel the folder sits inside the package, in a checkout beside it."""
    return PACKAGE / name if (PACKAGE / name).is_dir() else ROOT / name


TEMPLATES, MIGRATIONS, STATIC, LOCALE = (
    _find("templates"),
    _find("piccolo_migrations"),
    PACKAGE / "static",
    PACKAGE / "locale",
)


class SettingsError(RuntimeError):
    """The environment cannot be served from; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """One installation. `secret` keys every signature; `base_url` is where links point, never the Host header."""

    data: Path
    database_url: str | None
    base_url: str
    secret: bytes
    demo: bool
    smtp_url: str | None
    heartbeat_url: str | None
    metrics_token: str | None
    mail_from: str
    trusted_proxies: str

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Host with port, as a browser sends it."""
        return urlsplit(self.base_url).netloc

    @property
    def mail_domain(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


def read_settings(env: dict[str, str]) -> Settings:
    """Raises SettingsError with words an operator can act on."""
    demo = env.get("COMMUNITY_DEMO", "") == "1"
    base_url = env.get("COMMUNITY_BASE_URL") or f"http://127.0.0.1:{env.get('PORT') or '8000'}"
    parts = urlsplit(base_url)
    loopback = parts.hostname in LOOPBACK
    if parts.scheme not in {"http", "https"} or (parts.scheme == "http" and not loopback):
        raise SettingsError(f"COMMUNITY_BASE_URL={base_url}: use https, or http with a loopback name.")
    if demo and not loopback:
        raise SettingsError(
            "COMMUNITY_DEMO=1 is only for this computer: COMMUNITY_BASE_URL must be a loopback address."
        )
    data = Path(env.get("COMMUNITY_DATA") or ROOT / "var").resolve()
    return Settings(
        data=data,
        database_url=env.get("DATABASE_URL") or None,
        base_url=base_url.rstrip("/"),
        secret=_secret(env, demo, data),
        demo=demo,
        smtp_url=env.get("SMTP_URL") or None,
        heartbeat_url=env.get("COMMUNITY_HEARTBEAT_URL") or None,
        metrics_token=env.get("COMMUNITY_METRICS_TOKEN") or None,
        mail_from=env.get("COMMUNITY_MAIL_FROM") or f"no-reply@{parts.hostname}",
        trusted_proxies=env.get("FORWARDED_ALLOW_IPS", ""),
    )


def _secret(env: dict[str, str], demo: bool, data: Path) -> bytes:
    given = env.get("COMMUNITY_SECRET", "")
    if given:
        if len(given) < 32:
            raise SettingsError("COMMUNITY_SECRET needs at least 32 characters; make one with: openssl rand -base64 48")
        return given.encode()
    if not demo:
        raise SettingsError("COMMUNITY_SECRET is missing; make one with: openssl rand -base64 48")
    return _demo_secret(data / "demo-secret")


def _demo_secret(path: Path) -> bytes:
    """Drawn on the first demo start of this data folder, so that sign-ins outlive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(os.urandom(32).hex().encode())
    except FileExistsError:
        pass
    return path.read_bytes()


@lru_cache(maxsize=1)
def settings() -> Settings:
    return read_settings(dict(os.environ))


def dsn_to_config(url: str) -> dict[str, Any]:
    """A `postgresql://` address as asyncpg arguments; a socket folder may stand in `?host=`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    config = {
        "host": query.get("host", [parts.hostname])[0],
        "port": parts.port,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/") or "community",
    }
    return {key: value for key, value in config.items() if value is not None}

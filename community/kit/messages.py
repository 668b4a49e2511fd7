"""Message folders: what a message needs (`meta.toml`) and its parts in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from jinja2 import TemplateError

from community.kit import whatsapp
from community.kit.templates import TEMPLATE_DIR, render_message

FOLDER = TEMPLATE_DIR / "messages"
PARTS = ("subject.txt", "body.txt", "body.html", "whatsapp.txt")
CATEGORIES = ("essential", "reminder", "ask", "news")
BROKEN = (TemplateError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError)
"""What rendering raises where a template and the kept params do not fit together."""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/") and not value.startswith(("//", "/\\"))


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _is_zone(value: object) -> bool:
    return isinstance(value, str) and "/" in value


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


TYPES: dict[str, Callable[[object], bool]] = {
    "text": _is_text,
    "name": _is_text,
    "code": _is_text,
    "count": _is_whole,
    "rupiah": _is_whole,
    "bool": lambda value: isinstance(value, bool),
    "instant": _is_instant,
    "day": _is_day,
    "zone": _is_zone,
    "path": _is_path,
    "url": _is_address,
}


@dataclass(frozen=True)
class Meta:
    """`params`: name → type, a trailing `?` allows None. `private`: not for the inbox, and forgotten once sent."""

    name: str
    category: str
    params: Mapping[str, str]
    private: bool = False

    def pack(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Values as JSON keeps them. Raises ValueError naming what is missing, unknown or of another type."""
        if faults := sorted(self._faults(given)):
            raise ValueError(f"message {self.name}: {', '.join(faults)}")
        return {key: _packed(value) for key, value in given.items()}

    def unpack(self, kept: Mapping[str, Any], base_url: str) -> dict[str, Any]:
        """Values as templates use them: instants and days as such, paths as whole addresses."""
        return {key: _unpacked(kept[key], kind.rstrip("?"), base_url) for key, kind in self.params.items()}

    def _faults(self, given: Mapping[str, Any]) -> set[str]:
        names = {f"{key} is missing or unknown" for key in set(given) ^ set(self.params)}
        known = set(given) & set(self.params)
        return names | {f"{key} is no {self.params[key]}" for key in known if not _fits(given[key], self.params[key])}


def _fits(value: object, kind: str) -> bool:
    return (value is None and kind.endswith("?")) or TYPES[kind.rstrip("?")](value)


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # What a database text cannot hold would lose the whole deed.
    return value.replace("\x00", "").encode("utf-8", "ignore").decode() if isinstance(value, str) else value


def _unpacked(value: Any, kind: str, base_url: str) -> Any:
    if value is None:
        return None
    if kind == "instant":
        return datetime.fromisoformat(value)
    if kind == "day":
        return date.fromisoformat(value)
    return base_url + value if kind == "path" else value


@cache
def meta(name: str) -> Meta:
    """What `messages/<name>/meta.toml` says. Raises LookupError without it, ValueError where it makes no sense."""
    path = FOLDER / name / "meta.toml"
    if not path.is_file():
        raise LookupError(f"no message {name}")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    found = Meta(name, told.get("category", ""), told.get("params", {}), told.get("private", False))
    unknown = [kind for kind in found.params.values() if kind.rstrip("?") not in TYPES]
    if found.category not in CATEGORIES or unknown or set(told) - {"category", "private", "params"}:
        raise ValueError(f"message {name}: meta.toml has an unknown category, type or key")
    return found


def list_messages() -> list[str]:
    """Names (`<room>/<name>`) of all message folders."""
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*") if path.is_dir())


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render_mail(name: str, kept: Mapping[str, Any], *, base_url: str, locale: str, **frame: Any) -> Rendered:
    """Subject and both bodies. `kept` are packed params; `frame`: `reader` and `unsubscribe_url` for the layout."""
    context = _context(name, kept, base_url) | {"bare": False, "lang": locale} | frame
    subject = render_message(name, "subject.txt", locale, **context)
    context["subject"] = subject
    text, html = (render_message(name, part, locale, **context) for part in ("body.txt", "body.html"))
    return Rendered(subject, text.strip() + "\n", html)


def render_text(name: str, kept: Mapping[str, Any], *, base_url: str, locale: str, reader: str) -> str:
    """The text without greeting and footer, for the inbox; lines with our own addresses are left out, since a button
    stands there instead."""
    frame = {"bare": True, "reader": reader, "unsubscribe_url": None}
    text = render_message(name, "body.txt", locale, **_context(name, kept, base_url), **frame)
    return "\n".join(line for line in text.splitlines() if f"{base_url}/" not in line).strip()


def render_whatsapp(name: str, kept: Mapping[str, Any], *, base_url: str, locale: str, reader: str) -> str:
    """The draft a person sends by hand: at most 1,000 characters, the address in the last line."""
    context = _context(name, kept, base_url) | {"reader": reader}
    return whatsapp.fit(render_message(name, "whatsapp.txt", locale, **context))


def render_subject(name: str, kept: Mapping[str, Any], *, base_url: str, locale: str, reader: str) -> str:
    context = _context(name, kept, base_url) | {"reader": reader}
    return render_message(name, "subject.txt", locale, **context)


def find_action(name: str, kept: Mapping[str, Any]) -> str | None:
    """The first `path` of the message: where its reader goes from the inbox."""
    paths = (kept.get(key) for key, kind in meta(name).params.items() if kind.rstrip("?") == "path")
    return next((path for path in paths if path), None)


def _context(name: str, kept: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    return {**meta(name).unpack(kept, base_url), "base_url": base_url}

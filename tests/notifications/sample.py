"""Makes the message folders beside this file known, and fills their params."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader

from community.kit import messages
from community.kit.templates import TEMPLATE_DIR, message_environment

FOLDER = Path(__file__).parent / "samples"
STARTS_AT = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def use_samples() -> None:
    """For this process: `samples/plain`, `samples/digest` (news), `samples/secret` (private), `samples/broken`."""
    messages.FOLDER = FOLDER / "messages"
    messages.meta.cache_clear()
    message_environment().loader = ChoiceLoader([FileSystemLoader(FOLDER), FileSystemLoader(TEMPLATE_DIR)])


def forget_samples() -> None:
    messages.FOLDER = TEMPLATE_DIR / "messages"
    messages.meta.cache_clear()
    message_environment().loader = FileSystemLoader(TEMPLATE_DIR)


def params(**given: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": "Kopdar Contoh #1",
        "starts_at": STARTS_AT,
        "tz": "Asia/Jakarta",
        "party": 2,
        "link": "/events/AB23CD45",
        "note": None,
    }
    return values | given

"""What is known of the request under way, in one place of the ASGI scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from community.kit.forms import Again, Typed
from community.kit.viewer import ANYBODY, Viewer

KEY = "community"


@dataclass
class Asking:
    """Made by the front for each request; a form shown again is a second request that shares what was known."""

    now: datetime
    request_id: str
    viewer: Viewer = ANYBODY
    unread: int = 0
    away: bool = False
    """The database could not be asked who this is."""
    unknown_cookie: bool = False
    new_token: str | None = None
    """The sign-in was replaced while it was recognised (a role was gained or lost): this goes into the cookie."""
    typed: Typed = field(default_factory=dict)
    again: Again | None = None
    """Set on the request that shows a refused form again."""
    show_again_at: str | None = None
    refused: Again | None = None
    """Left by the error handler: show the form at `show_again_at` with this."""
    status: int = 0
    """Of the answer as it left; 0 if none did."""


def asking(scope: Any) -> Asking:
    found: Asking = scope[KEY]
    return found

"""What can go wrong with sessions."""

from __future__ import annotations

from community.kit.errors import Conflict, NotFound
from community.kit.i18n import N_


class SessionNotFound(NotFound):
    """No such session, or not this person's to see: the answer is the same."""


class TooManySessions(Conflict):
    code = "too_many_sessions"
    message = N_("Satu kopdar paling banyak memuat dua belas sesi.")


class EventIsOver(Conflict):
    code = "event_cancelled"
    message = N_("Kopdar ini batal, jadi sesinya tidak bisa diubah lagi.")

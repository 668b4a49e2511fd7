"""Who a person is to the other rooms, and how contacts and devices are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community.kit.i18n import N_


@dataclass(frozen=True)
class PersonView:
    """A person as other rooms see one; merges are resolved already. `kind` is account or guest."""

    id: UUID
    kind: str
    name: str
    phone: str | None
    phone_verified_at: datetime | None
    email: str | None
    email_verified_at: datetime | None
    locale: str | None
    is_demo: bool
    version: int


def normal_email(text: str) -> str:
    """How two spellings of one address are recognised; what was typed is what is stored and written to."""
    return text.strip().lower()


BROWSERS = (
    *(("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("UCBrowser/", "UC Browser")),
    *(
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ),
)
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")),
)
UNKNOWN_DEVICE = N_("Peramban lain")


def device_label(user_agent: str) -> str:
    """ "Chrome, Android": enough to tell one's own devices apart, too little to tell people apart. "" if unknown."""
    found = [next((name for mark, name in table if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in found if part)

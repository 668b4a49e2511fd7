"""How long a sign-in lives, by the strongest right that goes with it; and how long a mailed link does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from community.kit.viewer import Grant

TOUCH_EVERY = timedelta(minutes=5)
ROTATED_GRACE = timedelta(minutes=1)
UNCONFIRMED_DAYS = 7
NEVER_PROVED = datetime(1970, 1, 1, tzinfo=UTC)
PASSWORD_TO_PROVE = frozenset({"hq", "partner", "officer", "administrator"})
LINK_LIFE = {
    "sign_in": timedelta(minutes=30),
    "reset": timedelta(minutes=30),
    "verify_email": timedelta(hours=72),
    "new_email": timedelta(hours=72),
}


@dataclass(frozen=True)
class Life:
    idle: timedelta
    absolute: timedelta


USUAL = Life(timedelta(days=14), timedelta(days=60))
STAFF = Life(timedelta(hours=8), timedelta(hours=24))
POWERFUL = Life(timedelta(minutes=30), timedelta(hours=8))
LIVES = {"hq": STAFF, "partner": STAFF, "officer": POWERFUL, "administrator": POWERFUL}


def life_of(roles: Iterable[Grant]) -> Life:
    """The shortest of all roles held; members and Rangers find no sign-in form at the door."""
    return min((LIVES.get(grant.role, USUAL) for grant in roles), key=lambda life: life.absolute, default=USUAL)


def is_over(life: Life, *, created_at: datetime, last_seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
    return now >= min(expires_at, created_at + life.absolute, last_seen_at + life.idle)


def proves_by_link(roles: Iterable[Grant]) -> bool:
    return not any(grant.role in PASSWORD_TO_PROVE for grant in roles)


def first_proof(strength: str, roles: Iterable[Grant], now: datetime) -> datetime:
    """A fresh sign-in is a proof; for staff only with the password, since a mailbox may be shared in an office."""
    return now if strength != "link" or proves_by_link(roles) else NEVER_PROVED

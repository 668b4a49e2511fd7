"""Who is asking: known from the sign-in cookie or the API token, with the rights of this very moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from community.kit.errors import NotAllowed, SignInNeeded

PROOF_LASTS = timedelta(minutes=30)


class ProofNeeded(NotAllowed):
    """The sign-in must be proved again (password or fresh link); a page answers 303 to /prove."""

    code = "proof_needed"


@dataclass(frozen=True)
class Grant:
    """One open role spell. `scope_id`: the chapter of a ranger or deputy; None for hq and administrator."""

    role: str
    scope_id: UUID | None = None


@dataclass(frozen=True)
class Viewer:
    """`via` tells cookie from token; `scopes` are an API token's. Nobody signed in: `person_id` is None."""

    person_id: UUID | None = None
    sign_in_id: UUID | None = None
    name: str = ""
    strength: str = ""
    proved_at: datetime | None = None
    roles: frozenset[Grant] = field(default_factory=frozenset)
    via: Literal["none", "cookie", "token"] = "none"
    scopes: frozenset[str] = field(default_factory=frozenset)
    locale: str | None = None
    is_demo: bool = False

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    def holds(self, role: str, scope_id: UUID | None = None) -> bool:
        return Grant(role, scope_id) in self.roles

    def runs(self, chapter_id: UUID) -> bool:
        """Ranger or deputy of the chapter."""
        return self.holds("ranger", chapter_id) or self.holds("deputy", chapter_id)

    def chapters(self) -> list[UUID]:
        """Chapters the person is a Ranger or deputy of, oldest id first."""
        return sorted({g.scope_id for g in self.roles if g.scope_id and g.role in {"ranger", "deputy"}})

    def person(self) -> UUID:
        """Raises SignInNeeded."""
        if self.person_id is None:
            raise SignInNeeded
        return self.person_id

    def require(self, *roles: str) -> UUID:
        """One of the network-wide roles. Raises SignInNeeded, or NotAllowed: only for addresses without an id."""
        person_id = self.person()
        if not any(self.holds(role) for role in roles):
            raise NotAllowed
        return person_id

    def require_proof(self, now: datetime) -> UUID:
        """Raises ProofNeeded unless the person signed in or proved it within the last 30 minutes."""
        person_id = self.person()
        if self.proved_at is None or now - self.proved_at > PROOF_LASTS:
            raise ProofNeeded
        return person_id


ANYBODY = Viewer()

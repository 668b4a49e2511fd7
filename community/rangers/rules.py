"""Terms, leaves and what a Ranger's profile may hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from community.kit.i18n import N_

DEPUTY_DAYS = 90
RENEWAL_OPENS_DAYS = 60
PROPOSAL_LASTS_DAYS = 30
LEAVE_DAYS = 180
MOST_TOPICS = 8
QUIET_FROM, QUIET_TO = time(21), time(7)
LOAD_LIMIT = 3

LANGUAGES = {
    "id": N_("Bahasa Indonesia"),
    "jv": N_("Jawa"),
    "su": N_("Sunda"),
    "mad": N_("Madura"),
    "min": N_("Minangkabau"),
    "ban": N_("Bali"),
    "bug": N_("Bugis"),
    "mak": N_("Makassar"),
    "bjn": N_("Banjar"),
    "ace": N_("Aceh"),
    "bbc": N_("Batak Toba"),
    "sas": N_("Sasak"),
    "mui": N_("Musi (Palembang)"),
    "en": N_("Inggris"),
}
"""ISO 639 codes a profile may name."""


class Role(StrEnum):
    RANGER = "ranger"
    DEPUTY = "deputy"


class EndCause(StrEnum):
    LEFT = "left"
    TERM_OVER = "term_over"
    ENDED = "ended"
    PROMOTED = "promoted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


class Purpose(StrEnum):
    """What a Ranger may agree to, each apart."""

    ON_PAGE = "ranger_named_on_page"
    TO_PARTNER = "ranger_named_to_partner"
    PHONE_TO_PARTNER = "ranger_phone_to_partner"


@dataclass(frozen=True)
class Spell:
    """One term. Proposed until `accepted_at`; `to_on` is the first day after it."""

    id: UUID
    person_id: UUID
    chapter_id: UUID
    role: Role
    from_on: date
    to_on: date | None
    proposed_by: UUID | None
    proposed_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Profile:
    """What a Ranger can help with, where and when. `reach_minutes` None: no limit."""

    home_region: str
    topics: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=lambda: ["id"])
    reach_minutes: int | None = None
    load_limit: int = LOAD_LIMIT
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    version: int = 1


@dataclass(frozen=True)
class Absence:
    """Days away, first and last included."""

    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1


def term_end(role: Role, from_on: date) -> date:
    """The first day after a term that begins on `from_on`: 12 months for a Ranger, 90 days for a deputy."""
    return from_on + timedelta(days=DEPUTY_DAYS) if role is Role.DEPUTY else a_year_after(from_on)


def a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def may_renew(spell: Spell, today: date) -> bool:
    """A Ranger's own term in its last 60 days; a deputy's ends, and may be proposed anew."""
    return (
        spell.role is Role.RANGER
        and spell.accepted_at is not None
        and spell.ended_at is None
        and spell.to_on is not None
        and spell.to_on - timedelta(days=RENEWAL_OPENS_DAYS) <= today < spell.to_on
    )


def unite(absences: Iterable[Absence]) -> list[Absence]:
    """The same days with overlapping and touching absences made one, in order."""
    united: list[Absence] = []
    for absence in sorted(absences, key=lambda a: (a.first_on, a.last_on)):
        if united and absence.first_on <= united[-1].last_on + timedelta(days=1):
            united[-1] = Absence(united[-1].first_on, max(united[-1].last_on, absence.last_on))
        else:
            united.append(absence)
    return united


def is_away(absences: Sequence[Absence], day: date) -> bool:
    return any(absence.first_on <= day <= absence.last_on for absence in absences)

"""What a session is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

SPEAKERS_MAX = 4
SESSIONS_MAX = 12
"""Of one event: more than an evening holds."""


class Level(StrEnum):
    BEGINNER = "pemula"
    NEXT = "lanjut"
    SKILLED = "mahir"


class Form(StrEnum):
    TALK = "talk"
    WORKSHOP = "workshop"
    CLINIC = "clinic"
    PANEL = "panel"


@dataclass(frozen=True)
class Speaking:
    """Who speaks: somebody of the platform found by a contact, or an outside name. Shown only with consent."""

    name: str
    contact: str | None = None
    consent: bool = False


@dataclass(frozen=True)
class Plan:
    """What a Ranger decides about a session."""

    title: str
    topic: str
    minutes: int = 60
    level: Level = Level.BEGINNER
    form: Form = Form.TALK
    language: str = "id"
    speakers: tuple[Speaking, ...] = ()


@dataclass(frozen=True)
class Speaker:
    person_id: UUID | None
    name: str
    consent_at: datetime | None

    @property
    def named(self) -> bool:
        return self.consent_at is not None


@dataclass(frozen=True)
class Session:
    """A session with the facts of its event that are shown beside it."""

    id: UUID
    event_id: UUID
    event_code: str
    event_title: str
    chapter_name: str
    starts_at: datetime
    tz: str
    position: int
    title: str
    topic: str
    level: Level
    form: Form
    minutes: int
    language: str
    version: int
    speakers: tuple[Speaker, ...] = ()

    @property
    def path(self) -> str:
        return f"/sessions/{self.id}"

    @property
    def shown_speakers(self) -> list[str]:
        """Names of those who agreed to be named."""
        return [speaker.name for speaker in self.speakers if speaker.named]

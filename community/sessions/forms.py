"""What comes in from forms and over the API, and what the API gives out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from community.kit.errors import FieldError
from community.kit.i18n import N_
from community.kit.i18n import gettext as _
from community.kit.inputs import choice, contact, number, text
from community.sessions.rules import SPEAKERS_MAX, Form, Level, Plan, Session, Speaking

Title = Annotated[str, text(N_("Judul"), least=3, most=120)]
TopicKey = Annotated[str, text(N_("Topik"), least=1, most=40)]
Minutes = Annotated[int, number(N_("Lama dalam menit"), low=10, high=480, example="60")]
LevelChoice = Annotated[Level, choice(N_("Tingkat"))]
FormChoice = Annotated[Form, choice(N_("Bentuk"))]
Language = Annotated[str, text(N_("Bahasa"), least=2, most=3, pattern="^[a-z]{2,3}$")]
SpeakerName = Annotated[str, text(N_("Pembicara"), most=100)]
SpeakerContact = Annotated[str, contact(N_("Nomor atau e-mail pembicara"))]
Version = Annotated[int, number(N_("Versi"), low=1, high=2**31 - 1)]


class SessionForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """On a page: one speaker; more over the API."""

    title: Title
    topic: TopicKey
    minutes: Minutes = 60
    level: LevelChoice = Level.BEGINNER
    form: FormChoice = Form.TALK
    speaker: SpeakerName = ""
    speaker_contact: SpeakerContact | None = None
    speaker_consent: Annotated[bool, choice(N_("Izin pembicara"))] = False
    version: Version | None = None

    def plan(self) -> Plan:
        speaking = Speaking(self.speaker, self.speaker_contact, self.speaker_consent)
        return Plan(
            title=self.title,
            topic=self.topic,
            minutes=self.minutes,
            level=self.level,
            form=self.form,
            speakers=(speaking,) if self.speaker or self.speaker_contact else (),
        )

    def problems(self) -> list[FieldError]:
        if self.speaker_contact and not self.speaker:
            return [FieldError("/speaker", "required", _("Tulis juga nama pembicaranya."))]
        return []


class RemoveForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A form of one button."""


class ListQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    topic: Annotated[str, text(N_("Topik"), most=40)] = ""
    past: Annotated[bool, choice(N_("Yang sudah lewat"))] = False
    page: Annotated[int, number(N_("Halaman"), low=1, high=10_000)] = 1


class SpeakerIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`contact` finds somebody of the platform; without a match the name stands alone. `consent` to be named."""

    name: Annotated[str, text(N_("Pembicara"), least=1, most=100)]
    contact: SpeakerContact | None = None
    consent: bool = False

    def speaking(self) -> Speaking:
        return Speaking(self.name, self.contact, self.consent)


class SessionIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    event: Annotated[str, text(N_("Kode kopdar"), least=8, most=8)]
    title: Title
    topic: TopicKey
    minutes: Minutes = 60
    level: LevelChoice = Level.BEGINNER
    form: FormChoice = Form.TALK
    language: Language = "id"
    speakers: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=SPEAKERS_MAX)] = []

    def plan(self, speakers: list[SpeakerIn]) -> Plan:
        spoken = tuple(speaker.speaking() for speaker in speakers)
        return Plan(self.title, self.topic, self.minutes, self.level, self.form, self.language, spoken)


class SessionPatch(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Fields left out stay; `speakers` replaces all of them."""

    version: Version | None = None
    title: Title | None = None
    topic: TopicKey | None = None
    minutes: Minutes | None = None
    level: LevelChoice | None = None
    form: FormChoice | None = None
    language: Language | None = None
    speakers: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=SPEAKERS_MAX)] | None = None

    def changes(self) -> dict[str, Any]:
        names = (name for name in self.__struct_fields__ if name not in {"version", "speakers"})
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}


class SessionQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    event: Annotated[str, text(N_("Kode kopdar"), most=8)] | None = None
    topic: Annotated[str, text(N_("Topik"), most=40)] | None = None
    after: Annotated[str, text("after", most=300)] | None = None
    limit: Annotated[int, number("limit", low=1, high=100)] = 20


class SessionOut(msgspec.Struct, frozen=True):
    """A session as everybody may see it; speakers who agreed to be named."""

    id: UUID
    event: str
    event_title: str
    chapter_name: str
    starts_at: datetime
    time_zone: str
    position: int
    title: str
    topic: str
    level: str
    form: str
    minutes: int
    language: str
    speakers: list[str]
    version: int

    @classmethod
    def of(cls, session: Session) -> SessionOut:
        return cls(
            id=session.id,
            event=session.event_code,
            event_title=session.event_title,
            chapter_name=session.chapter_name,
            starts_at=session.starts_at,
            time_zone=session.tz,
            position=session.position,
            title=session.title,
            topic=session.topic,
            level=session.level.value,
            form=session.form.value,
            minutes=session.minutes,
            language=session.language,
            speakers=session.shown_speakers,
            version=session.version,
        )


class SessionList(msgspec.Struct, frozen=True):
    items: list[SessionOut]
    next: str | None

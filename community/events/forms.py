"""What comes in from forms and over the API, and what the API gives out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from community.events.rules.event import Event, Plan
from community.events.rules.lifecycle import EventKind
from community.kit.errors import FieldError, InvalidInput
from community.kit.i18n import N_
from community.kit.i18n import gettext as _
from community.kit.inputs import choice, contact, number, phone, text, web_address
from community.kit.inputs import date as day
from community.kit.inputs import time as hour

CAPACITY_MAX, GUESTS_MAX, BATCH_MAX = 5_000, 4, 200
OTHER, NEW = "other", "new"

Title = Annotated[str, text(N_("Judul"), least=3, most=80)]
PlaceName = Annotated[str, text(N_("Nama tempat"), most=80)]
Patokan = Annotated[str, text(N_("Patokan"), most=200)]
Address = Annotated[str, text(N_("Alamat"), most=200)]
Body = Annotated[str, text(N_("Keterangan"), most=5_000, lines=True)]
TopicKey = Annotated[str, text(N_("Topik"), most=40)]
Capacity = Annotated[int, number(N_("Kapasitas"), low=1, high=CAPACITY_MAX, example="40")]
Guests = Annotated[int, number(N_("Teman yang boleh dibawa"), low=0, high=GUESTS_MAX)]
Party = Annotated[int, number(N_("Jumlah orang"), low=1, high=1 + GUESTS_MAX)]
PersonName = Annotated[str, text(N_("Nama lengkap"), least=1, most=100)]
Reason = Annotated[str, text(N_("Alasan"), least=3, most=300)]
Version = Annotated[int, number(N_("Versi"), low=1, high=2**31 - 1)]
Promotion = Annotated[Literal["auto", "manual"], choice(N_("Kursi kosong"))]
Tick = Annotated[bool, choice(N_("Setuju"))]


def local_instant(on: date, at: time, tz: str) -> datetime:
    """The instant shown by local clocks."""
    return datetime.combine(on, at.replace(tzinfo=None), ZoneInfo(tz)).astimezone(UTC)


class CreateForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A new kopdar in five fields. `when` is a slot on local clocks or "other"; `place` the code of an event held there
    before or "new"."""

    title: Title
    capacity: Capacity | None = None
    when: Annotated[str, text(N_("Waktu"), least=1, most=20)] = OTHER
    when_date: Annotated[date, day(N_("Tanggal"))] | None = None
    when_time: Annotated[time, hour(N_("Pukul"))] | None = None
    place: Annotated[str, text(N_("Tempat"), least=1, most=8)] = NEW
    place_name: PlaceName = ""
    patokan: Patokan = ""
    topic: TopicKey | None = None
    chapter: Annotated[str, text(N_("Komunitas"), most=40)] = ""
    deed: Annotated[Literal["publish", "draft"], choice(N_("Yang dilakukan"))] = "publish"

    def problems(self) -> list[FieldError]:
        found = []
        if self.when == OTHER and (self.when_date is None or self.when_time is None):
            found.append(FieldError("/when", "required", _("Pilih waktu kopdar: tanggal dan pukulnya.")))
        if self.when != OTHER and _slot(self.when) is None:
            found.append(FieldError("/when", "not_valid", _("Pilih salah satu waktu.")))
        if self.place == NEW and not self.place_name:
            found.append(FieldError("/place_name", "required", _("Tulis nama tempatnya, atau “menyusul”.")))
        return found

    def starts_at(self, tz: str) -> datetime:
        slot = _slot(self.when)
        if slot is not None:
            return local_instant(slot.date(), slot.time(), tz)
        return _instant("/when", self.when_date, self.when_time, tz)


def _slot(value: str) -> datetime | None:
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def _instant(pointer: str, on: date | None, at: time | None, tz: str) -> datetime:
    if on is None or at is None or not 2000 <= on.year <= 2100:
        raise InvalidInput([FieldError(pointer, "required", _("Pilih waktu kopdar: tanggal dan pukulnya."))])
    return local_instant(on, at, tz)


class EditForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Everything a Ranger may change about an event; capacity has its own form."""

    title: Title
    on: Annotated[date, day(N_("Tanggal"))]
    at: Annotated[time, hour(N_("Mulai pukul"))]
    minutes: Annotated[int, number(N_("Lama dalam menit"), low=15, high=10_080, example="120")]
    version: Version
    place_name: PlaceName = ""
    patokan: Patokan = ""
    address: Address = ""
    body: Body = ""
    topic: TopicKey | None = None
    guests_max: Guests = 0
    promotion: Promotion = "auto"
    members_only: Tick = False
    is_home: Tick = False
    deed: Annotated[Literal["save", "publish"], choice(N_("Yang dilakukan"))] = "save"

    def plan(self, event: Event) -> Plan:
        starts_at = _instant("/on", self.on, self.at, event.tz)
        return Plan(
            title=self.title,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=self.minutes),
            place_name=self.place_name,
            patokan=self.patokan,
            address=self.address,
            body=self.body,
            topic=self.topic,
            capacity=event.capacity,
            kind=event.kind,
            mode=event.mode,
            online_url=event.online_url,
            is_home=self.is_home,
            latitude=event.latitude,
            longitude=event.longitude,
            audience="members" if self.members_only else "public",
            guests_max=self.guests_max,
            promotion=self.promotion,
        )


class RsvpForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Of somebody signed in."""

    party_size: Party = 1


class GuestForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Of somebody without an account: three inputs at most, ticks aside."""

    name: PersonName
    contact: Annotated[str, contact(N_("No. WhatsApp atau e-mail"))]
    party_size: Party = 1
    consent: Tick = False
    news: Tick = False

    def problems(self) -> list[FieldError]:
        if self.consent:
            return []
        return [FieldError("/consent", "required", _("Beri tanda setuju supaya kami boleh mencatat Anda."))]

    @property
    def phone(self) -> str | None:
        return None if "@" in self.contact else self.contact

    @property
    def email(self) -> str | None:
        return self.contact if "@" in self.contact else None


class PressForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A form of one button."""


class LinkForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the holder of an RSVP's link does."""

    deed: Annotated[Literal["cancel", "accept", "confirm", "join"], choice(N_("Yang dilakukan"))]


class ReasonForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Postponing, cancelling, removing: people are told why."""

    reason: Reason
    version: Version | None = None


class PickForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    reason: Annotated[str, text(N_("Alasan"), most=300)] = ""


class CapacityForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Left empty: no limit."""

    capacity: Capacity | None = None
    move_back: Annotated[list[UUID], msgspec.Meta(max_length=CAPACITY_MAX)] = []
    version: Version | None = None


class MarkForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One button at the door; `q` is the search to come back to."""

    person: Annotated[UUID, choice(N_("Orang"))]
    q: Annotated[str, text(N_("Cari"), most=100)] = ""


class WalkInForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: PersonName
    phone: Annotated[str, phone(N_("Nomor HP"))] | None = None
    consent: Tick = False

    def problems(self) -> list[FieldError]:
        if self.consent:
            return []
        return [FieldError("/consent", "required", _("Bacakan kalimat itu, lalu beri tanda bila tamu setuju."))]


class FinishForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    recap: Annotated[str, text(N_("Cerita satu kalimat"), most=500)] = ""
    attendance_complete: Tick = False
    version: Version | None = None


# What the API takes. None means "as it is" in a change.


class EventIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A new event: a draft, published by its own deed. Times are RFC 3339 with an offset."""

    chapter: Annotated[str, text(N_("Komunitas"), least=3, most=40)]
    title: Title
    starts_at: datetime
    ends_at: datetime
    place_name: PlaceName = ""
    patokan: Patokan = ""
    address: Address = ""
    body: Body = ""
    topic: TopicKey | None = None
    capacity: Capacity | None = None
    kind: EventKind = EventKind.KOPDAR
    mode: Literal["onsite", "online", "hybrid"] = "onsite"
    online_url: Annotated[str, web_address(N_("Tautan ikut dari jauh"))] | None = None
    is_home: bool = False
    audience: Literal["public", "members"] = "public"
    guests_max: Guests = 0
    promotion: Promotion = "auto"

    def problems(self) -> list[FieldError]:
        return [*_without_offset("/starts_at", self.starts_at), *_without_offset("/ends_at", self.ends_at)]

    def plan(self) -> Plan:
        values = {name: getattr(self, name) for name in self.__struct_fields__ if name != "chapter"}
        return Plan(**values)


class EventPatch(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Fields left out stay. `version`, or the header If-Match, is the one the change was made from."""

    version: Version | None = None
    title: Title | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place_name: PlaceName | None = None
    patokan: Patokan | None = None
    address: Address | None = None
    body: Body | None = None
    topic: TopicKey | None = None
    is_home: bool | None = None
    audience: Literal["public", "members"] | None = None
    guests_max: Guests | None = None
    promotion: Promotion | None = None

    def problems(self) -> list[FieldError]:
        found = [(f"/{name}", getattr(self, name)) for name in ("starts_at", "ends_at")]
        return [error for pointer, at in found if at is not None for error in _without_offset(pointer, at)]

    def changes(self) -> dict[str, object]:
        """What to change; a new start keeps the length unless the end is given too."""
        values = {name: getattr(self, name) for name in self.__struct_fields__ if name != "version"}
        return {name: value for name, value in values.items() if value is not None}


def _without_offset(pointer: str, at: datetime) -> list[FieldError]:
    sane = at.tzinfo is not None and 2000 <= at.year <= 2100
    if sane:
        return []
    words = _("Tulis waktu dengan tanggal, jam, dan selisih zona, misalnya 2026-11-28T19:00:00+07:00.")
    return [FieldError(pointer, "not_instant", words)]


class VersionIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    version: Version | None = None


class RsvpIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    party_size: Party = 1


class CloneIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    starts_at: datetime

    def problems(self) -> list[FieldError]:
        return _without_offset("/starts_at", self.starts_at)


class FinishIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    attendance_complete: bool = False
    recap: Annotated[str, text(N_("Cerita satu kalimat"), most=500)] = ""
    version: Version | None = None


class ScanIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One mark: of an RSVP, of a code at the door, or of a walk-in by name; or an undo of earlier nonces."""

    nonce: UUID
    scanned_at: datetime
    kind: Literal["in", "undo"] = "in"
    rsvp: UUID | None = None
    token: Annotated[str, text(N_("Kode pintu"), most=64)] | None = None
    undoes: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=50)] = ()
    name: PersonName | None = None
    phone: Annotated[str, phone(N_("Nomor HP"))] | None = None

    def problems(self) -> list[FieldError]:
        return _without_offset("/scanned_at", self.scanned_at)


class ScansIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`sent_at` is the phone's own clock when sending: how far it is off puts the marks right."""

    sent_at: datetime
    scans: Annotated[list[ScanIn], msgspec.Meta(min_length=1, max_length=BATCH_MAX)]


class ScanBatch(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The same, its items not looked at yet: a bad one must not fail the others."""

    sent_at: datetime
    scans: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1, max_length=BATCH_MAX)]

    def problems(self) -> list[FieldError]:
        return _without_offset("/sent_at", self.sent_at)


class EventQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    chapter: Annotated[str, text(N_("Komunitas"), most=40)] | None = None
    province: Annotated[str, text(N_("Provinsi"), most=2)] | None = None
    after: Annotated[str, text("after", most=300)] | None = None
    limit: Annotated[int, number("limit", low=1, high=100)] = 20


class ListQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The page of events."""

    province: Annotated[str, text(N_("Provinsi"), most=2)] = ""
    chapter: Annotated[str, text(N_("Komunitas"), most=40)] = ""
    past: Annotated[bool, choice(N_("Yang sudah lewat"))] = False
    page: Annotated[int, number(N_("Halaman"), low=1, high=10_000)] = 1


# What the API gives.


class EventOut(msgspec.Struct, frozen=True):
    """An event as everybody may see it; of a home only the blurred point and no address."""

    code: str
    chapter: str
    chapter_name: str
    kind: str
    state: str
    title: str
    body: str
    topic: str | None
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    mode: str
    place_name: str
    address: str
    patokan: str
    latitude: float | None
    longitude: float | None
    audience: str
    capacity: int | None
    guests_max: int
    rsvp_opens_at: datetime
    rsvp_closes_at: datetime
    cancel_reason: str | None
    recap: str
    url: str
    version: int

    @classmethod
    def of(cls, event: Event, base_url: str) -> EventOut:
        point = event.point_shown
        return cls(
            code=event.code,
            chapter=event.chapter_slug,
            chapter_name=event.chapter_name,
            kind=event.kind.value,
            state=event.state.value,
            title=event.title,
            body=event.body,
            topic=event.topic,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            time_zone=event.tz,
            mode=event.mode,
            place_name=event.place_name,
            address=event.address_shown,
            patokan=event.patokan,
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            audience=event.audience,
            capacity=event.capacity,
            guests_max=event.guests_max,
            rsvp_opens_at=event.rsvp_opens_at,
            rsvp_closes_at=event.rsvp_closes_at,
            cancel_reason=event.cancel_reason,
            recap=event.recap,
            url=f"{base_url}{event.path}",
            version=event.version,
        )


class EventList(msgspec.Struct, frozen=True):
    items: list[EventOut]
    next: str | None


class RsvpOut(msgspec.Struct, frozen=True):
    """One's own RSVP; `place` in the queue counts from 1."""

    id: UUID
    state: str
    party_size: int
    place: int | None
    expires_at: datetime | None
    confirm_by: datetime | None


class ListedRsvp(msgspec.Struct, frozen=True):
    """For Rangers: no contact."""

    id: UUID
    name: str
    state: str
    party_size: int
    place: int | None
    source: str
    created_at: datetime


class RsvpList(msgspec.Struct, frozen=True):
    items: list[ListedRsvp]


class RosterRow(msgspec.Struct, frozen=True):
    """`tail`: the last digits of the phone, to tell two of one name apart."""

    rsvp: UUID | None
    name: str
    tail: str
    party_size: int
    state: str
    arrived_at: datetime | None


class RosterOut(msgspec.Struct, frozen=True):
    event: str
    starts_at: datetime
    time_zone: str
    rows: list[RosterRow]


class ScanAnswer(msgspec.Struct, frozen=True):
    nonce: UUID | None
    result: str


class ScansOut(msgspec.Struct, frozen=True):
    items: list[ScanAnswer]

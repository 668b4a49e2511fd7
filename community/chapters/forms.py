"""What comes in about chapters, and what the API answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from community.kit import inputs
from community.kit.i18n import N_

NAME = Annotated[str, inputs.text(N_("Nama komunitas"), least=3, most=60, example="Komunitas Pelapak Kediri")]
REGION = Annotated[str, inputs.text(N_("Wilayah"), most=100, example="Kota Kediri, Jawa Timur")]
SLUG = Annotated[str, inputs.text(N_("Alamat halaman"), least=3, most=40, example="pelapak-kota-kediri")]
ABOUT = Annotated[str, inputs.text(N_("Tentang komunitas"), most=2000, lines=True)]
INVITE = Annotated[str, inputs.text(N_("Tautan grup WhatsApp"), most=200, example="https://chat.whatsapp.com/…")]
CONTACT = Annotated[str, inputs.contact(N_("Kontak pendiri kedua"))]
PERSON = Annotated[str, inputs.text(N_("Nama pendiri kedua"), least=1, most=100)]
REASON = Annotated[str, inputs.text(N_("Alasan"), least=20, most=500, lines=True)]
VERSION = Annotated[int, inputs.number(N_("Versi"), low=1, high=2_000_000_000)]


class ProposeForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`region…` is the place field: text, picked code, province, and the text the codes were offered for."""

    name: NAME
    region_text: Annotated[str, inputs.text(N_("Wilayah pusat kegiatan"), most=100)] = ""
    region_code: Annotated[str, inputs.text(N_("Wilayah pusat kegiatan"), most=5)] = ""
    region_province: Annotated[str, inputs.text(N_("Provinsi"), most=2)] = ""
    region_seen: Annotated[str, inputs.text(N_("Wilayah pusat kegiatan"), most=100)] | None = None
    more_regions: Annotated[str, inputs.text(N_("Wilayah lain"), most=500, lines=True)] = ""
    founder_name: PERSON
    founder_contact: CONTACT
    conduct: Annotated[bool, inputs.choice(N_("Janji bersama"))] = False


class ProposeBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The same over the API, where regions are codes. `slug` is made of the name if left out."""

    name: NAME
    region_code: Annotated[str, inputs.text(N_("Wilayah pusat kegiatan"), least=5, most=5)]
    more_region_codes: Annotated[list[str], msgspec.Meta(max_length=20)] = []
    slug: SLUG | None = None
    founder_name: PERSON
    founder_contact: CONTACT
    conduct: Annotated[bool, inputs.choice(N_("Janji bersama"))]


class ConductForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    conduct: Annotated[bool, inputs.choice(N_("Janji bersama"))] = False


class EditForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    name: NAME
    about: ABOUT = ""
    whatsapp_invite: INVITE | None = None
    slug: SLUG
    version: VERSION


class EditBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is left out stays. The version comes here or in `If-Match`."""

    name: NAME | msgspec.UnsetType = msgspec.UNSET
    about: ABOUT | msgspec.UnsetType = msgspec.UNSET
    whatsapp_invite: INVITE | msgspec.UnsetType | None = msgspec.UNSET
    slug: SLUG | msgspec.UnsetType = msgspec.UNSET
    version: VERSION | None = None


class NotYetForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    reason: REASON


class ChapterOut(msgspec.Struct, frozen=True, kw_only=True):
    """A chapter as anybody may see it. `members` is a number, "<5", or null where it is not known."""

    id: UUID
    slug: str
    name: str
    state: str
    state_since: datetime
    time_zone: str
    region_codes: list[str]
    latitude: float
    longitude: float
    about: str
    members: str | None
    is_demo: bool
    version: int


class ChapterList(msgspec.Struct, frozen=True):
    items: list[ChapterOut]
    next: str | None


class StateOut(msgspec.Struct, frozen=True, kw_only=True):
    from_state: str | None
    to_state: str
    at: datetime
    reason: str | None
    by_job: bool


class StateList(msgspec.Struct, frozen=True):
    items: list[StateOut]


class TopicOut(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    section: str
    label_id: str
    label_en: str
    minutes: int
    goals: list[str]
    after: list[str]


class TopicList(msgspec.Struct, frozen=True):
    items: list[TopicOut]

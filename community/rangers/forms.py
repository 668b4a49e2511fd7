"""What comes in about Rangers, and what the API answers."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated
from uuid import UUID

import msgspec

from community.kit import inputs
from community.kit.i18n import N_
from community.rangers.rules import Purpose, Role

VERSION = Annotated[int, inputs.number(N_("Versi"), low=1, high=2_000_000_000)]
REACH = Annotated[int, inputs.number(N_("Waktu tempuh"), low=1, high=10_000, example="120")]
LOAD = Annotated[int, inputs.number(N_("Permintaan sebulan"), low=0, high=10, example="3")]
TOPIC = Annotated[str, inputs.text(N_("Topik"), most=40)]
LANGUAGE = Annotated[str, inputs.text(N_("Bahasa"), most=3)]


class ConductForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    conduct: Annotated[bool, inputs.choice(N_("Janji bersama"))] = False


class NotYetForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    reason: Annotated[str, inputs.text(N_("Alasan"), least=20, most=500, lines=True)]


class ProposeForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`member_id` is the membership in this chapter."""

    member_id: UUID
    kind: Annotated[Role, inputs.choice(N_("Peran"))]


class SkillsForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    topics: Annotated[list[TOPIC], inputs.choice(N_("Topik"))] = []
    languages: Annotated[list[LANGUAGE], inputs.choice(N_("Bahasa"))] = []
    version: VERSION


class ReachForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`region…` is the place field. Without `reach_minutes` there is no limit."""

    region_text: Annotated[str, inputs.text(N_("Tempat tinggal"), most=100)] = ""
    region_code: Annotated[str, inputs.text(N_("Tempat tinggal"), most=5)] = ""
    region_province: Annotated[str, inputs.text(N_("Provinsi"), most=2)] = ""
    region_seen: Annotated[str, inputs.text(N_("Tempat tinggal"), most=100)] | None = None
    reach_minutes: REACH | None = None
    load_limit: LOAD
    quiet_from: Annotated[time, inputs.time(N_("Mulai tenang"))]
    quiet_to: Annotated[time, inputs.time(N_("Selesai tenang"))]
    version: VERSION


class LeaveForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    first_on: Annotated[date, inputs.date(N_("Hari pertama"))]
    last_on: Annotated[date, inputs.date(N_("Hari terakhir"))]


class AgreeForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    purpose: Annotated[Purpose, inputs.choice(N_("Izin"))]
    given: Annotated[bool, inputs.choice(N_("Izin"))] = False


class ProfileBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is left out stays; `reach_minutes` null: no limit. The version comes here or in `If-Match`."""

    topics: Annotated[list[TOPIC], msgspec.Meta(max_length=8)] | msgspec.UnsetType = msgspec.UNSET
    languages: Annotated[list[LANGUAGE], msgspec.Meta(max_length=20)] | msgspec.UnsetType = msgspec.UNSET
    home_region: Annotated[str, inputs.text(N_("Tempat tinggal"), least=5, most=5)] | msgspec.UnsetType = msgspec.UNSET
    reach_minutes: REACH | msgspec.UnsetType | None = msgspec.UNSET
    load_limit: LOAD | msgspec.UnsetType = msgspec.UNSET
    quiet_from: Annotated[time, inputs.time(N_("Mulai tenang"))] | msgspec.UnsetType = msgspec.UNSET
    quiet_to: Annotated[time, inputs.time(N_("Selesai tenang"))] | msgspec.UnsetType = msgspec.UNSET
    version: VERSION | None = None


class ProfileOut(msgspec.Struct, frozen=True, kw_only=True):
    topics: list[str]
    languages: list[str]
    home_region: str
    reach_minutes: int | None
    load_limit: int
    quiet_from: time
    quiet_to: time
    version: int


class RangerOut(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is empty where the Ranger did not agree to be named."""

    name: str
    role: str
    topics: list[str]


class RangerList(msgspec.Struct, frozen=True):
    items: list[RangerOut]


class ProposedOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    role: str
    accepted: bool


class LeaveOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    first_on: date
    last_on: date


class EndorsedOut(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    state: str
    version: int

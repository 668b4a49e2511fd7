"""Who one can be in the demo, with one click."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from community.kit.i18n import N_


class Role(StrEnum):
    RANGER = "ranger"
    MEMBER = "member"
    HQ = "hq"
    ADMINISTRATOR = "administrator"
    OTHER_RANGER = "other_ranger"


@dataclass(frozen=True)
class Part:
    """A role as the start page offers it."""

    role: Role
    label: str
    note: str


PARTS = (
    Part(Role.RANGER, N_("Ranger"), N_("Kopdar malam ini dengan 42 nama, satu kopdar penuh, satu yang perlu ditutup.")),
    Part(Role.MEMBER, N_("Anggota"), N_("Kopdar di komunitasnya sendiri, kursi yang sudah dipesan, data sendiri.")),
    Part(Role.HQ, N_("Tim pusat"), N_("Keadaan 72 komunitas, usulan yang menunggu jawaban; bukan data pribadi.")),
    Part(Role.ADMINISTRATOR, N_("Administrator"), N_("Akun dan pengaturan; setiap pemakaian tercatat.")),
    Part(
        Role.OTHER_RANGER, N_("Ranger kota lain"), N_("Apa yang tidak boleh terlihat: ruang kerja komunitas tetangga.")
    ),
)

"""What can go wrong with a chapter."""

from __future__ import annotations

from community.kit.errors import Conflict, FieldError, InvalidInput, NotFound
from community.kit.i18n import N_
from community.kit.i18n import gettext as _


class ChapterNotFound(NotFound):
    """No such chapter, or not for this person to see."""

    code = "chapter_not_found"


class InvitationNotFound(NotFound):
    code = "invitation_not_found"


class ProposalAnswered(Conflict):
    code = "proposal_answered"
    message = N_("Usulan ini sudah dijawab. Muat ulang halaman untuk melihat jawabannya.")


class FoundersMissing(Conflict):
    code = "founders_missing"
    message = N_("Usulan ini belum disetujui dua pendiri. Tunggu pendiri kedua menyetujui janji bersama.")


class InvitationTaken(Conflict):
    code = "invitation_taken"
    message = N_("Undangan ini sudah dipakai orang lain. Minta pengusul mengirim undangan baru.")


class ChapterResting(Conflict):
    code = "chapter_resting"
    message = N_("Komunitas ini sudah beristirahat.")


class SlugTaken(InvalidInput):
    """The address belongs or once belonged to another chapter."""

    def __init__(self) -> None:
        words = _("Alamat ini sudah dipakai komunitas lain. Pilih alamat lain, misalnya dengan nama provinsi.")
        super().__init__([FieldError("/slug", "slug_taken", words)])


class SlugRefused(InvalidInput):
    def __init__(self) -> None:
        words = _("Tulis alamat dengan 3–40 huruf kecil, angka, atau tanda hubung, misalnya pelapak-kota-kediri.")
        super().__init__([FieldError("/slug", "slug_refused", words)])


class InviteRefused(InvalidInput):
    def __init__(self) -> None:
        words = _("Tempel tautan undangan grup WhatsApp, yang dimulai dengan https://chat.whatsapp.com/.")
        super().__init__([FieldError("/whatsapp_invite", "invite_refused", words)])


class TooManyRegions(InvalidInput):
    def __init__(self, most: int) -> None:
        words = _("Pilih paling banyak %(most)s wilayah tambahan.") % {"most": most}
        super().__init__([FieldError("/regions", "too_many", words)])


class RegionUnknown(InvalidInput):
    """A code that is no kabupaten or kota."""

    def __init__(self, field: str) -> None:
        words = _("Pilih kabupaten atau kota dari daftar.")
        super().__init__([FieldError(f"/{field}", "region_unknown", words)])


class RegionUnclear(InvalidInput):
    """A line that could mean several places, or none."""

    def __init__(self, line: str) -> None:
        words = _("“%(line)s” belum jelas. Tulis lengkap, misalnya Kota Kediri, Jawa Timur.") % {"line": line[:60]}
        super().__init__([FieldError("/more_regions", "region_unclear", words)])


class SecondFounderNeeded(InvalidInput):
    def __init__(self) -> None:
        words = _("Tulis kontak orang lain sebagai pendiri kedua; ini kontak Anda sendiri.")
        super().__init__([FieldError("/founder_contact", "founder_is_you", words)])


class ConductNeeded(InvalidInput):
    def __init__(self) -> None:
        words = _("Centang janji bersama untuk melanjutkan.")
        super().__init__([FieldError("/conduct", "conduct_needed", words)])

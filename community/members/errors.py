"""What can go wrong with members, stores and imports."""

from __future__ import annotations

from community.kit.errors import Conflict, FieldError, InvalidInput, NotFound
from community.kit.i18n import N_
from community.kit.i18n import gettext as _


class MemberNotFound(NotFound):
    code = "member_not_found"


class StoreNotFound(NotFound):
    code = "store_not_found"


class ImportNotFound(NotFound):
    """Not of this chapter, carried out already, or older than a day."""

    code = "import_not_found"


class ChapterClosed(Conflict):
    code = "chapter_closed"
    message = N_("Komunitas ini sudah ditutup. Cari komunitas lain di dekat Anda.")


class StoreAlreadyLinked(Conflict):
    """Not whose."""

    code = "store_already_linked"
    message = N_("ID toko ini sudah terhubung dengan akun lain. Periksa lagi ID-nya; kalau benar, hubungi tim pusat.")


class PlanChanged(Conflict):
    code = "plan_changed"
    message = N_("Daftar anggota berubah sejak berkas diperiksa. Unggah lagi berkasnya lalu periksa hasil yang baru.")


class ImportFaulty(Conflict):
    """Nothing is stored while one row is wrong."""

    code = "import_faulty"
    message = N_("Masih ada baris yang perlu diperbaiki. Perbaiki berkasnya lalu unggah lagi.")


class ConsentNeeded(InvalidInput):
    def __init__(self) -> None:
        super().__init__([FieldError("/consent", "consent_needed", _("Centang persetujuan untuk bergabung."))])


class FileNeeded(InvalidInput):
    def __init__(self) -> None:
        super().__init__([FieldError("/file", "file_needed", _("Pilih berkas CSV paling besar 10 MB."))])

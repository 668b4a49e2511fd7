"""What an audit action means to the person it was about."""

from __future__ import annotations

from community.kit.i18n import N_

WORDS = {
    "account.create": N_("Akun dibuat"),
    "account.export": N_("Data Anda diunduh"),
    "role.gain": N_("Peran diberikan kepada Anda"),
    "role.end": N_("Peran Anda berakhir"),
    "consent.give": N_("Izin dicatat atas nama Anda"),
    "consent.withdraw": N_("Izin Anda ditarik"),
    "member.phone.read": N_("Nomor HP Anda dibuka"),
    "member.list.read": N_("Daftar anggota dibuka"),
    "member.export": N_("Daftar anggota diunduh"),
    "member.import.commit": N_("Nama Anda masuk lewat daftar yang diunggah"),
    "event.people.read": N_("Daftar peserta dibuka"),
    "event.roster.read": N_("Daftar hadir dibuka"),
    "event.check_in": N_("Anda ditandai hadir"),
    "event.check_in.undone": N_("Tanda hadir Anda dibatalkan"),
    "ranger.appointed": N_("Anda diangkat sebagai Ranger"),
    "ranger.propose": N_("Anda diusulkan sebagai Ranger"),
    "ranger.end": N_("Tugas Ranger Anda berakhir"),
}
OTHERWISE = N_("Data Anda dibuka atau diubah")


def words_of(action: str) -> str:
    """The source text, to be translated by the caller."""
    return WORDS.get(action, OTHERWISE)

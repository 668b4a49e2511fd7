"""Short words for people: what an audit action meant to the one it was about, what a consent is for."""

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


PURPOSES = {
    "membership": N_("Bergabung dengan komunitas"),
    "contact": N_("Dihubungi"),
    "news": N_("Kabar kegiatan"),
    "rsvp_record": N_("Dicatat untuk kopdar"),
    "partner_request": N_("Permintaan narahubung"),
    "conduct": N_("Janji Ranger"),
    "ranger_named_on_page": N_("Nama di halaman komunitas"),
    "ranger_named_to_partner": N_("Nama untuk dinas dan mitra"),
    "ranger_phone_to_partner": N_("Nomor HP untuk dinas dan mitra"),
}


def purpose_words(purpose: str) -> str:
    return PURPOSES.get(purpose, purpose)

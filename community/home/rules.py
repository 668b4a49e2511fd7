"""What is kept about people, said for people. The columns and classes themselves stand in `kit.privacy.REGISTER`."""

from __future__ import annotations

from dataclasses import dataclass

from community.kit.i18n import N_

MONTHS_12 = N_("12 bulan sesudah berakhir")
MONTHS_24 = N_("24 bulan")
UNTIL_ERASED = N_("sampai Anda menghapusnya")
PSEUDONYM = N_("tetap ada, tanpa nama sesudah dihapus")
NAMES_24 = N_("nama 24 bulan, sesudah itu tanpa nama")


@dataclass(frozen=True)
class Kept:
    """One kind of record: what is in it, what for, and for how long."""

    what: str
    purpose: str
    keep: str


KEPT = {
    "person": Kept(N_("Nama, nomor, alamat e-mail"), N_("mengenali dan menghubungi Anda, dan masuk"), UNTIL_ERASED),
    "sign_in": Kept(N_("Kapan dan dari perangkat apa Anda masuk"), N_("tetap masuk, dan melihat di mana"), MONTHS_12),
    "mailed_link": Kept(N_("Tautan masuk yang dikirim ke e-mail"), N_("masuk tanpa kata sandi"), N_("12 bulan")),
    "role_spell": Kept(N_("Peran yang pernah Anda pegang"), N_("menentukan apa yang boleh Anda buka"), MONTHS_24),
    "api_token": Kept(N_("Nama token API"), N_("program yang bekerja atas nama Anda"), MONTHS_12),
    "consent": Kept(
        N_("Persetujuan Anda: kapan, untuk apa"), N_("bukti persetujuan"), N_("selama masih berlaku, lalu 24 bulan")
    ),
    "audit_entry": Kept(N_("Siapa melakukan atau melihat apa"), N_("bukti, juga untuk Anda"), MONTHS_24),
    "chapter": Kept(N_("Siapa yang mengusulkan komunitas"), N_("halaman komunitas"), PSEUDONYM),
    "chapter_founder": Kept(N_("Pendiri komunitas"), N_("riwayat komunitas"), PSEUDONYM),
    "chapter_state": Kept(N_("Siapa mengubah keadaan komunitas"), N_("riwayat komunitas"), PSEUDONYM),
    "membership": Kept(N_("Komunitas Anda, sejak dan sampai kapan"), N_("keanggotaan"), PSEUDONYM),
    "store": Kept(N_("Nama dan nomor toko"), N_("menunjukkan pertumbuhan toko kepada Anda"), UNTIL_ERASED),
    "member_import": Kept(
        N_("Daftar anggota yang diunggah Ranger"), N_("memindahkan daftar lama"), N_("isinya sehari, sisanya 24 bulan")
    ),
    "ranger_spell": Kept(N_("Masa tugas Ranger"), N_("siapa menjalankan komunitas"), PSEUDONYM),
    "ranger_profile": Kept(
        N_("Topik, bahasa, dan wilayah Ranger"),
        N_("bertanya kepada Ranger yang tepat"),
        N_("12 bulan sesudah tugas terakhir"),
    ),
    "leave": Kept(N_("Hari libur Ranger, tanpa alasan"), N_("tidak bertanya saat libur"), MONTHS_24),
    "event": Kept(N_("Siapa yang membuat kopdar"), N_("halaman kopdar"), PSEUDONYM),
    "rsvp": Kept(N_("Kopdar yang Anda daftari, dengan nama yang Anda tulis"), N_("kursi Anda"), NAMES_24),
    "rsvp_change": Kept(N_("Perubahan pendaftaran Anda"), N_("menjelaskan antrean"), MONTHS_24),
    "scan": Kept(N_("Kehadiran Anda"), N_("daftar hadir"), NAMES_24),
    "speaker": Kept(N_("Pembicara sesi"), N_("halaman sesi, bila disetujui"), UNTIL_ERASED),
    "notice": Kept(N_("Kabar yang kami kirim kepada Anda"), N_("kotak kabar Anda"), MONTHS_24),
    "opt_out": Kept(N_("Jenis kabar yang Anda hentikan"), N_("tidak mengirimnya lagi"), UNTIL_ERASED),
    "delivery": Kept(N_("Alamat tujuan surat"), N_("surat benar-benar sampai"), N_("12 bulan")),
    "form_key": Kept(
        N_("Jawaban atas formulir yang terkirim dua kali"), N_("kiriman ganda tidak dihitung dua kali"), N_("48 jam")
    ),
    "demo_mail": Kept(N_("Surat demo"), N_("membaca surat dalam mode demo"), N_("hanya di demo")),
}
"""By table; every table of the register with anything personal in it has its words here (a test compares)."""

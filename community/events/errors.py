"""What can go wrong with events and RSVPs. The codes are part of the API."""

from __future__ import annotations

from community.kit.errors import Conflict, NotFound, TooMany
from community.kit.i18n import N_


class EventNotFound(NotFound):
    """No such event, or not this person's to see: the answer is the same."""


class RsvpNotFound(NotFound):
    """No such RSVP of this event, or no such link."""


class EventStateForbids(Conflict):
    """Done already, or not possible from the present state."""

    code = "event_state"
    message = N_("Ini tidak bisa dilakukan lagi: keadaan kopdar sudah berubah. Muat ulang halaman untuk melihatnya.")


class EventNotPublished(Conflict):
    code = "event_not_published"
    message = N_("Kopdar ini belum terbit atau sedang ditunda, jadi pendaftaran belum bisa diterima.")


class EventInThePast(Conflict):
    code = "event_in_the_past"
    message = N_("Waktu kopdar ini sudah lewat. Ubah waktunya dulu, lalu terbitkan.")


class RsvpClosed(Conflict):
    code = "rsvp_closed"
    message = N_("Pendaftaran sudah ditutup. Hubungi Ranger komunitas ini bila Anda tetap ingin datang.")


class RsvpRemoved(Conflict):
    code = "rsvp_removed"
    message = N_("Ranger sudah mengeluarkan pendaftaran ini. Hubungi Ranger komunitas bila itu keliru.")


class OfferExpired(Conflict):
    code = "offer_expired"
    message = N_(
        "Waktu untuk menjawab sudah lewat, jadi kursinya ditawarkan ke orang berikutnya. Anda boleh mendaftar lagi."
    )


class DoesNotFit(Conflict):
    code = "does_not_fit"
    message = N_("Kursinya tidak cukup untuk jumlah orang itu.")


class CapacityBelowGoing(Conflict):
    """`current` tells the seats held and who holds them."""

    code = "capacity_below_going"
    message = N_(
        "Kursi yang sudah terisi lebih banyak dari itu. "
        "Pilih siapa yang pindah ke daftar tunggu, atau beri kursi lebih banyak."
    )


class NothingToChange(Conflict):
    code = "nothing_to_change"
    message = N_("Tidak ada pendaftaran yang bisa diubah begitu. Muat ulang halaman untuk melihat keadaannya.")


class TooManyGuests(Conflict):
    code = "too_many_guests"
    message = N_("Kontak ini sudah dipakai untuk tiga orang di kopdar ini. Pakai kontak lain, atau hubungi Ranger.")


class SignInInstead(TooMany):
    code = "sign_in_instead"
    message = N_(
        "Banyak pendaftaran datang dari jaringan ini. Masuk dulu dengan e-mail Anda, lalu daftar dengan satu tombol."
    )


class TooSoon(Conflict):
    code = "too_soon"
    message = N_("Kopdar ini belum mulai. Tandai selesai sesudah kopdar berjalan.")

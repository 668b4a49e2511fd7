"""What can go wrong at the door."""

from __future__ import annotations

from community.kit.errors import Conflict, FieldError, InvalidInput, NotFound, TooMany
from community.kit.i18n import N_, gettext


class WrongPassword(InvalidInput):
    """Says the same whether the account exists or not."""

    code = "wrong_password"
    words_of_field = N_("E-mail atau kata sandi tidak cocok. Coba lagi, atau minta tautan masuk.")

    def __init__(self) -> None:
        super().__init__([FieldError("/password", self.code, gettext(self.words_of_field))])


class PasswordRefused(InvalidInput):
    """`why`: too_short, too_long, too_common."""

    code = "password_refused"
    reasons = {
        "too_short": N_("Kata sandi paling sedikit 10 huruf. Empat kata biasa sudah cukup kuat."),
        "too_long": N_("Kata sandi paling banyak 128 huruf."),
        "too_common": N_("Kata sandi ini sering dipakai orang dan mudah ditebak. Pilih yang lain."),
    }

    def __init__(self, why: str, field: str = "password") -> None:
        super().__init__([FieldError(f"/{field}", why, gettext(self.reasons[why]))])


class TooManyTries(TooMany):
    code = "too_many_tries"
    message = N_("Terlalu banyak percobaan. Tunggu sebentar, atau minta tautan masuk lewat e-mail.")


class LinkUsedUp(NotFound):
    """Used, expired or never made: all three look alike."""

    code = "link_used_up"
    message = N_("Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru.")


class ContactTaken(Conflict):
    code = "contact_taken"
    message = N_("Nomor atau alamat ini sudah dipakai akun lain.")


class TokenNotFound(NotFound):
    code = "token_not_found"


class NotYourRight(InvalidInput):
    """A token for a chapter or scope that its holder has no right to."""

    code = "not_your_right"

    def __init__(self, field: str) -> None:
        super().__init__([FieldError(f"/{field}", self.code, gettext(N_("Pilih yang memang hak Anda.")))])

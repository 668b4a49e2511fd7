"""What can go wrong, and how the outside hears of it.

    CommunityError
    ├── NotFound      404  also for "not yours to see": both look exactly alike
    ├── NotAllowed    403  only on addresses without an id
    ├── SignInNeeded  401  a page answers 303 to the sign-in instead
    ├── Conflict      409  full, closed, done already, somebody was faster
    ├── InvalidInput  400  names the fields
    ├── Unprocessable 422  a reused form key with other content
    ├── TooMany       429  a limit; carries seconds to wait
    └── Unavailable   503  the database or the disk; carries seconds to wait

Rooms subclass these and give a stable `code`. The handler at the roof turns each into a page or into
`application/problem+json` (RFC 9457). `message` is shown to people: Indonesian, saying what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from community.kit.i18n import N_, gettext


class FieldError(msgspec.Struct, frozen=True):
    """One refused field. `pointer` is a JSON pointer (`/title`), `code` stable, `detail` for people."""

    pointer: str
    code: str
    detail: str

    @property
    def field(self) -> str:
        return self.pointer.strip("/").split("/")[0]


class CommunityError(Exception):
    """Base of all errors a caller may meet. `current` is the present state, for 409 answers."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("Ada yang tidak beres di pihak kami. Coba lagi sebentar lagi.")

    def __init__(self, detail: str = "", *, current: Mapping[str, Any] | None = None, **params: Any) -> None:
        """`params` fill the placeholders of `message`; `detail` is for the log only."""
        super().__init__(detail or self.code)
        self.params = params
        self.current = dict(current) if current else None

    def words(self) -> str:
        """The message in the reader's language."""
        return gettext(self.message) % self.params if self.params else gettext(self.message)


class NotFound(CommunityError):
    status = 404
    code = "not_found"
    message = N_("Halaman ini tidak ada, atau bukan untuk Anda. Periksa alamatnya, atau kembali ke beranda.")


class NotAllowed(CommunityError):
    status = 403
    code = "not_allowed"
    message = N_("Halaman ini untuk peran lain.")


class SignInNeeded(CommunityError):
    status = 401
    code = "sign_in_needed"
    message = N_("Masuk dulu untuk melanjutkan.")


class Conflict(CommunityError):
    status = 409
    code = "conflict"
    message = N_("Keadaannya sudah berubah. Muat ulang halaman lalu coba lagi.")


class StaleVersion(Conflict):
    code = "stale_version"
    message = N_("Orang lain mengubah ini lebih dulu. Isian Anda masih ada: bandingkan, lalu simpan lagi.")


class InvalidInput(CommunityError):
    status = 400
    code = "invalid_input"
    message = N_("Ada isian yang perlu diperbaiki.")

    def __init__(self, errors: Sequence[FieldError] = (), detail: str = "", **params: Any) -> None:
        super().__init__(detail, **params)
        self.errors = list(errors)


class Unprocessable(CommunityError):
    status = 422
    code = "key_reused"
    message = N_("Formulir ini sudah terkirim dengan isi lain. Muat ulang halaman lalu isi lagi.")


class TooMany(CommunityError):
    status = 429
    code = "too_many"
    message = N_("Terlalu sering. Tunggu sebentar lalu coba lagi.")

    def __init__(self, retry_after_seconds: int = 60, detail: str = "", **params: Any) -> None:
        super().__init__(detail, **params)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(CommunityError):
    status = 503
    code = "unavailable"
    message = N_("Sedang tidak tersambung ke penyimpanan. Isian Anda masih ada: coba kirim lagi.")

    def __init__(self, retry_after_seconds: int = 5, detail: str = "", **params: Any) -> None:
        super().__init__(detail, **params)
        self.retry_after_seconds = retry_after_seconds

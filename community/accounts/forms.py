"""What comes in at the door and on the account page, and what the API gives out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from community.accounts.rules.rights import TOKEN_DAYS_MAX
from community.kit.errors import FieldError
from community.kit.i18n import N_
from community.kit.i18n import gettext as _
from community.kit.inputs import choice, email, number, phone, secret, text

Email = Annotated[str, email(N_("Alamat e-mail"))]
Password = Annotated[str, secret(N_("Kata sandi"), most=512)]
Name = Annotated[str, text(N_("Nama lengkap"), least=1, most=100)]
Next = Annotated[str, text(N_("Halaman berikutnya"), most=300)]


class SignInForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`way`: with the password, or by a mailed link."""

    email: Email
    password: Password = ""
    way: Annotated[Literal["password", "link"], choice(N_("Cara masuk"))] = "password"
    next: Next = ""

    def problems(self) -> list[FieldError]:
        if self.way == "password" and not self.password:
            return [FieldError("/password", "required", _("Isi kata sandi, atau minta tautan masuk."))]
        return []


class SignUpForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: Name
    email: Email
    adult: Annotated[bool, choice(N_("Umur"))] = False
    contact: Annotated[bool, choice(N_("Izin dihubungi"))] = False
    news: Annotated[bool, choice(N_("Kabar kegiatan"))] = False
    next: Next = ""

    def problems(self) -> list[FieldError]:
        if not self.adult:
            return [FieldError("/adult", "required", _("Akun hanya untuk yang berumur 18 tahun ke atas."))]
        return []

    def consents(self) -> list[str]:
        return [name for name, given in (("contact", self.contact), ("news", self.news)) if given]


class PressForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A form of one button."""


class ConfirmForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Left empty, the account has no password and is entered by mailed links."""

    password: Password = ""


class EmailForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """For a forgotten password, and for a new address."""

    email: Email


class PasswordForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    password: Password


class ProveForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    password: Password = ""
    way: Annotated[Literal["password", "link"], choice(N_("Cara masuk"))] = "password"
    next: Next = ""

    def problems(self) -> list[FieldError]:
        if self.way == "password" and not self.password:
            return [FieldError("/password", "required", _("Isi kata sandi, atau minta tautan masuk."))]
        return []


class SignOutForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`unsent`: how many check-ins this phone still holds; only "0" lets its storage be cleared."""

    unsent: Annotated[str, text(N_("Belum terkirim"), most=10)] = ""


class LanguageForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    lang: Annotated[Literal["id", "en"], choice(N_("Bahasa"))]
    next: Next = ""


class ProfileForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: Name
    version: Annotated[int, number(N_("Versi"), low=1, high=2**31 - 1)]
    phone: Annotated[str, phone(N_("Nomor WhatsApp"))] | None = None


class TokenForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: Annotated[str, text(N_("Nama token"), least=1, most=60, example="laporan bulanan")]
    days: Annotated[int, number(N_("Masa berlaku"), low=1, high=TOKEN_DAYS_MAX, example="90")] = 90
    write: Annotated[bool, choice(N_("Boleh mengubah"))] = False
    network: Annotated[bool, choice(N_("Peran pusat"))] = False
    chapter: Annotated[UUID, choice(N_("Komunitas"))] | None = None

    def scopes(self) -> list[str]:
        chosen = (("read", True), ("write", self.write), ("network", self.network))
        return [name for name, given in chosen if given]


class NextQuery(msgspec.Struct, frozen=True):
    next: Next = ""


class RoleOut(msgspec.Struct, frozen=True):
    role: str
    scope_id: UUID | None


class MeOut(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    phone: str | None
    phone_verified: bool
    email: str | None
    email_verified: bool
    locale: str | None
    roles: list[RoleOut]
    scopes: list[str]
    version: int


class ConsentOut(msgspec.Struct, frozen=True):
    id: UUID
    purpose: str
    scope_id: UUID | None
    text: str
    at: datetime
    channel: str
    withdrawn_at: datetime | None


class ConsentList(msgspec.Struct, frozen=True):
    items: list[ConsentOut]


class TokenOut(msgspec.Struct, frozen=True):
    """Never the token itself: that is shown once, on the page where it is made."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    chapter_id: UUID | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenList(msgspec.Struct, frozen=True):
    items: list[TokenOut]


class LookOut(msgspec.Struct, frozen=True):
    at: datetime
    who: str | None
    action: str
    reason: str | None


class LookList(msgspec.Struct, frozen=True):
    items: list[LookOut]

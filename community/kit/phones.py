"""Phone numbers as people write them, kept as E.164 (`+6281234567890`)."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from community.kit.i18n import gettext as _

# Mobile numbers by length only: new prefixes come faster than any library's list of them.
MOBILE = re.compile(r"^\+628\d{8,11}$")
PHONE_CHARACTERS = re.compile(r"^\+?[\d\s().\-/\u2010-\u2015\u2212]+$")
WHATSAPP_LINK = re.compile(r"^(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send\?phone=)\+?(\d+)", re.IGNORECASE)


def parse_phone(text: str) -> str:
    """`text` as E.164: 0812…, 62812…, +62 812…, 812…, a wa.me link, a land line with its area code, a foreign +….

    Raises ValueError, with words for the person who wrote it.
    """
    dialled = _dialled(text)
    if MOBILE.match(dialled):
        return dialled
    try:
        parsed = phonenumbers.parse(dialled)
    except phonenumbers.NumberParseException:
        raise ValueError(_advice()) from None
    if dialled.startswith("+628") or not phonenumbers.is_valid_number(parsed):
        raise ValueError(_advice())
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def looks_like_phone(text: str) -> bool:
    """Whether somebody meant a phone number here (and not a mail address), right or wrong."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return bool(WHATSAPP_LINK.match(plain)) or bool(PHONE_CHARACTERS.match(plain) and re.search(r"\d.*\d.*\d", plain))


def _advice() -> str:
    return _("Tulis nomor HP dengan angka, misalnya 0812-3456-7890")


def _dialled(text: str) -> str:
    """A guess at the number with `+` and country code; the checks come after."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if link := WHATSAPP_LINK.match(plain):
        return "+" + link[1]
    if not PHONE_CHARACTERS.match(plain):
        raise ValueError(_advice())
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("+"):
        return "+" + _without_trunk_zero(digits)
    if digits.startswith("00"):
        return "+" + _without_trunk_zero(digits[2:])
    if digits.startswith("0"):
        return "+62" + digits[1:]
    if digits.startswith("62"):
        return "+" + _without_trunk_zero(digits)
    return "+62" + digits


def _without_trunk_zero(digits: str) -> str:
    """+62 (0)812 means +62 812."""
    return "62" + digits[3:] if digits.startswith("620") else digits

"""What may come in: types for forms, paths and queries, each with its bounds.

A form field is annotated with what it is called and how far it may go; `kit.forms.bind` reads the annotation,
cleans the value, and words the refusal from it.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Final

import msgspec

from community.kit.ids import CODE_ALPHABET

BIDI_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INT4_MAX, COUNT_MAX, RUPIAH_MAX = 2**31 - 1, 1_000_000, 10**15


def text(
    label: str, *, least: int = 0, most: int, lines: bool = False, pattern: str | None = None, example: str = ""
) -> Any:
    """A text of `least`..`most` characters after cleaning; `lines` lets line breaks through."""
    extra = {"lines": lines, "example": example}
    return msgspec.Meta(title=label, min_length=least or None, max_length=most, pattern=pattern, extra=extra)


def number(label: str, *, low: int, high: int, example: str = "") -> Any:
    return msgspec.Meta(title=label, ge=low, le=high, extra={"example": example or str(low)})


def real(label: str, *, low: float, high: float, example: str = "") -> Any:
    return msgspec.Meta(title=label, ge=low, le=high, extra={"example": example})


def choice(label: str) -> Any:
    """For enums, literals and booleans: only the name people know the field by."""
    return msgspec.Meta(title=label)


def date(label: str) -> Any:
    return msgspec.Meta(title=label, extra={"example": "2026-11-28"})


def time(label: str) -> Any:
    return msgspec.Meta(title=label, extra={"example": "19:00"})


def phone(label: str) -> Any:
    """Any usual way of writing; arrives as E.164."""
    return msgspec.Meta(title=label, max_length=40, extra={"kind": "phone", "example": "0812-3456-7890"})


def email(label: str) -> Any:
    return msgspec.Meta(title=label, max_length=254, extra={"kind": "email", "example": "nama@contoh.id"})


def contact(label: str) -> Any:
    """A phone number or an e-mail address; arrives as E.164 or as the address."""
    return msgspec.Meta(title=label, max_length=254, extra={"kind": "contact", "example": "0812-3456-7890"})


def web_address(label: str) -> Any:
    return msgspec.Meta(title=label, max_length=300, extra={"kind": "url", "example": "https://contoh.id"})


def secret(label: str, *, least: int = 0, most: int = 128) -> Any:
    """A password: taken as typed, only normalised (NFKC) by accounts; never trimmed, never shown again."""
    return msgspec.Meta(title=label, min_length=least or None, max_length=most, extra={"kind": "secret"})


Page = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=100)]
Count = Annotated[int, msgspec.Meta(ge=0, le=COUNT_MAX)]
Int4 = Annotated[int, msgspec.Meta(ge=0, le=INT4_MAX)]
Rupiah = Annotated[int, msgspec.Meta(ge=0, le=RUPIAH_MAX)]
Latitude = Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
Query = Annotated[str, msgspec.Meta(max_length=100)]
RegionCode = Annotated[str, msgspec.Meta(pattern=r"^\d{2}(\.\d{2})?$")]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{3,40}$")]
Code = Annotated[str, msgspec.Meta(pattern=rf"^[{CODE_ALPHABET}]{{8}}$")]


def clean_text(value: str, *, lines: bool = False) -> str:
    """NFC, line ends as LF, trimmed. Raises ValueError on what cannot be stored or would deceive the reader."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in value:
        if character == "\n" and lines:
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cs"} or (character in BIDI_OVERRIDES and not lines):
            raise ValueError("control")
    return value


def clean_query(value: str | None) -> str:
    """A search text: what cannot be searched for is dropped instead of refused."""
    kept = "".join(c for c in (value or "") if unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept).strip()[:100]


def like(value: str) -> str:
    """`value` for SQL `ilike`, its own `% _ \\` taken literally."""
    return "%" + value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"

"""Two languages: Indonesian is the source (what the code says), English the one catalogue.

The language of the moment is a context variable, so that a request, a job and a message for somebody else can each
have their own. `Accept-Language` decides nothing: many Indonesian phones are set to English.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = ("id", "en")
DEFAULT_LOCALE = "id"
LOCALE_DIR = Path(__file__).parent.parent / "locale"

locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def N_(text: str) -> str:  # noqa: N802  (the name gettext tools know)
    """Mark `text` for translation without translating it yet."""
    return text


def gettext(text: str) -> str:
    """`text` in the language of the moment."""
    if not text:  # gettext answers "" with the catalogue's header
        return ""
    return translations(locale.get()).gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of `singular`/`plural` that fits `count`, in the language of the moment."""
    return translations(locale.get()).ngettext(singular, plural, count)


@contextmanager
def use_locale(code: str) -> Iterator[None]:
    """Speak `code` inside the block; an unknown code means Indonesian."""
    token = locale.set(known_locale(code))
    try:
        yield
    finally:
        locale.reset(token)


def known_locale(code: str | None) -> str:
    """`code` where we speak it, else Indonesian."""
    return code if code in LOCALES else DEFAULT_LOCALE


@cache
def translations(code: str) -> NullTranslations:
    """The catalogue of `code`, compiled again when its text is newer than the compiled file."""
    text = LOCALE_DIR / code / "LC_MESSAGES" / "messages.po"
    compiled = text.with_suffix(".mo")
    if compiled.exists() and (not text.exists() or compiled.stat().st_mtime >= text.stat().st_mtime):
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    if not text.exists():
        return NullTranslations()
    body = compile_catalogue(text, code)
    with suppress(OSError):  # an installed package may be read-only: then it lives in memory only
        write_whole(compiled, body)
    return GNUTranslations(io.BytesIO(body))


def compile_catalogue(text: Path, code: str) -> bytes:
    """The binary form of one `.po` file; fuzzy entries stay out."""
    with text.open("rb") as file:
        catalogue = read_po(file, locale=code)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue, use_fuzzy=False)
    return buffer.getvalue()


def write_whole(path: Path, body: bytes) -> None:
    """Write so that another worker sees the old file or the new one, never half of one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(body)
    draft.replace(path)

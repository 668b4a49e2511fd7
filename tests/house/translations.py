"""Every Indonesian text has an English one: what is missing, left over, or has lost a placeholder.

`make translations` prints what is missing as a piece of a catalogue, ready to be filled in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "community" / "locale" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
# As kit's environment reads a template, so that the text found here is the text asked for there.
JINJA = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
PAGES = ["**.html", "**.txt"]

_NAMED = re.compile(r"%\((\w+)\)[sd]")


def source_texts(root: Path = ROOT) -> Catalog:
    """Everything marked for translation in code and templates, each with the places it stands in."""
    catalogue = Catalog(charset="utf-8")
    for file, line, text in [*_texts(root / "community", [("**.py", "python")]), *_texts(root / "templates", _pages())]:
        catalogue.add(text, locations=[(file, line)])
    return catalogue


def _pages() -> list[tuple[str, str]]:
    return [(pattern, "jinja2.ext:babel_extract") for pattern in PAGES]


def _texts(folder: Path, methods: list[tuple[str, str]]) -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    options = {pattern: JINJA for pattern, _ in methods if pattern in PAGES}
    found = extract_from_dir(folder, methods, options, keywords=KEYWORDS, strip_comment_tags=True)
    for file, line, text, _comments, _context in found:
        yield f"{folder.name}/{file}", line, text


def read_catalogue(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def find_missing(source: Catalog, english: Catalog) -> list[Message]:
    """Texts without a translation; a fuzzy one counts as none."""
    return [message for message in source if message.id and not _is_translated(english.get(message.id))]


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def find_left_over(source: Catalog, english: Catalog) -> list[str]:
    """Translations of texts that are not said any more."""
    return sorted(str(message.id) for message in english if message.id and source.get(message.id) is None)


def find_changed_placeholders(english: Catalog) -> list[str]:
    """Translations that name other placeholders than their text: they would fail, or say less."""
    return [str(message.id) for message in english if message.id and _is_translated(message) and not _agrees(message)]


def _agrees(message: Message) -> bool:
    return _placeholders(message.id) == _placeholders(message.string)


def _placeholders(text: object) -> set[str]:
    forms = text if isinstance(text, list | tuple) else (text,)
    return {name for form in forms for name in _NAMED.findall(str(form))}


if __name__ == "__main__":
    missing = Catalog(charset="utf-8")
    for message in find_missing(source_texts(), read_catalogue()):
        missing.add(message.id, locations=message.locations)
    write_po(sys.stdout.buffer, missing, omit_header=True, width=0)

"""The English catalogue: collected from code and templates, completed from fragments, compiled, checked.

python -m community.kit.catalogue extract            the Indonesian texts that have no English yet, as a fragment
python -m community.kit.catalogue merge FILE...       put fragments into the catalogue, drop what nobody says now
python -m community.kit.catalogue compile             make the .mo file
python -m community.kit.catalogue check               fail on a text without English, fuzzy, or with other placeholders
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from community.kit.i18n import LOCALE_DIR, compile_catalogue, write_whole
from community.kit.templates import TEMPLATE_DIR

CODE_DIR = Path(__file__).parent.parent
ENGLISH = LOCALE_DIR / "en" / "LC_MESSAGES" / "messages.po"
HEADER = """\
# English translations of the platform's texts. Indonesian is the source language.
msgid ""
msgstr ""
"Project-Id-Version: community\\n"
"Language: en\\n"
"Language-Team: English\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
JINJA = "jinja2.ext:babel_extract"
JINJA_OPTIONS = {
    "extensions": "jinja2.ext.i18n",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def extract(code: Path = CODE_DIR, templates: Path = TEMPLATE_DIR) -> Catalog:
    """All texts marked for translation, with the files they come from."""
    found = Catalog(locale="en")
    for folder, patterns, method in ((code, ["**.py"], "python"), (templates, ["**.html", "**.txt"], JINJA)):
        methods = [(pattern, method) for pattern in patterns]
        options = dict.fromkeys(patterns, JINJA_OPTIONS) if method == JINJA else {}
        for file, line, text, _comments, _context in extract_from_dir(folder, methods, options, keywords=KEYWORDS):
            found.add(text, locations=[(f"{folder.name}/{file}", line)])
    return found


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def merge(said: Catalog, fragments: Sequence[Catalog]) -> tuple[Catalog, list[str]]:
    """English for what is said now, the first fragment with a text winning; and where fragments disagree."""
    merged = Catalog(locale="en")
    disputes = []
    for message in _messages(said):
        offers = [other for part in fragments if (other := part.get(message.id)) and _is_whole(other)]
        string = offers[0].string if offers else _empty(message)
        if any(offer.string != string for offer in offers):
            disputes.append(f"{_name(message)}: {sorted({str(offer.string) for offer in offers})}")
        merged.add(message.id, string)
    return merged, disputes


def find_faults(said: Catalog, english: Catalog) -> Iterator[str]:
    """Each text that an English reader would see in Indonesian, or broken."""
    for message in _messages(said):
        where = f"{message.locations[0][0]}:{message.locations[0][1]}" if message.locations else "?"
        translated = english.get(message.id)
        if translated is None or not _is_whole(translated):
            yield f"{where} no English for {_name(message)}"
        elif translated.fuzzy:
            yield f"{where} fuzzy: {_name(message)}"
        elif any(_placeholders(text) != _placeholders(_longest(message)) for text in _strings(translated)):
            yield f"{where} other placeholders: {_name(message)}"
        if any(location[0].startswith("templates/") for location in message.locations):
            texts = [*_ids(message), *(_strings(translated) if translated else [])]
            if any(not _can_format(text) for text in texts):
                yield f"{where} a lone percent sign; write %%: {_name(message)}"


def write(catalogue: Catalog, path: Path = ENGLISH) -> None:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=118, no_location=True, omit_header=True, sort_output=True)
    write_whole(path, HEADER.encode() + buffer.getvalue())


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _is_whole(message: Message) -> bool:
    return bool(message.string) and all(_strings(message)) and len(_strings(message)) == len(_ids(message))


def _empty(message: Message) -> str | tuple[str, ...]:
    return "" if isinstance(message.id, str) else ("", "")


def _name(message: Message) -> str:
    return repr(_ids(message)[0])


def _longest(message: Message) -> str:
    return _ids(message)[-1]


def _placeholders(text: str) -> set[str]:
    return {a or b for a, b in PLACEHOLDER.findall(text)}


def _can_format(text: str) -> bool:
    return "%" not in re.sub(r"%%|%\(\w+\)s", "", text)


@click.group()
def main() -> None:
    """The English catalogue."""


@main.command("extract")
def extract_command() -> None:
    """Print the texts that have no English yet, ready to be filled in."""
    english, missing = read(ENGLISH), Catalog(locale="en")
    for message in _messages(extract()):
        translated = english.get(message.id)
        if translated is None or not _is_whole(translated):
            missing.add(message.id, _empty(message), locations=message.locations)
    buffer = io.BytesIO()
    write_po(buffer, missing, width=118, omit_header=True)
    click.echo(buffer.getvalue().decode())


@main.command("merge")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def merge_command(files: tuple[Path, ...]) -> None:
    """Put FILES into the catalogue; what is there already wins."""
    merged, disputes = merge(extract(), [read(path) for path in (ENGLISH, *files)])
    write(merged)
    for dispute in disputes:
        click.echo(f"two translations: {dispute}", err=True)
    click.echo(f"{sum(_is_whole(m) for m in _messages(merged))} of {len(merged)} texts have English")


@main.command("compile")
def compile_command() -> None:
    """Make the binary catalogue."""
    write_whole(ENGLISH.with_suffix(".mo"), compile_catalogue(ENGLISH, "en"))


@main.command("check")
def check_command() -> None:
    """Say what an English reader would miss; exit 1 if anything."""
    faults = list(find_faults(extract(), read(ENGLISH)))
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(f"{len(faults)} faults in the English catalogue")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

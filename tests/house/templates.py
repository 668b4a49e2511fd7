"""Template lint: what a page may not contain, so that the content security policy and the escaping hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_UNSAFE = {
    r"\|\s*safe\b": "`|safe` switches the escaping off",
    r"\bMarkup\s*\(": "`Markup()` switches the escaping off",
    r"\{%-?\s*autoescape\s+false": "the escaping is switched off",
    r"javascript\s*:": "a `javascript:` address",
}
_TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
_UNQUOTED = re.compile(r"[\w:-]=(?![\"'])")
_CSRF = re.compile(r"\bcsrf|\bform_(start|open|head|keys)\b|\bhidden_keys\b|_csrf")
_BLANK = "\u2591"


def find_template_faults(path: Path) -> list[str]:
    """Each fault as `file:line what`, for a page (.html) or a message body."""
    text = path.read_text(encoding="utf-8")
    bare = _COMMENT.sub(_keep_lines, text)
    faults = [*_unsafe_words(bare), *_unquoted_attributes(bare)]
    linter = _Linter(bare)
    faults += linter.faults
    return [f"{path}:{line} {what}" for line, what in sorted(set(faults))]


def _keep_lines(found: re.Match[str]) -> str:
    return _BLANK + "\n" * found.group().count("\n")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _unsafe_words(text: str) -> Iterator[tuple[int, str]]:
    for pattern, what in _UNSAFE.items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield _line(text, found.start()), what


def _unquoted_attributes(text: str) -> Iterator[tuple[int, str]]:
    plain = _JINJA.sub(_keep_lines, text)
    for tag in _TAG.finditer(plain):
        unquoted = re.sub(r"\"[^\"]*\"|'[^']*'", '""', tag.group())
        if _UNQUOTED.search(unquoted):
            yield _line(plain, tag.start()), "an attribute without quotes"


class _Linter(HTMLParser):
    """Reads the page with every Jinja mark blanked out, but the marks of each form kept for the CSRF rule."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[tuple[int, str]] = []
        self._script: int | None = None
        self._check_forms(text)
        self.feed(_JINJA.sub(_keep_lines, text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        line = self.getpos()[0]
        if "style" in names or tag == "style":
            self.faults.append((line, "an inline style"))
        if any(name.startswith("on") for name in names):
            self.faults.append((line, "an inline event handler"))
        self._script = line if tag == "script" else None
        if tag == "script" and "src" not in names and "application/ld+json" not in dict(attrs).values():
            self.faults.append((line, "an inline script"))

    def handle_data(self, data: str) -> None:
        if self._script is not None and data.strip() and not data.strip().startswith(_BLANK):
            self.faults.append((self._script, "an inline script"))

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def _check_forms(self, text: str) -> None:
        for found in re.finditer(r"<form\b(.*?)</form>", text, re.DOTALL | re.IGNORECASE):
            line, form = _line(text, found.start()), found.group()
            method = re.search(r"^<form\b[^>]*\bmethod=[\"'](get|post)[\"']", form, re.IGNORECASE)
            if method is None:
                self.faults.append((line, 'a form without method="get" or method="post"'))
            elif method.group(1).lower() == "post" and not _CSRF.search(form):
                self.faults.append((line, "a form that posts without its token"))

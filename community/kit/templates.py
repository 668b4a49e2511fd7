"""Jinja as we use it: strict about missing names, escaping pages, and in the language of the moment.

Messages have an environment of their own, because Jinja would escape their plain-text parts too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from community.kit import assets, charts, format, i18n, qr, whatsapp

SITE_NAME = "Ranger"
PACKAGE_DIR = Path(__file__).parent.parent
# In a wheel the templates lie inside the package, in a clone beside it.
TEMPLATE_DIR = next(d for d in (PACKAGE_DIR / "templates", PACKAGE_DIR.parent / "templates") if d.is_dir())

FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        format.date_long, format.date_short, format.day_long, format.day_short, format.duration, format.iso,
        format.month_long, format.month_short, format.number, format.people, format.people_range, format.percent,
        format.phone_full, format.phone_tail, format.relative_day, format.rupiah, format.rupiah_short, format.sort_name,
        format.time_range, format.time_short, format.when_long, format.when_short, format.zone_label,
    )
}  # fmt: skip


@cache
def environment() -> Environment:
    """For pages: everything is escaped."""
    return _environment(autoescape=True)


@cache
def message_environment() -> Environment:
    """For messages: only `.html` parts are escaped."""
    return _environment(autoescape=lambda name: name is not None and name.endswith(".html"))


def render(name: str, /, **context: Any) -> str:
    """A page, in the language of the moment."""
    return environment().get_template(name).render(context)


def render_message(name: str, part: str, locale: str, /, **context: Any) -> str:
    """One part (`subject.txt`, `body.txt`, `body.html`, `whatsapp.txt`) of `messages/<name>/`, in `locale`.

    A subject comes back on one line: a line break in a name must not become a mail header.
    """
    with i18n.use_locale(locale):
        text = message_environment().get_template(f"messages/{name}/{part}").render(context)
    return " ".join(text.split()) if part == "subject.txt" else text


def has_message_part(name: str, part: str) -> bool:
    return (TEMPLATE_DIR / "messages" / name / part).is_file()


def _environment(autoescape: bool | Callable[[str | None], bool]) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=autoescape,  # noqa: S701  (True, or by name; never off for a page)
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update({name: _spoken(function) for name, function in FILTERS.items()})
    env.filters["wa"] = whatsapp.escape
    env.globals.update(
        SITE_NAME=SITE_NAME,
        LOCALES=i18n.LOCALES,
        static=assets.static,
        qr_path=qr.qr_path,
        island_windows=charts.WINDOWS,
    )
    return env


def _spoken(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that waits for its page: else Jinja runs it on constants once, in the language of that moment."""

    @pass_context
    def waiting(_context: Context, *args: Any, **options: Any) -> Any:
        return function(*args, **options)

    return waiting

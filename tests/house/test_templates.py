"""Templates keep the promises of the content security policy and of the escaping."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.templates import find_template_faults

ROOT = Path(__file__).resolve().parents[2]


def test_no_template_breaks_a_rule() -> None:
    pages = sorted((ROOT / "templates").rglob("*.html"))

    assert [fault for page in pages for fault in find_template_faults(page)] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>{{ name|safe }}</p>", "|safe"),
        ("<p>{{ Markup(name) }}</p>", "Markup"),
        ("{% autoescape false %}{% endautoescape %}", "escaping"),
        ('<a href="javascript:go()">x</a>', "javascript:"),
        ("<p class={{ kind }}>x</p>", "without quotes"),
        ("<p class=big>x</p>", "without quotes"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<style>p{}</style>", "inline style"),
        ('<button type="button" onclick="go()">x</button>', "inline event handler"),
        ("<script>go()</script>", "inline script"),
        ('<form action="/x"><input name="a"></form>', "without method"),
        ('<form method="{{ how }}" action="/x"></form>', "without method"),
        ('<form method="post" action="/x"><input name="a"></form>', "without its token"),
    ],
)
def test_a_planted_fault_is_seen(tmp_path: Path, source: str, said: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f'{{% extends "base.html" %}}\n{source}\n')

    faults = find_template_faults(page)

    assert faults
    assert all(said in fault and fault.startswith(f"{page}:2 ") for fault in faults), faults


@pytest.mark.parametrize(
    "source",
    [
        '<p class="{{ kind }}">{{ name }}</p>',
        "<p class=\"row{{ ' on' if now else '' }}\"{% if now %} aria-current=\"page\"{% endif %}>x = 3</p>",
        '<form method="get" action="/search"><input name="q"></form>',
        '<form method="post" action="/x">{{ csrf(page) }}</form>',
        '<script type="module" src="/static/a.js"></script>',
        '{# <p style="x">|safe</p> #}',
        "{{ field(form, name='a', label='b') }}",
    ],
)
def test_a_good_template_passes(tmp_path: Path, source: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(source)

    assert find_template_faults(page) == []

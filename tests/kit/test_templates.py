from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, UndefinedError

from community.kit import gallery, templates
from community.kit.errors import FieldError
from community.kit.forms import Again, FormView
from community.kit.i18n import use_locale
from community.kit.viewer import ANYBODY
from community.kit.web import PageFrame

MESSAGES = {
    "messages/x/hello/subject.txt": "Halo {{ name }}",
    "messages/x/hello/body.txt": "{{ name }} & {{ _('besok') }}",
    "messages/x/hello/body.html": "<p>{{ name }} {{ _('besok') }}</p>",
}


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Environment:
    environment = templates.message_environment().overlay(loader=DictLoader(MESSAGES), cache_size=0)
    monkeypatch.setattr(templates, "message_environment", lambda: environment)
    return environment


def page(**changes: Any) -> PageFrame:
    frame: dict[str, Any] = {
        "locale": "id",
        "viewer": ANYBODY,
        "csrf": "",
        "path": "/here",
        "base_url": "http://x",
        "demo": False,
        "unread": 0,
        "menu": [],
        "request_id": "r-1",
        "said": "",
        "now": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return PageFrame(**(frame | changes))


def fields(source: str, **context: Any) -> str:
    template = '{% import "_fields.html" as fields %}{% import "_blocks.html" as blocks %}' + source
    return templates.environment().from_string(template).render(context)


def refused(**errors: str) -> FormView:
    found = [FieldError(f"/{name}", "code", words) for name, words in errors.items()]
    return FormView(again=Again("/here", {"name": "<b>"}, found, 400, "Ada yang kurang."))


def test_a_missing_name_breaks_the_page_instead_of_showing_nothing() -> None:
    with pytest.raises(UndefinedError):
        templates.environment().from_string("{{ nobody }}").render()


def test_pages_escape_what_people_wrote() -> None:
    assert fields("{{ fields.text(form, 'name', 'Nama') }}", form=refused()).count("&lt;b&gt;") == 1


def test_a_constant_is_said_in_the_language_of_each_reader_not_of_the_first() -> None:
    template = templates.environment().from_string("{{ 1250000 | rupiah }} {{ _('besok') }}")

    assert template.render() == "Rp1.250.000 besok"
    with use_locale("en"):
        assert template.render() == "Rp1,250,000 tomorrow"


def test_placeholders_of_a_translation_are_escaped() -> None:
    shown = templates.environment().from_string("{{ _('Galat: %(title)s', title=t) }}").render(t="<i>")

    assert shown == "Galat: &lt;i&gt;"


def test_a_plain_message_keeps_its_signs_and_a_page_message_escapes(messages: Environment) -> None:
    assert templates.render_message("x/hello", "body.txt", "en", name="A & B") == "A & B & tomorrow"
    assert templates.render_message("x/hello", "body.html", "id", name="<A>") == "<p>&lt;A&gt; besok</p>"


def test_a_line_break_in_a_name_makes_no_mail_header(messages: Environment) -> None:
    assert templates.render_message("x/hello", "subject.txt", "id", name="A\r\nBcc: b@c.id") == "Halo A Bcc: b@c.id"


def test_a_field_with_an_error_is_described_by_its_words() -> None:
    shown = fields("{{ fields.text(form, 'name', 'Nama', hint='Sesuai KTP') }}", form=refused(name="Isi nama."))

    assert 'aria-describedby="h-name e-name"' in shown
    assert 'aria-invalid="true"' in shown
    assert '<p class="error" id="e-name">Isi nama.</p>' in shown


def test_the_summary_links_to_each_field_and_takes_the_focus() -> None:
    shown = fields("{{ fields.error_summary(form) }}", form=refused(name="Isi nama.", seats="Isi kapasitas."))

    assert "Ada 2 isian yang perlu diperbaiki" in shown
    assert "autofocus" in shown
    assert '<a href="#f-seats">Isi kapasitas.</a>' in shown


def test_a_refusal_of_no_field_is_said_in_the_summary() -> None:
    shown = fields("{{ fields.error_summary(form) }}", form=refused())

    assert "Ada yang kurang." in shown


def test_a_password_is_never_sent_back() -> None:
    form = FormView(again=Again("/here", {"secret": "rahasia"}, [], 400, "x"))

    assert "rahasia" not in fields("{{ fields.text(form, 'secret', 'Kata sandi', kind='password') }}", form=form)


def test_a_form_carries_its_keys_and_checks_nothing_in_the_browser() -> None:
    shown = fields(
        "{% call fields.form(page, '/x', form, hidden={'a': 'b'}) %}isi{% endcall %}",
        page=page(csrf="tok"),
        form=FormView(version=3),
    )

    assert "novalidate" in shown
    assert '<input type="hidden" name="_csrf" value="tok">' in shown
    assert '<input type="hidden" name="version" value="3">' in shown
    assert '<input type="hidden" name="a" value="b">' in shown
    assert 'name="_key"' in shown


def test_a_button_names_its_row() -> None:
    shown = fields("{{ fields.button('Tandai hadir', who='Siti N.') }}")

    assert 'Tandai hadir<span class="hidden-words"> Siti N.</span>' in shown


def test_what_was_chosen_stays_chosen() -> None:
    options = "[('a', 'A'), ('b', 'B')]"
    form = FormView({"one": "b", "many": ["a"], "yes": True})

    assert 'value="b" checked' in fields(f"{{{{ fields.choice(form, 'one', 'Satu', {options}) }}}}", form=form)
    assert 'value="b" selected' in fields(f"{{{{ fields.select(form, 'one', 'Satu', {options}) }}}}", form=form)
    assert 'value="a" id="f-many" checked' in fields(
        f"{{{{ fields.ticks(form, 'many', 'Banyak', {options}) }}}}", form=form
    )
    assert "checked" in fields("{{ fields.checkbox(form, 'yes', 'Ya') }}", form=form)


def test_a_moment_carries_its_offset() -> None:
    at = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)

    shown = fields("{{ blocks.moment(at, 'Asia/Jayapura', 'short') }}", at=at)

    assert shown == '<time datetime="2026-11-28T21:00:00+09:00">Sab, 28 Nov · 21.00 WIT</time>'


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("template", ["design.html", "errors/error.html"])
def test_the_frame_speaks_both_languages(locale: str, template: str) -> None:
    with use_locale(locale):
        context = gallery.gallery_context()
        shown = templates.render(template, page=page(locale=locale), status=404, words="-", **context)

    assert f'<html lang="{locale}">' in shown
    assert " · Ranger</title>" in shown


def test_the_title_of_a_refused_form_says_so() -> None:
    source = '{% extends "base.html" %}{% block title %}Buat kopdar{% endblock %}'

    shown = templates.environment().from_string(source).render(page=page(), form=refused(name="Isi nama."))

    assert "<title>Galat: Buat kopdar · Ranger</title>" in shown


def test_what_a_redirect_left_is_said_once_at_the_top() -> None:
    shown = templates.environment().from_string('{% extends "base.html" %}').render(page=page(said="Sudah terbit."))

    assert shown.count("Sudah terbit.") == 1

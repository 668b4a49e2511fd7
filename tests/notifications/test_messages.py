"""Every message folder of every room, with the longest and oddest values, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from community.kit import messages
from community.kit.i18n import LOCALES
from community.kit.mail import Mail, build_message
from community.kit.messages import PARTS, Meta, list_messages, meta, render_mail, render_text, render_whatsapp
from community.kit.templates import has_message_part
from community.registry import ROOMS

BASE = "https://ranger.example"
ALL = list_messages()
LONG = "Komunitas Pelapak Raden Ajeng Kartiningsih Soerjodiningrat bin Abdurrahman Al-Ghazali dari Kepulauan Mentawai"
ODD = [
    LONG[:100],
    "<b onmouseover=alert(1)>*_~`</b> & 'kutip' \"ganda\" 100% {{ 7*7 }} %(name)s",
    "O'Brien 🎉 ꦲꦤꦕꦫꦏ 名前 \u202eterbalik",
    "x\r\nBcc: evil@contoh.example\u2028y",
    "A",
]
MARKER = "&lt;b onmouseover"


def values(kind: str, text: str, *, absent: bool) -> Any:
    if absent and kind.endswith("?"):
        return None
    return {
        "text": text,
        "name": text,
        "code": "AB23CD45",
        "count": 5_000,
        "rupiah": 999_999_999,
        "bool": not absent,
        "instant": datetime(2026, 11, 28, 12, 0, tzinfo=UTC),
        "day": date(2026, 11, 28),
        "zone": "Asia/Jayapura",
        "path": "/events/AB23CD45?from=mail&x=1",
        "url": "https://contoh.example/a?b=c&d=e",
    }[kind.rstrip("?")]


def packed(about: Meta, text: str, *, absent: bool = False) -> dict[str, Any]:
    return about.pack({name: values(kind, text, absent=absent) for name, kind in about.params.items()})


class Words(HTMLParser):
    """Tags, attributes and words of an HTML mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _value in attrs}
        if tag not in {"br", "hr", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag"


def test_there_are_messages_to_look_at() -> None:
    assert ALL


@pytest.mark.parametrize("name", ALL)
def test_a_message_is_complete(name: str) -> None:
    assert [part for part in PARTS if not has_message_part(name, part)] == []
    assert name.split("/")[0] in ROOMS
    assert meta(name).category in messages.CATEGORIES


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ALL)
def test_a_message_bears_the_longest_and_oddest_names(name: str, locale: str) -> None:
    about = meta(name)
    for text in ODD:
        for absent in (False, True):
            kept = packed(about, text, absent=absent)
            frame = {"base_url": BASE, "locale": locale, "reader": text}
            mail = render_mail(name, kept, **frame, unsubscribe_url=f"{BASE}/u/abc")
            check_mail(mail)
            check_whatsapp(render_whatsapp(name, kept, **frame), about)
            assert render_text(name, kept, **frame).strip()


def check_mail(mail: messages.Rendered) -> None:
    assert "\n" not in mail.subject
    assert 0 < len(mail.subject) <= 250
    for part in (mail.subject, mail.text, mail.html):
        assert "Undefined" not in part
        assert "None" not in part.split()
        assert "49" not in part.split(), "a value was taken for a template"
    words = Words(mail.html)
    assert words.open == []
    assert words.tags[:2] == ["html", "head"]
    assert {"img", "script", "style", "form", "iframe"} & set(words.tags) == set()
    assert {name for name in words.attributes if name.startswith("on") or name in {"style", "src"}} == set()
    assert not re.search(r"&amp;(lt|amp|#39|quot);", mail.html.replace(MARKER, "")), "escaped twice"
    assert not re.search(r"&(lt|gt|amp|#39|#34|quot);", mail.text), "escaped in plain text"
    message = Mail("1@ranger.example", "a@b.example", "Ranger", "c@d.example", *_parts(mail), datetime.now(UTC))
    assert build_message(message)["Bcc"] is None


def _parts(mail: messages.Rendered) -> tuple[str, str, str]:
    return mail.subject, mail.text, mail.html


def check_whatsapp(text: str, about: Meta) -> None:
    assert 0 < len(text) <= 1_000
    if "path" in about.params.values() or "url" in about.params.values():
        assert re.fullmatch(r"https?://\S+", text.split("\n")[-1]), "the address is the last line"
    body = text if "://" not in text else text.rpartition("\n")[0]
    assert not re.search(r"[`~]|\*\S", body), "a name may turn text bold"


@pytest.mark.parametrize("name", ALL)
def test_names_are_escaped_in_html_and_nowhere_else(name: str) -> None:
    about = meta(name)
    mail = render_mail(
        name,
        packed(about, "<b onmouseover=1>x"),
        base_url=BASE,
        locale="id",
        reader="<i>Bob</i>",
        unsubscribe_url=None,
    )

    assert "<b onmouseover" not in mail.html
    assert "<i>" not in mail.html
    assert "<i>Bob</i>" in mail.text


@pytest.mark.parametrize("name", ALL)
def test_no_line_break_is_swallowed_after_a_value(name: str) -> None:
    """Jinja trims the break after a `{% endif %}` that ends a line: write `{% endif +%}` there."""
    about = meta(name)
    frame: dict[str, Any] = {"base_url": BASE, "locale": "id", "reader": "Zqx"}
    for absent in (False, True):
        kept = packed(about, "Zqx", absent=absent)
        mail = render_mail(name, kept, **frame, unsubscribe_url=None)
        for text in (mail.subject, mail.text, render_whatsapp(name, kept, **frame)):
            assert not re.search(r"(Zqx|\bWI[BT]A?|[.:!?])(?=[A-Z])(?!\w*\.example)", text), text


@pytest.mark.parametrize("name", ALL)
def test_a_subject_is_short_enough_for_a_phone_with_usual_names(name: str) -> None:
    mail = render_mail(
        name,
        packed(meta(name), "Kopdar Contoh #48"),
        base_url=BASE,
        locale="id",
        reader="Bob",
        unsubscribe_url=None,
    )

    assert len(mail.subject) <= 80, mail.subject


def test_a_message_that_asks_for_nonsense_is_refused(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "FOLDER", tmp_path)
    for number, told in enumerate(
        ('category = "shout"', 'category = "news"\n[params]\nx = "colour"', 'category = "news"\nhaste = 1')
    ):
        folder = tmp_path / "room" / str(number)
        folder.mkdir(parents=True)
        (folder / "meta.toml").write_text(told)
        with pytest.raises(ValueError, match="unknown"):
            meta.__wrapped__(f"room/{number}")

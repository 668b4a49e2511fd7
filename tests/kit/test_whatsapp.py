"""Links for WhatsApp stay links, whatever stands in a title."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.whatsapp import MESSAGE_MOST, SHARE_MOST, chat_link, escape, fit, share_link, share_text

URL = "https://ranger.example/events/AB23CD45"
HOSTILE = [
    "*tebal* _miring_ ~coret~ ```kode```",
    "Kopdar\r\nhttps://evil.example",
    "a&text=b#c?d=e",
    "100% + 1 = 101%",
    "\u202egnp.exe",
    "\x00\x07\ud800",
    "https://evil.example/" + "a" * 2000,
    "👨‍👩‍👧‍👦" * 300,
    "é\u0301" * 700,
    "<script>alert(1)</script>",
    "'\"><img src=x>",
    "\u2028\u2029\x85",
    "",
    " ",
    "😀" * 999,
    "%0A%0D%20",
]


def text_of(link: str) -> str:
    parts = urlsplit(link)
    assert parts.scheme == "https"
    assert parts.netloc == "wa.me"
    assert parts.fragment == ""
    query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert list(query) == ["text"]
    return query["text"][0]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_makes_a_valid_link_whose_last_line_is_the_address(title: str) -> None:
    link = chat_link("+6281234567890", f"Halo, {escape(title)}", URL)

    assert link.isascii()
    assert "+" not in link
    assert urlsplit(link).path == "/6281234567890"
    text = text_of(link)
    assert len(text) <= MESSAGE_MOST
    assert text.split("\n")[-1] == URL
    assert text.count("\n") == 1
    assert not set("*_~`\r\x00") & set(text[: -len(URL)])


@given(st.text(max_size=3000))
def test_any_text_fits_and_keeps_the_address(text: str) -> None:
    for link, most in ((share_link(text, URL), MESSAGE_MOST), (share_link(share_text(text, URL)), SHARE_MOST)):
        shown = text_of(link)
        assert len(shown) <= most
        assert shown.endswith(URL)


@given(st.text(max_size=3000))
def test_without_an_address_only_the_length_changes(text: str) -> None:
    assert len(fit(text, 100)) <= 100


def test_spaces_and_breaks_are_written_as_whatsapp_reads_them() -> None:
    assert share_link("a b\r\nc", URL).startswith("https://wa.me/?text=a%20b%0Ac%0Ahttps%3A%2F%2F")


def test_a_long_text_is_cut_between_words() -> None:
    cut = fit("kata " * 300, 100)

    assert cut.endswith("kata…")
    assert len(cut) <= 100


def test_an_address_longer_than_the_message_is_an_error() -> None:
    with pytest.raises(ValueError, match="too long"):
        fit("https://x.example/" + "a" * 100, 50)


@pytest.mark.parametrize(
    "phone", ["", "0812", "6281234567890", "+62 812", "+62812345678901234", "+62812\n34567", "+0812345678"]
)
def test_only_a_whole_number_is_dialled(phone: str) -> None:
    with pytest.raises(ValueError):
        chat_link(phone, "x")

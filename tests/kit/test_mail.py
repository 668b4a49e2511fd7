"""Mails cannot be bent by what people type, and say no to addresses that are none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.mail import (
    Mail,
    SmtpSender,
    Verdict,
    build_message,
    check_address,
    one_line,
    parse_smtp_url,
    probe,
)
from community.kit.settings import SettingsError
from tests.smtp import Sink, smtp_server

MAIL = Mail(
    message_id="0198-abc@ranger.example",
    sender="no-reply@ranger.example",
    sender_name="Ranger",
    recipient="bob@contoh.example",
    subject="Kopdar Anda",
    text="Halo\n",
    html="<p>Halo</p>\n",
    at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
)
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
HOSTILE = [
    "x\r\nBcc: evil@contoh.example",
    "x\nBcc: evil@contoh.example",
    "x\rBcc: evil@contoh.example",
    "x\r\n\r\n<script>",
    "x\u2028Bcc: evil@contoh.example",
    "x\x0bBcc: y\x0cz\x1c\x1d\x1e\x85",
    "=?utf-8?q?=0D=0ABcc=3A_evil=40contoh.example?=",
    "==??utf-8?q?=0D=0ABcc=3A_evil=40contoh.example?=",
    "=\x00?utf-8?b?DQpCY2M6IGV2aWxAY29udG9oLmV4YW1wbGU=?=",
    "\x00\ud800 half",
    "Kopdar “Semarak” 🎉 " + "é" * 300,
    "\u202eoof.exe",
    "",
]


def parse(raw: bytes):  # type: ignore[no-untyped-def]
    return message_from_bytes(raw, policy=default)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_becomes_a_header(value: str) -> None:
    raw = bytes(build_message(replace(MAIL, subject=value, sender_name=value, text=value, html=value)))

    head, _, _body = raw.partition(b"\r\n\r\n")
    assert {line.split(b":")[0].decode() for line in head.split(b"\r\n") if not line[:1].isspace()} == HEADERS
    assert [str(part) for part in parse(raw).get_all("to")] == [MAIL.recipient]
    assert parse(raw)["bcc"] is None


@given(st.text(max_size=300), st.text(max_size=2000))
def test_subject_and_text_arrive_as_they_were_written(subject: str, text: str) -> None:
    raw = bytes(build_message(replace(MAIL, subject=subject, text=text)))

    read = parse(raw)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert one_line(str(read["subject"])) == one_line(subject)
    plain = read.get_body(("plain",)).get_content()
    expected = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    assert re.split(r"\r\n|\r|\n", plain.rstrip("\r\n")) == re.split(r"\r\n|\r|\n", expected.rstrip("\r\n"))


def test_both_parts_and_the_headers_of_an_automatic_mail() -> None:
    mail = replace(MAIL, subject="Ayo 🎉", unsubscribe_url="https://ranger.example/u/abc_-9")
    read = parse(bytes(build_message(mail)))

    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in read.iter_parts()} == {"utf-8"}
    assert read["Message-ID"] == "<0198-abc@ranger.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Unsubscribe"] == "<https://ranger.example/u/abc_-9>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Date"].datetime == MAIL.at


def test_what_cannot_be_unsubscribed_says_so() -> None:
    assert build_message(MAIL)["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "a@", "@b.example", "a b@c.example", "a@b@c.example", "a@b.example\r\nBcc: x", "<a@b.example>"),
        *("a@b.example, c@d.example", "Bob <a@b.example>", "ä@b.example", "a@b.example\x00", "x" * 65 + "@b.example"),
        "=?utf-8?q?=0D=0ABcc=3A?=@b.example",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        check_address(address)
    with pytest.raises(ValueError):
        build_message(replace(MAIL, recipient=address))


def test_a_domain_with_letters_beyond_ascii_is_written_as_servers_know_it() -> None:
    assert check_address("a@bücher.example") == "a@xn--bcher-kva.example"


@pytest.mark.parametrize("url", ["https://evil.example\r\nBcc: x", "https://a b", "é"])
def test_an_unsubscribe_address_we_did_not_make_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        build_message(replace(MAIL, unsubscribe_url=url))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, None, None, False, True)),
        ("smtp://u%40x:p%2Fw@mail.example:2525", ("mail.example", 2525, "u@x", "p/w", False, True)),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", "p", True, False)),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, None, None, False, False)),
        ("smtp://relay.example:25?tls=off", ("relay.example", 25, None, None, False, False)),
    ],
)
def test_the_server_is_read_from_its_address(url: str, expected: tuple[object, ...]) -> None:
    server = parse_smtp_url(url)

    assert (server.host, server.port, server.user, server.password, server.use_tls, server.start_tls) == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:99999"])
def test_another_address_says_what_to_write(url: str) -> None:
    with pytest.raises(SettingsError, match="SMTP_URL"):
        parse_smtp_url(url)


async def test_one_connection_carries_all_mails_of_a_round() -> None:
    async with smtp_server() as sink:
        sender = SmtpSender(parse_smtp_url(sink.url))
        outcomes = [await sender.send(MAIL) for _ in range(3)]
        await sender.close()

    assert [outcome.verdict for outcome in outcomes] == [Verdict.SENT] * 3
    assert (sink.connections, sink.recipients) == (1, [MAIL.recipient] * 3)
    assert parse(sink.received[0]).items()[:6] == parse(bytes(build_message(MAIL))).items()[:6]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("550 no such user", Verdict.REFUSED), ("451 try later", Verdict.RETRY), ("452 full", Verdict.RETRY)],
)
async def test_a_refused_recipient_is_final_and_a_busy_server_is_not(answer: str, verdict: Verdict) -> None:
    async with smtp_server(Sink(answers=[answer])) as sink:
        sender = SmtpSender(parse_smtp_url(sink.url))
        outcome = await sender.send(MAIL)
        again = await sender.send(MAIL)
        await sender.close()

    assert (outcome.verdict, outcome.unreachable) == (verdict, False)
    assert answer[:3] in outcome.reason
    assert "bob" not in outcome.reason
    assert again.verdict is Verdict.SENT


async def test_refused_content_is_final() -> None:
    async with smtp_server(Sink(data_answer="554 no")) as sink:
        sender = SmtpSender(parse_smtp_url(sink.url))
        assert (await sender.send(MAIL)).verdict is Verdict.REFUSED
        await sender.close()


async def test_a_server_that_does_not_answer_costs_its_time_and_no_more() -> None:
    async with smtp_server(Sink(slow_seconds=5)) as sink:
        sender = SmtpSender(parse_smtp_url(sink.url), seconds=0.2)
        outcome = await sender.send(MAIL)
        await sender.close()

    assert (outcome.verdict, outcome.unreachable) == (Verdict.RETRY, True)


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    async with smtp_server() as sink:
        gone = sink.url
    sender = SmtpSender(parse_smtp_url(gone))
    outcome = await sender.send(MAIL)
    await sender.close()

    assert (outcome.verdict, outcome.unreachable) == (Verdict.RETRY, True)


async def test_the_doctor_hears_whether_the_server_lets_us_in() -> None:
    async with smtp_server() as sink:
        assert await probe(sink.url) is None
        refused = await probe(sink.url.replace("//", "//name:password@"))
    gone = await probe(sink.url)

    assert refused is not None
    assert "password" not in refused
    assert gone is not None
    assert "no connection" in gone
    assert sink.received == []


async def test_a_mail_that_is_none_never_reaches_the_server() -> None:
    sender = SmtpSender(parse_smtp_url("smtp://127.0.0.1:1"))

    assert (await sender.send(replace(MAIL, recipient="a@b\r\nRCPT TO:<x@y>"))).verdict is Verdict.REFUSED
    await sender.close()

"""Over a real SMTP connection: what the receiver reads is what the notice says."""

from __future__ import annotations

from datetime import datetime

import pytest

from community.kit.db import first, rows
from community.kit.mail import SmtpSender, parse_smtp_url
from community.kit.settings import settings
from community.notifications import service
from tests.factories import make_person
from tests.notifications.sample import params
from tests.smtp import Sink, smtp_server

pytestmark = pytest.mark.usefixtures("db", "samples")


async def test_the_received_mail_is_the_notice(now: datetime) -> None:
    bob = await make_person("Bob Contoh", email="bob@contoh.example")
    title = "Kopdar “Foto Produk” 🎉 bersama para pelapak di Kediri dan sekitarnya"
    await service.enqueue(bob, "samples/plain", params(title=title), now=now)
    async with smtp_server() as sink:
        await service.deliver(now=now, sender=SmtpSender(parse_smtp_url(sink.url)))

    [message] = sink.messages
    row = await first("select id, state from delivery")
    assert row is not None
    assert sink.recipients == ["bob@contoh.example"]
    assert str(message["Subject"]) == f"{title} · Sab, 28 Nov · 19.00 WIB"
    assert str(message["To"]) == "bob@contoh.example"
    assert str(message["From"]) == f"Ranger <{settings().mail_from}>"
    assert str(message["Message-ID"]) == f"<{row['id']}@127.0.0.1>"
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert message["Date"].datetime == now.replace(microsecond=0)
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert text.startswith("Halo Bob Contoh,")
    assert f"Anda tercatat di {title}, Sabtu, 28 November 2026 · pukul 19.00 WIB, 2 orang." in text
    assert f'<a href="{settings().base_url}/events/AB23CD45">' in html
    assert row["state"] == "sent"


async def test_markup_in_a_title_is_text_in_both_parts(now: datetime) -> None:
    await service.enqueue(
        await make_person("<b>Bob</b>"), "samples/plain", params(title="<script>alert(1)</script> & co"), now=now
    )
    async with smtp_server() as sink:
        await service.deliver(now=now, sender=SmtpSender(parse_smtp_url(sink.url)))

    [message] = sink.messages
    assert "<script>alert(1)</script> & co" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x0b", "=?utf-8?q?=0D=0A?="])
async def test_line_breaks_in_every_param_make_no_header(now: datetime, line_break: str) -> None:
    hostile = f"x{line_break}Bcc: evil@contoh.example{line_break}{line_break}Body"
    bob = await make_person("Bob")
    await rows("update person set name = {} where id = {} returning id", hostile, bob)
    await service.enqueue(bob, "samples/plain", params(title=hostile, note=hostile, link="/x" + hostile), now=now)
    async with smtp_server() as sink:
        await service.deliver(now=now, sender=SmtpSender(parse_smtp_url(sink.url)))

    [message] = sink.messages
    assert message["Bcc"] is None
    assert len(message.get_all("Subject", [])) == 1
    assert len(sink.recipients) == 1
    assert sorted(key.lower() for key in message) == sorted(
        ["from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"]
    )


async def test_a_refused_recipient_does_not_keep_the_others_waiting(now: datetime) -> None:
    for number in range(3):
        await service.enqueue(await make_person(f"Orang {number}"), "samples/plain", params(), now=now)
    async with smtp_server(Sink(answers=["550 no such user"])) as sink:
        tally = await service.deliver(now=now, sender=SmtpSender(parse_smtp_url(sink.url)))

    assert tally == {"failed": 1, "sent": 2}
    assert (len(sink.received), sink.connections) == (2, 1)


async def test_nothing_a_server_says_about_people_is_kept(now: datetime) -> None:
    await service.enqueue(await make_person(email="bob@contoh.example"), "samples/plain", params(), now=now)
    async with smtp_server(Sink(answers=["550 bob@contoh.example unknown"])) as sink:
        await service.deliver(now=now, sender=SmtpSender(parse_smtp_url(sink.url)))

    row = await first("select error from delivery")
    assert row == {"error": "recipient refused (550)"}

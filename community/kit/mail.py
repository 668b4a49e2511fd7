"""Mails: made so that no value can become a header, sent through the server of `SMTP_URL`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import Enum
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from community.kit.settings import LOOPBACK, SettingsError

SEND_SECONDS = 10.0
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,250}")


class Verdict(Enum):
    """How a try ended. UNKNOWN is for channels without an idempotency key; a mail is tried again instead."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """`reason` is for the operator and holds no personal data. `unreachable`: the next mail would fare the same."""

    verdict: Verdict
    reason: str = ""
    unreachable: bool = False


@dataclass(frozen=True)
class Mail:
    """One mail to one address. `message_id` stays the same in every try, so that a receiver may drop a repeat."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str
    at: datetime
    unsubscribe_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Sender(Protocol):
    async def send(self, mail: Mail) -> Outcome: ...

    async def close(self) -> None: ...


def build_message(mail: Mail) -> EmailMessage:
    """Text and HTML as alternatives. Raises ValueError on an address or identifier that is not one."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(display_name=one_line(mail.sender_name), addr_spec=check_address(mail.sender))
    message["To"] = Address(addr_spec=check_address(mail.recipient))
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{check_address(mail.message_id)}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url is not None:
        # No mailto beside it: nobody would read what arrives there.
        message["List-Unsubscribe"] = f"<{check_token(mail.unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in mail.headers.items():
        message[name] = check_token(value)
    message.set_content(whole(mail.text), cte="quoted-printable")
    message.add_alternative(whole(mail.html), subtype="html", cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """For a header: every kind of line break and control character is a space, half characters are gone.

    `=?` is parted, since Python's `email` would read an encoded word out of it, and a line break out of that.
    """
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", whole(text)).split()).replace("=?", "= ?")


def whole(text: str) -> str:
    """LF for CRLF and CR; without NUL and lone surrogates, which no mail can carry."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return plain.encode("utf-8", "ignore").decode()


def check_address(address: str) -> str:
    """The address as a server understands it, its domain in ASCII. Raises ValueError for anything else than one
    address."""
    if not _ADDRESS.fullmatch(address) or len(address) > 254 or "=?" in address:
        raise ValueError("not one e-mail address")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def check_token(value: str) -> str:
    """For header values we make ourselves. Raises ValueError on anything but visible ASCII."""
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError("a header value of visible ASCII only")
    return value


@dataclass(frozen=True)
class SmtpServer:
    """`SMTP_URL` taken apart. `smtps` is TLS from the first byte; `smtp` asks for STARTTLS, but on this machine."""

    host: str
    port: int
    user: str | None
    password: str | None
    use_tls: bool
    start_tls: bool


def parse_smtp_url(url: str) -> SmtpServer:
    """`smtp://user:password@host:587`, `smtps://host`; `?tls=off` for a server in a network one trusts.

    Raises SettingsError with words an operator can act on.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingsError("SMTP_URL: write smtp://user:password@host:587 or smtps://user:password@host:465.")
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 587)
    except ValueError:
        raise SettingsError("SMTP_URL: the port must be a number from 1 to 65535.") from None
    secure = parts.scheme == "smtps"
    plain = parts.hostname in LOOPBACK or parse_qs(parts.query).get("tls") == ["off"]
    return SmtpServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=secure,
        start_tls=not secure and not plain,
    )


async def probe(url: str) -> str | None:
    """Connect and sign in as a mail would; what stands in the way, in words, or None. Raises SettingsError."""
    sender = SmtpSender(parse_smtp_url(url))
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await sender.connect()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return judge(error).reason
    finally:
        await sender.close()
    return None


class SmtpSender:
    """Keeps its connection from mail to mail until closed; a broken one is made anew with the next mail."""

    def __init__(self, server: SmtpServer, seconds: float = SEND_SECONDS) -> None:
        self._server = server
        self._seconds = seconds
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, mail: Mail) -> Outcome:
        try:
            message = build_message(mail)
        except ValueError as error:
            return Outcome(Verdict.REFUSED, str(error))
        try:
            async with asyncio.timeout(self._seconds):
                client = await self.connect()
                await client.sendmail(mail.sender, [check_address(mail.recipient)], bytes(message))
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            outcome = judge(error)
            if outcome.verdict is Verdict.RETRY:
                self._drop()
            return outcome
        return Outcome(Verdict.SENT)

    async def close(self) -> None:
        if self._client is not None and self._client.is_connected:
            try:
                async with asyncio.timeout(2):
                    await self._client.quit()
            except (aiosmtplib.SMTPException, OSError, TimeoutError):
                pass  # the server hung up first
        self._drop()

    async def connect(self) -> aiosmtplib.SMTP:
        """The open connection, or a new one. Raises what the network and the server raise."""
        if self._client is None or not self._client.is_connected:
            server = self._server
            self._client = aiosmtplib.SMTP(
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.use_tls,
                start_tls=server.start_tls,
                timeout=self._seconds,
            )
            await self._client.connect()
        return self._client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def judge(error: BaseException) -> Outcome:
    """Refused for good only where the server says no to this very mail; its words may hold addresses and stay out."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        code = max((refused.code for refused in error.recipients), default=550)
        return Outcome(Verdict.REFUSED if code >= 500 else Verdict.RETRY, f"recipient refused ({code})")
    if isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused):
        return Outcome(Verdict.RETRY, f"our server refuses our account ({error.code})", unreachable=True)
    if isinstance(error, aiosmtplib.SMTPConnectError | aiosmtplib.SMTPHeloError | aiosmtplib.SMTPNotSupported):
        return Outcome(Verdict.RETRY, f"no connection ({type(error).__name__})", unreachable=True)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Outcome(Verdict.REFUSED if error.code >= 500 else Verdict.RETRY, f"refused ({error.code})")
    return Outcome(
        Verdict.RETRY, type(error).__name__, unreachable=not isinstance(error, aiosmtplib.SMTPServerDisconnected)
    )

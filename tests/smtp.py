"""A mail server for tests: real SMTP in this process's loop, keeping what arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

TEXT_POLICY = default


@dataclass
class Sink:
    """`answers` are given to recipients in turn, then 250 for ever; `data_answer` to every message."""

    answers: list[str] = field(default_factory=list)
    data_answer: str = "250 OK"
    slow_seconds: float = 0.0
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [BytesParser(EmailMessage, policy=TEXT_POLICY).parsebytes(raw) for raw in self.received]  # type: ignore[arg-type]

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.slow_seconds)
        if self.data_answer.startswith("250"):
            self.received.append(envelope.original_content)
            self.recipients += envelope.rcpt_tos
        return self.data_answer


@asynccontextmanager
async def smtp_server(sink: Sink | None = None) -> AsyncIterator[Sink]:
    sink = sink or Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.example", loop=loop), "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        await server.wait_closed()

"""Fakes of what the roof hands in, and an even time that does not slow the tests down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from community.accounts.deeds import door, mail


@dataclass
class Mails:
    """What was queued: (person, template, params, options) each."""

    sent: list[tuple[UUID, str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    cancelled: list[dict[str, Any]] = field(default_factory=list)

    async def enqueue(self, person_id: UUID, template: str, params: dict[str, Any], **options: Any) -> UUID | None:
        self.sent.append((person_id, template, params, options))
        return None

    async def cancel(self, **asked: Any) -> int:
        self.cancelled.append(asked)
        return 0

    @property
    def templates(self) -> list[str]:
        return [template for _person, template, _params, _options in self.sent]

    def token(self, number: int = -1) -> str:
        """The secret part of the link in a mail."""
        return str(self.sent[number][2]["link"]).rpartition("/")[2]


@pytest.fixture
def mails() -> Iterator[Mails]:
    """Stands in for the room of messages while the test runs."""
    before, fake = (mail._enqueue, mail._cancel), Mails()
    mail.use_enqueue(fake.enqueue)
    mail.use_cancel(fake.cancel)
    yield fake
    mail._enqueue, mail._cancel = before


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ANSWER_SECONDS", 0.0)

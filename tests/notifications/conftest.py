"""Sample messages and a sender that takes notes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from community.accounts import service as accounts
from community.kit.mail import Mail, Outcome, Verdict
from community.notifications import service
from tests.notifications.sample import forget_samples, use_samples


class FakeSender:
    """Answers with `outcomes` one after the other, then SENT for ever."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.mails: list[Mail] = []
        self.closed = 0

    async def send(self, mail: Mail) -> Outcome:
        self.mails.append(mail)
        return self.outcomes.pop(0) if self.outcomes else Outcome(Verdict.SENT)

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def sender() -> FakeSender:
    return FakeSender()


@pytest.fixture
def samples() -> Iterator[None]:
    accounts.use_cancel(service.cancel)  # what the roof does
    use_samples()
    yield
    forget_samples()

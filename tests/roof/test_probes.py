"""What a machine asks of a running process."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx
import pytest

from community import app as roof
from community.kit.settings import settings


async def ask(app: Any, path: str, address: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url=settings().base_url, headers=headers) as client:
        return await client.get(path)


@pytest.fixture
def with_token(monkeypatch: pytest.MonkeyPatch) -> str:
    configured = dataclasses.replace(settings(), metrics_token="only-for-tests")
    monkeypatch.setattr(roof, "settings", lambda: configured)
    return "Bearer only-for-tests"


async def test_a_process_that_answers_is_healthy_whoever_asks(db: None, app: Any) -> None:
    assert (await ask(app, "/healthz", "203.0.113.9", Host="10.0.0.7")).text == "ok"


async def test_readiness_is_told_on_this_machine_in_words(db: None, app: Any) -> None:
    answer = await ask(app, "/readyz", "127.0.0.1")

    assert answer.status_code == 503  # in a test no process runs the jobs
    assert answer.json() | {"leader": ""} == {"database": "ok", "migrations": "ok", "outbox": "ok", "leader": ""}


async def test_readiness_is_nobodys_business_elsewhere(db: None, app: Any) -> None:
    assert (await ask(app, "/readyz", "203.0.113.9")).status_code == 404


async def test_figures_are_for_the_holder_of_the_token(db: None, app: Any, with_token: str) -> None:
    told = await ask(app, "/metrics", "203.0.113.9", Authorization=with_token)
    refused = await ask(app, "/metrics", "203.0.113.9", Authorization="Bearer guessed")

    assert "# TYPE" in told.text
    assert refused.status_code == 404


async def test_without_a_configured_token_no_token_fits(db: None, app: Any) -> None:
    assert (await ask(app, "/metrics", "127.0.0.1", Authorization="Bearer ")).status_code == 404

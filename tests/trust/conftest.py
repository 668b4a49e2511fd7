"""The people of the matrix, signed in: by cookie with their form token for pages, by token for the API."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from community.kit import csrf
from community.kit.db import DB, in_one_transaction
from community.kit.settings import settings
from tests.signing import make_token, sign_in
from tests.trust.matrix import ROLES, TESTS
from tests.world import make_world


class Actors:
    """`async with actors("R") as client:` is Alice's browser, with `api=True` her program."""

    def __init__(self, app: Any, world: Mapping[str, str]) -> None:
        self.app, self.world = app, world
        self._cookies: dict[str, str] = {}
        self._bearers: dict[str, str] = {}
        self._sign_ins: dict[str, UUID] = {}

    async def sign_in(self) -> None:
        for role in ROLES[1:]:
            person_id = UUID(self.world[f"person:{role}"])
            self._cookies[role], self._sign_ins[role] = await sign_in(person_id)
            self._bearers[role] = await make_token(person_id)

    def token_of(self, role: str) -> str:
        """A form token of this role's sign-in."""
        return csrf.new_token(self._sign_ins[role])

    @asynccontextmanager
    async def __call__(self, role: str, *, api: bool = False) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=settings().base_url) as client:
            if api and role != "V":
                client.headers["Authorization"] = f"Bearer {self._bearers[role]}"
            elif not api:
                client.headers["Origin"] = settings().base_url
            if not api and role != "V":
                client.cookies.set("sid", self._cookies[role], domain="127.0.0.1")
                client.headers["X-CSRF-Token"] = self.token_of(role)
            yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def actors(app: Any, pool: None) -> AsyncIterator[Actors]:
    """The world is made once for all tests of a file and rolled back after the last; each test undoes its own deeds."""
    transaction = DB.transaction()
    await transaction.__aenter__()
    in_one_transaction.set(True)
    try:
        made = Actors(app, await _furnish(await make_world()))
        await made.sign_in()
        yield made
    finally:
        await transaction.rollback()
        assert DB.pool is not None
        await DB.pool.release(transaction.connection)
        DB.current_transaction.set(None)
        in_one_transaction.set(False)


async def _furnish(world: dict[str, str]) -> dict[str, str]:
    """Add what the rooms' rows need: each `routes.py` may offer `furnish(world)`."""
    for room in sorted(path.parent.name for path in TESTS.glob("*/routes.py")):
        furnish = getattr(importlib.import_module(f"tests.{room}.routes"), "furnish", None)
        if furnish is not None:
            world |= await furnish(world)
    return world

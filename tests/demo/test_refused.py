"""Where there is no demo, nothing of it exists; and nobody's database becomes one."""

from __future__ import annotations

import httpx
import pytest

from community.demo import service
from community.demo.errors import NotADemoDatabase
from tests.factories import NOW, make_person


async def test_outside_of_the_demo_these_pages_do_not_exist(client: httpx.AsyncClient):
    assert (await client.get("/demo")).status_code == 404
    assert (await client.post("/demo/sign-in/ranger")).status_code == 404


async def test_a_database_with_real_people_is_never_filled_or_emptied(db: None):
    await make_person("Orang Sungguhan")

    with pytest.raises(NotADemoDatabase):
        await service.fill(now=NOW, tell=print)
    with pytest.raises(NotADemoDatabase):
        await service.empty()

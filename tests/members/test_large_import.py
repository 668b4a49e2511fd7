"""E11: a list of 50,000 people, with and without faults, whole or not at all."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any

import pytest

from community.kit.db import first
from community.kit.viewer import Grant, Viewer
from community.members import queries, service
from community.members.deeds import imports
from community.members.errors import ImportNotFound
from tests.factories import NOW, make_chapter, make_ranger

SECONDS = 60
FAULTY_EVERY = 50  # 2 %


def people(rows: int, *, faulty: bool) -> bytes:
    lines = ["nama;hp;email;bergabung;id_toko;nama_toko;asal_persetujuan"]
    for n in range(rows):
        phone = "8,1E+11" if faulty and n % FAULTY_EVERY == 0 else f"0812{n:08d}"
        lines.append(f"Orang Contoh {n};{phone};orang{n}@contoh.example;01/03/2019;toko-{n};Toko {n};formulir 2019")
    return "\n".join(lines).encode()


async def count(table: str) -> int:
    found = await first(f"select count(*) as n from {table}")
    return int(found["n"]) if found else 0


async def make_led() -> Viewer:
    chapter_id = await make_chapter(slug="satu-contoh")
    person_id = await make_ranger(chapter_id)
    return Viewer(
        person_id=person_id, proved_at=NOW, roles=frozenset({Grant("ranger", chapter_id)}), via="cookie", name="Alice"
    )


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("rows", [3_000, pytest.param(50_000, marks=pytest.mark.nightly)])
async def test_a_long_list_is_looked_at_and_added_in_time(rows: int, now: datetime) -> None:
    viewer = await make_led()
    faulty = await service.look(viewer, "satu-contoh", "a.csv", people(rows, faulty=True), now=now)
    assert len(faulty.report.errors) == rows // FAULTY_EVERY

    began = time.perf_counter()
    draft = await service.look(viewer, "satu-contoh", "b.csv", people(rows, faulty=False), now=now)
    report = await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)
    took = time.perf_counter() - began

    assert (report.added, await count("membership"), await count("store")) == (rows, rows, rows)
    assert took < SECONDS
    again = await service.look(viewer, "satu-contoh", "b.csv", people(rows, faulty=False), now=now)
    assert again.report.counts["member"] == rows


@pytest.mark.usefixtures("db")
async def test_a_commit_that_breaks_half_way_leaves_nobody_behind(now: datetime, monkeypatch: Any) -> None:
    viewer = await make_led()
    draft = await service.look(viewer, "satu-contoh", "a.csv", people(20, faulty=False), now=now)
    before = await count("person")

    async def break_down(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("community.members.queries.save_stores", break_down)
    with pytest.raises(ConnectionError):
        await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)
    monkeypatch.undo()

    assert (await count("person"), await count("membership")) == (before, 0)
    report = await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)
    assert report.added == 20


@pytest.mark.usefixtures("committed")
async def test_two_who_commit_at_once_add_everybody_once(now: datetime) -> None:
    viewer = await make_led()
    draft = await service.look(viewer, "satu-contoh", "a.csv", people(300, faulty=False), now=now)

    results = await asyncio.gather(
        *(service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now) for _ in range(2)),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == sorted(["Report", ImportNotFound.__name__])
    assert await count("membership") == 300


@pytest.mark.usefixtures("committed")
async def test_without_the_lock_they_would_add_everybody_twice(now: datetime, monkeypatch: Any) -> None:
    """The control of the test above."""
    viewer = await make_led()
    draft = await service.look(viewer, "satu-contoh", "a.csv", people(300, faulty=False), now=now)
    locked = imports._lead

    async def unlocked(*args: Any, lock: bool = False) -> Any:
        return await locked(*args)

    monkeypatch.setattr(imports, "_lead", unlocked)
    monkeypatch.setattr(queries, "save_stores", _nothing)
    results = await asyncio.gather(
        *(service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now) for _ in range(2)),
        return_exceptions=True,
    )

    assert [type(result).__name__ for result in results] == ["Report", "Report"]
    assert await count("membership") == 600


async def _nothing(*_: object) -> None: ...


@pytest.mark.usefixtures("committed")
async def test_twenty_taps_at_once_make_one_spell(now: datetime) -> None:
    viewer = await make_led()

    await asyncio.gather(*(service.join(viewer.person(), "satu-contoh", consent=True, now=now) for _ in range(20)))

    assert (await count("membership"), await count("consent")) == (1, 1)

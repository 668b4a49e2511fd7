"""Who gets which answer from every route (A01), and what follows from the same list (A02, A03, A08, A09)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from statistics import median
from typing import Any

import pytest

from community.app import build
from community.kit.clock import MovableClock
from community.kit.db import DB, rows
from community.kit.settings import settings
from community.registry import collect
from tests.trust.conftest import Actors
from tests.trust.matrix import (
    ROLES,
    Row,
    ask,
    collect_rows,
    find_canaries,
    find_header_faults,
    find_twins,
    find_unlisted,
    find_unrouted,
    without_what_differs,
)

ROWS = collect_rows()
LIVE = [row for row in ROWS if not row.demo]
READS = [row for row in LIVE if row.is_safe]
DEEDS = [row for row in LIVE if not row.is_safe and not row.is_api and not row.exempt]
WITH_IDS = [row for row in LIVE if row.missing and 404 in row.expect.values()]
EVERY_COLUMN = "*"
# Written by the act of asking, and by nothing a reader could mean: limits, when a sign-in or token was last used, and
# the record that somebody looked at personal data.
WRITTEN_BY_ASKING = {
    "rate_bucket": EVERY_COLUMN,
    "audit_entry": EVERY_COLUMN,
    "sign_in": "last_seen_at",
    "api_token": "last_used_at",
}
LOOKS = {"audit_entry": "where action not like '%.read'"}  # looking at personal rows is written down
PAIRS = 12

rows_of = pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in LIVE])


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Whatever is done inside is as if it had not been, so that each role finds the same world."""
    transaction = DB.current_transaction.get()
    assert transaction is not None
    savepoint = await transaction.savepoint()
    try:
        yield
    finally:
        await savepoint.rollback_to()


def demo_app() -> Any:
    return build(replace(settings(), demo=True), MovableClock(), collect(), jobs=False)


def test_every_route_is_listed_and_every_listed_one_exists() -> None:
    app = demo_app()

    assert [*find_unlisted(app, ROWS), *find_unrouted(app, ROWS), *find_twins(ROWS)] == []


def test_the_demo_is_not_there_outside_of_demo_mode(app: Any) -> None:
    assert find_unrouted(app, ROWS) == sorted(f"no route answers {row.method} {row.path}" for row in ROWS if row.demo)


@rows_of
async def test_a01_every_role_gets_the_listed_answer(row: Row, actors: Actors) -> None:
    got = {}
    for role in ROLES:
        async with undone(), actors(role, api=row.is_api) as client:
            answer = await ask(client, row, actors.world)
            got[role] = answer.status_code
            private = answer.status_code >= 400 or (role != "V" and not row.path.startswith("/static/"))
            assert find_header_faults(answer, private=private) == [], role

    assert got == dict(row.expect)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in READS])
async def test_head_is_answered_like_get_without_the_body(row: Row, actors: Actors) -> None:
    async with undone(), actors("V", api=row.is_api) as client:
        got = await ask(client, row, actors.world)
        head = await ask(client, replace(row, method="HEAD"), actors.world)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers.get("content-type") == got.headers.get("content-type")


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in WITH_IDS])
async def test_a02_what_is_not_yours_looks_like_what_is_not_there(row: Row, actors: Actors) -> None:
    for role in (role for role in ROLES if row.expect[role] == 404):
        async with undone(), actors(role, api=row.is_api) as client:
            there = await ask(client, row, actors.world)
            missing = await ask(client, row, actors.world, missing=True)

        assert (there.status_code, missing.status_code) == (404, 404), role
        assert without_what_differs(there) == without_what_differs(missing), role


async def test_a02_and_takes_as_long(actors: Actors) -> None:
    """Median over all routes with ids, asked in turn, so that a slow moment of the machine hits both alike."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for row in [row for row in WITH_IDS if row.is_safe]:
        role = next(role for role in ROLES if row.expect[role] == 404)
        async with undone(), actors(role, api=row.is_api) as client:
            for missing in (True, False) * PAIRS:
                began = time.perf_counter()
                await ask(client, row, actors.world, missing=missing)
                times[missing].append(time.perf_counter() - began)

    assert 0.8 <= median(times[False]) / median(times[True]) <= 1.25


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in READS])
async def test_a03_no_personal_value_is_shown_to_those_without_the_right(row: Row, actors: Actors) -> None:
    for role in (role for role in ROLES if role != "M"):  # they are Bob's own values
        async with undone(), actors(role, api=row.is_api) as client:
            answer = await ask(client, row, actors.world)

        if not (row.canary and answer.status_code == 200):
            assert find_canaries(answer, actors.world) == [], role


async def test_a03_the_canaries_sing_where_they_may(actors: Actors) -> None:
    """Else the test above would find nothing because nothing is there."""
    heard = set()
    for row in [row for row in READS if row.canary]:
        for role in (role for role in ROLES if row.expect[role] == 200):
            async with undone(), actors(role, api=row.is_api) as client:
                heard |= set(find_canaries(await ask(client, row, actors.world), actors.world))

    assert {"canary:name", "canary:email"} <= heard


FOREIGN = {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in DEEDS])
@pytest.mark.parametrize("headers", FOREIGN, ids=lambda headers: "=".join(*headers.items()))
async def test_a08_a_deed_from_elsewhere_is_refused(row: Row, headers: dict[str, str], actors: Actors) -> None:
    before = await checksums()
    for role in ("V", allowed(row)):
        async with actors(role) as client:
            assert (await ask(client, row, actors.world, headers=headers)).status_code == 403, role

    assert await checksums() == before


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in DEEDS])
async def test_a08_a_deed_without_its_own_token_is_not_done(row: Row, actors: Actors) -> None:
    """The form comes back as typed (403), since the same happens to somebody whose page was open for long."""
    before = await checksums()
    role = allowed(row)
    for token in ("", "A" * 86, actors.token_of("R2" if role != "R2" else "R")):
        async with actors(role) as client:
            client.headers["X-CSRF-Token"] = token
            assert (await ask(client, row, actors.world, stamped=False)).status_code == 403, token

    assert await checksums() == before


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in LIVE if row.is_api])
async def test_a08_the_api_does_not_know_the_cookie(row: Row, actors: Actors) -> None:
    async with undone(), actors("V", api=True) as stranger, actors(allowed(row)) as page:
        by_nobody = await ask(stranger, row, actors.world)
        by_cookie = await ask(page, row, actors.world)

    assert by_cookie.status_code == by_nobody.status_code == row.expect["V"]


async def test_a08_reading_everything_twice_changes_no_row(actors: Actors) -> None:
    before = await checksums()
    for row in [*READS, *READS]:
        for role in ROLES:
            async with actors(role, api=row.is_api) as client:
                await ask(client, row, actors.world)

    assert await checksums() == before


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/tidak-ada", {}),
        ("GET", "/%00", {}),
        ("GET", "/../../etc/passwd", {}),
        ("DELETE", "/", {}),
        ("TRACE", "/", {}),
        ("GET", "/api/v1/tidak-ada", {}),
        ("POST", "/sign-in", {"content": b"a=" + b"x" * 1_100_000}),
        ("GET", "/", {"headers": {"Host": "evil.example"}}),
        ("GET", "/static/0000000000/none.css", {}),
    ],
)
async def test_a09_odd_requests_get_their_headers_too(
    method: str, path: str, options: dict[str, Any], actors: Actors
) -> None:
    async with actors("V") as client:
        answer = await client.request(method, path, **options)

    assert 400 <= answer.status_code < 500
    assert find_header_faults(answer, private=True) == []


async def test_a09_our_own_fault_gets_its_headers_and_tells_nothing(
    actors: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("community.kit.web.render", break_down)
    async with actors("V") as client:
        answer = await client.get("/")

    assert answer.status_code == 500
    assert find_header_faults(answer, private=True) == []
    assert b"secret detail" not in answer.content


def allowed(row: Row) -> str:
    """A signed-in role that may do the deed, else one that may ask."""
    good = [role for role in ROLES[1:] if row.expect[role] < 400]
    return (good or ["R"])[0]


async def checksums() -> dict[str, str]:
    """One figure a table, over every row; equal figures mean that nothing was written."""
    tables = await rows("select tablename from pg_tables where schemaname = 'public' order by 1")
    found = {}
    for name in (str(row["tablename"]) for row in tables):
        left_out = WRITTEN_BY_ASKING.get(name)
        if left_out == EVERY_COLUMN:
            continue
        minus = f" - '{left_out}'" if left_out else ""
        (figure,) = await rows(
            f"select md5(coalesce(string_agg(r, '' order by r), '')) as sum from "
            f'(select (to_jsonb(t){minus})::text as r from "{name}" t {LOOKS.get(name, "")}) x'
        )
        found[name] = str(figure["sum"])
    return found


async def test_one_changed_row_changes_the_checksums_and_asking_does_not(actors: Actors) -> None:
    """The control of the tests above."""
    before = await checksums()
    async with undone():
        await rows("update sign_in set last_seen_at = now()")
        assert await checksums() == before
        await rows("update chapter set version = version + 1 where slug = {}", actors.world["chapter"])
        after = await checksums()

    assert [name for name in before if before[name] != after[name]] == ["chapter"]


def test_the_rows_cover_reading_and_doing() -> None:
    assert READS
    assert DEEDS
    assert WITH_IDS

"""The checks over roles × routes see what they are there to see: tried on a little app of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.params import FromPath

from tests.trust.matrix import (
    CONTENT_SECURITY_POLICY,
    HEADERS,
    Row,
    ask,
    collect_rows,
    every,
    find_canaries,
    find_header_faults,
    find_twins,
    find_unlisted,
    find_unrouted,
    public,
    without_what_differs,
)

WORLD = {"event": "AAAA2222", "canary:phone": "+628129999000"}


@get("/events/{code:str}")
async def show(code: FromPath[str]) -> str:
    return f"Bob +628129999000 at {code}"


@post("/events/{code:str}/rsvp", status_code=303)
async def rsvp(code: FromPath[str]) -> None: ...


APP = Litestar([show, rsvp], openapi_config=None)
ROWS = [
    public("/events/{code}", params={"code": "event"}, missing={"code": "ZZZZ2222"}, canary=True),
    Row("POST", "/events/{code}/rsvp", every(303), params={"code": "event"}, form=lambda world: {}),
]


def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=cast(Any, APP)), base_url="http://127.0.0.1:8000")


def test_a_complete_list_has_no_faults() -> None:
    assert [*find_unlisted(APP, ROWS), *find_unrouted(APP, ROWS), *find_twins(ROWS)] == []


def test_an_unlisted_route_is_seen() -> None:
    assert find_unlisted(APP, ROWS[:-1]) == ["no row lists POST /events/{code}/rsvp"]


def test_a_row_without_a_route_is_seen() -> None:
    assert find_unrouted(APP, [*ROWS, Row("PUT", "/gone", every(200))]) == ["no route answers PUT /gone"]


def test_a_row_listed_twice_is_seen() -> None:
    assert find_twins([*ROWS, ROWS[0]]) == ["listed twice: GET /events/{code}"]


def test_a_row_that_forgets_a_role_is_refused() -> None:
    with pytest.raises(ValueError, match="'A'"):
        Row("GET", "/", dict.fromkeys(("V", "M", "R", "R2", "H", "P", "O"), 200))


async def test_a_request_fills_the_address_from_the_world_or_with_what_does_not_exist() -> None:
    async with client() as visitor:
        there = await ask(visitor, ROWS[0], WORLD)
        missing = await ask(visitor, ROWS[0], WORLD, missing=True)

    assert (there.request.url.path, missing.request.url.path) == ("/events/AAAA2222", "/events/ZZZZ2222")


async def test_a_deed_carries_its_form_key() -> None:
    async with client() as visitor:
        answer = await ask(visitor, ROWS[1], WORLD)

    assert answer.status_code == 303
    assert answer.request.content.startswith(b"_key=")


async def test_a_canary_in_an_answer_is_seen() -> None:
    async with client() as visitor:
        assert find_canaries(await ask(visitor, ROWS[0], WORLD), WORLD) == ["canary:phone"]
        assert find_canaries(await ask(visitor, ROWS[1], WORLD), WORLD) == []


def test_two_answers_are_compared_without_what_rightly_differs() -> None:
    def answer(path: str, request_id: str, text: str) -> bytes:
        page = f'{text} {path} {request_id} <input type="hidden" name="_csrf" value="{request_id}x">'
        request = httpx.Request("GET", f"http://h{path}")
        return without_what_differs(
            httpx.Response(404, headers={"x-request-id": request_id}, text=page, request=request)
        )

    assert answer("/e/AAAA", "r1", "Tidak ada") == answer("/e/BBBB", "r2", "Tidak ada")
    assert answer("/e/AAAA", "r1", "Tidak ada") != answer("/e/BBBB", "r2", "Bukan milik Anda")


@pytest.mark.parametrize("name", ["content-security-policy", *HEADERS, "cache-control"])
def test_each_missing_header_is_seen(name: str) -> None:
    policy = "; ".join(f"{part} {value}" for part, value in CONTENT_SECURITY_POLICY.items())
    complete = {"content-security-policy": policy, **HEADERS, "cache-control": "no-store"}

    assert find_header_faults(httpx.Response(200, headers=complete), private=True) == []
    del complete[name]
    assert [
        fault.split(":")[0] for fault in find_header_faults(httpx.Response(200, headers=complete), private=True)
    ] == [name]


def test_a_policy_with_one_word_too_many_is_seen() -> None:
    policy = "; ".join(f"{part} {value}" for part, value in CONTENT_SECURITY_POLICY.items())
    answer = httpx.Response(
        200,
        headers={
            "content-security-policy": policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
            **HEADERS,
        },
    )

    assert len(find_header_faults(answer, private=False)) == 1


def test_rows_are_collected_from_every_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room, rows in {"b": "ROWS = ['two']", "a": "ROWS = ['one']"}.items():
        (tmp_path / "faketests" / room).mkdir(parents=True)
        (tmp_path / "faketests" / room / "routes.py").write_text(rows)
    monkeypatch.syspath_prepend(str(tmp_path))

    collected: list[Any] = list(collect_rows(tmp_path / "faketests", "faketests"))

    assert collected == ["one", "two"]

"""The front, the guard, the error answers and the once-only rule, over a small application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from community.kit import csrf
from community.kit.clock import StoppedClock
from community.kit.db import rows
from community.kit.ids import uuid7
from community.kit.settings import settings
from community.kit.viewer import Viewer
from tests.kit.small_app import small_front

FORM = "/things/new"


@pytest_asyncio.fixture(loop_scope="session")
async def browser(clock: StoppedClock) -> AsyncIterator[httpx.AsyncClient]:
    viewer = Viewer(person_id=uuid7(), sign_in_id=uuid7(), name="Bob", via="cookie")
    front = small_front(clock, viewer)
    transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)  # type: ignore[arg-type]
    headers = {"Origin": settings().base_url}
    async with httpx.AsyncClient(transport=transport, base_url=settings().base_url, headers=headers) as client:
        client.viewer = viewer  # type: ignore[attr-defined]
        yield client


def stamped(clock: StoppedClock, age_seconds: int = 10, **fields: str) -> dict[str, str]:
    at = clock() - timedelta(seconds=age_seconds)
    return {"_stamp": csrf.new_stamp(FORM, "", now=at), "_key": str(uuid4()), **fields}


async def things() -> list[str]:
    return [row["job"] for row in await rows("select job from job_slot order by job")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/things/new", 200),
        ("/nowhere", 404),
        ("/fault/own", 500),
        ("/fault/gone", 503),
        ("/fault/state", 409),
        ("/fault/range", 400),
        ("/api/v1/nowhere", 404),
    ],
)
async def test_every_answer_carries_the_headers(browser: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await browser.get(path)

    assert answer.status_code == status
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 16
    assert "secret detail" not in answer.text


async def test_a_wrong_method_and_a_body_too_large_carry_them_too(
    browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    for answer in (await browser.delete(FORM), await browser.post(FORM, data=stamped(clock, title="x" * 2000))):
        assert answer.status_code in {405, 413}
        assert "content-security-policy" in answer.headers


async def test_head_is_get_without_its_body(browser: httpx.AsyncClient) -> None:
    got, headed = await browser.get("/who"), await browser.head("/who")

    assert (headed.status_code, headed.content) == (got.status_code, b"")
    assert headed.headers["content-length"] == got.headers["content-length"]


async def test_a_foreign_host_is_refused(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(FORM, headers={"Host": "evil.example"})).status_code == 400


async def test_pages_know_the_cookie_only_and_the_api_the_token_only(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/who", headers={"Authorization": "Bearer known"})).json()["via"] == "none"
    assert (await browser.get("/who", headers={"Cookie": "sid=known"})).json()["name"] == "Bob"


async def test_an_unknown_cookie_is_cleared(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/who", headers={"Cookie": "sid=planted"})

    assert answer.json()["via"] == "none"
    assert answer.headers["set-cookie"].startswith('sid="";')
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_a_refused_form_comes_back_as_typed(db: None, browser: httpx.AsyncClient, clock: StoppedClock) -> None:
    answer = await browser.post(FORM, data=stamped(clock, title="ab"))

    assert answer.status_code == 400
    assert answer.text.startswith("form:ab||Judul paling sedikit 3 huruf.")


async def test_a_conflict_shows_the_form_with_its_reason_and_undoes_the_deed(
    db: None, browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    answer = await browser.post(FORM, data=stamped(clock, title="penuh"))

    assert answer.status_code == 409
    assert answer.text.startswith("form:penuh|Sudah penuh.")
    assert await things() == []


async def test_the_same_form_twice_is_done_once(db: None, browser: httpx.AsyncClient, clock: StoppedClock) -> None:
    fields = stamped(clock, title="satu")

    answers = [await browser.post(FORM, data=fields) for _ in range(3)]

    assert {(a.status_code, a.headers["location"]) for a in answers} == {(303, FORM)}
    assert await things() == ["satu"]


async def test_a_refused_form_can_be_mended_with_the_same_key(
    db: None, browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    fields = stamped(clock, title="penuh")
    await browser.post(FORM, data=fields)

    answer = await browser.post(FORM, data=fields | {"title": "lega"})

    assert answer.status_code == 303
    assert await things() == ["lega"]


async def test_the_same_key_with_other_content_is_refused(
    db: None, browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    fields = stamped(clock, title="satu")
    await browser.post(FORM, data=fields)

    answer = await browser.post(FORM, data=fields | {"title": "dua"})

    assert answer.status_code == 422
    assert await things() == ["satu"]


async def test_the_api_repeats_its_answer(db: None, browser: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Authorization": "Bearer known"}

    answers = [await browser.post("/api/v1/things", json={"title": "satu"}, headers=headers) for _ in range(2)]

    assert [(a.status_code, a.json()) for a in answers] == [(201, {"title": "satu"})] * 2
    assert await things() == ["satu"]


async def test_the_api_asks_for_a_key(db: None, browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/api/v1/things", json={"title": "satu"})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/Idempotency-Key"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_sites_form_is_refused_barely(
    db: None, browser: httpx.AsyncClient, clock: StoppedClock, headers: dict[str, str]
) -> None:
    answer = await browser.post(FORM, data=stamped(clock, title="satu"), headers=headers)

    assert (answer.status_code, "form:" in answer.text) == (403, False)


@pytest.mark.parametrize("age_seconds", [1, 24 * 3600 + 5])
async def test_a_form_sent_too_soon_or_too_late_is_shown_again(
    db: None, browser: httpx.AsyncClient, clock: StoppedClock, age_seconds: int
) -> None:
    answer = await browser.post(FORM, data=stamped(clock, age_seconds, title="satu"))

    assert answer.status_code == 403
    assert answer.text.startswith("form:satu|")
    assert await things() == []


async def test_a_signed_in_form_needs_the_token_of_its_own_sign_in(db: None, browser: httpx.AsyncClient) -> None:
    viewer: Viewer = browser.viewer  # type: ignore[attr-defined]
    assert viewer.sign_in_id
    fields = {"title": "satu", "_key": str(uuid4())}
    cookie = {"Cookie": "sid=known"}

    foreign = await browser.post(FORM, data=fields | {"_csrf": csrf.new_token(uuid7())}, headers=cookie)
    own = await browser.post(FORM, data=fields | {"_csrf": csrf.new_token(viewer.sign_in_id)}, headers=cookie)

    assert (foreign.status_code, own.status_code) == (403, 303)
    assert await things() == ["satu"]


async def test_two_hundred_fields_are_enough(browser: httpx.AsyncClient, clock: StoppedClock) -> None:
    many: dict[str, Any] = stamped(clock) | {f"f{number}": "" for number in range(201)}

    assert (await browser.post(FORM, data=many)).status_code in {400, 413}


async def test_with_the_database_away_an_account_is_not_taken_for_a_stranger(clock: StoppedClock) -> None:
    front = small_front(clock, Viewer(), away=True)
    transport = httpx.ASGITransport(app=front)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings().base_url) as client:
        answer = await client.get("/who", headers={"Cookie": "sid=known"})

    assert "set-cookie" not in answer.headers


async def test_with_the_database_away_what_somebody_signed_in_typed_stays_on_the_page(clock: StoppedClock) -> None:
    front = small_front(clock, Viewer(), away=True)
    transport = httpx.ASGITransport(app=front)  # type: ignore[arg-type]
    headers = {"Cookie": "sid=known", "Origin": settings().base_url}
    async with httpx.AsyncClient(transport=transport, base_url=settings().base_url, headers=headers) as client:
        answer = await client.post("/things/gone", data={"title": 'Kopdar <"#49">', "_csrf": "as-it-came"})

    assert answer.status_code == 503
    assert 'name="title" value="Kopdar &lt;&#34;#49&#34;&gt;"' in answer.text
    assert 'name="_csrf" value="as-it-came"' in answer.text
    assert 'action="/things/gone"' in answer.text
    assert answer.headers["retry-after"]


async def test_a_form_whose_own_page_is_gone_keeps_what_was_typed_on_the_error_page(
    browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    stamp = csrf.new_stamp("/things/gone", "", now=clock() - timedelta(seconds=10))
    many = {"title": "satu", "tick": ["a", "b"], "_stamp": stamp}

    answer = await browser.post("/things/gone", data=many)

    assert answer.status_code == 503
    for name, value in (("title", "satu"), ("tick", "a"), ("tick", "b"), ("_stamp", stamp)):
        assert f'name="{name}" value="{value}"' in answer.text


async def test_a_password_is_never_written_into_a_page(browser: httpx.AsyncClient, clock: StoppedClock) -> None:
    stamp = csrf.new_stamp("/things/gone", "", now=clock() - timedelta(seconds=10))

    answer = await browser.post("/things/gone", data={"email": "a@contoh.example", "password": "satu", "_stamp": stamp})

    assert answer.status_code == 503
    assert "satu" not in answer.text
    assert 'type="hidden" name="email"' not in answer.text


async def test_words_left_by_a_redirect_must_be_ours(db: None, browser: httpx.AsyncClient, clock: StoppedClock) -> None:
    answer = await browser.post(FORM, data=stamped(clock, title="satu"))

    assert "HttpOnly" in answer.headers["set-cookie"]
    assert b"Tersimpan" not in answer.headers["set-cookie"].encode()


async def test_twenty_at_once_with_one_key_are_one(
    committed: None, browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    fields = stamped(clock, title="satu")

    answers = await asyncio.gather(*(browser.post(FORM, data=fields) for _ in range(20)))

    assert {(a.status_code, a.headers.get("location")) for a in answers} == {(303, FORM)}
    assert await things() == ["satu"]


async def test_without_the_key_twenty_at_once_are_twenty(
    committed: None, browser: httpx.AsyncClient, clock: StoppedClock
) -> None:
    """The control of the test above: only the key makes one of them."""
    sent = [browser.post(FORM, data=stamped(clock, title="satu")) for _ in range(20)]

    await asyncio.gather(*sent)

    assert len(await things()) == 20

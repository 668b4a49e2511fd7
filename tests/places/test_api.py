"""The routes alone, in an app of their own: these need neither a database nor a sign-in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, Response

from community.kit.errors import CommunityError
from community.places import api, web


def refuse(request: Request[Any, Any, Any], error: CommunityError) -> Response[dict[str, str]]:
    return Response({"code": error.code}, status_code=error.status)


APP = Litestar([*api.ROUTES, *web.ROUTES], openapi_config=None, exception_handlers={CommunityError: refuse})


async def ask(path: str, **query: str | int) -> httpx.Response:
    transport = httpx.ASGITransport(APP)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path, params=query)


async def test_a_code_shows_every_field_of_the_contract():
    answered = await ask("/api/v1/places/35.71")

    assert answered.status_code == 200
    assert answered.json() == {
        "code": "35.71",
        "name": "Kota Kediri",
        "kind": "kota",
        "province_code": "35",
        "province": "Jawa Timur",
        "seat": "Kediri",
        "latitude": -7.8167,
        "longitude": 112.0167,
        "time_zone": "Asia/Jakarta",
        "zone_label": "WIB",
        "island_group": "JW",
    }


@pytest.mark.parametrize("code", ["99.99", "99"])
async def test_an_unknown_code_is_not_found(code):
    answered = await ask(f"/api/v1/places/{code}")

    assert (answered.status_code, answered.json()) == (404, {"code": "region_not_found"})


@pytest.mark.parametrize("code", ["kediri", "35.7", "%00", "35.71%0A"])
async def test_a_malformed_code_is_a_bad_request(code):
    answered = await ask(f"/api/v1/places/{code}")

    assert (answered.status_code, answered.json()) == (400, {"code": "region_code_malformed"})


async def test_a_search_answers_like_the_command_line():
    answered = (await ask("/api/v1/places", q="Kediri", limit=1)).json()

    assert (answered["query"], answered["more"], len(answered["matches"])) == ("Kediri", True, 1)
    match = answered["matches"][0]
    assert (match["code"], match["score"], match["matched_on"]) == ("35.71", 1.0, "name")


async def test_a_search_in_a_province_stays_there():
    answered = (await ask("/api/v1/places", q="Banjar", province="63")).json()

    assert {match["province_code"] for match in answered["matches"]} == {"63"}


async def test_nothing_found_is_an_empty_list():
    answered = await ask("/api/v1/places", q="xyzzyx")

    assert (answered.status_code, answered.json()["matches"]) == (200, [])


async def test_without_a_text_the_provinces_or_the_regions_of_one_are_listed():
    provinces = (await ask("/api/v1/places", limit=100)).json()
    yogyakarta = (await ask("/api/v1/places", province="34")).json()

    assert len(provinces["matches"]) == 38
    assert [match["code"] for match in yogyakarta["matches"]] == ["34.01", "34.02", "34.03", "34.04", "34.71"]
    assert yogyakarta["matches"][0]["score"] is None
    assert (await ask("/api/v1/places", limit=3)).json()["more"]


@pytest.mark.parametrize(
    "query",
    [{"q": "k" * 101}, {"q": "k", "limit": 0}, {"q": "k", "limit": 101}, {"limit": "x"}, {"province": "35.71"}],
)
async def test_bad_queries_are_refused(query):
    assert (await ask("/api/v1/places", **query)).status_code == 400


@pytest.mark.parametrize("text", ["\x00", "\U0001f600", "%", "'; drop", "<script>", "\ufb00" * 50, "\u202e" * 20])
async def test_odd_texts_find_nothing_or_something_and_never_fail(text):
    assert (await ask("/api/v1/places", q=text)).status_code == 200


async def test_suggestions_are_labels_with_codes():
    answered = await ask("/places/suggest", q="kedi")

    assert answered.json()[0] == {"code": "35.71", "label": "Kota Kediri, Jawa Timur", "seat": "Kediri"}
    assert "public" in answered.headers["cache-control"]


async def test_suggestions_for_nothing_and_for_too_much_are_none():
    assert (await ask("/places/suggest")).json() == []
    assert (await ask("/places/suggest", q="k" * 500)).json() == []

"""The place field in a real browser, with and without its script, on a small server of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from litestar import Litestar, Request, Response, get

from community.kit import assets
from community.kit.templates import environment
from community.places import service, web
from tests.browser.conftest import Browse
from tests.browser.gallery import CSP, page_frame, serve
from tests.browser.rules import Visit, find_faults

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """{% extends "base.html" %}{% import "places/_choose.html" as places %}{% set modules = ["storage", "place"] %}
{% block title %}Wilayah{% endblock %}
{% block main %}<h1>Wilayah</h1>
<form class="form" method="get" action="/pick" novalidate>
{{ places.place(form, choice, "Kabupaten atau kota") }}
<button class="button" type="submit">Lanjut</button>
</form>
{% if choice.region %}<p id="chosen">{{ choice.region.code }} {{ choice.region.label }}</p>{% endif %}
{% endblock %}"""


class FormOf:
    """As much of a form view as the field asks for."""

    errors: tuple[str, ...] = ()
    problem = ""

    def __init__(self, words: str) -> None:
        self.words = words

    def error(self, name: str) -> str | None:
        return self.words or None


@get("/pick")
async def pick(request: Request[Any, Any, Any]) -> Response[str]:
    query = request.query_params
    sent = [query.get(f"region_{part}", "") for part in ("text", "code", "province")]
    choice = service.choose(*sent, query.get("region_seen"))
    form = FormOf(service.words(choice) if "region_text" in query else "")
    body = environment().from_string(PAGE).render(page=page_frame("id", "/pick"), form=form, choice=choice)
    return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": CSP})


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def place_url() -> AsyncIterator[str]:
    async with serve(Litestar([pick, *web.ROUTES, *assets.ROUTES], openapi_config=None)) as url:
        yield url


async def open_field(browse: Browse, url: str, *, js: bool = True) -> Visit:
    visit = await browse(url, js=js)
    await visit.open("/pick")
    return visit


async def send(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Lanjut").click()
    await visit.page.wait_for_load_state("load")


async def chosen(visit: Visit) -> str:
    return await visit.page.locator("#chosen").inner_text()


async def test_without_a_script_a_homonym_is_picked_from_a_list(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url, js=False)
    await visit.page.fill("#f-region_text", "kediri")

    await send(visit)
    assert await visit.page.locator("#chosen").count() == 0
    await visit.page.get_by_label("Kabupaten Kediri, Jawa Timur").check()
    await send(visit)

    assert await chosen(visit) == "35.06 Kabupaten Kediri, Jawa Timur"


async def test_without_a_script_a_place_is_found_through_its_province(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url, js=False)
    await visit.page.get_by_text("Cari menurut provinsi").click()
    await visit.page.select_option("#f-region_province", label="Bali")

    await send(visit)
    await visit.page.select_option("#f-region_code", label="Kota Denpasar")
    await send(visit)

    assert await chosen(visit) == "51.71 Kota Denpasar, Bali"


async def test_without_a_script_another_text_is_another_question(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url, js=False)
    await visit.page.fill("#f-region_text", "kediri")
    await send(visit)
    await visit.page.get_by_label("Kota Kediri, Jawa Timur").check()
    await visit.page.fill("#f-region_text", "Jember")

    await send(visit)

    assert await chosen(visit) == "35.09 Kabupaten Jember, Jawa Timur"


async def test_suggestions_come_while_typing_and_one_is_taken_with_the_keys(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url)
    field = visit.page.locator("#f-region_text")
    await field.press_sequentially("kedi")
    await visit.page.get_by_role("option", name="Kota Kediri, Jawa Timur").wait_for()

    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await field.press("Enter")

    assert await field.input_value() == "Kabupaten Kediri, Jawa Timur"
    assert await visit.page.get_by_role("listbox").count() == 0
    await send(visit)
    assert await chosen(visit) == "35.06 Kabupaten Kediri, Jawa Timur"


async def test_a_suggestion_is_taken_with_the_finger(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url)
    await visit.page.locator("#f-region_text").press_sequentially("banjar")

    await visit.page.get_by_role("option", name="Kota Banjar, Jawa Barat").tap()
    await send(visit)

    assert await chosen(visit) == "32.79 Kota Banjar, Jawa Barat"


async def test_the_number_of_suggestions_is_said_and_escape_closes_them(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url)
    field = visit.page.locator("#f-region_text")
    await field.press_sequentially("kedi")
    await visit.page.locator("[data-place=status]", has_text="tempat").wait_for(state="attached")
    assert await field.get_attribute("aria-expanded") == "true"

    await field.press("Escape")

    assert await field.get_attribute("aria-expanded") == "false"


async def test_a_suggestion_replaces_what_was_offered_for_an_older_text(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url)
    await visit.page.fill("#f-region_text", "kediri")
    await visit.page.locator("#f-region_text").press("Escape")
    await send(visit)
    await visit.page.get_by_label("Kota Kediri, Jawa Timur").check()
    field = visit.page.locator("#f-region_text")
    await field.fill("")
    await field.press_sequentially("jember")

    await visit.page.get_by_role("option", name="Kabupaten Jember, Jawa Timur").tap()
    await send(visit)

    assert await chosen(visit) == "35.09 Kabupaten Jember, Jawa Timur"


async def test_without_a_signal_the_field_stays_a_field(browse: Browse, place_url: str) -> None:
    visit = await open_field(browse, place_url)
    await visit.page.context.set_offline(True)

    await visit.page.locator("#f-region_text").press_sequentially("kediri")

    assert await visit.page.locator("#f-region_text").input_value() == "kediri"
    assert await visit.page.get_by_role("listbox").count() == 0


@pytest.mark.parametrize(
    "query", ["", "?region_text=kediri", "?region_province=35&region_text=", "?region_text=xyzzyx"]
)
async def test_the_field_keeps_the_rules_of_every_page(browse: Browse, place_url: str, query: str) -> None:
    visit = await browse(place_url)
    await visit.open(f"/pick{query}")

    assert await find_faults(visit, kind="ranger") == []

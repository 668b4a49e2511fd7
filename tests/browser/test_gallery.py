"""The component gallery keeps every page rule; and each rule is seen to catch what it is for."""

from __future__ import annotations

import pytest

from tests.browser import rules
from tests.browser.conftest import Browse


@pytest.mark.parametrize(("size", "lang", "dark"), [("phone", "id", False), ("laptop", "en", True)])
async def test_every_component_keeps_every_rule(
    browse: Browse, gallery_url: str, size: str, lang: str, dark: bool
) -> None:
    visit = await browse(gallery_url, size, lang=lang, dark=dark)

    await visit.open("/design")

    assert await rules.find_faults(visit, locale=lang, kind="gallery") == []


async def test_an_error_page_keeps_every_rule(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)

    response = await visit.open("/refused")

    assert response.status == 404
    assert await rules.find_faults(visit) == []
    assert (await visit.page.title()).startswith("Galat: ")


async def test_a_refused_form_leads_to_its_fields_without_javascript(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)

    await visit.open("/design")

    faults = await rules.find_refusal_faults(visit.page)
    assert [fault for fault in faults if "title" not in fault] == []


PLANTED = [
    ("document.querySelector('h1').outerHTML = '<p>no heading</p>'", "U01 0 h1"),
    ("document.documentElement.lang = 'en'", "U01 lang"),
    ("document.querySelector('.skip').remove()", "U01 the first link"),
    ("document.querySelector('.lead').innerHTML = '<img src=\"/static/x/icon.svg\">'", "U02 light image-alt"),
    ("document.querySelector('.lead').style.color = '#ddd'", "U02 light color-contrast"),
    ("document.querySelector('.lead').style.minWidth = '400px'", "U03 320 px"),
    ("document.querySelector('.scroll').removeAttribute('tabindex')", "U03 320 px"),
    ("document.querySelector('.button-small').style.minHeight = '20px'", "U04 button"),
    ("document.querySelector('.menu a').style.outline = 'none'", "U04 a"),
    ("document.querySelector('#f-name').required = true", "U06 required"),
    ("document.querySelector('form.form').noValidate = false", "U06 a form"),
    ("document.querySelector('label[for=f-name]').remove()", "U06 no label"),
    ("fetch('https://ranger.example/').catch(() => 0)", "U08 console"),
    ("console.error('planted')", "U08 console"),
    ("document.querySelector('.tag').textContent = ''", "U10 tag"),
]


@pytest.mark.parametrize(("fault", "caught"), PLANTED)
async def test_each_rule_catches_a_planted_fault(browse: Browse, gallery_url: str, fault: str, caught: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")

    await visit.page.evaluate(fault)

    found = await rules.find_faults(visit, kind="gallery")
    assert any(line.startswith(caught) for line in found), found


async def test_a_page_over_its_weight_is_caught(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)

    await visit.open("/design")

    tiny = rules.Budget(0.1, 0.1, 0.1, 0, 1, 1)
    assert len(rules.find_weight_faults(visit, tiny)) >= 5


async def test_leaving_for_another_site_is_caught(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")

    async with visit.page.expect_event("requestfailed"):
        await visit.page.evaluate("location.href = 'http://127.0.0.2:9/elsewhere'")

    assert "U08 foreign request: http://127.0.0.2:9/elsewhere" in visit.problems

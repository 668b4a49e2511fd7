"""A thumb on a phone: walks a journey of the product, counting taps, keys and bytes; and what it needs around it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
from playwright.async_api import Locator, Page

from community.cli import DATABASE
from community.kit.csrf import STAMP_MIN_SECONDS
from community.kit.embedded_pg import EmbeddedPostgres
from tests.browser import rules
from tests.browser.rules import Visit
from tests.browser.server import Running

HOME = "yogyakarta"  # the demo Ranger's chapter
_numbers = count(7000, 37)
FIGURES: dict[str, dict[str, float]] = {}
SAVED = Path(__file__).parents[2] / "var" / "journeys" / "j1.json"


def note(journey: str, **figures: float) -> None:
    """Keep figures for the run's summary and for var/journeys/j1.json."""
    FIGURES.setdefault(journey, {}).update(figures)


def save_figures() -> list[str]:
    SAVED.parent.mkdir(parents=True, exist_ok=True)
    SAVED.write_text(json.dumps(FIGURES, indent=1, sort_keys=True) + "\n")
    return [f"{name}: {', '.join(f'{k} {v:g}' for k, v in figures.items())}" for name, figures in FIGURES.items()]


class Hand:
    """One person on one page. `taps` and `keys` are what they did since `rest()`."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.posts: list[str] = []
        self.rest()
        self.page.on("request", lambda asked: self.posts.append(asked.url) if asked.method == "POST" else None)

    def rest(self) -> None:
        self.taps = self.keys = 0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.began, 1)

    async def tap(self, target: Locator) -> None:
        await target.tap()
        self.taps += 1

    async def go(self, target: Locator) -> None:
        """A tap that leads to another page; its weight is counted alone."""
        self.visit.forget()
        async with self.page.expect_navigation(wait_until="load"):
            await self.tap(target)

    async def type(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=False).first
        await self.tap(field)
        await field.press("Control+a")
        await field.press_sequentially(text)
        self.keys += len(text)

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("link", name=words).first

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=words).first

    async def words(self) -> str:
        return await self.page.locator("main").inner_text()


async def ranger(visit: Visit) -> Hand:
    """The demo's Ranger, just signed in and on their start page."""
    await visit.page.goto(visit.base_url + "/demo")
    await visit.page.locator("form[action$='/demo/sign-in/ranger'] button").click()
    await visit.page.wait_for_url(visit.base_url + "/")
    await visit.open("/")
    return Hand(visit)


async def publish(hand: Hand) -> str:
    """From the filled form to the published page, past what there may be to think of; gives the code."""
    await hand.go(hand.button("Terbitkan kopdar"))
    if hand.page.url.endswith("/edit"):
        await hand.go(hand.page.locator("button[value=publish]"))
    assert hand.page.url.endswith("/published"), await hand.words()
    return code_in(hand.page)


async def new_kopdar(hand: Hand, title: str, capacity: str = "40") -> str:
    await hand.visit.open(f"/events/new?chapter={HOME}")
    await hand.type("Judul", title)
    await hand.type("Kapasitas", capacity)
    return await publish(hand)


def code_in(page: Page) -> str:
    return urlsplit(page.url).path.split("/")[2]


async def wait_out(stamp_seen: float) -> None:
    """People take longer than the three seconds under which only robots answer."""
    await asyncio.sleep(max(0.0, stamp_seen + STAMP_MIN_SECONDS + 1 - time.monotonic()))


async def fill_answer(hand: Hand, code: str, name: str, contact: str) -> None:
    """A guest's form filled, not sent."""
    await hand.visit.open(f"/events/{code}")
    hand.rest()
    await hand.type("Nama lengkap", name)
    await hand.type("No. WhatsApp atau e-mail", contact)
    await hand.tap(hand.page.locator("label", has=hand.page.locator("#f-consent")))
    await wait_out(hand.began)


async def answer(hand: Hand, code: str, name: str, contact: str) -> None:
    """From the page to the guest's own link."""
    await fill_answer(hand, code, name, contact)
    await hand.go(hand.page.locator("#rsvp ~ form button[type=submit]"))
    assert "/r/" in hand.page.url, await hand.words()


def people(many: int) -> list[tuple[str, str]]:
    """Names and phone numbers that nobody else in this run has."""
    return [(f"Peserta Contoh {number:02}", f"0812-5500-{next(_numbers)}") for number in range(many)]


async def answer_many(url: str, code: str, people: Sequence[tuple[str, str]]) -> None:
    """Guests without a browser of their own, over the same form."""
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as client:
        shown = time.monotonic()
        stamp = stamp_in((await client.get(f"/events/{code}")).text)
        await wait_out(shown)
        for name, contact in people:
            fields = {"name": name, "contact": contact, "consent": "yes", "_stamp": stamp}
            answered = await client.post(f"/events/{code}/rsvp", data=fields)
            assert answered.status_code == 303, answered.text


def stamp_in(html: str) -> str:
    """Of the form that answers: the page's other forms have stamps of their own."""
    form = html[html.index('/rsvp"') :]
    found = re.search(r'name="_stamp" value="([^"]+)"', form)
    assert found
    return found[1]


async def sql(installed: Running, statement: str, *args: Any) -> list[asyncpg.Record]:
    """Ask the installation's own database, as its owner."""
    config = EmbeddedPostgres(Path(installed.environment["COMMUNITY_DATA"]) / "pg").config
    connection = await asyncpg.connect(**config, database=DATABASE)
    try:
        found: list[asyncpg.Record] = await connection.fetch(statement, *args)
        return found
    finally:
        await connection.close()


async def let_it_begin(installed: Running, code: str) -> None:
    """The evening of the kopdar: it began half an hour ago."""
    await sql(
        installed,
        "update event set rsvp_opens_at = now() - interval '9 days', rsvp_closes_at = now() - interval '30 minutes', "
        "starts_at = now() - interval '30 minutes', ends_at = now() + interval '90 minutes' where code = $1",
        code,
    )


def whatsapp_text(href: str) -> str:
    parts = urlsplit(href)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "wa.me", "/"), href
    return parse_qs(parts.query, strict_parsing=True)["text"][0]


async def find_faults(hand: Hand, kind: str, where: str, *, refused: bool = False) -> list[str]:
    """Every page rule, on the screen as it is now."""
    await hand.page.wait_for_load_state("networkidle")
    faults = await rules.find_refusal_faults(hand.page) if refused else []
    faults += [f for f in await rules.find_faults(hand.visit, kind=kind) if not (refused and f.startswith("U01 title"))]
    hand.visit.problems.clear()
    return [f"{where}: {fault}" for fault in faults]

"""J1 on a phone of 360 px, with JavaScript and without: make a kopdar, answer it, check people in, close it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Browse
from tests.browser.rules import Visit, find_faults
from tests.browser.walk import sign_in

FORM_SECONDS = 3.2  # a form sent sooner than three seconds after it was shown comes from a robot
TAPS, KEYS, SECONDS = 6, 20, 60
TAP_SECONDS, KEY_SECONDS = 1.2, 0.25
CHECK_INS, WHOLE_KILOBYTES = 30, 300

either_way = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])


@dataclass
class Hand:
    """Counts what a person does: taps, and keys typed."""

    visit: Visit
    taps: int = 0
    keys: int = 0

    async def tap(self, target: Locator) -> None:
        self.taps += 1
        await target.click()
        await self.visit.page.wait_for_load_state("load")

    async def type(self, target: Locator, text: str) -> None:
        self.keys += len(text)
        await target.fill(text)

    async def press(self, words: str) -> None:
        await self.tap(self.visit.page.get_by_role("button", name=words).first)

    async def follow(self, words: str) -> None:
        await self.tap(self.visit.page.get_by_role("link", name=words).first)

    @property
    def seconds(self) -> float:
        return self.taps * TAP_SECONDS + self.keys * KEY_SECONDS


async def ranger_at_home(browse: Browse, url: str, js: bool) -> Hand:
    visit = await browse(url, "phone", js=js)
    await sign_in(visit, "ranger")
    await visit.open("/")
    return Hand(visit)


async def publish(hand: Hand, title: str) -> str:
    """From Beranda to a published kopdar of that title; gives its path."""
    page = hand.visit.page
    await hand.follow("Buat kopdar")
    await hand.type(page.get_by_label("Judul"), title)
    await hand.press("Terbitkan kopdar")
    if page.url.endswith("/edit"):  # something to think of first; never a refusal
        await hand.press("Tetap terbitkan")
    await expect(page.get_by_text("Kopdar Anda sudah terbit.")).to_be_visible()
    found = re.search(r"/events/\w{8}", page.url)
    assert found
    return found.group()


@either_way
async def test_a_kopdar_is_published_within_six_taps_and_twenty_keys(browse: Browse, server_url: str, js: bool) -> None:
    hand = await ranger_at_home(browse, server_url, js)
    page = hand.visit.page
    first_screen = await page.get_by_role("link", name="Buat kopdar").first.bounding_box()

    path = await publish(hand, f"Kopdar uji {'a' if js else 'b'}")

    assert first_screen
    assert first_screen["y"] < 640
    assert (hand.taps <= TAPS, hand.keys <= KEYS, hand.seconds <= SECONDS) == (True, True, True)
    share = await page.get_by_role("link", name="Bagikan ke WhatsApp").get_attribute("href")
    assert share
    assert share.startswith("https://wa.me/?text=")
    assert path in unquote(share)
    assert await page.get_by_role("img", name="Kode QR menuju halaman kopdar").is_visible()
    assert hand.visit.problems == []


@either_way
async def test_a_guest_answers_and_stands_at_the_door(browse: Browse, server_url: str, js: bool) -> None:
    hand = await ranger_at_home(browse, server_url, js)
    path = await publish(hand, f"Kopdar tamu {'a' if js else 'b'}")
    guest = Hand(await browse(server_url, "phone", js=js))
    name = f"Tamu Uji {'Satu' if js else 'Dua'}"

    await guest.visit.open(path)
    weight = guest.visit.kilobytes()
    await guest.type(guest.visit.page.get_by_label("Nama lengkap"), name)
    await guest.type(guest.visit.page.get_by_label("No. WhatsApp atau e-mail"), f"tamu{int(js)}@contoh.example")
    await guest.tap(guest.visit.page.get_by_role("checkbox").first)
    await asyncio.sleep(FORM_SECONDS)
    await guest.press("Saya datang")
    await expect(guest.visit.page.get_by_text("Anda terdaftar.").first).to_be_visible()
    assert "/r/" in guest.visit.page.url
    assert weight <= 45

    await mark_at_the_door(hand, path.rsplit("/", 1)[1], name)
    assert hand.visit.problems + guest.visit.problems == []


async def mark_at_the_door(hand: Hand, code: str, name: str) -> None:
    """Found by search, marked, undone, marked again; and a walk-in beside."""
    page = hand.visit.page
    await hand.visit.open(f"/door/{code}")
    await expect(page.get_by_text("0/1")).to_be_visible()
    await hand.type(page.get_by_label("Cari nama"), name.split()[-1])
    await hand.press("Cari")
    before = hand.taps
    await hand.press(f"Tandai hadir {name}")
    assert hand.taps - before <= 2
    await expect(page.get_by_text("1/1")).to_be_visible()
    await hand.press(f"Urungkan {name}")
    await expect(page.get_by_text("0/1")).to_be_visible()
    await hand.press(f"Tandai hadir {name}")
    await hand.follow("+ Tamu baru")
    await hand.type(page.get_by_label("Nama lengkap"), "Tamu Di Pintu")
    await hand.tap(page.get_by_role("checkbox"))
    await hand.press("Tandai hadir")
    await expect(page.get_by_text("2/1")).to_be_visible()


async def test_an_evening_of_thirty_weighs_little(browse: Browse, server_url: str) -> None:
    """J1 whole: create, share, thirty check-ins, each one tap, one POST and the list again."""
    hand = await ranger_at_home(browse, server_url, js=True)
    page = hand.visit.page
    await publish(hand, "Kopdar ringan")
    await page.goto(f"{server_url}/")
    await hand.follow("Buka pintu")
    there = await page.get_by_role("button", name="Tandai hadir").count()
    assert there >= CHECK_INS

    for _ in range(CHECK_INS):
        await hand.press("Tandai hadir")

    assert await page.get_by_role("button", name="Tandai hadir").count() == there - CHECK_INS
    assert hand.visit.kilobytes() <= WHOLE_KILOBYTES
    assert hand.visit.problems == []


async def test_a_kopdar_that_is_over_is_closed_within_four_taps(browse: Browse, server_url: str) -> None:
    """Without scripts: the demo has one that waits to be closed, and the page has no script of its own."""
    hand = await ranger_at_home(browse, server_url, js=False)
    page = hand.visit.page

    await hand.tap(page.locator("a[href$='/finish']").first)
    await hand.tap(page.get_by_label("Semua yang hadir sudah ditandai"))
    await hand.press("Selesai")

    await expect(page.get_by_text("Kopdar selesai.")).to_be_visible()
    assert hand.taps <= 4


async def test_what_was_typed_outlives_a_killed_tab(browse: Browse, server_url: str) -> None:
    """J1.4: the draft stays on the phone until it is saved."""
    hand = await ranger_at_home(browse, server_url, js=True)
    await hand.follow("Buat kopdar")
    await hand.type(hand.visit.page.get_by_label("Judul"), "Judul yang belum tersimpan")
    again = await hand.visit.page.context.new_page()
    await hand.visit.page.close()

    await again.goto(f"{server_url}/events/new")

    await expect(again.get_by_label("Judul")).to_have_value("Judul yang belum tersimpan")


@either_way
async def test_a_full_kopdar_tells_the_place_in_the_queue_and_the_link_cancels(
    browse: Browse, server_url: str, js: bool
) -> None:
    hand = await ranger_at_home(browse, server_url, js)
    page = hand.visit.page
    path = await publish(hand, f"Kopdar penuh {'a' if js else 'b'}")
    await hand.visit.open(f"{path}/capacity")
    await hand.type(page.get_by_label("Kapasitas"), "1")
    await hand.press("Simpan kapasitas")
    links = []
    for number in range(2):
        guest = Hand(await browse(server_url, "phone", js=js))
        await guest.visit.open(path)
        await guest.type(guest.visit.page.get_by_label("Nama lengkap"), f"Tamu Antre {'ABCD'[number + 2 * js]}")
        await guest.type(guest.visit.page.get_by_label("No. WhatsApp"), f"antre{number}{int(js)}@contoh.example")
        await guest.tap(guest.visit.page.get_by_role("checkbox").first)
        await asyncio.sleep(FORM_SECONDS)
        await guest.press("Masuk daftar tunggu" if number else "Saya datang")
        links.append(guest)

    first, second = links
    await expect(second.visit.page.get_by_text("Anda di daftar tunggu, nomor 1.").first).to_be_visible()
    await first.press("Batalkan pendaftaran")
    await expect(first.visit.page.get_by_text("Anda tidak jadi datang.")).to_be_visible()
    await second.visit.page.reload()
    await expect(second.visit.page.get_by_text("Anda terdaftar.").first).to_be_visible()


async def test_pages_behind_a_link_and_refused_forms_keep_every_rule(browse: Browse, server_url: str) -> None:
    """What a walk from the start page cannot reach: an RSVP's own link, a code for the door, a form that came back."""
    guest = Hand(await browse(server_url, "phone"))
    page = guest.visit.page
    await guest.visit.open("/events")
    event = page.get_by_role("listitem").filter(has_text="masih ada tempat").get_by_role("link").first
    path = await event.get_attribute("href")
    assert path
    await guest.visit.open(path)
    await asyncio.sleep(FORM_SECONDS)
    await guest.press("Saya datang")
    assert (await page.title()).startswith("Galat: ")
    assert await page.evaluate("document.activeElement.className") == "summary"
    faults = await find_faults(guest.visit, kind="public")
    await guest.type(page.get_by_label("Nama lengkap"), "Tamu Aturan")
    await guest.type(page.get_by_label("No. WhatsApp"), "aturan@contoh.example")
    await guest.tap(page.get_by_role("checkbox").first)
    await asyncio.sleep(FORM_SECONDS)
    await guest.press("Saya datang")
    await guest.visit.open(page.url.removeprefix(server_url))

    assert "/r/" in page.url
    assert await find_faults(guest.visit, kind="public") == []
    # The weight of a page that came back holds the page before it too.
    assert [fault for fault in faults if not fault.startswith("U08")] == []

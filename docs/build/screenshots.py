"""Pictures of the running demo, for the README: `make run` in one terminal, this in another.

    python -m docs.build.screenshots [http://127.0.0.1:8000]

Every person in them is invented; the demo says so on each page. Needs a Chromium: CHROMIUM, PATH, or Playwright's own.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from docs.build.pictures import shrink
from docs.build.written import ROOT

PICTURES = ROOT / "docs" / "pictures"
README = ROOT / "README.md"
BEGIN, END = "<!-- pictures: begin -->", "<!-- pictures: end -->"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
SIZES = {360: (720, 2), 1366: (800, 1)}
"""Width → height and pixels per pixel: phones are sharp."""


@dataclass(frozen=True)
class Shot:
    """`role` empty: a visitor. `follow` is a link to go by; `press` a button to press twice; `at` what to scroll to."""

    name: str
    words: str
    width: int
    path: str
    role: str = ""
    follow: str = ""
    press: str = ""
    at: str = ""


SHOTS = (
    Shot("beranda", "A Ranger's first page: the next kopdar, its door, what waits", 360, "/", "ranger"),
    Shot("buat-kopdar", "A new kopdar, filled in from the last one", 360, "/", "ranger", "a[href^='/events/new']"),
    Shot("kopdar", "The public page, where people answer without an account", 360, "/", "", ".rows a.row-name"),
    Shot(
        "pintu",
        "The door: search, one tap, undo",
        360,
        "/",
        "ranger",
        "a[href^='/door/']",
        "form[action$='/in'] button",
    ),
    Shot("kota", "What a visitor finds first", 1366, "/"),
    Shot("peta", "City chapters on the map", 1366, "/chapters", at="svg"),
)


async def take(browser: Browser, base: str, shot: Shot) -> bytes:
    height, sharpness = SIZES[shot.width]
    context = await browser.new_context(
        viewport={"width": shot.width, "height": height}, device_scale_factor=sharpness, color_scheme="light"
    )
    page = await context.new_page()
    try:
        if shot.role:
            await page.goto(f"{base}/demo")
            await page.locator(f"form[action='/demo/sign-in/{shot.role}'] button").click()
        await page.goto(base + shot.path)
        await _prepare(page, shot)
        return await page.screenshot(animations="disabled")
    finally:
        await context.close()


async def _prepare(page: Page, shot: Shot) -> None:
    if shot.follow:
        await page.locator(shot.follow).first.click()
        await page.wait_for_load_state()
    if await page.locator("[data-error]").count():
        raise RuntimeError(f"{shot.name}: {page.url} is an error page")
    for _time in range(2 if shot.press else 0):
        await page.locator(shot.press).first.click()
        await page.wait_for_load_state()
    if shot.at:
        await page.locator(shot.at).first.scroll_into_view_if_needed()


async def take_all(base: str) -> None:
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *as_root])
        for shot in SHOTS:
            small = shrink(await take(browser, base, shot))
            path_of(shot).write_bytes(small)
            print(f"{path_of(shot).relative_to(ROOT)}: {len(small) / 1000:.0f} KB")
        await browser.close()


def path_of(shot: Shot) -> Path:
    return PICTURES / f"{shot.name}-{shot.width}.png"


def in_readme(text: str) -> str:
    """`text` with the pictures between its two marks: phones beside each other, wide ones below."""
    lines = [_tag(shot, 200) for shot in SHOTS if shot.width == 360]
    lines += [_tag(shot, 820) for shot in SHOTS if shot.width != 360]
    block = "\n".join(["<p>", *lines, "</p>"])
    return re.sub(f"{BEGIN}.*?{END}", lambda _found: f"{BEGIN}\n{block}\n{END}", text, flags=re.DOTALL)


def _tag(shot: Shot, width: int) -> str:
    return f'<img src="{path_of(shot).relative_to(ROOT)}" width="{width}" alt="{shot.words}">'


if __name__ == "__main__":
    asyncio.run(take_all((sys.argv[1:] or ["http://127.0.0.1:8000"])[0].rstrip("/")))
    README.write_text(in_readme(README.read_text(encoding="utf-8")), encoding="utf-8")

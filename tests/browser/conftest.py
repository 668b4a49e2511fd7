"""A Chromium, and pages of every kind in it. It fails, and does not skip, where there is no Chromium.

The address of the real application is the fixture `server_url`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser import journey
from tests.browser.gallery import gallery_app, serve
from tests.browser.rules import Visit
from tests.browser.server import Running, running

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True},
    "laptop": {"viewport": {"width": 1366, "height": 768}},
}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}

Browse = Callable[..., Awaitable[Visit]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
    # It fills the installation all of them share with hostile texts.
    items.sort(key=lambda item: item.path == HERE / "test_hostile.py")


def find_chromium() -> str | None:
    """CHROMIUM, then the usual names on PATH, else None: Playwright's own."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, *as_root])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def gallery_url() -> AsyncIterator[str]:
    """The component gallery on a server of its own."""
    async with serve(gallery_app()) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def browse(chromium: Browser) -> AsyncIterator[Browse]:
    """`await browse(url, "phone", js=False, dark=True, lang="en", slow=True, cookies=…)`: a fresh, cold context."""
    async with AsyncExitStack() as stack:

        async def make(
            url: str,
            size: str = "phone",
            *,
            js: bool = True,
            dark: bool = False,
            lang: str = "id",
            slow: bool = False,
            cookies: tuple[Any, ...] = (),
        ) -> Visit:
            context = await chromium.new_context(
                **SIZES[size],
                java_script_enabled=js,
                color_scheme="dark" if dark else "light",
                permissions=["clipboard-read", "clipboard-write"],
            )
            stack.push_async_callback(context.close)
            await context.add_cookies([{"name": "lang", "value": lang, "url": url}, *cookies])
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            await session.send("Network.enable")
            if slow:
                await session.send("Network.emulateNetworkConditions", SLOW)
            return Visit(page, session, url)

        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browse: Browse, server_url: str) -> Visit:
    return await browse(server_url, "phone")


@pytest_asyncio.fixture(loop_scope="session")
async def laptop(browse: Browse, server_url: str) -> Visit:
    return await browse(server_url, "laptop")


@pytest_asyncio.fixture(loop_scope="session")
async def nojs(browse: Browse, server_url: str) -> Visit:
    return await browse(server_url, "phone", js=False)


@pytest_asyncio.fixture(loop_scope="session")
async def slow(browse: Browse, server_url: str) -> Visit:
    return await browse(server_url, "phone", slow=True)


@pytest_asyncio.fixture(loop_scope="session")
async def dark(browse: Browse, server_url: str) -> Visit:
    return await browse(server_url, "phone", dark=True)


@pytest_asyncio.fixture(loop_scope="session")
async def en(browse: Browse, server_url: str) -> Visit:
    return await browse(server_url, "phone", lang="en")


@pytest.fixture
def offline() -> Callable[[Visit], Awaitable[None]]:
    """`await offline(visit)` takes its signal away."""

    async def take_signal(visit: Visit) -> None:
        await visit.page.context.set_offline(True)

    return take_signal


@pytest.fixture(scope="session")
def installed() -> Iterator[Running]:
    """The product with its demo data."""
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def server_url(installed: Running) -> str:
    return installed.url


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """The figures of the journeys, for whoever reads the run."""
    yield
    if journey.FIGURES:
        terminalreporter.section("journeys")
        for line in journey.save_figures():
            terminalreporter.write_line(line)

"""What must hold on every page in a real browser: rules U01–U08, U10 and U11 of the interface design.

Each `find_…` answers with faults in words, so that a test says `assert await find_faults(visit) == []` and a failure
reads as a list of what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import CDPSession, ConsoleMessage, Page, Response

WIDTHS = (320, 360, 768, 1366)
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
TITLE_END = " · Ranger"
ERROR_TITLE = {"id": "Galat: ", "en": "Error: "}
MOST_TABS = 80


@dataclass(frozen=True)
class Budget:
    """Compressed KB on a cold cache, and how many requests."""

    html: float
    css: float
    js: float
    images: float
    total: float
    requests: int
    target_px: int = 24


BUDGETS = {
    "public": Budget(8, 10, 4, 20, 45, 5, target_px=44),
    "ranger": Budget(12, 10, 15, 10, 50, 6, target_px=44),
    "door": Budget(10, 10, 25, 0, 45, 6, target_px=44),
    "hq": Budget(40, 10, 15, 0, 75, 5),
    "map": Budget(24, 10, 4, 20, 45, 5, target_px=44),  # 514 dots drawn once, and every chapter in words
    "gallery": Budget(12, 10, 15, 1, 40, 10, target_px=44),  # every component at once
    "partner": Budget(8, 10, 0, 0, 25, 3, target_px=44),
}


class Visit:
    """One page in one browser context, with everything it asked for and complained about."""

    def __init__(self, page: Page, session: CDPSession, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.problems: list[str] = []
        self._session = session
        self._asked: dict[str, tuple[str, str]] = {}
        self._bytes: dict[str, float] = {}
        self.bytes_ever = 0.0
        self.patient = True
        """Wait until nothing more is being asked for: needed to weigh a page, not to read it."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.problems.append(f"U08 script: {error}"))
        session.on("Network.requestWillBeSent", self._asking)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._received)

    async def open(self, path: str) -> Response:
        """Load `path` cold; what was asked before is forgotten."""
        self.forget()
        response = await self.page.goto(self.base_url + path, wait_until="load")
        assert response is not None
        if self.patient:
            await self.page.wait_for_load_state("networkidle")
        return response

    def forget(self) -> None:
        """Count the next page alone: for one that is reached by a form."""
        self._asked.clear()
        self._bytes.clear()

    def kilobytes(self, kind: str = "") -> float:
        """On the wire, headers included; of one kind (Document, Stylesheet, Script, Image) or all."""
        return sum(size for id_, size in self._bytes.items() if not kind or self._asked[id_][1] == kind) / 1024

    def addresses(self) -> list[str]:
        return [url for url, _kind in self._asked.values()]

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused page is logged by the browser as a failed load: that is an answer, not a fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"U08 console: {message.text}")

    def _asking(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if url.startswith("data:"):  # the browser's own pictures inside native controls
            return
        self._asked[event["requestId"]] = (url, event.get("type", "Other"))
        if urlsplit(url).netloc not in {urlsplit(self.base_url).netloc, ""}:
            self.problems.append(f"U08 foreign request: {url}")

    def _answered(self, event: dict[str, Any]) -> None:
        status, url = event["response"]["status"], event["response"]["url"]
        if status >= 400 and event.get("type") != "Document":
            self.problems.append(f"U08 {status} for {url}")

    def _received(self, event: dict[str, Any]) -> None:
        self.bytes_ever += event["encodedDataLength"]
        if event["requestId"] in self._asked:
            self._bytes[event["requestId"]] = event["encodedDataLength"]


async def find_faults(visit: Visit, *, locale: str = "id", kind: str = "public") -> list[str]:
    """All rules that need no deed, on the page that is open. Resizes it; leaves it as wide as it was."""
    faults = find_weight_faults(visit, BUDGETS[kind])
    faults += await find_structure_faults(visit.page, locale)
    faults += await find_form_faults(visit.page)
    faults += await find_target_faults(visit.page, BUDGETS[kind].target_px)
    faults += await find_focus_faults(visit.page)
    faults += await find_axe_faults(visit.page)
    faults += await find_width_faults(visit.page)
    faults += await find_colour_faults(visit.page)
    return faults + visit.problems


async def find_structure_faults(page: Page, locale: str) -> list[str]:
    """U01."""
    found: dict[str, Any] = await page.evaluate(
        """() => ({
          h1: document.querySelectorAll("h1").length,
          title: document.title,
          lang: document.documentElement.lang,
          landmarks: ["header", "main", "footer"].filter((tag) => document.querySelectorAll(tag).length !== 1),
          skip: document.querySelector("a[href]")?.getAttribute("href"),
          skipped: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((h) => +h.tagName[1])
            .some((level, i, all) => level > (all[i - 1] ?? 1) + 1),
          ids: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
        })"""
    )
    faults = [f"U01 not exactly one <{tag}>" for tag in found["landmarks"]]
    faults += [f"U01 the id {id_} stands twice" for id_ in found["ids"]]
    if found["h1"] != 1:
        faults.append(f"U01 {found['h1']} h1")
    if not found["title"].endswith(TITLE_END) or len(found["title"]) <= len(TITLE_END):
        faults.append(f"U01 title {found['title']!r}")
    if found["lang"] != locale:
        faults.append(f"U01 lang {found['lang']!r}, not {locale!r}")
    if found["skip"] != "#main":
        faults.append(f"U01 the first link is {found['skip']!r}, not the skip link")
    if found["skipped"]:
        faults.append("U01 a heading level is skipped")
    return faults


async def find_axe_faults(page: Page) -> list[str]:
    """U02: light and dark."""
    faults = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # else colours are caught half-way
        results = await Axe().run(page, options=AXE_RULES)
        for violation in results.response["violations"]:
            where = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3])
            faults.append(f"U02 {scheme} {violation['id']}: {violation['help']} ({where})")
    await page.emulate_media(color_scheme="null", reduced_motion="null")
    return faults


async def find_width_faults(page: Page) -> list[str]:
    """U03: no sideways scroll, also at 200 % text; wide tables in a region that keys can reach."""
    faults = []
    size = page.viewport_size or {"width": 360, "height": 640}
    for width in WIDTHS:
        for text in ("", "200%"):
            await page.set_viewport_size({"width": width, "height": size["height"]})
            over: list[str] = await page.evaluate(_SIDEWAYS, text)
            faults += [f"U03 {width} px, text {text or '100%'}: {what}" for what in over]
    await page.set_viewport_size(size)
    return faults


_SIDEWAYS = """(size) => {
  const root = document.documentElement;
  root.style.fontSize = size;
  const found = [];
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".scroll, svg, .skip"))
      .slice(-2).map((e) => e.tagName.toLowerCase() + "." + e.className);
    found.push(`${root.scrollWidth} px wide: ${wide.join(", ")}`);
  }
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e);
    if (["auto", "scroll"].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1
        && !["TEXTAREA", "SELECT"].includes(e.tagName)
        && !(e.tabIndex === 0 && e.getAttribute("role") === "region" && e.getAttribute("aria-label"))) {
      found.push("scrolls without a labelled region that keys can reach: " + e.className);
    }
  }
  root.style.fontSize = "";
  return found;
}"""


async def find_target_faults(page: Page, least_px: int) -> list[str]:
    """U04: what a finger must hit. A link within a sentence is as tall as its line and exempt."""
    return [f"U04 {what}" for what in await page.evaluate(_TARGETS, least_px)]


_TARGETS = """(least) => {
  const isInSentence = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
    && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim().length > 1);
  const isSeen = (e) => e.checkVisibility({visibilityProperty: true}) && !e.matches(".skip");
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => isSeen(e) && !isInSentence(e) && !e.closest("svg"))
    .map((e) => (e.matches("[type=radio], [type=checkbox]") && e.closest("label")) || e)
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
    .map(([e, box]) => `${e.tagName.toLowerCase()} "${e.textContent.trim().slice(0, 30)}" is `
      + `${box.width.toFixed(0)} × ${box.height.toFixed(0)} px, not ${least}`);
}"""


async def find_focus_faults(page: Page) -> list[str]:
    """U04: a walk with Tab: each stop is seen to have the focus, and no sticky bar hides it."""
    faults: list[str] = []
    # From the skip link on: a blurred field would stay the place where Tab goes on.
    await page.evaluate("document.querySelector('a[href]').focus()")
    for _step in range(MOST_TABS):
        await page.keyboard.press("Tab")
        fault: str | None = await page.evaluate(_FOCUS)
        if fault == "end":
            break
        if fault:
            faults.append(f"U04 {fault}")
    return faults


_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.dataset.walked) { return "end"; }
  e.dataset.walked = "yes";
  const name = `${e.tagName.toLowerCase()} "${(e.textContent || e.name || "").trim().slice(0, 30)}"`;
  const ringed = [e, e.closest("label")].filter(Boolean)
    .some((x) => getComputedStyle(x).outlineStyle !== "none" && parseFloat(getComputedStyle(x).outlineWidth) >= 2);
  if (!ringed) { return `${name} does not show the focus`; }
  const box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width, 20) / 2, 1), innerWidth - 2);
  const y = box.top + Math.min(box.height, 20) / 2;
  const top = document.elementFromPoint(x, y);
  const covers = top && !e.contains(top) && !top.contains(e) && !(e.closest("label") || e).contains(top);
  return covers ? `${name} has the focus under ${top.tagName.toLowerCase()}.${top.className}` : null;
}"""


async def find_form_faults(page: Page) -> list[str]:
    """U06, and names for every control."""
    found: list[str] = await page.evaluate(
        """() => [
          ...[...document.forms].filter((f) => !f.noValidate
              && f.querySelector(":not([type=hidden]):is(input, select, textarea)"))
            .map((f) => "a form without novalidate: " + f.getAttribute("action")),
          ...[...document.querySelectorAll("[required]")].map((e) => "required on " + e.name),
          ...[...document.querySelectorAll("label, legend")].filter((e) => e.textContent.includes("*"))
            .map((e) => "an asterisk in " + e.textContent.trim()),
          ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
            .filter((e) => e.checkVisibility() && !e.labels?.length && !e.getAttribute("aria-label"))
            .map((e) => "no label for " + e.name),
          ...[...document.querySelectorAll("[placeholder]")].map((e) => "a placeholder in " + e.name),
          ...[...document.querySelectorAll("[aria-describedby]")]
            .flatMap((e) => e.getAttribute("aria-describedby").split(" "))
            .filter((id) => !document.getElementById(id)).map((id) => "described by nothing: " + id),
        ]"""
    )
    return [f"U06 {what}" for what in found]


def find_weight_faults(visit: Visit, budget: Budget) -> list[str]:
    """U08. Call before anything else loads more."""
    limits = {
        "Document": budget.html,
        "Stylesheet": budget.css,
        "Script": budget.js,
        "Image": budget.images,
        "": budget.total,
    }
    faults = [
        f"U08 {kind or 'page'} {visit.kilobytes(kind):.1f} KB, over {limit}"
        for kind, limit in limits.items()
        if visit.kilobytes(kind) > limit
    ]
    asked = sorted(set(visit.addresses()))  # the icon is asked for again, from the cache, when colours change
    if len(asked) > budget.requests:
        faults.append(f"U08 {len(asked)} requests, over {budget.requests}: {asked}")
    return faults


async def find_colour_faults(page: Page) -> list[str]:
    """U10: without any colour every word is still there, and what is chosen or wrong says so by more than colour."""
    faults: list[str] = []
    words: str = await page.evaluate("document.body.innerText")
    await page.emulate_media(forced_colors="active")
    if await page.evaluate("document.body.innerText") != words:
        faults.append("U10 words change with forced colours")
    silent: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("[class*='tag'], [class*='notice'], [class*='strip'], .error")]
          .filter((e) => !e.textContent.trim()).map((e) => e.className)"""
    )
    faults += [f"U10 {name} has no words" for name in silent]
    await page.emulate_media(forced_colors="none")
    return faults


async def find_refusal_faults(page: Page, locale: str = "id") -> list[str]:
    """U05, on a page whose form just came back: title, summary first and focused, links that lead to their fields."""
    faults: list[str] = []
    if not (await page.title()).startswith(ERROR_TITLE[locale]):
        faults.append(f"U05 title {await page.title()!r}")
    if not await page.evaluate("document.activeElement?.classList.contains('summary') ?? false"):
        faults.append("U05 the summary has not the focus")
    links = page.locator(".summary a")
    for index in range(await links.count()):
        link = links.nth(index)
        words = (await link.inner_text()).strip()
        await link.click()
        field: str = await page.evaluate("document.activeElement?.closest('.field')?.innerText ?? ''")
        if not field:
            faults.append(f"U05 the link {words!r} leads to no field")
        elif words not in field:
            faults.append(f"U05 {words!r} is not said at its field")
    return faults


async def count_inputs(page: Page, form: str = "main form") -> int:
    """U11: what a person has to fill in; a group of radios is one, ticks and hidden values none."""
    found: int = await page.evaluate(
        """(selector) => new Set([...document.querySelector(selector).elements]
          .filter((e) => e.name && e.checkVisibility() && !["hidden", "checkbox", "submit", "button"].includes(e.type))
          .map((e) => e.name)).size""",
        form,
    )
    return found

"""A09: whatever people write, it is shown as they wrote it, and nothing of it runs."""

from __future__ import annotations

from typing import Any

import httpx
import vobject

from tests.browser import journey
from tests.browser.conftest import Browse
from tests.browser.journey import sql
from tests.browser.rules import Visit
from tests.browser.server import Running
from tests.browser.walk import sign_in, walk

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '"><img src=x onerror=alert(4)>',
    "' onmouseover='alert(5)",
    '" autofocus onfocus="alert(6)',
    "<svg/onload=alert(7)>",
    "<svg><script>alert(8)</script></svg>",
    "<iframe src=javascript:alert(9)>",
    "<body onload=alert(10)>",
    "javascript:alert(11)",
    "<a href=javascript:alert(12)>klik</a>",
    "</textarea><script>alert(13)</script>",
    "</option></select><img src=x onerror=alert(14)>",
    "<math><mtext></p><img src=x onerror=alert(15)>",
    "<!--><script>alert(16)</script>-->",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><input name=_csrf>",
    "{{ 7*7 }}${7*7}#{7*7}<%= 7*7 %>",
    "%(name)s %s %d {0} {name}",
    "satu\r\nBEGIN:VEVENT\r\nSUMMARY:palsu",
    "dua\nATTENDEE:mailto:x@evil.example",
    "tiga;X-EVIL=1:empat,lima\\nenam",
    "\u202egnp.exe\u202c \u2066balik\u2069",
    "nol\u200b\u200d\ufefflebar \u2028 baris",
    "&lt;script&gt;alert(27)&lt;/script&gt;&#x3c;b>",
    "https://evil.example/?a=1&text=dua#tiga",
    "=HYPERLINK(1)\u0301\u0301\u0301\u0301\u0301 👨\u200d👩\u200d👧",
]
TEXTS = {  # every column people write into, and how much it holds
    "person": {"name": 100},
    "chapter": {"name": 60, "about": 2000},
    "chapter_state": {"reason": 500},
    "event": {"title": 80, "place_name": 80, "address": 200, "patokan": 200, "cancel_reason": 300},
    "rsvp": {"name_given": 100},
    "rsvp_change": {"reason": 300},
    "scan": {"name_given": 100},
    "session": {"title": 120},
    "speaker": {"outside_name": 100},
    "store": {"name": 60},
    "membership": {"leave_reason": 200, "consent_origin": 200},
    "api_token": {"name": 60},
}
WATCH = "addEventListener('securitypolicyviolation', (e) => console.error('CSP ' + e.violatedDirective))"
FOREIGN = """[...document.querySelectorAll("*")].filter((e) =>
    [...e.attributes].some((a) => a.name.startsWith("on")
      || (["href", "src", "action", "formaction", "xlink:href"].includes(a.name) && /^\\s*javascript:/i.test(a.value)))
    || (e.tagName === "SCRIPT" && !e.src.startsWith(location.origin + "/static/"))
    || ["IFRAME", "BASE", "STYLE", "MATH", "OBJECT", "EMBED"].includes(e.tagName)
    || (e.tagName === "META" && e.httpEquiv === "refresh")
    || (e.tagName === "FORM" && !e.action.startsWith(location.origin)))
  .map((e) => e.outerHTML.slice(0, 120))"""
ROLES = ("ranger", "hq", "administrator", "member", "visitor")


async def fill_every_text(installed: Running) -> None:
    for table, columns in TEXTS.items():
        for column, most in columns.items():
            await sql(
                installed,
                f'with numbered as (select ctid as at, row_number() over () as no from "{table}") '
                f'update "{table}" set "{column}" = left(($1::text[])[1 + no % {len(PAYLOADS)}], {most}) '
                f'from numbered where "{table}".ctid = numbered.at and "{column}" is not null',
                PAYLOADS,
            )
    await sql(installed, "update event set body = $1, recap = left($1, 500)", "\n".join(PAYLOADS))


class Watched:
    """A visit in which everything that ran or tried to is written down."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.dialogs = visit, list[str]()
        visit.patient = False

    async def start(self) -> None:
        await self.visit.page.add_init_script(WATCH)
        self.visit.page.on("dialog", self._refuse)

    async def _refuse(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    async def find_faults(self, where: str) -> list[str]:
        found = [f"an element of theirs: {e}" for e in await self.visit.page.evaluate(FOREIGN)]
        found += [f"a dialog: {words}" for words in self.dialogs] + self.visit.problems
        self.dialogs.clear()
        self.visit.problems.clear()
        return [f"{where}: {fault}" for fault in found]


async def test_no_text_of_anybody_runs_anywhere(browse: Browse, installed: Running) -> None:
    await fill_every_text(installed)
    faults: list[str] = []
    opened = 0
    for role in ROLES:
        watched = Watched(await browse(installed.url, "laptop"))
        await watched.start()
        await sign_in(watched.visit, role)
        async for path, status in walk(watched.visit, "/"):
            opened += 1
            faults += await watched.find_faults(f"{role} {path}")
            faults += [f"{role} {path}: status {status}"] if status >= 500 else []

    assert not faults, "\n".join(faults)
    assert opened >= 60


async def test_each_is_read_as_it_was_written_in_page_calendar_and_chat(browse: Browse, installed: Running) -> None:
    await fill_every_text(installed)
    watched = Watched(await browse(installed.url))
    await watched.start()
    page, faults = watched.visit.page, list[str]()
    events = await sql(
        installed,
        "select distinct on (title) code, title, place_name from event "
        "where state in ('published', 'finished') and audience = 'public' order by title, code",
    )
    for event in events:
        await watched.visit.open(f"/events/{event['code']}")
        faults += await watched.find_faults(event["title"])
        shown = await page.evaluate("document.querySelector('h1').textContent")
        assert shown.split() == event["title"].split()
        href = await page.locator("a[href^='https://wa.me']").first.get_attribute("href")
        assert f"{installed.url}/events/{event['code']}" in journey.whatsapp_text(href or "")
    await find_calendar_faults(installed, [event["code"] for event in events])

    assert not faults, "\n".join(faults)
    assert len(events) == len(PAYLOADS)


async def test_the_watch_sees_a_text_that_was_let_through(browse: Browse, gallery_url: str) -> None:
    """The control: without it the tests above might look at nothing."""
    watched = Watched(await browse(gallery_url))
    await watched.start()
    await watched.visit.open("/design")
    assert await watched.find_faults("before") == []

    await watched.visit.page.evaluate("document.querySelector('.lead').innerHTML = '<img src=x onerror=alert(1)>'")
    await watched.visit.page.wait_for_timeout(200)

    told = " ".join(await watched.find_faults("planted"))
    assert "an element of theirs" in told
    assert "CSP" in told


async def find_calendar_faults(installed: Running, codes: list[str]) -> None:
    async with httpx.AsyncClient(base_url=installed.url) as client:
        for code in codes:
            text = (await client.get(f"/events/{code}/event.ics")).text
            calendar = vobject.readOne(text)
            assert len(calendar.contents["vevent"]) == 1
            assert {"attendee", "x-evil"}.isdisjoint(calendar.vevent.contents)

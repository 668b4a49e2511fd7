"""Every page a person can reach from the start page, one of each kind."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from tests.browser.rules import Visit

MOST_PAGES = 60
# Files and machine pages: no person reads them in the browser.
NO_PAGES = re.compile(r"\.(ics|csv|png|svg|vcf|pdf|json|js)$|^/(static|api|schema|metrics|healthz|readyz)\b")
# What stands after these is somebody's or something's name, unless it is one of our own words.
NAMED_BY = {"chapters", "sessions", "events", "people", "rangers", "members", "outbox", "places"}
OUR_WORDS = {"new", "propose", "mine", "map", "import", "find", "suggest", "manage", "list"}


async def sign_in(visit: Visit, role: str) -> None:
    """By the demo's start page; as "visitor" stay outside."""
    if role == "visitor":
        return
    await visit.page.goto(visit.base_url + "/demo")
    await visit.page.locator(f"form[action$='/demo/sign-in/{role}'] button").click()
    await visit.page.wait_for_load_state("load")


def kind_of_path(path: str) -> str:
    """The path with codes, slugs and numbers taken out: two kopdar are one kind of page."""
    parts = path.strip("/").split("/")
    bare = [
        "{}" if re.search(r"\d|[A-Z]", part) or (before in NAMED_BY and part not in OUR_WORDS) else part
        for before, part in zip(["", *parts], parts, strict=False)
    ]
    return "/" + "/".join(bare)


async def walk(visit: Visit, *starts: str) -> AsyncIterator[tuple[str, int]]:
    """Open page after page, breadth first; yields path and status while it is open. Follows links, sends nothing."""
    ahead = deque(starts)
    seen = {kind_of_path(start) for start in starts}
    opened = 0
    while ahead and opened < MOST_PAGES:
        path = ahead.popleft()
        response = await visit.open(path)
        if "text/html" not in (response.headers.get("content-type") or ""):
            continue
        opened += 1
        links: list[str] = await visit.page.evaluate(
            "[...document.querySelectorAll('a[href]:not([download])')].map((a) => a.href)"
        )
        yield path, response.status
        for link in links:
            found = urlsplit(link)
            kind = kind_of_path(found.path)
            is_ours = f"{found.scheme}://{found.netloc}" == visit.base_url
            if is_ours and kind not in seen and not NO_PAGES.search(found.path):
                seen.add(kind)
                ahead.append(found.path + (f"?{found.query}" if found.query else ""))

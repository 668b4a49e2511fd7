"""U20: every page, as somebody who may see it, in both languages, keeps every rule."""

from __future__ import annotations

import pytest

from tests.browser import rules
from tests.browser.conftest import Browse
from tests.browser.walk import kind_of_path, sign_in, walk

# role, what its pages may weigh and how large its targets are
ROLES = [("visitor", "public"), ("member", "ranger"), ("ranger", "ranger"), ("hq", "hq"), ("administrator", "hq")]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(("role", "kind"), ROLES)
async def test_every_page_keeps_every_rule(browse: Browse, server_url: str, role: str, kind: str, lang: str) -> None:
    visit = await browse(server_url, "laptop" if kind == "hq" else "phone", lang=lang)
    await sign_in(visit, role)

    faults: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    async for path, status in walk(visit, "/"):
        title = await visit.page.title()
        found = await rules.find_faults(visit, locale=lang, kind="map" if path == "/chapters" else kind)
        if status != 200:
            found.append(f"a link led to status {status}")
        if title in titles.values():
            found.append(f"U01 the title {title!r} is also that of {[p for p, t in titles.items() if t == title]}")
        titles[path] = title
        visit.problems.clear()
        if found:
            faults[path] = found

    assert faults == {}
    assert len(titles) >= 3


def test_two_of_a_kind_are_one_kind() -> None:
    assert kind_of_path("/events/AB2CD/edit") == kind_of_path("/events/XY9ZT/edit") == "/events/{}/edit"
    assert kind_of_path("/events/new") == "/events/new"
    assert kind_of_path("/chapters/kota-contoh") == "/chapters/{}"
    assert kind_of_path("/sign-in") == "/sign-in"
    assert kind_of_path("/") == "/"

"""U20: every page, as somebody who may see it, in both languages, keeps every rule."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser import rules
from tests.browser.conftest import Browse
from tests.browser.walk import kind_of_path, sign_in, walk

# role, what its pages may weigh and how large its targets are; who sees most of a page comes first
ROLES = (("ranger", "ranger"), ("hq", "hq"), ("administrator", "hq"), ("member", "ranger"), ("visitor", "public"))
# Pages that show each role something of its own: looked at as each.
OWN_SIDES = {"/", "/events/{}", "/chapters/{}"}


@pytest.mark.parametrize("lang", ["id", "en"])
async def test_every_page_keeps_every_rule_as_one_of_its_roles(browse: Browse, server_url: str, lang: str) -> None:
    checked: set[str] = set()
    faults: list[str] = []
    for role, kind in ROLES:
        faults += await find_role_faults(browse, server_url, role, kind, lang, checked)

    assert not faults, "\n".join(faults)
    assert len(checked) >= 30


@pytest.mark.nightly
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(("role", "kind"), ROLES)
async def test_every_page_keeps_every_rule_as_each_role(
    browse: Browse, server_url: str, role: str, kind: str, lang: str
) -> None:
    faults = await find_role_faults(browse, server_url, role, kind, lang, set())

    assert not faults, "\n".join(faults)


async def find_role_faults(
    browse: Browse, server_url: str, role: str, kind: str, lang: str, checked: set[str]
) -> list[str]:
    """Walk as `role` and check the kinds of pages that are not in `checked` yet; they are added to it."""
    visit = await browse(server_url, "laptop" if kind == "hq" else "phone", lang=lang)
    await sign_in(visit, role)
    faults: list[str] = []
    titles: dict[str, str] = {}
    async for path, status in walk(visit, "/"):
        found = [f"a link led to status {status}"] if status != 200 else []
        title = await visit.page.title()
        shown = urlsplit(visit.page.url).path  # a redirect to the sign-in shows the sign-in's title
        found += [f"U01 the same title as {p}: {t}" for p, t in titles.items() if t == title and p != shown]
        titles[shown] = title
        if kind_of_path(path) not in checked - OWN_SIDES:
            checked.add(kind_of_path(path))
            found += await rules.find_faults(visit, locale=lang, kind=kind_of_page(path, kind))
        visit.problems.clear()
        faults += [f"{role} {path}: {fault}" for fault in found]
    return faults


def kind_of_page(path: str, kind: str) -> str:
    """The budget: only HQ's own pages may weigh more, because they carry charts."""
    if path == "/chapters":
        return "map"
    if path == "/design":
        return "gallery"
    return "ranger" if kind == "hq" and path != "/" and not path.startswith("/hq") else kind


def test_two_of_a_kind_are_one_kind() -> None:
    assert kind_of_path("/events/AB2CD/edit") == kind_of_path("/events/XY9ZT/edit") == "/events/{}/edit"
    assert kind_of_path("/events/new") == "/events/new"
    assert kind_of_path("/chapters/kota-contoh") == "/chapters/{}"
    assert kind_of_path("/sign-in") == "/sign-in"
    assert kind_of_path("/") == "/"

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from community.kit import assets
from community.kit.errors import NotFound


@pytest_asyncio.fixture(loop_scope="session")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(
        [*assets.ROUTES],
        openapi_config=None,
        exception_handlers={NotFound: lambda _request, _error: (_ for _ in ()).throw(LookupError)},
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=cast(Any, app)), base_url="http://x") as client:
        yield client


async def test_a_versioned_address_may_be_kept_for_a_year(client: httpx.AsyncClient) -> None:
    answer = await client.get(assets.static("site.css"))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_an_old_address_still_answers_but_is_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get("/static/0123456789/js/main.js")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_a_browser_that_cannot_unpack_gets_it_plain(client: httpx.AsyncClient) -> None:
    answer = await client.get(assets.static("icon.svg"), headers={"Accept-Encoding": "identity"})

    assert "content-encoding" not in answer.headers
    assert answer.content == (assets.STATIC_DIR / "icon.svg").read_bytes()


@pytest.mark.parametrize("path", ["nobody.js", "../kit/assets.py", "css/base.css", ""])
def test_what_is_no_asset_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        assets.read(path)


def test_a_template_that_names_a_missing_file_breaks() -> None:
    with pytest.raises(KeyError):
        assets.static("nobody.js")


def test_the_version_changes_with_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "css" / "blocks").mkdir(parents=True)
    (tmp_path / "css" / "base.css").write_text("@layer base { a { color: red } }")
    (tmp_path / "css" / "layout.css").write_text("b { margin: 0 }")
    (tmp_path / "one.js").write_text("1")
    monkeypatch.setattr(assets, "STATIC_DIR", tmp_path)

    def version() -> str:
        assets.assets.cache_clear()
        assets.version.cache_clear()
        return assets.version()

    try:
        before = version()
        (tmp_path / "one.js").write_text("2")
        assert version() != before
        assert re.fullmatch(r"[0-9a-f]{10}", before)
    finally:
        monkeypatch.undo()
        version()


def test_layers_come_in_their_order_and_blocks_by_name() -> None:
    css = assets.read("site.css").body.decode()

    assert css.startswith("@layer reset,tokens,base,layout,blocks,pages;")
    places = [css.index(f"@layer {layer}{{") for layer in ("reset", "tokens", "base", "layout", "blocks")]
    assert places == sorted(places)
    assert css.index(".button{") < css.index(".card{") < css.index(".table{")


def test_squeezing_keeps_what_the_sheet_says() -> None:
    assert assets.squeezed("/* why */\na ,\nb  { margin : 0 auto ;\n color: var(--x) ; }\n") == (
        "a,b{margin :0 auto;color:var(--x)}"
    )
    assert assets.squeezed("a :is(b) > c { width: calc(1px + 2px); }") == "a :is(b) > c{width:calc(1px + 2px)}"


def test_braces_are_balanced() -> None:
    css = assets.read("site.css").body.decode()

    assert css.count("{") == css.count("}")


def test_packed_files_unpack_to_themselves() -> None:
    for asset in assets.assets().values():
        if asset.packed is not None:
            assert gzip.decompress(asset.packed) == asset.body
            assert len(asset.packed) < len(asset.body)


def test_scripts_are_short_and_import_only_each_other() -> None:
    for file in (assets.STATIC_DIR / "js").rglob("*.js"):
        text = file.read_text("utf-8")
        assert len(text.splitlines()) <= 200, file.name
        for target in re.findall(r'from "([^"]+)"', text):
            assert (file.parent / target).is_file(), f"{file.name} imports {target}"

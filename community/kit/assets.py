"""Style sheets, scripts and images: read once, joined where that saves requests, addressed by what is in them.

An address is `/static/{10 hex of all files' SHA-256}/{path}`. One version for all files, because a script's relative
import inherits it; an address with a version may be kept for a year. An old version still answers (a page can outlive a
release in a browser), but must not be kept.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Request, Response, get
from litestar.params import FromPath

from community.kit.errors import NotFound

STATIC_DIR = Path(__file__).parent.parent / "static"
LAYERS = ("reset", "tokens", "base", "layout", "blocks", "pages")
YEAR = 365 * 24 * 3600
PACKED_TYPES = ("text/", "image/svg+xml", "application/manifest+json")
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


class Asset(NamedTuple):
    """One file as sent. `packed` is the gzip form, None where it would not be smaller."""

    body: bytes
    content_type: str
    packed: bytes | None


def static(path: str) -> str:
    """The address of `path`, with the version. Raises KeyError for a file that does not exist."""
    if path not in assets():
        raise KeyError(path)
    return f"/static/{version()}/{path}"


def read(path: str) -> Asset:
    """Raises NotFound."""
    try:
        return assets()[path]
    except KeyError:
        raise NotFound(f"no static file {path}") from None


@cache
def version() -> str:
    digest = hashlib.sha256()
    for path, asset in sorted(assets().items()):
        digest.update(path.encode() + b"\0" + asset.body + b"\0")
    return digest.hexdigest()[:10]


@cache
def assets() -> dict[str, Asset]:
    """All files by path below the static folder; the style sheets as one `site.css`."""
    found = {"site.css": _asset("site.css", join_styles(STATIC_DIR / "css").encode())}
    for file in sorted(STATIC_DIR.rglob("*")):
        if file.is_file() and file.suffix != ".css" and not file.name.startswith("."):
            path = file.relative_to(STATIC_DIR).as_posix()
            found[path] = _asset(path, file.read_bytes())
    return found


def join_styles(folder: Path) -> str:
    """`base.css` (which names its own layers), `layout.css`, then blocks and pages by name, each in its layer."""
    sheets = [f"@layer {','.join(LAYERS)};", squeezed((folder / "base.css").read_text("utf-8"))]
    for layer, files in _layered(folder):
        body = "".join(squeezed(file.read_text("utf-8")) for file in files)
        if body:
            sheets.append(f"@layer {layer}{{{body}}}")
    return "".join(sheets)


def squeezed(css: str) -> str:
    """Without comments and the spaces nobody needs; strings in our sheets hold neither."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s?([{};,])\s?|(?<=:) ", r"\1", css).replace(";}", "}").strip()


def _layered(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    yield "layout", [folder / "layout.css"]
    yield "blocks", sorted((folder / "blocks").glob("*.css"))
    yield "pages", sorted((folder / "pages").glob("*.css"))


def _asset(path: str, body: bytes) -> Asset:
    suffix = Path(path).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if kind.startswith(PACKED_TYPES) else b""
    content_type = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return Asset(body, content_type, packed if 0 < len(packed) < len(body) else None)


@get("/static/{build:str}/{file:path}", include_in_schema=False, name="static")
async def static_file(request: Request[Any, Any, Any], build: FromPath[str], file: FromPath[str]) -> Response[bytes]:
    """One file; packed where the browser takes it."""
    asset = read(str(file).lstrip("/"))
    fresh = build == version()
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable" if fresh else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    body = asset.body
    if asset.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
    return Response(body, headers=headers, media_type=asset.content_type.partition(";")[0])


ROUTES = (static_file,)

"""Roles × routes: which answer each role gets from each route, and the checks that run over the whole list.

Every room lists its routes in `tests/<room>/routes.py` as `ROWS: list[Row]`, the roof's own stand in
`tests/roof/routes.py`. A route of the app that no row names fails the build, and so does a row without a route.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from community.kit import csrf
from tests.factories import NOW

ROLES = ("V", "M", "R", "R2", "H", "P", "O", "A")
"""Visitor, member (Bob, of chapter A), Ranger of chapter A (Alice), Ranger of another chapter, headquarters, partner,
officer, administrator."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TESTS = Path(__file__).resolve().parents[1]
STAMP_AGE = timedelta(seconds=10)

World = Mapping[str, str]
"""Names of things that exist in the test's database → their public ids and codes."""
Body = Callable[[World], Mapping[str, Any]]

_CSRF_FIELD = re.compile(rb'(name="_csrf"\s+value=")[^"]*')
_KEY_FIELD = re.compile(rb'(name="_(?:key|stamp)"\s+value=")[^"]*')


@dataclass(frozen=True)
class Row:
    """One (method, path template) and the status each role gets.

    `params` maps the template's parameters to keys of the world; `missing` to values of the same form that name nothing
    (with it, "not yours" must equal "does not exist"). `form` and `json` build the body of the deed. `canary` says that
    an answer with status 200 may hold personal data planted in the world. `exempt` is the one route without CSRF.
    `demo`: the route exists in demo mode only, and is 404 for everyone elsewhere. GET rows stand for HEAD too, which
    the roof answers.
    """

    method: str
    path: str
    expect: Mapping[str, int]
    params: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Body | None = None
    json: Body | None = None
    canary: bool = False
    exempt: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        if unknown := set(self.expect) ^ set(ROLES):
            raise ValueError(f"{self.name}: every role once, not {sorted(unknown)}")

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE

    def url(self, world: World, *, missing: bool = False) -> str:
        """The address with parameters filled in, from the world or with what does not exist."""
        values = {name: world[key] for name, key in self.params.items()} | (dict(self.missing) if missing else {})
        return re.sub(r"\{(\w+)\}", lambda found: quote(values[found.group(1)], safe=""), self.path)


def every(status: int, **others: int) -> dict[str, int]:
    """One status for every role, but for those named: `every(404, V=303, R=200)`."""
    return dict.fromkeys(ROLES, status) | others


def public(path: str, **options: Any) -> Row:
    """A page everybody may read."""
    return Row("GET", path, every(200), **options)


def only_in_demo(method: str, path: str) -> Row:
    return Row(method, path, every(404), demo=True)


def collect_rows(folder: Path = TESTS, package: str = "tests") -> list[Row]:
    """The rows of every `routes.py` below the tests, rooms in alphabetical order."""
    found = sorted(path.parent.name for path in folder.glob("*/routes.py"))
    return [row for room in found for row in importlib.import_module(f"{package}.{room}.routes").ROWS]


def routes_of(app: Any) -> set[tuple[str, str]]:
    """(method, path template) of everything the app answers; OPTIONS, which the framework adds, is left out.

    `app` is a Litestar application, or what stands around one and holds it as `.app`.
    """
    found = set()
    for route in getattr(app, "app", app).routes:
        for method in getattr(route, "methods", None) or ("GET",):
            if method != "OPTIONS":
                found.add((str(method), route.path_format))
    return found


def find_unlisted(app: Any, rows: Iterable[Row]) -> list[str]:
    listed = {(row.method, row.path) for row in rows}
    return sorted(f"no row lists {method} {path}" for method, path in routes_of(app) - listed)


def find_unrouted(app: Any, rows: Iterable[Row]) -> list[str]:
    listed = {(row.method, row.path) for row in rows}
    return sorted(f"no route answers {method} {path}" for method, path in listed - routes_of(app))


def find_twins(rows: Iterable[Row]) -> list[str]:
    seen: set[str] = set()
    twins = [row.name for row in rows if row.name in seen or seen.add(row.name)]  # type: ignore[func-returns-value]
    return sorted(f"listed twice: {name}" for name in twins)


async def ask(
    client: httpx.AsyncClient,
    row: Row,
    world: World,
    *,
    missing: bool = False,
    stamped: bool = True,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Do what the row describes: a page's deed with form key and anonymous stamp, an API's with its idempotency key."""
    url = row.url(world, missing=missing)
    options: dict[str, Any] = {"params": dict(row.query), "headers": dict(headers or {})}
    if row.is_api and not row.is_safe:
        options["headers"]["Idempotency-Key"] = str(uuid4())
        options["json"] = dict(row.json(world)) if row.json else {}
    elif not row.is_safe:
        stamp = {"_stamp": csrf.new_stamp(url, "", now=NOW - STAMP_AGE)} if stamped else {}
        options["data"] = {"_key": str(uuid4()), **stamp, **(row.form(world) if row.form else {})}
    return await client.request(row.method, url, follow_redirects=False, **options)


def without_what_differs(answer: httpx.Response) -> bytes:
    """The body without what rightly differs between two requests: the address asked for, request id, form tokens."""
    body = answer.content
    asked = answer.request.url.raw_path
    for varying in (asked, asked.split(b"?")[0], quote(asked.decode(), safe="").encode()):
        body = body.replace(varying, b"(address)")
    if request_id := answer.headers.get("x-request-id"):
        body = body.replace(request_id.encode(), b"(request)")
    return _KEY_FIELD.sub(rb"\1", _CSRF_FIELD.sub(rb"\1", body))


def find_canaries(answer: httpx.Response, world: World) -> list[str]:
    """Names of the planted personal values (`canary:…` in the world) that the answer shows, in its body or headers."""
    shown = answer.content + repr(answer.headers.multi_items()).encode()
    return sorted(name for name, value in world.items() if name.startswith("canary:") and value.encode() in shown)


CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self' https://wa.me https://api.whatsapp.com",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}


def find_header_faults(answer: httpx.Response, *, private: bool) -> list[str]:
    """What is wrong with the answer's security headers; `private` answers must not be stored anywhere."""
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers.get("content-security-policy", "").split(";")
    )
    faults = [f"content-security-policy: {policy}"] if policy != CONTENT_SECURITY_POLICY else []
    faults += [
        f"{name}: {answer.headers.get(name)}" for name, value in HEADERS.items() if answer.headers.get(name) != value
    ]
    if private and "no-store" not in answer.headers.get("cache-control", ""):
        faults.append(f"cache-control: {answer.headers.get('cache-control')}")
    return faults

"""What the roof answers by itself. No worker runs the jobs in tests, so `/readyz` says so; no metrics token is set."""

from __future__ import annotations

from collections.abc import Mapping

from community.kit import assets
from tests.trust.matrix import Row, every, public

ROWS = [
    public("/healthz"),
    Row("GET", "/readyz", every(503)),
    Row("GET", "/metrics", every(404)),
    public("/schema"),
    public("/schema/openapi.json"),
    Row("GET", "/schema/{path}", every(404), params={"path": "no schema page"}),
    public("/static/{build}/{file}", params={"build": "build", "file": "file"}),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    _, build, file = assets.static("site.css").strip("/").split("/")
    return {"build": build, "file": file, "no schema page": "nothing"}

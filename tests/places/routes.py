"""Public facts: everybody gets the same answer."""

from __future__ import annotations

from collections.abc import Mapping

from tests.trust.matrix import Row, every

ROWS = [
    Row("GET", "/places/suggest", every(200), query={"q": "kediri"}),
    Row("GET", "/api/v1/places", every(200), query={"q": "kediri"}),
    Row("GET", "/api/v1/places/{code}", every(200), params={"code": "region"}, missing={"code": "99.99"}),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    return {"region": "35.71"}

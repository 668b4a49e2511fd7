"""The one page route of this room: suggestions under the place field, for those whose browser runs scripts."""

from __future__ import annotations

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.params import FromQuery

from community.places import service
from community.places.forms import Suggestion


@get("/places/suggest", cache_control=CacheControlHeader(public=True, max_age=86400), include_in_schema=False)
async def suggest(q: FromQuery[str] = "") -> list[Suggestion]:
    """Kabupaten and kota only: nobody chooses a province in this field. A text too long finds nothing."""
    return [Suggestion(r.code, r.label, r.seat) for r in service.suggest(q)]


ROUTES = (suggest,)

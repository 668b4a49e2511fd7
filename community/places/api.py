"""Places over the API: look up by code, search by name, list by province."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath, FromQuery

from community.places import service
from community.places.forms import Place, PlaceList, PlaceMatch


@get("/api/v1/places", tags=["places"], summary="Search regions by name, or list them")
async def index(q: FromQuery[str] = "", province: FromQuery[str] = "", limit: FromQuery[int] = 10) -> PlaceList:
    """Search by name, seat or alias. Without `q`: the regions of `province`, or the provinces."""
    if q.strip():
        found = service.search(q, province or None, limit)
        return PlaceList(q, [PlaceMatch.found(match) for match in found.matches], found.more)
    listed = service.list_within(province or None, limit)
    return PlaceList("", [PlaceMatch.of(region) for region in listed.regions], listed.more)


@get("/api/v1/places/{code:str}", tags=["places"], summary="One region by its code")
async def show(code: FromPath[str]) -> Place:
    """`NN` for a province, `NN.NN` for a kabupaten or kota."""
    return Place.of(service.show(code))


ROUTES = (index, show)

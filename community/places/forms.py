"""What the API answers about places."""

from __future__ import annotations

from typing import Self

import msgspec

from community.places.rules import Match, Region


class Place(msgspec.Struct, frozen=True):
    """A province, kabupaten or kota. The coordinate is that of its seat, in degrees (WGS84)."""

    code: str
    name: str
    kind: str
    province_code: str
    province: str
    seat: str
    latitude: float
    longitude: float
    time_zone: str
    zone_label: str
    island_group: str

    @classmethod
    def of(cls, region: Region) -> Self:
        return msgspec.convert(region.fields(), cls)


class PlaceMatch(Place, frozen=True):
    """A place found: `score` in 0…1 and what of it the text was like; both null in a plain list."""

    score: float | None = None
    matched_on: str | None = None

    @classmethod
    def found(cls, match: Match) -> Self:
        return msgspec.convert(match.region.fields() | {"score": match.score, "matched_on": match.matched_on}, cls)


class PlaceList(msgspec.Struct, frozen=True):
    """The same answer as `community places find`; `more` says that there were more than `limit`."""

    query: str
    matches: list[PlaceMatch]
    more: bool


class Suggestion(msgspec.Struct, frozen=True):
    """One line under the place field."""

    code: str
    label: str
    seat: str

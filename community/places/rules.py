"""Regions, and how a typed name finds them. Pure: text in, values out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from community.kit.format import zone_label
from community.kit.geo import distances_km

ALIAS_SEPARATOR = ";"
LIKENESS_NEEDED = 0.4
SCORE = {"name": 1.0, "code": 1.0, "seat": 0.95, "alias": 0.9}
PREFIX_SCORE = 0.8
LIKENESS_WEIGHT = 0.7

_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?", re.ASCII)


class RegionKind(StrEnum):
    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"


KIND_WORDS = {"kab": RegionKind.KABUPATEN} | {kind.value: kind for kind in RegionKind}


class MatchedOn(StrEnum):
    NAME = "name"
    SEAT = "seat"
    ALIAS = "alias"
    CODE = "code"


@dataclass(frozen=True)
class Region:
    """A province, kabupaten or kota. The coordinate is that of the seat, in degrees (WGS84)."""

    code: str
    name: str
    """Without the kind: "Kediri"."""
    kind: RegionKind
    province_code: str
    province: str
    seat: str
    latitude: float
    longitude: float
    time_zone: str
    """IANA name."""
    island_group: str
    """SM JW NU KA SL ML PP: Sumatera, Jawa, Nusa Tenggara, Kalimantan, Sulawesi, Maluku, Papua."""
    aliases: tuple[str, ...]
    geonames_id: str
    """Empty where the coordinate was put in by hand."""
    coordinate_source: str
    checked_on: str

    @property
    def is_province(self) -> bool:
        return self.kind is RegionKind.PROVINSI

    @property
    def full_name(self) -> str:
        """ "Kota Kediri"; a province goes by its name alone."""
        return self.name if self.is_province else f"{self.kind.capitalize()} {self.name}"

    @property
    def label(self) -> str:
        """ "Kota Kediri, Jawa Timur": the only form in which a person can tell namesakes apart."""
        return self.full_name if self.is_province else f"{self.full_name}, {self.province}"

    @property
    def zone_label(self) -> str:
        """WIB, WITA or WIT."""
        return zone_label(self.time_zone)

    def fields(self) -> dict[str, str | float]:
        """What the command line and the API tell about a region, in this order."""
        return {
            "code": self.code,
            "name": self.full_name,
            "kind": self.kind.value,
            "province_code": self.province_code,
            "province": self.province,
            "seat": self.seat,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "time_zone": self.time_zone,
            "zone_label": self.zone_label,
            "island_group": self.island_group,
        }


@dataclass(frozen=True)
class Match:
    """A region found by text; `score` in 0.28…1."""

    region: Region
    score: float
    matched_on: MatchedOn


@dataclass(frozen=True)
class Found:
    """The best matches, and whether there were more than asked for."""

    matches: tuple[Match, ...]
    more: bool


@dataclass(frozen=True)
class Listed:
    """The first regions of a list, and whether there were more."""

    regions: tuple[Region, ...]
    more: bool


def is_code(text: str) -> bool:
    """`NN` or `NN.NN`; says nothing about whether the region exists."""
    return _CODE.fullmatch(text) is not None


def read_regions(text: str) -> tuple[Region, ...]:
    """Regions from the text of `regions.csv`, in its order."""
    rows = list(csv.DictReader(io.StringIO(text)))
    provinces = {row["code"]: row["name"] for row in rows if row["kind"] == RegionKind.PROVINSI}
    return tuple(_region(row, provinces[row["province_code"]]) for row in rows)


def _region(row: dict[str, str], province: str) -> Region:
    return Region(
        code=row["code"],
        name=row["name"],
        kind=RegionKind(row["kind"]),
        province_code=row["province_code"],
        province=province,
        seat=row["seat"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        time_zone=row["time_zone"],
        island_group=row["island_group"],
        aliases=tuple(alias for alias in row["aliases"].split(ALIAS_SEPARATOR) if alias),
        geonames_id=row["geonames_id"],
        coordinate_source=row["coordinate_source"],
        checked_on=row["checked_on"],
    )


def fold(text: str) -> str:
    """Letters and digits only, small and without accents: "Toli-Toli " and "tolitoli" are one."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if letter.isalnum())


def trigrams(folded: str) -> frozenset[str]:
    """Runs of three letters, the word padded with two spaces before and one behind, as PostgreSQL's pg_trgm does."""
    padded = f"  {folded} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2)) if folded else frozenset()


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of trigrams two words have in common, 0…1."""
    return len(a & b) / len(a | b) if a or b else 0.0


@dataclass(frozen=True)
class Called:
    """One way a region is called, ready for comparing."""

    how: MatchedOn
    folded: str

    @cached_property
    def trigrams(self) -> frozenset[str]:
        return trigrams(self.folded)


@dataclass(frozen=True)
class Entry:
    """A region with every way it is called."""

    region: Region
    called: tuple[Called, ...]
    label: str
    """Folded."""


Index = tuple[Entry, ...]
Wanted = Callable[[Region], bool]


def make_index(regions: Iterable[Region]) -> Index:
    return tuple(Entry(region, tuple(_called(region)), fold(region.label)) for region in regions)


def _called(region: Region) -> Iterator[Called]:
    yield Called(MatchedOn.NAME, fold(region.name))
    yield Called(MatchedOn.SEAT, fold(region.seat))
    yield from (Called(MatchedOn.ALIAS, fold(alias)) for alias in region.aliases)


def search(index: Index, text: str, *, province: str | None = None, limit: int = 10) -> Found:
    """The regions `text` may mean, best first: by score, then kota, then code.

    Looks for the text as it stands (a code, a whole label, or exactly a name, seat or alias), and for what is left when
    its leading kind word and its trailing ", province" are taken as filters.
    """
    bare, kind, within = _take_filters(index, text)
    area = province or within

    def wanted(region: Region) -> bool:
        return kind in (None, region.kind) and area in (None, region.province_code)

    best = {match.region.code: match for match in _find_alike(index, bare, wanted)}
    whole = [match for match in _find_whole(index, text) if province in (None, match.region.province_code)]
    best |= {m.region.code: m for m in whole if m.score >= getattr(best.get(m.region.code), "score", 0)}
    ranked = sorted(best.values(), key=_rank)
    return Found(tuple(ranked[:limit]), len(ranked) > limit)


def _rank(match: Match) -> tuple[float, bool, str]:
    return -match.score, match.region.kind is not RegionKind.KOTA, match.region.code


def _take_filters(index: Index, text: str) -> tuple[str, RegionKind | None, str | None]:
    """The text without its filters (folded), the kind and the province code it asked for."""
    front, comma, back = text.rpartition(",")
    within = _province_called(index, back) if comma else None
    words = re.split(r"[\s.,]+", (front if within else text).strip(), maxsplit=1)
    kind = KIND_WORDS.get(words[0].casefold()) if len(words) > 1 and fold(words[1]) else None
    return fold(words[1] if kind else front if within else text), kind, within


def _province_called(index: Index, text: str) -> str | None:
    said = fold(text)
    return next((e.region.code for e in index if e.region.is_province and said in {c.folded for c in e.called}), None)


def _find_whole(index: Index, text: str) -> Iterator[Match]:
    code, said = text.strip(), fold(text)
    for entry in index if said else ():
        if entry.region.code == code:
            yield Match(entry.region, SCORE["code"], MatchedOn.CODE)
        elif entry.label == said:
            yield Match(entry.region, SCORE["name"], MatchedOn.NAME)
        elif exact := [called.how for called in entry.called if called.folded == said]:
            yield Match(entry.region, SCORE[exact[0]], exact[0])


def _find_alike(index: Index, said: str, wanted: Wanted) -> Iterator[Match]:
    parts = trigrams(said)
    for entry in index if said else ():
        if wanted(entry.region) and (match := _match(entry, said, parts)):
            yield match


def _match(entry: Entry, said: str, parts: frozenset[str]) -> Match | None:
    scored = [(_score(called, said, parts), called.how) for called in entry.called]
    score, how = max(scored, key=lambda pair: pair[0])  # of equals the first: name before seat before alias
    return Match(entry.region, round(score, 4), how) if score else None


def _score(called: Called, said: str, parts: frozenset[str]) -> float:
    if called.folded == said:
        return SCORE[called.how]
    if called.folded.startswith(said):
        return PREFIX_SCORE
    alike = likeness(called.trigrams, parts)
    return LIKENESS_WEIGHT * alike if alike >= LIKENESS_NEEDED else 0.0


def pick_nearest(regions: Sequence[Region], latitude: float, longitude: float) -> Region:
    """The region whose seat is nearest; of equally near ones the first. A guess: borders are not looked at."""
    far = distances_km(latitude, longitude, [r.latitude for r in regions], [r.longitude for r in regions])
    return regions[far.index(min(far))]


def pick_meant(found: Found, text: str) -> Region | None:
    """The one kabupaten or kota that `text` can only mean, or None: a homonym is never guessed.

    Certain are a code, a whole label ("Kota Kediri, Jawa Timur"), and a name that nothing else is called exactly.
    """
    exact = [match for match in found.matches if match.score >= SCORE["alias"] and not match.region.is_province]
    spelled = [m.region for m in exact if m.matched_on is MatchedOn.CODE or fold(m.region.label) == fold(text)]
    if spelled:
        return spelled[0]
    sure = len(exact) == 1 and exact[0].matched_on is MatchedOn.NAME
    return exact[0].region if sure else None


class Unclear(StrEnum):
    """Why a choice is not settled yet."""

    MISSING = "region_missing"
    NOT_FOUND = "region_not_found"
    PICK_MATCH = "region_ambiguous"
    PICK_IN_PROVINCE = "region_not_picked"


@dataclass(frozen=True)
class Choice:
    """Where somebody stands in choosing a kabupaten or kota: settled (`region`), or what to offer next."""

    text: str = ""
    """What stands in the text field; once settled, the region's label."""
    province: Region | None = None
    region: Region | None = None
    matches: tuple[Match, ...] = ()
    regions: tuple[Region, ...] = ()
    """The kabupaten and kota of `province`, to pick from."""
    provinces: tuple[Region, ...] = ()
    unclear: Unclear | None = None

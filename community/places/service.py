"""The gazetteer's door: a code gives a region; a name gives a list to choose from.

Nothing here is secret or changes, so nobody is asked who they are and nothing touches the database.
"""

from __future__ import annotations

from community.kit.i18n import N_, gettext
from community.places import queries, rules
from community.places.errors import LimitOutOfRange, PlaceUnclear, RegionCodeMalformed, RegionNotFound, SearchTooLong
from community.places.rules import Choice as Choice
from community.places.rules import Found, Listed, Match, Unclear
from community.places.rules import Region as Region

LONGEST_TEXT = 100
LONGEST_LIST = 100
OFFERED = 8
"""How many places a form offers for one text; more cannot be read on a phone."""

WORDS = {
    Unclear.MISSING: N_("Tulis nama kabupaten atau kota, misalnya Kediri, atau pilih provinsinya."),
    Unclear.NOT_FOUND: N_("Kami tidak menemukan “%(text)s”. Periksa ejaannya, atau pilih provinsinya."),
    Unclear.PICK_MATCH: N_("Pilih tempat yang Anda maksud."),
    Unclear.PICK_IN_PROVINCE: N_("Pilih kabupaten atau kota di %(province)s."),
}


def show(code: str) -> Region:
    """Raises RegionCodeMalformed, or RegionNotFound."""
    if not rules.is_code(code):
        raise RegionCodeMalformed
    region = queries.list_by_code().get(code)
    if region is None:
        raise RegionNotFound(code)
    return region


def search(text: str, province: str | None = None, limit: int = 10) -> Found:
    """The regions `text` may mean, best first; in `province` (its code) only, if given.

    Raises SearchTooLong, LimitOutOfRange, RegionCodeMalformed or RegionNotFound (the province).
    """
    if len(text) > LONGEST_TEXT:
        raise SearchTooLong(LONGEST_TEXT)
    if not 1 <= limit <= LONGEST_LIST:
        raise LimitOutOfRange(LONGEST_LIST)
    area = _show_province(province).code if province else None
    return rules.search(queries.list_called(), text, province=area, limit=limit)


def find(text: str, province: str | None = None, limit: int = 10) -> list[Match]:
    """`search` without saying whether there were more."""
    return list(search(text, province, limit).matches)


def nearest_region(latitude: float, longitude: float) -> Region:
    """The kabupaten or kota whose seat is nearest. A guess, to be marked as one: borders are not looked at."""
    return rules.pick_nearest(_districts(), latitude, longitude)


def all_regions() -> tuple[Region, ...]:
    """The 514 kabupaten and kota, by code."""
    return _districts()


def provinces() -> list[Region]:
    return [region for region in queries.list_regions() if region.is_province]


def regions_of(province_code: str) -> list[Region]:
    """The kabupaten and kota of a province, by code. Raises as `show` does."""
    province = _show_province(province_code)
    return [region for region in _districts() if region.province_code == province.code]


def list_within(province_code: str | None, limit: int) -> Listed:
    """The first regions of a province, or without one the first provinces. Raises as `search` does."""
    if not 1 <= limit <= LONGEST_LIST:
        raise LimitOutOfRange(LONGEST_LIST)
    regions = regions_of(province_code) if province_code else provinces()
    return Listed(tuple(regions[:limit]), len(regions) > limit)


def suggest(text: str) -> list[Region]:
    """The kabupaten and kota to offer while somebody types; for a text too long to be a name, none."""
    if len(text) > LONGEST_TEXT:
        return []
    found = rules.search(queries.list_called(), text, limit=OFFERED * 2)
    return [match.region for match in found.matches if not match.region.is_province][:OFFERED]


def zone_label(code: str) -> str:
    """WIB, WITA or WIT at the place with this code. Raises as `show` does."""
    return show(code).zone_label


def choose(text: str = "", code: str = "", province: str = "", seen: str | None = None) -> Choice:
    """Read a place field: settled, or what to offer next. Never raises on what a person can type.

    `seen` is the text the offered codes belonged to: a code counts only while that text still stands beside it, and
    only in the province picked, if one was. Without `seen` (an API, a prefilled form) the code alone counts.
    """
    text, area, region = text.strip()[:LONGEST_TEXT], _known_province(province), _known_district(code)
    stands = seen is None or text == seen.strip()
    elsewhere = region is not None and area is not None and region.province_code != area.code
    if region and stands and not elsewhere:
        return _settled(region)
    typed = "" if region and stands and elsewhere else text
    return _offer(typed, area)


def settle(choice: Choice, pointer: str = "/region_text") -> Region:
    """The region chosen. Raises PlaceUnclear with words for the field at `pointer`."""
    if choice.region is None:
        raise PlaceUnclear(pointer, choice.unclear or Unclear.MISSING, words(choice))
    return choice.region


def words(choice: Choice) -> str:
    """What to do next, for the person choosing; empty once settled."""
    if choice.unclear is None:
        return ""
    province = choice.province.full_name if choice.province else ""
    return gettext(WORDS[choice.unclear]) % {"text": choice.text, "province": province}


def _offer(text: str, province: Region | None) -> Choice:
    index = queries.list_called()
    found = rules.search(index, text, province=province.code if province else None, limit=len(index))
    found = found if found.matches or not province else rules.search(index, text, limit=len(index))
    if meant := rules.pick_meant(found, text):
        return _settled(meant)
    matches = tuple(match for match in found.matches if not match.region.is_province)[:OFFERED]
    if matches:
        return Choice(text, province, None, matches, (), tuple(provinces()), Unclear.PICK_MATCH)
    if province:
        inside = tuple(regions_of(province.code))
        return Choice(text, province, None, (), inside, tuple(provinces()), Unclear.PICK_IN_PROVINCE)
    unclear = Unclear.NOT_FOUND if text else Unclear.MISSING
    return Choice(text, None, None, (), (), tuple(provinces()), unclear)


def _settled(region: Region) -> Choice:
    return Choice(region.label, None, region, (), (), tuple(provinces()))


def _districts() -> tuple[Region, ...]:
    return tuple(region for region in queries.list_regions() if not region.is_province)


def _show_province(code: str) -> Region:
    region = show(code)
    if not region.is_province:
        raise RegionCodeMalformed("/province")
    return region


def _known_province(code: str) -> Region | None:
    region = queries.list_by_code().get(code.strip())
    return region if region and region.is_province else None


def _known_district(code: str) -> Region | None:
    region = queries.list_by_code().get(code.strip())
    return None if region is None or region.is_province else region

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.places.queries import list_called, list_regions
from community.places.rules import (
    LIKENESS_NEEDED,
    MatchedOn,
    Region,
    RegionKind,
    fold,
    is_code,
    likeness,
    make_index,
    pick_meant,
    pick_nearest,
    read_regions,
    search,
    trigrams,
)

REGIONS = list_regions()
DISTRICTS = [region for region in REGIONS if not region.is_province]
BY_CODE = {region.code: region for region in REGIONS}

regions = st.sampled_from(REGIONS)
districts = st.sampled_from(DISTRICTS)
words = st.text(max_size=20)

HEADER = (
    "code,name,kind,province_code,seat,latitude,longitude,time_zone,island_group,aliases,geonames_id,"
    "coordinate_source,checked_on\n"
)


def found(text: str, **options: object) -> list[tuple[str, float, str]]:
    matches = search(list_called(), text, **options).matches  # type: ignore[arg-type]
    return [(match.region.code, match.score, match.matched_on.value) for match in matches]


def codes(text: str, **options: object) -> list[str]:
    return [code for code, _, _ in found(text, **options)]


def test_a_region_knows_its_names_its_province_and_its_clock():
    kediri = BY_CODE["35.71"]

    assert (kediri.name, kediri.full_name, kediri.label) == ("Kediri", "Kota Kediri", "Kota Kediri, Jawa Timur")
    assert (kediri.province, kediri.zone_label, kediri.kind) == ("Jawa Timur", "WIB", RegionKind.KOTA)


def test_a_province_goes_by_its_name_alone():
    assert BY_CODE["35"].full_name == BY_CODE["35"].label == "Jawa Timur"


def test_regions_are_read_from_the_text_of_the_file():
    row = "35.71,Kediri,kota,35,Kediri,-7.8167,112.0167,Asia/Jakarta,JW,Kota Tahu;Daha,1640660,GeoNames,2026-11-21\n"
    province = "35,Jawa Timur,provinsi,35,Surabaya,-7.2492,112.7508,Asia/Jakarta,JW,,1625822,GeoNames,2026-11-21\n"

    east_java, kediri = read_regions(HEADER + province + row)

    assert (east_java.aliases, kediri.aliases) == ((), ("Kota Tahu", "Daha"))
    assert (kediri.latitude, kediri.longitude, kediri.province) == (-7.8167, 112.0167, "Jawa Timur")


@pytest.mark.parametrize("text", ["35", "35.71"])
def test_codes_have_two_digits_or_two_and_two(text):
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "3", "357", "3571", "35.7", "35.711", "35-71", " 35", "35.71\n", "٣٥", "35.a1"])
def test_anything_else_is_no_code(text):
    assert not is_code(text)


@pytest.mark.parametrize("text", ["Toli-Toli", " toli toli ", "TOLITOLI", "tóli·tòli"])
def test_case_accents_punctuation_and_blanks_do_not_matter(text):
    assert fold(text) == "tolitoli"


@given(words)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_trigrams_are_those_of_pg_trgm():
    assert trigrams("kota") == {"  k", " ko", "kot", "ota", "ta "}
    assert trigrams("") == frozenset()


def test_word_and_words_share_four_of_seven_trigrams():
    assert likeness(trigrams("word"), trigrams("words")) == pytest.approx(4 / 7)


@given(words, words)
def test_likeness_is_symmetric_and_a_share(a, b):
    left, right = trigrams(fold(a)), trigrams(fold(b))

    assert likeness(left, right) == likeness(right, left)
    assert 0 <= likeness(left, right) <= 1


@given(words)
def test_a_word_is_wholly_like_itself(text):
    parts = trigrams(fold(text))

    assert likeness(parts, parts) == (1 if parts else 0)


def test_a_name_scores_one_and_the_kota_stands_before_its_namesake():
    assert found("Kediri")[:2] == [("35.71", 1.0, "name"), ("35.06", 1.0, "name")]


def test_a_seat_scores_below_a_name_and_an_alias_below_a_seat():
    assert ("35.07", 0.95, "seat") in found("Kepanjen")
    assert found("Solo")[0] == ("33.72", 0.9, "alias")
    assert found("Palu")[0] == ("72.71", 1.0, "name")


def test_the_beginning_of_a_name_scores_eight_tenths():
    assert ("35.78", 0.8, "name") in found("Surab")


def test_a_misspelling_scores_by_its_trigrams():
    code, score, how = found("Surabya")[0]
    alike = likeness(trigrams("surabya"), trigrams("surabaya"))

    assert (code, how) == ("35.78", "name")
    assert score == round(0.7 * alike, 4)
    assert alike >= LIKENESS_NEEDED


def test_what_is_like_nothing_finds_nothing():
    assert found("xyzzyx") == []


@pytest.mark.parametrize("text", ["", "   ", "—", "\x00", "…!?"])
def test_without_letters_nothing_is_found(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["kota Kediri", "Kota  kediri", "KOTA KEDIRI"])
def test_a_leading_kota_asks_for_a_kota(text):
    assert found(text)[0] == ("35.71", 1.0, "name")
    assert "35.06" not in codes(text, limit=600)


@pytest.mark.parametrize("text", ["kab Kediri", "Kab. Kediri", "kabupaten kediri", "kab.kediri"])
def test_a_leading_kabupaten_in_any_spelling_asks_for_a_kabupaten(text):
    assert found(text)[0] == ("35.06", 1.0, "name")
    assert "35.71" not in codes(text, limit=600)


def test_a_leading_provinsi_asks_for_a_province():
    assert codes("provinsi Gorontalo", limit=600)[0] == "75"
    assert all(len(code) == 2 for code in codes("provinsi Gorontalo", limit=600))


@pytest.mark.parametrize(
    ("text", "code"), [("Kotamobagu", "71.74"), ("Kotabaru", "63.02"), ("Kotabumi", "18.03"), ("Kota Agung", "18.06")]
)
def test_a_name_that_begins_with_kota_is_not_cut(text, code):
    assert codes(text)[0] == code


def test_the_word_kota_alone_is_a_text_like_any_other():
    assert "71.74" in codes("Kota", limit=600)


def test_a_province_behind_a_comma_narrows_the_search():
    assert codes("Banjar, Jawa Barat")[0] == "32.79"
    assert codes("Banjar, Kalsel")[0] == "63.03"
    assert all(code.startswith("63") for code in codes("Banjar, Kalsel", limit=600))


def test_a_given_province_narrows_the_search():
    assert codes("Banjar", province="63")[0] == "63.03"
    assert all(code.startswith("63") for code in codes("Banjar", province="63", limit=600))
    assert codes("35.71", province="63") == []


def test_a_code_finds_its_region():
    assert found("35.71")[0] == ("35.71", 1.0, "code")
    assert found(" 35 ")[0] == ("35", 1.0, "code")


@given(districts)
def test_every_label_finds_its_region_first_and_means_it(region):
    result = search(list_called(), region.label)

    assert result.matches[0].region == region
    assert pick_meant(result, region.label) == region


@given(regions)
def test_every_name_finds_its_region_with_the_full_score(region):
    assert (region.code, 1.0, "name") in found(region.name, limit=20)


@given(words, st.integers(1, 30))
def test_the_list_is_ordered_whole_and_says_when_there_is_more(text, limit):
    result = search(list_called(), text, limit=limit)
    everything = search(list_called(), text, limit=600)
    scores = [match.score for match in result.matches]

    assert result.matches == everything.matches[:limit]
    assert result.more == (len(everything.matches) > limit)
    assert scores == sorted(scores, reverse=True)
    assert all(0.28 <= score <= 1 for score in scores)


@given(words)
def test_the_order_of_the_file_does_not_matter(text):
    shuffled = make_index(reversed(REGIONS))

    assert search(shuffled, text, limit=50) == search(list_called(), text, limit=50)


@pytest.mark.parametrize("text", ["Kediri", "Banjar", "Martapura", "Gorontalo", "Sukadana", "Tebing Tinggi"])
def test_a_homonym_is_never_guessed(text):
    assert pick_meant(search(list_called(), text, limit=600), text) is None


def test_none_of_the_kota_with_a_namesake_is_meant_by_its_bare_name():
    kabupaten = {region.name for region in DISTRICTS if region.kind is RegionKind.KABUPATEN}
    namesakes = [region for region in DISTRICTS if region.kind is RegionKind.KOTA and region.name in kabupaten]

    assert len(namesakes) == 26
    for region in namesakes:
        assert pick_meant(search(list_called(), region.name, limit=600), region.name) is None


@pytest.mark.parametrize(
    ("text", "code"), [("Jember", "35.09"), ("Kota Kediri", "35.71"), ("35.06", "35.06"), ("Kab. Banjar", "63.03")]
)
def test_what_can_only_mean_one_place_is_taken(text, code):
    meant = pick_meant(search(list_called(), text, limit=600), text)

    assert meant is not None
    assert meant.code == code


@pytest.mark.parametrize("text", ["Solo", "Surabya", "Jawa Timur", "35", ""])
def test_an_alias_a_misspelling_a_province_and_nothing_are_never_taken(text):
    assert pick_meant(search(list_called(), text, limit=600), text) is None


@given(districts)
def test_a_seat_is_nearest_to_itself(region: Region):
    assert pick_nearest(DISTRICTS, region.latitude, region.longitude) == region


def test_a_point_in_a_town_belongs_to_the_nearest_seat():
    assert pick_nearest(DISTRICTS, -7.80, 110.37).code == "34.71"


def test_matched_on_is_one_of_the_words_of_the_contract():
    assert {how.value for how in MatchedOn} == {"name", "seat", "alias", "code"}

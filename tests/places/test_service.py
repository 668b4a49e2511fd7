from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.errors import InvalidInput, NotFound
from community.kit.i18n import use_locale
from community.places import service
from community.places.errors import PlaceUnclear, RegionNotFound
from community.places.rules import Unclear

typed = st.text(max_size=130)


def test_a_code_shows_its_region():
    assert service.show("35.71").label == "Kota Kediri, Jawa Timur"
    assert service.show("35").label == "Jawa Timur"


@pytest.mark.parametrize("code", ["99", "35.70", "96.99", "00.00"])
def test_an_unknown_code_is_not_found(code):
    with pytest.raises(RegionNotFound) as refused:
        service.show(code)

    assert isinstance(refused.value, NotFound)


@pytest.mark.parametrize("code", ["", "3571", "35.7", "kediri", "35.71 ", "35.71\n", "../35", "٣٥.٧١", "35.71; drop"])
def test_a_malformed_code_is_invalid_input_and_says_how_a_code_looks(code):
    with pytest.raises(InvalidInput) as refused:
        service.show(code)

    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/code", "region_code_malformed")]
    assert "35.71" in refused.value.errors[0].detail


def test_everything_is_there_once():
    assert len(service.provinces()) == 38
    assert len(service.all_regions()) == 514
    assert sum(len(service.regions_of(province.code)) for province in service.provinces()) == 514


def test_the_regions_of_a_province_come_by_code():
    assert [r.full_name for r in service.regions_of("34")][:2] == ["Kabupaten Kulon Progo", "Kabupaten Bantul"]
    assert service.regions_of("34")[-1].full_name == "Kota Yogyakarta"


@pytest.mark.parametrize("code", ["35.71", "3", "jatim"])
def test_only_a_province_has_regions(code):
    with pytest.raises(InvalidInput):
        service.regions_of(code)


def test_every_time_zone_is_one_python_knows_and_has_an_indonesian_name():
    for region in service.all_regions():
        assert ZoneInfo(region.time_zone)
        assert region.zone_label in ("WIB", "WITA", "WIT")


@pytest.mark.parametrize(("code", "label"), [("11.71", "WIB"), ("61.71", "WIB"), ("64.71", "WITA"), ("91.71", "WIT")])
def test_the_zone_of_a_place_by_its_code(code, label):
    assert service.zone_label(code) == label


def test_find_gives_the_list_of_search():
    found = service.search("Kediri", limit=2)

    assert service.find("Kediri", limit=2) == list(found.matches)
    assert [match.region.code for match in found.matches] == ["35.71", "35.06"]
    assert service.search("Kediri", limit=1).more
    assert not service.search("Kediri", limit=2).more


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_limit_out_of_range_is_refused(limit):
    with pytest.raises(InvalidInput):
        service.search("Kediri", limit=limit)


def test_a_text_longer_than_any_name_is_refused():
    with pytest.raises(InvalidInput):
        service.search("k" * 101)


def test_an_unknown_province_is_not_found_and_a_malformed_one_invalid():
    with pytest.raises(NotFound):
        service.search("Kediri", province="99")
    with pytest.raises(InvalidInput):
        service.search("Kediri", province="Jatim")


@given(typed, st.sampled_from(["", "35", "99", "zz"]), st.integers(-3, 120))
def test_no_search_does_anything_but_answer_or_refuse(text, province, limit):
    try:
        found = service.search(text, province, limit)
    except (InvalidInput, NotFound):
        return

    assert len(found.matches) <= limit


def test_the_nearest_region_is_a_kabupaten_or_kota():
    assert service.nearest_region(-6.2, 106.83).province_code == "31"
    assert not service.nearest_region(0.0, 0.0).is_province


def test_suggestions_are_kabupaten_and_kota_only_and_few():
    offered = service.suggest("jawa")

    assert all(not region.is_province for region in offered)
    assert len(service.suggest("kota a")) <= service.OFFERED
    assert service.suggest("x" * 101) == []


def test_nothing_typed_asks_for_a_name():
    choice = service.choose()

    assert (choice.region, choice.unclear, len(choice.provinces)) == (None, Unclear.MISSING, 38)
    assert "Kediri" in service.words(choice)


def test_a_homonym_is_offered_and_not_guessed():
    choice = service.choose(text="Kediri")

    assert choice.region is None
    assert [match.region.label for match in choice.matches][:2] == [
        "Kota Kediri, Jawa Timur",
        "Kabupaten Kediri, Jawa Timur",
    ]
    assert choice.unclear is Unclear.PICK_MATCH


def test_the_place_picked_from_the_offer_is_taken():
    choice = service.choose(text="Kediri", code="35.06", seen="Kediri")

    assert choice.region == service.show("35.06")
    assert choice.text == "Kabupaten Kediri, Jawa Timur"


def test_a_code_offered_for_another_text_does_not_count():
    choice = service.choose(text="Banjar", code="35.06", seen="Kediri")

    assert choice.region is None
    assert {"32.79", "63.03"} <= {match.region.code for match in choice.matches}


@pytest.mark.parametrize("text", ["Jember", "kota kediri", "Kabupaten Banjar, Kalimantan Selatan", "35.71"])
def test_what_can_only_mean_one_place_is_settled_at_once(text):
    assert service.choose(text=text).region is not None


def test_an_alias_is_offered_for_confirmation():
    choice = service.choose(text="Solo")

    assert choice.region is None
    assert choice.matches[0].region.label == "Kota Surakarta, Jawa Tengah"


def test_a_misspelling_is_offered():
    assert service.choose(text="Surabya").matches[0].region.code == "35.78"


def test_what_is_like_nothing_says_so_in_the_words_typed():
    choice = service.choose(text="Xyzzyx")

    assert (choice.unclear, choice.matches) == (Unclear.NOT_FOUND, ())
    assert "“Xyzzyx”" in service.words(choice)


def test_a_province_alone_leads_to_its_kabupaten_and_kota():
    choice = service.choose(province="34")

    assert choice.unclear is Unclear.PICK_IN_PROVINCE
    assert [region.code for region in choice.regions] == ["34.01", "34.02", "34.03", "34.04", "34.71"]
    assert "Daerah Istimewa Yogyakarta" in service.words(choice)


def test_the_place_picked_in_a_province_is_taken():
    assert service.choose(code="34.71", province="34", seen="").region == service.show("34.71")


def test_a_province_narrows_what_is_offered_for_a_text():
    assert service.choose(text="Banjar", province="63").region == service.show("63.03")


def test_a_text_not_in_the_province_is_looked_for_everywhere():
    choice = service.choose(text="Solo", province="91")

    assert choice.matches[0].region.code == "33.72"


def test_another_province_picked_over_a_settled_place_opens_that_province():
    settled = service.choose(code="35.71")

    choice = service.choose(text=settled.text, code="35.71", province="34", seen=settled.text)

    assert choice.region is None
    assert choice.regions == tuple(service.regions_of("34"))


@pytest.mark.parametrize("code", ["35", "99.99", "x", "35.71'"])
def test_a_code_that_is_no_kabupaten_or_kota_is_as_good_as_none(code):
    assert service.choose(code=code).unclear is Unclear.MISSING


def test_what_a_settled_field_shows_settles_again_unchanged():
    for region in service.all_regions():
        settled = service.choose(code=region.code)
        assert service.choose(settled.text, region.code, "", settled.text) == settled
        assert service.choose(settled.text) == settled


@given(typed, typed, typed, st.none() | typed)
def test_choosing_never_fails_and_is_settled_or_says_what_to_do(text, code, province, seen):
    choice = service.choose(text, code, province, seen)

    assert (choice.region is None) == bool(service.words(choice))


def test_a_settled_choice_gives_its_region():
    assert service.settle(service.choose(code="35.71")).code == "35.71"


def test_an_open_choice_is_refused_at_its_field_with_what_to_do():
    with pytest.raises(PlaceUnclear) as refused:
        service.settle(service.choose(text="Kediri"), "/home_text")

    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/home_text", "region_ambiguous")]
    assert refused.value.errors[0].detail == "Pilih tempat yang Anda maksud."


def test_words_without_a_catalogue_entry_keep_their_placeholders_filled():
    with use_locale("en"):
        assert "Xyzzyx" in service.words(service.choose(text="Xyzzyx"))

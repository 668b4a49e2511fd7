"""The one answer to "was this meant?": order, origins, tokens, stamps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.crypto import to_text
from community.kit.csrf import Asked, Verdict, check, new_stamp, new_token, origin_of, stamp_fits, token_fits
from community.kit.ids import uuid7

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BASE = "https://ranger.example"
ROUTE, THING = "/events/{code}/rsvp", "AAAA2222"
SAME = {"sec-fetch-site": "same-origin"}
ALICE, BOB = uuid7(), uuid7()


def anonymous(stamp_age: float = 10, **changes: object) -> Asked:
    stamp = new_stamp(ROUTE, THING, now=NOW - timedelta(seconds=stamp_age))
    asked = Asked("POST", "/events/AAAA2222/rsvp", ROUTE, THING, SAME, {"_stamp": stamp}, None)
    return replace(asked, **changes)  # type: ignore[arg-type]


def signed_in(token: str | None = None, **changes: object) -> Asked:
    form = {"_csrf": new_token(ALICE) if token is None else token}
    return replace(anonymous(), form=form, sign_in_id=ALICE, **changes)  # type: ignore[arg-type]


def verdict(asked: Asked) -> Verdict:
    return check(asked, base_url=BASE, now=NOW)


def test_a_form_of_ours_passes_signed_in_or_not() -> None:
    assert (verdict(anonymous()), verdict(signed_in())) == (Verdict.OK, Verdict.OK)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_needs_no_proof(method: str) -> None:
    assert verdict(anonymous(method=method, headers={}, form={})) is Verdict.OK


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY", "post"])
def test_every_other_method_does(method: str) -> None:
    assert verdict(anonymous(method=method, headers={}, form={})) is Verdict.REFUSED


def test_the_api_is_left_to_its_bearer_token() -> None:
    assert verdict(anonymous(path="/api/v1/events", headers={}, form={})) is Verdict.OK


def test_a_page_that_only_looks_like_the_api_is_not_let_through() -> None:
    assert verdict(anonymous(path="/apiary", headers={}, form={})) is Verdict.REFUSED


def test_the_one_exemption() -> None:
    assert verdict(anonymous(exempt=True, headers={}, form={})) is Verdict.OK


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "same-origin, cross-site"},
        {"sec-fetch-site": "cross-site", "origin": BASE},
        {},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://ranger.example.evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "http://ranger.example"},
        {"origin": "https://ranger.example:8443"},
        {"origin": "https://sub.ranger.example"},
        {"origin": "https://ranger.example@evil.example"},
        {"origin": "https://evil@ranger.example"},
        {"origin": "//ranger.example"},
        {"origin": "https://ranger.example:notaport"},
        {"origin": "https://[ranger.example"},
        {"referer": BASE},
    ],
)
@pytest.mark.parametrize("asked", [anonymous(), signed_in()], ids=["anonymous", "signed in"])
def test_another_site_is_refused_even_with_a_good_token(headers: dict[str, str], asked: Asked) -> None:
    assert verdict(replace(asked, headers=headers)) is Verdict.REFUSED


@pytest.mark.parametrize("origin", [BASE, "https://RANGER.example", "https://ranger.example:443"])
def test_an_older_browser_passes_by_its_origin(origin: str) -> None:
    assert verdict(signed_in(headers={"origin": origin})) is Verdict.OK


def test_a_base_url_without_origin_matches_nothing() -> None:
    assert check(signed_in(headers={"origin": "null"}), base_url="null", now=NOW) is Verdict.REFUSED


MADE_UP = ["", "x", "ä", new_token(BOB), new_token(ALICE)[:-2], new_token(ALICE) + "AA"]


@pytest.mark.parametrize("token", MADE_UP, ids=["empty", "letter", "umlaut", "of Bob", "cut", "longer"])
def test_a_token_of_nobody_or_of_somebody_else_is_stale(token: str) -> None:
    assert verdict(signed_in(token)) is Verdict.STALE


def test_the_header_serves_scripts() -> None:
    asked = replace(signed_in(), form={}, headers=SAME | {"x-csrf-token": new_token(ALICE)})

    assert verdict(asked) is Verdict.OK


def test_a_stamp_does_not_stand_in_for_the_token() -> None:
    assert verdict(anonymous(sign_in_id=ALICE)) is Verdict.STALE


def test_a_token_does_not_stand_in_for_the_stamp() -> None:
    assert verdict(replace(signed_in(), sign_in_id=None)) is Verdict.STALE


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (-60, Verdict.STALE),
        (0, Verdict.STALE),
        (2, Verdict.STALE),
        (3, Verdict.OK),
        (86_400, Verdict.OK),
        (86_401, Verdict.STALE),
    ],
)
def test_a_stamp_counts_from_three_seconds_to_a_day(age: int, expected: Verdict) -> None:
    assert verdict(anonymous(age)) is expected


def test_the_holder_of_a_link_need_not_wait_but_not_for_ever() -> None:
    assert verdict(anonymous(0, link_holder=True)) is Verdict.OK
    assert verdict(anonymous(86_401, link_holder=True)) is Verdict.STALE
    assert verdict(anonymous(-1, link_holder=True)) is Verdict.STALE


@pytest.mark.parametrize("changes", [{"thing": "BBBB3333"}, {"route": "/sign-in"}])
def test_a_stamp_is_for_one_form_and_one_thing(changes: dict[str, str]) -> None:
    assert verdict(anonymous(**changes)) is Verdict.STALE


@pytest.mark.parametrize("stamp", ["", ".", "1.", ".x", "1763866800", "²³.x", "9" * 30 + ".x", "1763866800.ä", "-5.x"])
def test_a_made_up_stamp_is_stale(stamp: str) -> None:
    assert verdict(anonymous(form={"_stamp": stamp})) is Verdict.STALE


def test_a_moved_second_breaks_the_stamp() -> None:
    second, _, mark = new_stamp(ROUTE, THING, now=NOW).partition(".")

    assert not stamp_fits(f"{int(second) - 60}.{mark}", ROUTE, THING, now=NOW, min_seconds=0)


def test_route_and_thing_cannot_be_shifted_into_one_another() -> None:
    stamp = new_stamp("/a", "b", now=NOW)

    assert not stamp_fits(stamp, "/ab", "", now=NOW, min_seconds=0)


def test_no_two_pages_carry_the_same_bytes() -> None:
    assert len({new_token(ALICE) for _ in range(50)}) == 50


@given(st.text(max_size=200))
def test_no_text_raises_or_passes(text: str) -> None:
    assert not token_fits(text, ALICE)
    assert not stamp_fits(text, ROUTE, THING, now=NOW)


@given(st.binary(max_size=100), st.uuids())
def test_no_bytes_pass(raw: bytes, sign_in_id: UUID) -> None:
    assert not token_fits(to_text(raw), sign_in_id)


@given(st.uuids())
def test_a_token_fits_its_own_sign_in_only(sign_in_id: UUID) -> None:
    token = new_token(sign_in_id)

    assert token_fits(token, sign_in_id)
    assert not token_fits(token, uuid4())


@given(st.text(max_size=60))
def test_no_origin_raises(text: str) -> None:
    found = origin_of(text)

    assert found is None or len(found) == 3

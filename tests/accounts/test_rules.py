"""Lives of sign-ins, passwords, paths back, tokens: without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.accounts.rules import passwords, paths, people, rights, signing
from community.kit.viewer import Grant

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CHAPTER, OTHER = UUID(int=1), UUID(int=2)
RANGER, HQ, ADMIN = Grant("ranger", CHAPTER), Grant("hq"), Grant("administrator")

TEMPLATES = [
    "/",
    "/me",
    "/events",
    "/events/{code}",
    "/events/{code}/people",
    "/chapters/{slug}",
    "/sign-in/link/{token}",
]

HOSTILE = [
    "//x.example", "///x.example", "////x", "/\\x.example", "\\/x.example", "\\\\x.example", "/\t/x.example",
    "%09//x.example", "/%09/x.example", "/%2f/x.example", "/%2Fx.example", "/%5cx.example", "%2f%2fx.example",
    "http://x.example", "https://x.example", "https:x.example", "https:/x.example", "HTTPS://x.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://x.example",
    "mailto:a@x.example",
    "/events/../../x", "/./me", "/..", "/events/..", "/me/", "/me?next=//x.example", "/me#//x.example", "/me;x",
    "/@x.example", "@x.example", "x.example", " /me", "/me ", "\r\n/me", "/me\r\nSet-Cookie: a=b", "/\u2028me",
    "/\u3000me", "/me\x00", "//[::1]/me", "/unknown", "/events/AAAA2222/unknown", "/ｍｅ", "", "?", "#",
    "/" + "a" * 400,
]  # fmt: skip


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_hostile_way_back_leads_home(wanted: str) -> None:
    assert paths.local_path(wanted, TEMPLATES) == "/"


@pytest.mark.parametrize(
    "wanted", ["/", "/me", "/events", "/events/AAAA2222", "/events/AAAA2222/people", "/chapters/yk-1"]
)
def test_a_page_of_ours_is_where_one_is_led_back_to(wanted: str) -> None:
    assert paths.local_path(wanted, TEMPLATES) == wanted


@given(st.text(max_size=80))
def test_no_text_leads_elsewhere(wanted: str) -> None:
    found = paths.local_path(wanted, TEMPLATES)

    assert found in {wanted, "/"}
    assert found.startswith("/")
    assert not found.startswith("//")


def test_there_are_at_least_forty_hostile_ways() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize(
    ("roles", "idle", "absolute"),
    [
        (set(), timedelta(days=14), timedelta(days=60)),
        ({RANGER}, timedelta(days=14), timedelta(days=60)),
        ({RANGER, HQ}, timedelta(hours=8), timedelta(hours=24)),
        ({HQ, ADMIN}, timedelta(minutes=30), timedelta(hours=8)),
        ({Grant("officer", CHAPTER)}, timedelta(minutes=30), timedelta(hours=8)),
        ({Grant("partner")}, timedelta(hours=8), timedelta(hours=24)),
    ],
)
def test_the_more_one_may_the_shorter_a_sign_in_lives(roles: set[Grant], idle: timedelta, absolute: timedelta) -> None:
    assert signing.life_of(roles) == signing.Life(idle, absolute)


@pytest.mark.parametrize(
    ("created", "seen", "expires", "over"),
    [
        (timedelta(days=1), timedelta(days=1), timedelta(days=59), False),
        (timedelta(days=59), timedelta(hours=1), timedelta(days=1), False),
        (timedelta(days=60), timedelta(hours=1), timedelta(days=1), True),
        (timedelta(days=20), timedelta(days=14), timedelta(days=40), True),
        (timedelta(days=1), timedelta(hours=1), timedelta(0), True),
    ],
)
def test_a_sign_in_ends_by_idleness_age_or_date(
    created: timedelta, seen: timedelta, expires: timedelta, over: bool
) -> None:
    ended = signing.is_over(
        signing.USUAL, created_at=NOW - created, last_seen_at=NOW - seen, expires_at=NOW + expires, now=NOW
    )

    assert ended is over


def test_a_mailed_link_proves_a_ranger_but_not_headquarters() -> None:
    assert signing.first_proof("link", {RANGER}, NOW) == NOW
    assert signing.first_proof("password", {HQ}, NOW) == NOW
    assert signing.first_proof("link", {RANGER, HQ}, NOW) < NOW - timedelta(days=365)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("pendek123", "too_short"),
        ("a" * 129, "too_long"),
        ("password123", "too_common"),
        ("PASSWORD123", "too_common"),
        ("Indonesia1945", "too_common"),
        ("1234567890", "too_common"),
        ("qwertyuiop", "too_common"),
        ("aaaaaaaaaaaa", "too_common"),
        ("ababababab", "too_common"),
        ("pelapak kopdar pagi", None),
        ("kuda benar baterai", None),
        ("kĳ€" * 5, None),
    ],
)
def test_length_counts_and_the_common_are_refused(password: str, why: str | None) -> None:
    assert passwords.refuse(passwords.normal(password)) == why


def test_ten_thousand_common_ones_are_known_all_of_a_length_we_would_take() -> None:
    known = passwords.common()

    assert len(known) >= 10_000
    assert min(map(len, known)) == passwords.LEAST
    assert all(word == word.casefold() for word in known)


def test_two_keyboards_give_the_same_password() -> None:
    assert passwords.normal("ｋａｔａ sandi café") == passwords.normal("kata sandi cafe\u0301")


def test_a_token_keeps_to_its_chapter_or_to_the_network() -> None:
    held = {RANGER, Grant("ranger", OTHER), HQ}

    assert rights.token_grants(held, chapter_id=CHAPTER, scopes=["read", "write"]) == {RANGER}
    assert rights.token_grants(held, chapter_id=None, scopes=["read"]) == set()
    assert rights.token_grants(held, chapter_id=None, scopes=["network"]) == {HQ}


@pytest.mark.parametrize(
    ("token", "prefix"),
    [
        ("rgr_ABCD2345_" + "x" * 43, "ABCD2345"),
        ("rgr_ABCD2345_" + "x_-" * 14 + "x", "ABCD2345"),
        ("rgr_ABCD2345_" + "x" * 42, None),
        ("rgr_ABCD234_" + "x" * 43, None),
        ("xyz_ABCD2345_" + "x" * 43, None),
        ("rgr_ABCD2345_" + "ä" * 43, None),
        ("", None),
    ],
)
def test_a_token_is_known_by_its_shape(token: str, prefix: str | None) -> None:
    assert rights.token_prefix(token) == prefix


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", "Firefox, Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_roughly(agent: str, label: str) -> None:
    assert people.device_label(agent) == label

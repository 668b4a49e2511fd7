"""Headers on every answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.headers import ALWAYS, security_headers

IMMUTABLE = "public, max-age=31536000, immutable"


@given(st.booleans(), st.integers(100, 599), st.booleans(), st.booleans(), st.booleans())
def test_every_answer_carries_the_whole_set(
    https: bool, status: int, signed_in: bool, link_page: bool, static: bool
) -> None:
    headers = security_headers(https=https, status=status, signed_in=signed_in, link_page=link_page, static=static)

    assert ALWAYS.items() <= headers.items()
    assert ("strict-transport-security" in headers) is https
    assert headers["cache-control"]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": 200, "signed_in": True, "link_page": False},
        {"status": 200, "signed_in": False, "link_page": True},
        {"status": 404, "signed_in": False, "link_page": False},
        {"status": 500, "signed_in": False, "link_page": False, "static": True},
    ],
)
def test_what_is_private_is_stored_nowhere_whatever_the_handler_said(facts: dict[str, int]) -> None:
    assert security_headers(https=True, given=IMMUTABLE, **facts)["cache-control"] == "no-store"  # type: ignore[arg-type]


def test_an_asset_is_kept_also_by_the_signed_in() -> None:
    headers = security_headers(https=True, status=200, signed_in=True, link_page=False, static=True, given=IMMUTABLE)

    assert headers["cache-control"] == IMMUTABLE


def test_a_public_page_is_looked_at_afresh() -> None:
    assert security_headers(https=False, status=200, signed_in=False, link_page=False)["cache-control"] == "no-cache"


def test_nothing_inline_is_allowed_to_run() -> None:
    policy = ALWAYS["content-security-policy"]

    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "default-src 'none'" in policy
    assert "no-referrer" not in ALWAYS["referrer-policy"]

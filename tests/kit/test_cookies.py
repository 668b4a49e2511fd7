"""The sign-in cookie: bound to this very host on https, plain on a loopback name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from community.kit import cookies
from community.kit.settings import settings


def encoded(base_url: str, monkeypatch: pytest.MonkeyPatch, *, gone: bool = False) -> list[str]:
    there = replace(settings(), base_url=base_url)
    monkeypatch.setattr(cookies, "settings", lambda: there)
    cookie = cookies.no_cookie() if gone else cookies.sign_in_cookie("t" * 43)
    return cookie.to_encoded_header()[1].decode().split("; ")


def test_on_https_it_is_bound_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = encoded("https://ranger.example", monkeypatch)

    assert parts[0] == "__Host-sid=" + "t" * 43
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=5184000"} <= set(parts)
    assert not any(part.startswith("Domain") for part in parts)


def test_on_a_loopback_name_it_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = encoded("http://127.0.0.1:8000", monkeypatch)

    assert parts[0] == "sid=" + "t" * 43
    assert "Secure" not in parts
    assert "HttpOnly" in parts


def test_clearing_it_uses_the_same_name_and_path(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = encoded("https://ranger.example", monkeypatch, gone=True)

    assert parts[0].startswith("__Host-sid=")
    assert "t" * 43 not in parts[0]
    assert {"Max-Age=0", "Path=/", "Secure"} <= set(parts)

"""The one cookie that says who is signed in: made by the server only, replaced, never adopted."""

from __future__ import annotations

from contextvars import ContextVar

from litestar.datastructures import Cookie

from community.kit.settings import settings

PLAIN, SECURE = "sid", "__Host-sid"
KEEP_SECONDS = 60 * 24 * 3600  # the longest life of any sign-in; the table decides when it ends

replaced: ContextVar[str | None] = ContextVar("replaced", default=None)
"""Set while a request is being recognised: the token that takes the place of the one it came with."""


def cookie_name() -> str:
    """`__Host-` binds to https and to this very host; browsers disagree about it on http loopback names."""
    return SECURE if settings().https else PLAIN


def sign_in_cookie(token: str) -> Cookie:
    """Lax, not Strict: a link tapped in WhatsApp must open signed in."""
    return _cookie(token, KEEP_SECONDS)


def no_cookie() -> Cookie:
    return _cookie("", 0)


def _cookie(value: str, max_age: int) -> Cookie:
    return Cookie(
        key=cookie_name(),
        value=value,
        max_age=max_age,
        path="/",
        secure=settings().https,
        httponly=True,
        samesite="lax",
    )

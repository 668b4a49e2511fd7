"""The headers every answer carries, also the ones no handler of ours made (404, 405, 413, static files)."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        # Chromium checks redirects after a form against form-action too (w3c/webappsec-csp#8).
        "form-action 'self' https://wa.me https://api.whatsapp.com",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    # Not no-referrer: it makes our own forms send `Origin: null` (rails/rails#28299).
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}
YEAR_SECONDS = 365 * 24 * 3600
NO_STORE, REVALIDATE = "no-store", "no-cache"


def security_headers(
    *, https: bool, status: int, signed_in: bool, link_page: bool, static: bool = False, given: str | None = None
) -> dict[str, str]:
    """Names in lower case. `given` is the Cache-Control the handler chose; it counts only where nothing is private.

    `static`: an asset addressed by its content, the same for everybody, which may be kept although the one who asks
    is signed in.
    """
    headers = dict(ALWAYS)
    if https:
        headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}"
    headers["cache-control"] = cache_control(
        private=status >= 400 or link_page or (signed_in and not static), given=given
    )
    return headers


def cache_control(*, private: bool, given: str | None) -> str:
    """A page is looked at afresh each time unless its handler said otherwise: signing in changes what it shows."""
    return NO_STORE if private else given or REVALIDATE

"""The first page and the footer's pages: everybody gets one; what stands on the first differs."""

from __future__ import annotations

from tests.trust.matrix import Row, every, public

ROWS = [
    Row("GET", "/", every(200)),
    public("/about"),
    public("/help"),
    public("/privacy"),
]

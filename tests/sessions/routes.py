"""Sessions of public events are public; the chapter's Rangers change them."""

from __future__ import annotations

from tests.trust.matrix import Row, every, public

NOBODYS = "00000000-0000-7000-8000-000000000000"
SESSION = {"params": {"session_id": "session"}, "missing": {"session_id": NOBODYS}}
CODE = {"params": {"code": "event"}, "missing": {"code": "ZZZZ2222"}}
SEES, DOES = every(404, V=303, R=200), every(404, V=303, R=303)
TYPED = {"title": "Foto produk", "topic": "product_photography", "minutes": "45"}

ROWS = [
    public("/sessions"),
    public("/sessions/{session_id}", params={"session_id": "session"}),
    Row("GET", "/events/{code}/sessions/new", SEES, **CODE),
    Row("POST", "/events/{code}/sessions/new", DOES, **CODE, form=lambda world: TYPED),
    Row("GET", "/sessions/{session_id}/edit", SEES, **SESSION),
    Row("POST", "/sessions/{session_id}/edit", DOES, **SESSION, form=lambda world: {**TYPED, "version": "1"}),
    Row("POST", "/sessions/{session_id}/remove", DOES, **SESSION),
    Row("GET", "/api/v1/sessions", every(200)),
    Row(
        "POST",
        "/api/v1/sessions",
        every(404, V=401, R=201),
        json=lambda world: {"event": world["event"], "title": "Foto produk", "topic": "product_photography"},
    ),
    Row("GET", "/api/v1/sessions/{session_id}", every(200), params={"session_id": "session"}),
    Row(
        "PATCH",
        "/api/v1/sessions/{session_id}",
        every(404, V=401, R=200),
        **SESSION,
        json=lambda world: {"title": "Foto malam", "version": 1},
    ),
    Row("DELETE", "/api/v1/sessions/{session_id}", every(404, V=401, R=204), **SESSION),
]

"""One's own notices are one's own; the unsubscribe link works for whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from community.notifications import service
from tests.factories import NOW
from tests.trust.matrix import Row, every

NOTICE = {"notice_id": "notice"}
NO_NOTICE = {"notice_id": "01900000-0000-7000-8000-000000000000"}
LINK, NO_LINK = {"token": "unsubscribe"}, {"token": "bm90aGluZw"}

ROWS = [
    Row("GET", "/me/inbox", every(200, V=303)),
    Row("POST", "/me/inbox/read", every(303), form=lambda world: {}),
    Row("POST", "/me/inbox/mails", every(303), form=lambda world: {"category": "ask", "wanted": "no"}),
    Row(
        "POST",
        "/me/inbox/{notice_id}/read",
        every(404, V=303, M=303),
        params=NOTICE,
        missing=NO_NOTICE,
        form=lambda world: {"read": "yes"},
    ),
    Row(
        "POST",
        "/me/inbox/{notice_id}/open",
        every(404, V=303, M=303),
        params=NOTICE,
        missing=NO_NOTICE,
        form=lambda world: {},
    ),
    Row("GET", "/u/{token}", every(200), params=LINK, missing=NO_LINK),
    Row("POST", "/u/{token}", every(200), params=LINK, missing=NO_LINK, form=lambda world: {}, exempt=True),
    Row("GET", "/api/v1/me/notices", every(200, V=401)),
    Row(
        "PATCH",
        "/api/v1/me/notices/{notice_id}",
        every(404, V=401, M=200),
        params=NOTICE,
        missing=NO_NOTICE,
        json=lambda world: {"read": True},
    ),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    bob = UUID(world["person:M"])
    notice = await service.enqueue(bob, "accounts/password_changed", {"at": NOW}, now=NOW)
    return {"notice": str(notice), "unsubscribe": service.make_unsubscribe_token(bob, "reminder", None)}

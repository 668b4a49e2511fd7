"""Events are public; their lists, the door and every change are the chapter's Rangers'; an RSVP is its owner's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from community.events.deeds.changing import manage_hash, manage_token
from community.events.rules.checkin import door_token
from community.events.tables import Rsvp
from tests.factories import NOW, make_event, make_person, make_rsvp
from tests.trust.matrix import Row, every, public

NOBODYS = "00000000-0000-7000-8000-000000000000"
NONE = "ZZZZ2222"
CODE = {"params": {"code": "event"}, "missing": {"code": NONE}}
PAST = {"params": {"code": "past"}, "missing": {"code": NONE}}
WAITING = {"params": {"code": "event", "rsvp_id": "waiting"}, "missing": {"code": NONE, "rsvp_id": NOBODYS}}
SEES, DOES = every(404, V=303, R=200), every(404, V=303, R=303)
OWN = every(404, V=303, M=303)
API_SEES = every(404, V=401, R=200)
API_OWN = every(404, V=401, M=200)
AT = "2026-12-05T19:00:00+07:00"
KOPDAR = {"title": "Kopdar #2", "when": "2026-12-05T19:00", "place": "new", "place_name": "Warung", "chapter": "satu"}
EDIT = {"title": "Kopdar", "on": "2026-11-28", "at": "19:00", "minutes": "120", "version": "1", "place_name": "Warung"}
REASON = {"reason": "Hujan deras"}


def bob(world: Mapping[str, str]) -> dict[str, str]:
    return {"person": world["person:M"]}


ROWS = [
    public("/events"),
    public("/events/{code}", params={"code": "event"}),
    public("/events/{code}/event.ics", params={"code": "event"}),
    public("/chapters/{slug}/calendar.ics", params={"slug": "chapter"}),
    Row("POST", "/events/{code}/rsvp", every(303, V=400), params={"code": "event"}, form=lambda world: {}),
    Row("POST", "/events/{code}/rsvp/cancel", OWN, **CODE),
    Row("POST", "/events/{code}/rsvp/accept", OWN, **CODE),
    Row("POST", "/events/{code}/rsvp/confirm", OWN, **CODE),
    Row("GET", "/events/new", SEES, query={"chapter": "satu"}),
    Row("POST", "/events/new", DOES, form=lambda world: KOPDAR),
    Row("GET", "/events/{code}/edit", SEES, **CODE),
    Row("POST", "/events/{code}/edit", DOES, **CODE, form=lambda world: EDIT),
    Row("POST", "/events/{code}/publish", DOES, **CODE),
    Row("GET", "/events/{code}/published", SEES, **CODE),
    Row("GET", "/events/{code}/poster", SEES, **CODE),
    Row("GET", "/events/{code}/postpone", SEES, **CODE),
    Row("POST", "/events/{code}/postpone", DOES, **CODE, form=lambda world: REASON),
    Row("GET", "/events/{code}/cancel", SEES, **CODE),
    Row("POST", "/events/{code}/cancel", DOES, **CODE, form=lambda world: REASON),
    Row("GET", "/events/{code}/people", SEES, **CODE, canary=True),
    Row("POST", "/events/{code}/people/{rsvp_id}/pick", DOES, **WAITING),
    Row("GET", "/events/{code}/people/{rsvp_id}/remove", SEES, **WAITING),
    Row("POST", "/events/{code}/people/{rsvp_id}/remove", DOES, **WAITING, form=lambda world: REASON),
    Row("GET", "/events/{code}/capacity", SEES, **CODE),
    Row("POST", "/events/{code}/capacity", DOES, **CODE, form=lambda world: {"capacity": "50"}),
    Row("GET", "/events/{code}/finish", SEES, **PAST),
    Row("POST", "/events/{code}/finish", DOES, **PAST, form=lambda world: {"attendance_complete": "yes"}),
    Row("GET", "/door/{code}", SEES, **CODE, canary=True),
    Row("POST", "/door/{code}/in", DOES, **CODE, form=bob),
    Row("POST", "/door/{code}/undo", DOES, **CODE, form=bob),
    Row("GET", "/door/{code}/guest", SEES, **CODE),
    Row("POST", "/door/{code}/guest", DOES, **CODE, form=lambda world: {"name": "Tamu", "consent": "yes"}),
    Row("GET", "/door/{code}/sheet", SEES, **CODE, canary=True),
    Row("GET", "/r/{token}", every(200), params={"token": "link:rsvp"}),
    Row("POST", "/r/{token}", every(303), params={"token": "link:rsvp"}, form=lambda world: {"deed": "cancel"}),
    Row("GET", "/c/{token}", every(200), params={"token": "link:door"}, canary=True),
    Row("POST", "/c/{token}", DOES, params={"token": "link:door"}),
    Row("GET", "/me/rsvps", every(200, V=303)),
    Row("GET", "/api/v1/events", every(200)),
    Row(
        "POST",
        "/api/v1/events",
        every(404, V=401, R=201),
        json=lambda world: {
            "chapter": "satu",
            "title": "Kopdar #2",
            "starts_at": AT,
            "ends_at": AT.replace("19", "21"),
        },
    ),
    Row("GET", "/api/v1/events/{code}", every(200), params={"code": "event"}),
    Row("PATCH", "/api/v1/events/{code}", API_SEES, **CODE, json=lambda world: {"title": "Lain", "version": 1}),
    Row("POST", "/api/v1/events/{code}/publish", API_SEES, **CODE, json=lambda world: {}),
    Row("POST", "/api/v1/events/{code}/postpone", API_SEES, **CODE, json=lambda world: REASON),
    Row("POST", "/api/v1/events/{code}/cancel", API_SEES, **CODE, json=lambda world: REASON),
    Row("POST", "/api/v1/events/{code}/finish", API_SEES, **PAST, json=lambda world: {}),
    Row("POST", "/api/v1/events/{code}/clone", every(404, V=401, R=201), **CODE, json=lambda world: {"starts_at": AT}),
    Row("POST", "/api/v1/events/{code}/capacity", API_SEES, **CODE, json=lambda world: {"capacity": 50}),
    Row("PUT", "/api/v1/events/{code}/rsvp", every(200, V=401), params={"code": "event"}, json=lambda world: {}),
    Row("DELETE", "/api/v1/events/{code}/rsvp", API_OWN, **CODE),
    Row("POST", "/api/v1/events/{code}/rsvp/accept", API_OWN, **CODE),
    Row("POST", "/api/v1/events/{code}/rsvp/confirm", API_OWN, **CODE),
    Row("GET", "/api/v1/events/{code}/rsvps", API_SEES, **CODE, canary=True),
    Row("POST", "/api/v1/events/{code}/rsvps/{rsvp_id}/pick", API_SEES, **WAITING, json=lambda world: {}),
    Row("POST", "/api/v1/events/{code}/rsvps/{rsvp_id}/remove", API_SEES, **WAITING, json=lambda world: REASON),
    Row("GET", "/api/v1/events/{code}/roster", API_SEES, **CODE, canary=True),
    Row(
        "POST",
        "/api/v1/events/{code}/scans",
        API_SEES,
        **CODE,
        json=lambda world: {
            "sent_at": NOW.isoformat(),
            "scans": [{"nonce": NOBODYS, "scanned_at": NOW.isoformat(), "rsvp": world["rsvp"]}],
        },
    ),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    """Somebody who waits, a guest with a link of their own, Bob's code for the door, and an event that is over."""
    event, rsvp = UUID(world["event_id"]), UUID(world["rsvp"])
    waiting = await make_rsvp(event, await make_person("Wati Contoh"), state="waitlisted")
    past = await make_event(
        UUID(world["chapter_id"]), "Kopdar Lalu", starts_at=NOW - timedelta(days=1), code="PASTAAAA"
    )
    guest = await make_rsvp(event, await make_person("Gita Contoh", kind="guest", email=None))
    token = manage_token(guest)
    await Rsvp.update({Rsvp.manage_hash: manage_hash(token)}).where(Rsvp.id == guest)
    return {
        "waiting": str(waiting),
        "past": "PASTAAAA",
        "past_id": str(past),
        "link:rsvp": token,
        "link:door": door_token(event, rsvp, 0),
    }

"""A small world for tests that ask as many people: two chapters, one person of each role, a kopdar, a session."""

from __future__ import annotations

from uuid import UUID

from tests import factories
from tests.factories import NOW

BOB = {
    "canary:name": "Bob Kenari Contoh",
    "canary:phone": "81200007777",
    "canary:phone as dialled": "0812-0000-7777",
    "canary:email": "bob.kenari@contoh.example",
}
"""Bob's personal values: whoever sees one must have the right to."""


async def make_world() -> dict[str, str]:
    """Names → ids and codes. `person:<role>` for the roles of the matrix, and C: Charlie, who may see nothing."""
    chapter = await factories.make_chapter("Komunitas Satu", slug="satu")
    other = await factories.make_chapter("Komunitas Dua", slug="dua", region_code="35.78")
    people = await _make_people(chapter, other)
    event = await factories.make_event(chapter, code="EVENTAAA")
    await factories.make_event(chapter, "Kopdar Draf", code="DRAFTAAA", state="draft", published_at=None)
    session = await factories.make_session(event)
    rsvp = await factories.make_rsvp(event, people["M"], name_given=BOB["canary:name"])
    return {
        "chapter": "satu",
        "chapter_id": str(chapter),
        "other_chapter": "dua",
        "other_chapter_id": str(other),
        "event": "EVENTAAA",
        "event_id": str(event),
        "draft": "DRAFTAAA",
        "session": str(session),
        "rsvp": str(rsvp),
        **{f"person:{role}": str(person) for role, person in people.items()},
        **BOB,
    }


async def _make_people(chapter: UUID, other: UUID) -> dict[str, UUID]:
    people = {
        "R": await factories.make_ranger(chapter, "Alice Contoh"),
        "M": await factories.make_member(
            chapter,
            BOB["canary:name"],
            phone=f"+62{BOB['canary:phone']}",
            phone_verified_at=NOW,
            email=BOB["canary:email"],
        ),
        "R2": await factories.make_ranger(other, "Rudi Contoh"),
        "C": await factories.make_person("Charlie Contoh"),
    }
    for role, right, name in (
        ("H", "hq", "Hana"),
        ("P", "partner", "Putra"),
        ("O", "officer", "Oki"),
        ("A", "administrator", "Ayu"),
    ):
        people[role] = await factories.make_person(f"{name} Contoh")
        await factories.make_role(people[role], right)
    return people

"""One `make_…` a table, its defaults valid. Alice is a Ranger, Bob belongs to her chapter, Charlie may see nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from community.accounts.tables import Person, RoleSpell
from community.chapters.tables import Chapter, ChapterRegion, ChapterSlug
from community.events.tables import Event, Rsvp
from community.kit.ids import public_code, uuid7
from community.members.tables import Membership
from community.rangers.tables import RangerProfile, RangerSpell
from community.sessions.tables import Session

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday, 10.00 WIB
_numbers = count(1)


async def make_person(name: str = "Orang Contoh", **given: Any) -> UUID:
    person_id = uuid7()
    number = next(_numbers)
    values: dict[str, Any] = {
        "kind": "account",
        "email": f"orang{number}@contoh.example",
        "email_verified_at": NOW,
        "created_at": NOW,
    }
    await Person.insert(Person(id=person_id, name=name, **(values | given)))
    return person_id


async def make_role(person_id: UUID, role: str, scope_id: UUID | None = None, **given: Any) -> UUID:
    spell_id = uuid7()
    values: dict[str, Any] = {"from_at": NOW - timedelta(days=30), "to_at": None}
    await RoleSpell.insert(RoleSpell(id=spell_id, person=person_id, role=role, scope_id=scope_id, **(values | given)))
    return spell_id


async def make_chapter(name: str = "Komunitas Contoh", *, region_code: str = "34.71", **given: Any) -> UUID:
    """Seat: Kota Yogyakarta unless said otherwise."""
    chapter_id = uuid7()
    slug = given.pop("slug", f"contoh-{next(_numbers)}")
    values: dict[str, Any] = {
        "tz": "Asia/Jakarta",
        "state": "active",
        "state_since": NOW - timedelta(days=200),
        "latitude": -7.8014,
        "longitude": 110.3644,
        "created_at": NOW - timedelta(days=200),
    }
    await Chapter.insert(Chapter(id=chapter_id, slug=slug, name=name, **(values | given)))
    await ChapterSlug.insert(ChapterSlug(slug=slug, chapter=chapter_id))
    await ChapterRegion.insert(ChapterRegion(id=uuid7(), chapter=chapter_id, region_code=region_code, is_seat=True))
    return chapter_id


async def make_ranger(chapter_id: UUID, name: str = "Alice Contoh", *, role: str = "ranger", **given: Any) -> UUID:
    """A person with a spell, the right that goes with it, and a profile."""
    person_id = await make_person(name, **given)
    spell = RangerSpell(
        id=uuid7(),
        person=person_id,
        chapter=chapter_id,
        role=role,
        from_on=date(2026, 1, 1),
        to_on=date(2027, 1, 1),
        proposed_at=NOW - timedelta(days=300),
        accepted_at=NOW - timedelta(days=300),
        conduct_version="1",
    )
    await RangerSpell.insert(spell)
    await make_role(person_id, role, chapter_id)
    await make_profile(person_id)
    return person_id


async def make_profile(person_id: UUID, **given: Any) -> UUID:
    profile_id = uuid7()
    values: dict[str, Any] = {
        "topics": [],
        "languages": ["id"],
        "home_region": "34.71",
        "load_limit": 3,
        "quiet_from": time(21),
        "quiet_to": time(7),
        "updated_at": NOW,
    }
    await RangerProfile.insert(RangerProfile(id=profile_id, person=person_id, **(values | given)))
    return profile_id


async def make_member(chapter_id: UUID, name: str = "Bob Contoh", **given: Any) -> UUID:
    person_id = await make_person(name, **given)
    await make_membership(person_id, chapter_id)
    return person_id


async def make_membership(person_id: UUID, chapter_id: UUID, **given: Any) -> UUID:
    membership_id = uuid7()
    values: dict[str, Any] = {
        "joined_on": date(2026, 6, 1),
        "source": "self",
        "precision": "day",
        "created_at": NOW - timedelta(days=170),
    }
    await Membership.insert(Membership(id=membership_id, person=person_id, chapter=chapter_id, **(values | given)))
    return membership_id


async def make_event(chapter_id: UUID, title: str = "Kopdar Contoh #1", **given: Any) -> UUID:
    """Published, on Saturday evening (28 November 2026, 19.00 WIB), 40 seats, RSVPs open to everyone."""
    event_id = uuid7()
    starts_at: datetime = given.pop("starts_at", datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    values: dict[str, Any] = {
        "code": public_code(),
        "kind": "kopdar",
        "state": "published",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "tz": "Asia/Jakarta",
        "mode": "onsite",
        "place_name": "Warung Contoh",
        "address": "Jalan Contoh 1",
        "audience": "public",
        "rsvp_mode": "open",
        "rsvp_opens_at": NOW - timedelta(days=14),
        "rsvp_closes_at": starts_at,
        "capacity": 40,
        "promotion": "auto",
        "ics_uid": f"event-{event_id}",
        "published_at": NOW - timedelta(days=7),
        "created_at": NOW - timedelta(days=7),
    }
    await Event.insert(Event(id=event_id, chapter=chapter_id, title=title, **(values | given)))
    return event_id


async def make_rsvp(
    event_id: UUID, person_id: UUID, *, state: str = "going", queue_no: int | None = None, **given: Any
) -> UUID:
    rsvp_id = uuid7()
    values: dict[str, Any] = {
        "party_size": 1,
        "source": "self",
        "name_given": "Orang Contoh",
        "created_at": NOW - timedelta(days=1),
        "changed_at": NOW - timedelta(days=1),
    }
    await Rsvp.insert(
        Rsvp(
            id=rsvp_id,
            event=event_id,
            person=person_id,
            state=state,
            queue_no=queue_no or next(_numbers),
            **(values | given),
        )
    )
    return rsvp_id


async def make_session(
    event_id: UUID, title: str = "Sesi Contoh", *, topic: str = "product_photography", **given: Any
) -> UUID:
    session_id = uuid7()
    values: dict[str, Any] = {"level": "pemula", "form": "talk", "minutes": 60, "language": "id", "created_at": NOW}
    await Session.insert(Session(id=session_id, event=event_id, title=title, topic=topic, **(values | given)))
    return session_id

"""What a person may see of themselves: the account page, who looked, everything as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts.deeds import consents, door, people, rights, signing
from community.accounts.queries import people as queries
from community.accounts.rules.looks import words_of
from community.accounts.rules.people import PersonView
from community.audit import service as audit
from community.kit import limits
from community.kit.db import atomic
from community.kit.i18n import gettext
from community.kit.viewer import Viewer

Export = Callable[[UUID], Awaitable[Any]]
Listing = Callable[[UUID], Awaitable[Sequence[audit.Listed]]]
ChapterNames = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, str]]]
_exports: list[tuple[str, Export]] = []
_listings: list[Listing] = []
_chapter_names: list[ChapterNames] = []


@dataclass(frozen=True)
class Look:
    """One line of "who looked": by whom (None: a job or the system), what, when, and why if a reason was asked."""

    at: datetime
    who: str | None
    action: str
    words: str
    reason: str | None


@dataclass(frozen=True)
class AccountPage:
    person: PersonView
    has_password: bool
    sign_ins: Sequence[signing.SignInView]
    current_sign_in: UUID | None
    tokens: Sequence[rights.TokenView]
    live_consents: int
    looks: Sequence[Look]


@dataclass(frozen=True)
class ConsentGroup:
    """Consents given in the same words; live ones first."""

    words: str
    text: str
    consents: Sequence[consents.ConsentView]


@dataclass(frozen=True)
class ConsentPage:
    """`chapter_names` of the chapters the consents are for."""

    groups: Sequence[ConsentGroup]
    chapter_names: Mapping[UUID, str]


def use_chapter_names(function: ChapterNames) -> None:
    """The roof hands in what chapters are called: their room stands above this one."""
    _chapter_names[:] = [function]


async def chapter_names(chapter_ids: Collection[UUID]) -> Mapping[UUID, str]:
    return await _chapter_names[0](chapter_ids) if _chapter_names and chapter_ids else {}


async def token_chapters(viewer: Viewer) -> list[tuple[UUID, str]]:
    """Chapters a token may be made for, with their names."""
    named = await chapter_names(viewer.chapters())
    return [(chapter_id, named.get(chapter_id, "")) for chapter_id in viewer.chapters()]


def use_listings(offered: Sequence[Listing]) -> None:
    """The roof hands in each room's `listed_person(person_id)`: the lists of that room that name a person."""
    _listings[:] = offered


def use_exports(offered: Sequence[tuple[str, Export]]) -> None:
    """The roof hands in each room's `export_person`."""
    _exports[:] = offered


async def account_page(person_id: UUID, sign_in_id: UUID | None, *, now: datetime) -> AccountPage:
    person = await people.show_person(person_id)
    agreed = await consents.list_consents(person.id)
    return AccountPage(
        person=person,
        has_password=await door.has_password(person.id),
        sign_ins=await signing.list_sign_ins(person.id, now=now),
        current_sign_in=sign_in_id,
        tokens=await rights.list_tokens(person.id, now=now),
        live_consents=sum(consent.withdrawn_at is None for consent in agreed),
        looks=await who_looked(person.id, limit=5),
    )


async def consent_page(person_id: UUID) -> ConsentPage:
    agreed = await consents.list_consents(person_id)
    scopes = {consent.scope_id for consent in agreed if consent.scope_id}
    groups: dict[tuple[str, str], list[consents.ConsentView]] = {}
    for consent in agreed:
        groups.setdefault((consent.words, consent.text), []).append(consent)
    listed = [ConsentGroup(words, text, same) for (words, text), same in groups.items()]
    return ConsentPage(listed, await chapter_names(scopes))


async def who_looked(person_id: UUID, *, limit: int = 200) -> list[Look]:
    """Newest first, those included who read a list that names the person."""
    listed = [one for listing in _listings for one in await listing(person_id)]
    entries = await audit.entries_about(person_id, listed=listed, limit=limit)
    known = await people.names({entry.actor_id for entry in entries if entry.actor_id})
    return [
        Look(
            at=entry.at,
            who=known.get(entry.actor_id) if entry.actor_id else None,
            action=entry.action,
            words=gettext(words_of(entry.action)),
            reason=entry.reason,
        )
        for entry in entries
    ]


async def export_person(person_id: UUID) -> dict[str, Any]:
    """What this room holds about the person, by table; no hashes."""
    return await queries.list_rows_about(person_id)


async def export_everything(person_id: UUID, *, now: datetime) -> dict[str, Any]:
    """What every room holds, by room, as plain values. One export is one audit row. Raises TooMany after ten a day."""
    await limits.take("export", str(person_id))
    async with atomic():
        found = {room: await export(person_id) for room, export in _exports}
        await audit.record(person_id, "account.export", ("person", person_id), now=now, subject_id=person_id)
    looks = [asdict(look) for look in await who_looked(person_id, limit=10_000)]
    return {"person_id": person_id, "made_at": now, "who_looked": looks, "rooms": found}

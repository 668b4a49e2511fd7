"""People: found by id or contact, made as guest or account, corrected by themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from community.accounts.errors import ContactTaken, PasswordRefused
from community.accounts.queries import people as queries
from community.accounts.rules import passwords as rules
from community.accounts.rules.people import PersonView, normal_email
from community.accounts.rules.signing import UNCONFIRMED_DAYS
from community.audit import service as audit
from community.kit import passwords
from community.kit.db import atomic
from community.kit.errors import NotFound, StaleVersion
from community.kit.i18n import known_locale
from community.kit.ids import uuid7
from community.kit.phones import parse_phone

FORGOTTEN_NAME = "-"
BATCH = 500


async def find_person(person_id: UUID) -> PersonView | None:
    """Merges resolved: the id of the answer may be another one."""
    return await queries.find_person(person_id)


async def show_person(person_id: UUID) -> PersonView:
    """Raises NotFound."""
    found = await queries.find_person(person_id)
    if found is None:
        raise NotFound
    return found


async def resolve(person_id: UUID) -> UUID:
    """The id this person goes by since merges. Raises NotFound."""
    return (await show_person(person_id)).id


async def names(person_ids: Collection[UUID]) -> dict[UUID, str]:
    """By the ids asked for; unknown ids are left out."""
    return await queries.list_names(person_ids) if person_ids else {}


async def list_by_contacts(phones: Collection[str] = (), emails: Collection[str] = ()) -> list[PersonView]:
    """Everybody who has one of these; families share a phone. Verified first, then accounts, then the oldest."""
    return await queries.list_by_contacts(phones, [normal_email(email) for email in emails])


async def person_by_contact(text: str) -> PersonView | None:
    """A phone number in any usual form, or an e-mail address; of several people the best known."""
    if "@" in text:
        found = await list_by_contacts(emails=[text])
    else:
        try:
            found = await list_by_contacts(phones=[parse_phone(text)])
        except ValueError:
            return None
    return found[0] if found else None


async def make_guest(
    name: str, *, phone: str | None = None, email: str | None = None, now: datetime, is_demo: bool = False
) -> UUID:
    """Known by name and contact only; `phone` as E.164. Never linked to anybody by itself."""
    return (await make_guests([(name, phone, email)], now=now, is_demo=is_demo))[0]


async def make_guests(
    people: Sequence[tuple[str, str | None, str | None]], *, now: datetime, is_demo: bool = False
) -> list[UUID]:
    """(name, phone, e-mail) each; the ids in the same order."""
    made = [_values("guest", name, phone, email, now) | {"is_demo": is_demo} for name, phone, email in people]
    await queries.save_people(made)
    return [values["id"] for values in made]


async def make_account(
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    verified: bool = False,
    password: str | None = None,
    locale: str | None = None,
    is_demo: bool = False,
    now: datetime,
) -> UUID:
    """`verified` says that somebody trustworthy vouches for the contacts. Raises ContactTaken, PasswordRefused."""
    stored = await hash_new_password(password) if password is not None else None
    values = _values("account", name, phone, email, now) | {
        "phone_verified_at": now if verified and phone else None,
        "email_verified_at": now if verified and email else None,
        "password_hash": stored,
        "locale": known_locale(locale) if locale else None,
        "is_demo": is_demo,
    }
    try:
        async with atomic():
            await queries.save_person(values)
            await audit.record(None, "account.create", ("person", values["id"]), now=now, actor_kind="system")
    except asyncpg.UniqueViolationError as taken:
        raise ContactTaken from taken
    return UUID(str(values["id"]))


def _values(kind: str, name: str, phone: str | None, email: str | None, now: datetime) -> dict[str, Any]:
    return {"id": uuid7(), "kind": kind, "name": name, "phone": phone, "email": email, "created_at": now}


async def hash_new_password(password: str, field: str = "password") -> str:
    """Raises PasswordRefused naming `field`, or Unavailable while too many wait."""
    normal = rules.normal(password)
    if why := rules.refuse(normal):
        raise PasswordRefused(why, field)
    return await passwords.hash_password(normal)


async def edit_profile(person_id: UUID, *, name: str, phone: str | None, version: int, now: datetime) -> None:
    """A new number counts as unverified. Raises StaleVersion."""
    async with atomic():
        if not await queries.save_profile(person_id, name, phone, version):
            raise StaleVersion(current=await _current(person_id))
        await audit.record(
            person_id,
            "account.change",
            ("person", person_id),
            now=now,
            subject_id=person_id,
            detail={"fields": ["name", "phone"]},
        )


async def _current(person_id: UUID) -> dict[str, Any]:
    person = await show_person(person_id)
    return {"version": person.version, "name": person.name}


async def choose_locale(person_id: UUID, locale: str) -> None:
    await queries.save_locale(person_id, known_locale(locale))


async def forget_unconfirmed(*, now: datetime) -> int:
    """Sign-ups nobody confirmed within a week lose name and address; returns how many."""
    found = await queries.list_unconfirmed(now - timedelta(days=UNCONFIRMED_DAYS), BATCH)
    if found:
        async with atomic():
            await queries.save_forgotten(found, FORGOTTEN_NAME)
            await audit.record(
                None,
                "account.forget_unconfirmed",
                ("person", ""),
                now=now,
                actor_kind="job",
                detail={"count": len(found)},
            )
    return len(found)

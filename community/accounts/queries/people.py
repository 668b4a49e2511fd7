"""People and how to reach them. A merge is only a pointer: every reader follows it."""

# ruff: noqa: S608  (only column lists and fixed conditions are put in; every value is bound)

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts.rules.people import PersonView
from community.accounts.tables import Person
from community.kit.db import first, rows

VIEW = (
    "p.id, p.kind, p.name, p.phone, p.phone_verified_at, p.email, p.email_verified_at, p.locale, p.is_demo, p.version"
)
CHAIN = """
with recursive chain as (
    select id as root, id, merged_into, 0 as depth from person where {start}
    union all
    select c.root, p.id, p.merged_into, c.depth + 1
    from chain c join person p on p.id = c.merged_into where c.depth < 20
)
"""
CHUNK = 1_000


def _chain(start: str) -> str:
    return CHAIN.replace("{start}", start)


async def find_person(person_id: UUID) -> PersonView | None:
    found = await first(
        _chain("id = {}") + f"select {VIEW} from person p join chain c on c.id = p.id where c.merged_into is null",
        person_id,
    )
    return PersonView(**found) if found else None


async def list_names(person_ids: Collection[UUID]) -> dict[UUID, str]:
    found = await rows(
        _chain("id = any({}::uuid[])")
        + "select c.root, p.name from person p join chain c on c.id = p.id where c.merged_into is null",
        list(person_ids),
    )
    return {row["root"]: row["name"] for row in found}


async def list_by_contacts(phones: Collection[str], emails: Collection[str]) -> list[PersonView]:
    """Everybody with one of these contacts, verified first, then accounts, then the oldest."""
    found = await rows(
        _chain("phone = any({}::varchar[]) or lower(email) = any({}::varchar[])")
        + f"select distinct on (p.id) {VIEW}, p.created_at from person p join chain c on c.id = p.id "
        "where c.merged_into is null",
        list(phones),
        list(emails),
    )
    found.sort(key=lambda row: (not _verified(row), row["kind"] != "account", row["created_at"], str(row["id"])))
    return [PersonView(**{key: value for key, value in row.items() if key != "created_at"}) for row in found]


def _verified(row: Mapping[str, Any]) -> bool:
    return row["phone_verified_at"] is not None or row["email_verified_at"] is not None


async def find_account_by_email(email: str) -> dict[str, Any] | None:
    """For signing in: the account that proved this address, else the newest that has not yet."""
    return await first(
        f"select {VIEW}, p.password_hash from person p "
        "where lower(p.email) = {} and p.kind = 'account' and p.merged_into is null "
        "order by p.email_verified_at is null, p.created_at desc limit 1",
        email,
    )


async def find_password_hash(person_id: UUID) -> str | None:
    found = await first("select password_hash from person where id = {}", person_id)
    return found["password_hash"] if found else None


async def save_person(values: Mapping[str, Any]) -> None:
    await Person.insert(Person(**values))


async def save_people(people: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(people), CHUNK):
        await Person.insert(*(Person(**values) for values in people[start : start + CHUNK]))


async def save_password(person_id: UUID, password_hash: str) -> None:
    await rows("update person set password_hash = {} where id = {}", password_hash, person_id)


async def save_email_verified(person_id: UUID, email: str, at: datetime) -> bool:
    """False if the person has another address by now."""
    found = await rows(
        "update person set email_verified_at = coalesce(email_verified_at, {}), version = version + 1 "
        "where id = {} and lower(email) = lower({}) returning id",
        at,
        person_id,
        email,
    )
    return bool(found)


async def save_new_email(person_id: UUID, email: str, at: datetime) -> None:
    """Another account that proved the same address makes this a unique violation."""
    await rows(
        "update person set email = {}, email_verified_at = {}, version = version + 1 where id = {}",
        email,
        at,
        person_id,
    )


async def save_profile(person_id: UUID, name: str, phone: str | None, version: int) -> bool:
    """A new number is unverified until proved. False if somebody else was faster."""
    found = await rows(
        "update person set name = {}, phone = {}::varchar, "
        "phone_verified_at = case when phone is not distinct from {}::varchar then phone_verified_at end, "
        "version = version + 1 where id = {} and version = {} returning id",
        name,
        phone,
        phone,
        person_id,
        version,
    )
    return bool(found)


async def save_locale(person_id: UUID, locale: str) -> None:
    await rows("update person set locale = {} where id = {}", locale, person_id)


async def list_unconfirmed(before: datetime, limit: int) -> list[UUID]:
    """Sign-ups that nobody ever confirmed: no verified contact, never signed in, no right."""
    found = await rows(
        "select id from person p where kind = 'account' and email is not null and created_at < {} "
        "and email_verified_at is null and phone_verified_at is null and merged_into is null and not is_demo "
        "and not exists (select 1 from sign_in s where s.person = p.id) "
        "and not exists (select 1 from role_spell r where r.person = p.id) order by id limit {}",
        before,
        limit,
    )
    return [row["id"] for row in found]


async def save_forgotten(person_ids: Sequence[UUID], name: str) -> None:
    await rows(
        "update person set name = {}, email = null, phone = null, password_hash = null where id = any({}::uuid[])",
        name,
        list(person_ids),
    )
    await rows("delete from mailed_link where person = any({}::uuid[])", list(person_ids))
    await rows("delete from consent where person = any({}::uuid[])", list(person_ids))


async def list_rows_about(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything this room holds about a person, secrets left out; merged guests' rows with it."""
    mine = "(select {}::uuid union select id from person where merged_into = {})"
    tables = {
        "person": f"select {VIEW}, p.created_at from person p where p.id in {mine} order by p.created_at",
        "sign_in": "select created_at, last_seen_at, expires_at, strength, network, device_label, ended_at, "
        f"ended_reason from sign_in where person in {mine} order by created_at",
        "role_spell": f"select role, scope_id, from_at, to_at from role_spell where person in {mine} order by from_at",
        "consent": "select purpose, scope_id, text_version, at, channel, withdrawn_at from consent "
        f"where person in {mine} order by at",
        "api_token": "select name, prefix, scopes, chapter_id, created_at, expires_at, last_used_at, revoked_at "
        f"from api_token where person in {mine} order by created_at",
        "mailed_link": "select purpose, email, created_at, expires_at, used_at from mailed_link "
        f"where person in {mine} order by created_at",
    }
    return {name: await rows(sql, person_id, person_id) for name, sql in tables.items()}

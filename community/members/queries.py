"""Every statement about spells, stores and imports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from community.kit.db import first, rows
from community.kit.ids import uuid7
from community.kit.inputs import like
from community.members.tables import MemberImport, Membership

CHUNK = 5_000


@dataclass(frozen=True)
class NewSpell:
    """One spell to begin."""

    person_id: UUID
    chapter_id: UUID
    joined_on: date
    source: str
    precision: str = "day"
    consent_origin: str | None = None


async def save_spell(spell: NewSpell, now: datetime) -> UUID | None:
    """None if the person is a member already."""
    found = await first(
        """insert into membership (id, person, chapter, joined_on, source, precision, consent_origin, created_at)
        values ({}, {}, {}, {}, {}, {}, {}, {}) on conflict (person, chapter) where left_on is null do nothing
        returning id""",
        *(uuid7(), spell.person_id, spell.chapter_id, spell.joined_on),
        *(spell.source, spell.precision, spell.consent_origin, now),
    )
    return found["id"] if found else None


async def save_spells(spells: Sequence[NewSpell], now: datetime) -> None:
    """Many at once; one that is open already breaks the transaction."""
    for start in range(0, len(spells), CHUNK):
        part = spells[start : start + CHUNK]
        await rows(
            """insert into membership (id, person, chapter, joined_on, source, precision, consent_origin, created_at)
            select id, person, chapter, joined_on, source, precision, origin, {} from unnest({}::uuid[], {}::uuid[],
                {}::uuid[], {}::date[], {}::varchar[], {}::varchar[], {}::varchar[])
            as n(id, person, chapter, joined_on, source, precision, origin)""",
            now,
            [uuid7() for _ in part],
            *([getattr(spell, name) for spell in part] for name in NewSpell.__dataclass_fields__),
        )


async def end_spell(
    person_id: UUID, chapter_id: UUID, left_on: date, cause: str, reason: str | None, now: datetime
) -> bool:
    """False if no spell is open. A spell that was to begin later ends where it begins."""
    found = await rows(
        """update membership set left_on = greatest({}, joined_on), end_cause = {}, leave_reason = {}, ended_at = {}
        where person = {} and chapter = {} and left_on is null returning id""",
        *(left_on, cause, reason, now, person_id, chapter_id),
    )
    return bool(found)


async def count_members(chapter_ids: Collection[UUID]) -> dict[UUID, int]:
    found = await rows(
        "select chapter, count(*) as n from membership where chapter = any({}) and left_on is null group by chapter",
        list(chapter_ids),
    )
    return {row["chapter"]: row["n"] for row in found}


async def list_spells(person_id: UUID) -> list[dict[str, Any]]:
    """All of a person, open ones first, newest first."""
    return await rows(
        """select id, chapter, joined_on, left_on, source, precision, leave_reason, end_cause from membership
        where person = {} order by left_on is not null, joined_on desc, id desc""",
        person_id,
    )


async def list_times(person_id: UUID) -> list[dict[str, Any]]:
    """From when to when the person stood on which chapter's list."""
    return await rows("select chapter, created_at, ended_at from membership where person = {}", person_id)


_MEMBERS = """from membership m join person p on p.id = m.person where m.chapter = {} and m.left_on is null
    and ({} = '' or p.name ilike {} or right(p.phone, 3) = {})"""


def _bound(chapter_id: UUID, text: str) -> list[Any]:
    return [chapter_id, text, like(text), text]


async def count_listed(chapter_id: UUID, text: str) -> int:
    found = await first(f"select count(*) as n {_MEMBERS}", *_bound(chapter_id, text))
    return int(found["n"]) if found else 0


async def list_members(
    chapter_id: UUID, text: str, limit: int, *, offset: int = 0, after: tuple[str, UUID] | None = None
) -> list[dict[str, Any]]:
    """Members now, by name; `text` is part of a name or the last three digits of a phone."""
    name, member_id = after or ("", None)
    return await rows(
        f"""select m.id, m.person, m.joined_on, m.precision, m.source, p.name, p.phone, lower(p.name) as sort {_MEMBERS}
        and ({{}}::uuid is null or (lower(p.name), m.id) > ({{}}, {{}}::uuid))
        order by lower(p.name), m.id limit {{}} offset {{}}""",
        *_bound(chapter_id, text),
        *(member_id, name, member_id, limit, offset),
    )


async def find_member(chapter_id: UUID, member_id: UUID) -> dict[str, Any] | None:
    """One open spell of the chapter, with the person."""
    return await first(
        """select m.id, m.person, m.joined_on, m.precision, m.source, p.name, p.phone, p.email
        from membership m join person p on p.id = m.person
        where m.id = {} and m.chapter = {} and m.left_on is null""",
        member_id,
        chapter_id,
    )


async def list_for_export(chapter_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        """select p.name, p.phone, p.email, m.joined_on, m.precision, m.source,
            (select string_agg(s.marketplace_store_id, ' ' order by s.since_at) from store s
                where s.person = p.id and s.until_at is null) as stores
        from membership m join person p on p.id = m.person
        where m.chapter = {} and m.left_on is null order by lower(p.name), m.id""",
        chapter_id,
    )


async def list_people_of(chapter_id: UUID) -> list[dict[str, Any]]:
    """Everybody who ever had a spell here, once, with whether one is open."""
    return await rows(
        """select p.id as person_id, p.name, p.phone, p.email, p.phone_verified_at is not null as phone_verified,
            p.email_verified_at is not null as email_verified, true as was_member,
            bool_or(m.left_on is null) as is_member
        from membership m join person p on p.id = m.person where m.chapter = {} group by p.id""",
        chapter_id,
    )


async def list_stores(person_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        """select id, marketplace_store_id, name, since_at, until_at from store where person = {}
        order by until_at is not null, since_at desc, id desc""",
        person_id,
    )


async def list_store_owners(store_ids: Collection[str]) -> dict[str, UUID]:
    found = await rows(
        "select marketplace_store_id, person from store where marketplace_store_id = any({}) and until_at is null",
        list(store_ids),
    )
    return {row["marketplace_store_id"]: row["person"] for row in found}


async def save_store(person_id: UUID, marketplace_store_id: str, name: str, now: datetime) -> UUID | None:
    """None if somebody holds it."""
    found = await first(
        """insert into store (id, person, marketplace_store_id, name, since_at) values ({}, {}, {}, {}, {})
        on conflict (marketplace_store_id) where until_at is null do nothing returning id""",
        *(uuid7(), person_id, marketplace_store_id, name, now),
    )
    return found["id"] if found else None


async def save_stores(stores: Sequence[tuple[UUID, str, str]], now: datetime) -> None:
    """(person, store id, name) of many; one that is held already breaks the transaction."""
    for start in range(0, len(stores), CHUNK):
        part = stores[start : start + CHUNK]
        await rows(
            """insert into store (id, person, marketplace_store_id, name, since_at)
            select id, person, store_id, name, {} from unnest({}::uuid[], {}::uuid[], {}::varchar[], {}::varchar[])
            as n(id, person, store_id, name)""",
            now,
            [uuid7() for _ in part],
            *map(list, zip(*part, strict=True)),
        )


async def end_store(person_id: UUID, store_id: UUID, now: datetime) -> bool:
    found = await rows(
        "update store set until_at = {} where id = {} and person = {} and until_at is null returning id",
        *(now, store_id, person_id),
    )
    return bool(found)


async def save_import(values: dict[str, Any]) -> None:
    await MemberImport.insert(MemberImport(**values))


async def find_import(import_id: UUID, chapter_id: UUID) -> dict[str, Any] | None:
    """A file that waits to be carried out; none once it is, or its content is gone. The lock on the chapter's row
    lets one commit through at a time."""
    return await first(
        """select id, file_name, file_hash, content, plan_hash, counts::text as counts, row_count, created_at
        from member_import where id = {} and chapter = {} and committed_at is null and content is not null""",
        import_id,
        chapter_id,
    )


async def save_committed(import_id: UUID, now: datetime) -> None:
    await rows("update member_import set committed_at = {}, content = null where id = {}", now, import_id)


async def forget_contents(before: datetime) -> int:
    found = await rows(
        "update member_import set content = null where content is not null and created_at < {} returning id", before
    )
    return len(found)


async def list_about(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything this room holds about a person."""
    return {
        "memberships": await rows(
            """select c.name as chapter, m.joined_on, m.left_on, m.source, m.precision, m.consent_origin,
                m.leave_reason, m.end_cause, m.created_at, m.ended_at
            from membership m join chapter c on c.id = m.chapter where m.person = {} order by m.joined_on, m.id""",
            person_id,
        ),
        "stores": await rows(
            "select marketplace_store_id, name, since_at, until_at from store where person = {} order by since_at, id",
            person_id,
        ),
        "imports": await rows(
            """select c.name as chapter, i.file_name, i.row_count, i.created_at, i.committed_at
            from member_import i join chapter c on c.id = i.chapter where i.uploaded_by = {} order by i.created_at""",
            person_id,
        ),
    }


async def has_spell(person_id: UUID, chapter_id: UUID) -> bool:
    return await Membership.exists().where(
        (Membership.person == person_id) & (Membership.chapter == chapter_id) & Membership.left_on.is_null()
    )

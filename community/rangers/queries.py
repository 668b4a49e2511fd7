"""Every statement about Ranger spells, profiles and leaves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from community.kit.db import first, rows
from community.rangers.rules import Absence, EndCause, Profile, Role, Spell
from community.rangers.tables import Leave, RangerProfile

SPELL = """select id, person as person_id, chapter as chapter_id, role, from_on, to_on, proposed_by, proposed_at,
    accepted_at, ended_at from ranger_spell"""
PROFILE = """home_region, topics, languages, reach_minutes, load_limit, quiet_from, quiet_to, version"""


def _spell(row: dict[str, Any]) -> Spell:
    return Spell(**{**row, "role": Role(row["role"])})


async def find_spell(spell_id: UUID) -> Spell | None:
    """One that is not over."""
    found = await first(f"{SPELL} where id = {{}} and ended_at is null", spell_id)
    return _spell(found) if found else None


async def list_live(chapter_id: UUID) -> list[Spell]:
    """Terms and proposals of a chapter that are not over: accepted first, Rangers first, longest first."""
    found = await rows(
        f"{SPELL} where chapter = {{}} and ended_at is null order by accepted_at is null, role desc, from_on, id",
        chapter_id,
    )
    return [_spell(row) for row in found]


async def list_live_of(person_id: UUID) -> list[Spell]:
    found = await rows(f"{SPELL} where person = {{}} and ended_at is null order by from_on, id", person_id)
    return [_spell(row) for row in found]


async def count_rangers(chapter_id: UUID) -> int:
    found = await first(
        """select count(*) as n from ranger_spell
        where chapter = {} and role = 'ranger' and accepted_at is not null and ended_at is null""",
        chapter_id,
    )
    return int(found["n"]) if found else 0


async def count_rangers_of(chapter_ids: Collection[UUID]) -> dict[UUID, int]:
    found = await rows(
        """select chapter, count(*) as n from ranger_spell where chapter = any({})
        and role = 'ranger' and accepted_at is not null and ended_at is null group by chapter""",
        list(chapter_ids),
    )
    return {row["chapter"]: row["n"] for row in found}


async def save_spell(spell: Spell, conduct_version: str | None) -> bool:
    """False if the person has such a term or proposal there already."""
    found = await rows(
        """insert into ranger_spell (id, person, chapter, role, from_on, to_on, proposed_by, proposed_at, accepted_at,
            conduct_version) values ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})
        on conflict (person, chapter, role) where ended_at is null do nothing returning id""",
        *(spell.id, spell.person_id, spell.chapter_id, spell.role.value, spell.from_on, spell.to_on),
        *(spell.proposed_by, spell.proposed_at, spell.accepted_at, conduct_version),
    )
    return bool(found)


async def save_accepted(spell_id: UUID, from_on: date, to_on: date, conduct_version: str, now: datetime) -> bool:
    """False if the proposal was answered meanwhile."""
    found = await rows(
        """update ranger_spell set accepted_at = {}, from_on = {}, to_on = {}, conduct_version = {}
        where id = {} and accepted_at is null and ended_at is null returning id""",
        *(now, from_on, to_on, conduct_version, spell_id),
    )
    return bool(found)


async def save_term(spell_id: UUID, to_on: date) -> None:
    await rows("update ranger_spell set to_on = {} where id = {}", to_on, spell_id)


async def end_spell(spell_id: UUID, to_on: date, cause: EndCause, now: datetime) -> bool:
    """False if it is over already."""
    found = await rows(
        """update ranger_spell set ended_at = {}, end_cause = {}, to_on = greatest({}, from_on)
        where id = {} and ended_at is null returning id""",
        *(now, cause.value, to_on, spell_id),
    )
    return bool(found)


async def list_over(before: date, proposed_before: datetime) -> list[Spell]:
    """Terms whose last day is past (by the latest clock of the country), and proposals nobody answered."""
    found = await rows(
        f"""{SPELL} where ended_at is null and ((accepted_at is not null and to_on <= {{}})
        or (accepted_at is null and proposed_at < {{}})) order by id""",
        before,
        proposed_before,
    )
    return [_spell(row) for row in found]


async def list_ending(first_on: date, last_on: date) -> list[Spell]:
    """Rangers' terms that end within these days."""
    found = await rows(
        f"""{SPELL} where ended_at is null and accepted_at is not null and role = 'ranger'
        and to_on between {{}} and {{}} order by id""",
        first_on,
        last_on,
    )
    return [_spell(row) for row in found]


async def find_profile(person_id: UUID) -> Profile | None:
    found = await first(f"select {PROFILE} from ranger_profile where person = {{}}", person_id)  # noqa: S608
    return Profile(**found) if found else None


async def list_profiles(person_ids: Collection[UUID]) -> dict[UUID, Profile]:
    found = await rows(f"select person, {PROFILE} from ranger_profile where person = any({{}})", list(person_ids))  # noqa: S608
    return {row.pop("person"): Profile(**row) for row in found}


async def save_new_profile(profile_id: UUID, person_id: UUID, profile: Profile, now: datetime) -> None:
    """Nothing if there is one."""
    if await RangerProfile.exists().where(RangerProfile.person == person_id):
        return
    values = {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
    await RangerProfile.insert(RangerProfile(id=profile_id, person=person_id, updated_at=now, **values))


async def save_profile(person_id: UUID, profile: Profile, version: int, now: datetime) -> bool:
    """False if `version` is not the one stored."""
    found = await rows(
        """update ranger_profile set topics = {}, languages = {}, home_region = {}, reach_minutes = {}, load_limit = {},
            quiet_from = {}, quiet_to = {}, updated_at = {}, version = version + 1
        where person = {} and version = {} returning id""",
        *(profile.topics, profile.languages, profile.home_region, profile.reach_minutes, profile.load_limit),
        *(profile.quiet_from, profile.quiet_to, now, person_id, version),
    )
    return bool(found)


async def save_leave(leave_id: UUID, person_id: UUID, absence: Absence, now: datetime) -> None:
    await Leave.insert(
        Leave(id=leave_id, person=person_id, first_on=absence.first_on, last_on=absence.last_on, filed_at=now)
    )


async def withdraw_leave(leave_id: UUID, person_id: UUID, now: datetime) -> bool:
    found = await rows(
        "update leave set withdrawn_at = {} where id = {} and person = {} and withdrawn_at is null returning id",
        *(now, leave_id, person_id),
    )
    return bool(found)


async def list_leaves(person_ids: Collection[UUID], from_on: date) -> list[dict[str, Any]]:
    """Leaves of these people that are not over on `from_on`, in order."""
    return await rows(
        """select id, person, first_on, last_on from leave where person = any({}) and last_on >= {}
        and withdrawn_at is null order by first_on, last_on, id""",
        list(person_ids),
        from_on,
    )


async def list_serving(today: date) -> list[Spell]:
    """Every accepted Ranger's term that holds today."""
    found = await rows(
        f"""{SPELL} where role = 'ranger' and accepted_at is not null and ended_at is null
        and (to_on is null or to_on > {{}}) order by person, chapter""",
        today,
    )
    return [_spell(row) for row in found]


async def list_about(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything this room holds about a person."""
    return {
        "terms": await rows(
            """select c.name as chapter, s.role, s.from_on, s.to_on, s.proposed_at, s.accepted_at, s.conduct_version,
                s.ended_at, s.end_cause
            from ranger_spell s join chapter c on c.id = s.chapter where s.person = {} order by s.from_on, s.id""",
            person_id,
        ),
        "profile": await rows(
            """select topics, languages, home_region, home_latitude, home_longitude, reach_minutes, load_limit,
                quiet_from, quiet_to, updated_at from ranger_profile where person = {}""",
            person_id,
        ),
        "leaves": await rows(
            "select first_on, last_on, filed_at, withdrawn_at from leave where person = {} order by first_on, id",
            person_id,
        ),
    }

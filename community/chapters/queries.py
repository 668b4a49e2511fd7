"""Every statement about chapters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.chapters.rules import FOUNDERS_NEEDED, Cause, Chapter, State
from community.chapters.tables import Chapter as ChapterTable
from community.chapters.tables import ChapterFounder, ChapterRegion, ChapterSlug, ChapterState, Topic
from community.kit.db import first, rows
from community.kit.ids import uuid7
from community.kit.inputs import like

COLUMNS = """c.id, c.slug, c.name, c.tz, c.state, c.state_since, c.latitude, c.longitude, c.about, c.whatsapp_invite,
    c.last_activity_at, c.proposed_by, c.is_demo, c.created_at, c.version,
    (select g.region_code from chapter_region g where g.chapter = c.id and g.is_seat) as seat"""

_HOLDS = """exists (select 1 from role_spell r where r.person = {} and r.from_at <= {}
    and (r.to_at is null or r.to_at > {}) and """
_FOUNDS = "exists (select 1 from chapter_founder f where f.chapter = c.id and f.person = {})"
_RUNS = _HOLDS + "r.role in ('ranger', 'deputy') and r.scope_id = c.id)"
_IS_HQ = _HOLDS + "r.role = 'hq' and r.scope_id is null)"
RIGHTS = {
    "read": f"(c.state <> 'proposed' or {_FOUNDS} or {_IS_HQ})",
    "run": _RUNS,
    "lead": _HOLDS + "r.role = 'ranger' and r.scope_id = c.id)",
    "hq": _IS_HQ,
    "found": _FOUNDS,
}


def _bound(may: str, person_id: UUID | None, now: datetime) -> list[Any]:
    """Values for the placeholders of `RIGHTS[may]`, in order."""
    spell = [person_id, now, now]
    bound: dict[str, list[Any]] = {"read": [person_id, *spell], "found": [person_id]}
    return bound.get(may, spell)


async def find_chapter(slug: str, person_id: UUID | None, may: str, now: datetime, *, lock: bool) -> Chapter | None:
    """By its slug or one it ever had, with the right inside the question."""
    if lock:
        # The lock first and the row in a second statement: one statement would see the row as it was before waiting.
        await rows(
            "select 1 from chapter where id = (select chapter from chapter_slug where slug = {}) for no key update",
            slug,
        )
    found = await first(
        f"""select {COLUMNS} from chapter_slug s join chapter c on c.id = s.chapter
        where s.slug = {{}} and {RIGHTS[may]}""",  # noqa: S608
        slug,
        *_bound(may, person_id, now),
    )
    return _chapter(found) if found else None


async def find_id(slug: str) -> UUID | None:
    found = await first("select chapter from chapter_slug where slug = {}", slug)
    return found["chapter"] if found else None


async def find_by_id(chapter_id: UUID) -> Chapter | None:
    found = await first(f"select {COLUMNS} from chapter c where c.id = {{}}", chapter_id)  # noqa: S608
    return _chapter(found) if found else None


async def lock_by_id(chapter_id: UUID) -> Chapter | None:
    await rows("select 1 from chapter where id = {} for no key update", chapter_id)
    return await find_by_id(chapter_id)


async def list_by_ids(ids: Collection[UUID]) -> list[Chapter]:
    found = await rows(f"select {COLUMNS} from chapter c where c.id = any({{}}) order by c.name", list(ids))  # noqa: S608
    return [_chapter(row) for row in found]


def _chapter(row: dict[str, Any]) -> Chapter:
    return Chapter(**{**row, "state": State(row["state"])})


@dataclass(frozen=True)
class Filter:
    """Which open chapters to list: `text` matches name or address, `region_codes` any region, `province` its code."""

    text: str = ""
    region_codes: tuple[str, ...] = ()
    province: str | None = None

    def bound(self) -> list[Any]:
        pattern = like(self.text)
        return [self.text, pattern, pattern, list(self.region_codes), self.province, self.province]


_LISTED = """c.state in ('forming', 'active', 'dormant')
    and ({} = '' or c.name ilike {} or c.slug ilike {}
        or exists (select 1 from chapter_region g where g.chapter = c.id and g.region_code = any({})))
    and ({}::text is null or exists (select 1 from chapter_region g where g.chapter = c.id
        and left(g.region_code, 2) = {}))"""


async def count_chapters(wanted: Filter) -> int:
    found = await first(f"select count(*) as n from chapter c where {_LISTED}", *wanted.bound())  # noqa: S608
    return int(found["n"]) if found else 0


async def list_chapters(
    wanted: Filter, limit: int, *, offset: int = 0, after: tuple[str, UUID] | None = None
) -> list[Chapter]:
    """By name; from `offset`, or behind the (name, id) given."""
    name, chapter_id = after or ("", None)
    found = await rows(
        f"""select {COLUMNS} from chapter c where {_LISTED}
        and ({{}}::uuid is null or (lower(c.name), c.id) > (lower({{}}), {{}}::uuid))
        order by lower(c.name), c.id limit {{}} offset {{}}""",  # noqa: S608
        *wanted.bound(),
        *(chapter_id, name, chapter_id, limit, offset),
    )
    return [_chapter(row) for row in found]


async def list_dots() -> list[dict[str, Any]]:
    """What the map needs of every open chapter."""
    return await rows(
        """select id, slug, name, state, latitude, longitude from chapter
        where state in ('forming', 'active', 'dormant') order by name"""
    )


async def list_regions(ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Region codes of each chapter, the seat first."""
    found = await rows(
        "select chapter, region_code from chapter_region where chapter = any({}) order by is_seat desc, region_code",
        list(ids),
    )
    codes: dict[UUID, list[str]] = {chapter_id: [] for chapter_id in ids}
    for row in found:
        codes[row["chapter"]].append(row["region_code"])
    return codes


async def list_in_region(region_code: str) -> list[Chapter]:
    """Chapters of any state but closed that cover the region."""
    found = await rows(
        f"""select {COLUMNS} from chapter c join chapter_region g on g.chapter = c.id
        where g.region_code = {{}} and c.state <> 'closed' order by c.name""",  # noqa: S608
        region_code,
    )
    return [_chapter(row) for row in found]


async def list_taken_slugs(slug: str) -> frozenset[str]:
    """Slugs ever given that are `slug` or begin with it."""
    found = await rows("select slug from chapter_slug where slug = {} or slug like {}", slug, f"{slug}-%")
    return frozenset(row["slug"] for row in found)


async def save_new(chapter: Chapter, region_codes: Sequence[str], founders: Sequence[UUID], now: datetime) -> None:
    """A chapter with its address, its regions (the first is the seat) and its founders."""
    values = {name: getattr(chapter, name) for name in chapter.__dataclass_fields__ if name != "seat"}
    await ChapterTable.insert(ChapterTable(**{**values, "state": chapter.state.value}))
    await ChapterSlug.insert(ChapterSlug(slug=chapter.slug, chapter=chapter.id))
    await ChapterRegion.insert(
        *(
            ChapterRegion(id=uuid7(), chapter=chapter.id, region_code=code, is_seat=code == chapter.seat)
            for code in region_codes
        )
    )
    await ChapterFounder.insert(
        *(ChapterFounder(id=uuid7(), chapter=chapter.id, person=person, invited_at=now) for person in founders)
    )


async def save_state(
    chapter_id: UUID,
    old: State | None,
    new: State,
    cause: Cause | None,
    actor_id: UUID | None,
    reason: str | None,
    now: datetime,
) -> None:
    """Write the history, and the chapter's row where the state changed. `reason` wins over the cause's name."""
    said = reason or (cause.value if cause else None)
    await ChapterState.insert(
        ChapterState(
            id=uuid7(), chapter=chapter_id, from_state=old, to_state=new.value, at=now, actor_id=actor_id, reason=said
        )
    )
    if old is not None and old is not new:
        await rows(
            "update chapter set state = {}, state_since = {}, version = version + 1 where id = {}",
            new.value,
            now,
            chapter_id,
        )


async def save_activity(chapter_id: UUID, at: datetime) -> None:
    await rows(
        "update chapter set last_activity_at = greatest(coalesce(last_activity_at, {}), {}) where id = {}",
        at,
        at,
        chapter_id,
    )


async def save_texts(chapter_id: UUID, name: str, about: str, whatsapp_invite: str | None) -> None:
    await rows(
        "update chapter set name = {}, about = {}, whatsapp_invite = {}, version = version + 1 where id = {}",
        *(name, about, whatsapp_invite, chapter_id),
    )


async def save_slug(chapter_id: UUID, old: str, new: str, now: datetime) -> bool:
    """Retire the old address and take the new one; False if another chapter has or had it."""
    taken = await first(
        "insert into chapter_slug (slug, chapter, retired_at) values ({}, {}, null) on conflict (slug) do update "
        "set retired_at = null where chapter_slug.chapter = excluded.chapter returning slug",
        new,
        chapter_id,
    )
    if taken is None:
        return False
    await rows("update chapter_slug set retired_at = {} where slug = {}", now, old)
    await rows("update chapter set slug = {} where id = {}", new, chapter_id)
    return True


async def list_states(chapter_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        """select from_state, to_state, at, reason, actor_id from chapter_state
        where chapter = {} order by at desc, id desc""",
        chapter_id,
    )


async def list_founders(chapter_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        "select f.id, f.person, f.invited_at, f.accepted_at, f.conduct_version from chapter_founder f "
        "where f.chapter = {} order by f.accepted_at nulls last, f.id",
        chapter_id,
    )


async def find_founder(founder_id: UUID) -> dict[str, Any] | None:
    return await first("select id, chapter, person, accepted_at from chapter_founder where id = {}", founder_id)


async def save_founder(founder_id: UUID, person_id: UUID, conduct_version: str, now: datetime) -> None:
    await rows(
        "update chapter_founder set person = {}, conduct_version = {}, accepted_at = {} where id = {}",
        *(person_id, conduct_version, now, founder_id),
    )


_PROPOSALS = f"""select {COLUMNS}, asked.at as asked_at, asked.reason as answer from chapter c
    join lateral (select s.at, s.reason from chapter_state s where s.chapter = c.id and s.from_state = 'proposed'
        order by s.at desc, s.id desc limit 1) asked on true
    where c.state = 'proposed' and (select count(*) from chapter_founder f where f.chapter = c.id
        and f.accepted_at is not null) >= {FOUNDERS_NEEDED}"""  # noqa: S608


async def list_proposals() -> list[tuple[Chapter, datetime]]:
    """Proposals that wait for an answer, with when they began to wait, oldest first."""
    found = await rows(f"{_PROPOSALS} and asked.reason is null order by asked.at, c.id")
    return [
        (_chapter({k: v for k, v in row.items() if k not in {"asked_at", "answer"}}), row["asked_at"]) for row in found
    ]


async def find_answer(chapter_id: UUID) -> dict[str, Any] | None:
    """What happened last to the proposal after two founders had accepted: asked (reason null) or answered."""
    return await first(
        """select at, reason from chapter_state where chapter = {} and from_state = 'proposed'
        order by at desc, id desc limit 1""",
        chapter_id,
    )


async def list_silent(before: datetime) -> list[UUID]:
    found = await rows(
        "select id from chapter where state in ('forming', 'active') "
        "and greatest(coalesce(last_activity_at, state_since), state_since) <= {} order by id",
        before,
    )
    return [row["id"] for row in found]


async def list_stale_proposals(before: datetime) -> list[UUID]:
    found = await rows("select id from chapter where state = 'proposed' and created_at <= {} order by id", before)
    return [row["id"] for row in found]


async def list_founded(person_id: UUID) -> list[dict[str, Any]]:
    """Chapters the person founds or founded."""
    return await rows(
        """select c.name, c.slug, f.invited_at, f.accepted_at, f.conduct_version, c.proposed_by = f.person as proposed
        from chapter_founder f join chapter c on c.id = f.chapter where f.person = {} order by f.invited_at, f.id""",
        person_id,
    )


async def list_topics() -> list[dict[str, Any]]:
    return await Topic.select().order_by(Topic.position)

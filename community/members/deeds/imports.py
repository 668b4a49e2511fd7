"""A chapter's existing list: looked at first, then carried out whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import service as chapters
from community.chapters.service import Chapter
from community.kit.csvout import write_csv
from community.kit.db import atomic
from community.kit.ids import uuid7
from community.kit.viewer import Viewer
from community.members import queries
from community.members.deeds.lists import tell_rangers
from community.members.deeds.spells import local_day
from community.members.errors import ImportFaulty, ImportNotFound, PlanChanged
from community.members.queries import NewSpell
from community.members.rules.matching import ADDED, Known, Planned, count_outcomes, plan, plan_hash
from community.members.rules.reading import Reading, Row, RowError, read

CONTENT_LASTS = timedelta(days=1)
SHOWN_ERRORS = 200
CHUNK = 1_000


@dataclass(frozen=True)
class Report:
    """What the file would do, or did. `counts` by outcome; all zero while there are errors."""

    row_count: int
    counts: dict[str, int]
    errors: tuple[RowError, ...]
    unread: tuple[str, ...]

    @property
    def added(self) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in ADDED)


@dataclass(frozen=True)
class Draft:
    """A file that was looked at and waits; `file_hash` names its content."""

    id: UUID
    chapter: Chapter
    file_name: str
    file_hash: str
    report: Report


async def _prepare(chapter: Chapter, content: bytes, now: datetime) -> tuple[Reading, list[Planned]]:
    """Read and match. The reading runs in a thread, so that a long file holds nobody up."""
    reading = await asyncio.to_thread(read, content, local_day(now, chapter.tz))
    if reading.errors:
        return reading, []
    known = await _known(chapter.id, reading.rows)
    owners = await queries.list_store_owners({row.store_id for row in reading.rows if row.store_id})
    return reading, await asyncio.to_thread(plan, reading.rows, known, owners)


async def _known(chapter_id: UUID, rows: Sequence[Row]) -> list[Known]:
    """Everybody of the chapter, and whoever else has the contact of a row that is nobody of the chapter."""
    people = {row["person_id"]: Known(**row) for row in await queries.list_people_of(chapter_id)}
    strange = [
        item.row for item in await asyncio.to_thread(plan, rows, list(people.values()), {}) if not item.person_id
    ]
    phones = sorted({row.phone for row in strange if row.phone})
    emails = sorted({row.email.lower() for row in strange if row.email})
    for start in range(0, max(len(phones), len(emails)), CHUNK):
        part = slice(start, start + CHUNK)
        for person in await accounts.list_by_contacts(phones[part], emails[part]):
            people.setdefault(
                person.id,
                Known(
                    person_id=person.id,
                    name=person.name,
                    phone=person.phone,
                    email=person.email,
                    phone_verified=person.phone_verified_at is not None,
                    email_verified=person.email_verified_at is not None,
                ),
            )
    return list(people.values())


def _report(reading: Reading, planned: Sequence[Planned]) -> Report:
    return Report(reading.row_count, count_outcomes(planned), reading.errors, reading.unread)


async def look(viewer: Viewer, slug: str, file_name: str, content: bytes, *, now: datetime) -> Draft:
    """The dry run: nothing is stored but the file, for a day. Raises ProofNeeded, ChapterNotFound."""
    async with atomic():
        chapter = await _lead(viewer, slug, now)
        reading, planned = await _prepare(chapter, content, now)
        report = _report(reading, planned)
        import_id, file_hash = uuid7(), hashlib.sha256(content).digest()
        await queries.save_import(
            {
                "id": import_id,
                "chapter": chapter.id,
                "uploaded_by": viewer.person(),
                "file_name": file_name[-120:],
                "file_hash": file_hash,
                "content": content,
                "plan_hash": plan_hash(planned),
                "counts": json.dumps(report.counts),
                "row_count": report.row_count,
                "created_at": now,
            }
        )
        await audit.record(
            viewer.person(),
            "member.import.look",
            ("import", import_id),
            now=now,
            chapter_id=chapter.id,
            detail={"rows": report.row_count, "errors": len(report.errors)},
        )
    return Draft(import_id, chapter, file_name, file_hash.hex(), report)


async def _lead(viewer: Viewer, slug: str, now: datetime, *, lock: bool = False) -> Chapter:
    """For a Ranger. A token was made by a proved sign-in; a browser must have proved it lately."""
    chapter = await chapters.access_chapter(viewer, slug, may="lead", now=now, lock=lock)
    if viewer.via != "token":
        viewer.require_proof(now)
    return chapter


async def draft(viewer: Viewer, slug: str, import_id: UUID, *, now: datetime) -> Draft:
    """A file that waits, its faults read again from it. Raises ImportNotFound, ProofNeeded."""
    chapter = await _lead(viewer, slug, now)
    found = await queries.find_import(import_id, chapter.id)
    if found is None or found["created_at"] < now - CONTENT_LASTS:
        raise ImportNotFound
    reading = await asyncio.to_thread(read, found["content"], local_day(now, chapter.tz))
    report = Report(found["row_count"], json.loads(found["counts"]), reading.errors, reading.unread)
    return Draft(import_id, chapter, found["file_name"], bytes(found["file_hash"]).hex(), report)


async def errors_file(viewer: Viewer, slug: str, import_id: UUID, *, now: datetime) -> tuple[str, bytes]:
    """File name and CSV of every fault of a file that waits."""
    found = await draft(viewer, slug, import_id, now=now)
    rows = [(error.number, error.column, error.value, error.advice) for error in found.report.errors]
    return "perlu-diperbaiki.csv", write_csv(("baris", "kolom", "isi", "yang_perlu_dilakukan"), rows)


async def commit(viewer: Viewer, slug: str, import_id: UUID, file_hash: str, *, now: datetime) -> Report:
    """Carry out a file that was looked at: all rows or none, exactly as they came out then.

    Raises ImportNotFound, ImportFaulty, and PlanChanged if the file or what it would do is another by now.
    """
    async with atomic():
        chapter = await _lead(viewer, slug, now, lock=True)
        found = await queries.find_import(import_id, chapter.id)
        if found is None or found["created_at"] < now - CONTENT_LASTS:
            raise ImportNotFound
        content = bytes(found["content"])
        if file_hash != bytes(found["file_hash"]).hex() or hashlib.sha256(content).digest() != found["file_hash"]:
            raise PlanChanged
        reading, planned = await _prepare(chapter, content, now)
        if reading.errors:
            raise ImportFaulty
        if plan_hash(planned) != found["plan_hash"]:
            raise PlanChanged(current={"counts": count_outcomes(planned)})
        report = await _carry_out(chapter, reading, planned, viewer.person(), now)
        await queries.save_committed(import_id, now)
    return report


async def _carry_out(
    chapter: Chapter, reading: Reading, planned: Sequence[Planned], actor_id: UUID | None, now: datetime
) -> Report:
    added = [item for item in planned if item.outcome in ADDED]
    fresh = [item for item in added if item.person_id is None]
    made = await accounts.make_guests([(item.row.name, item.row.phone, item.row.email) for item in fresh], now=now)
    people = {item.row.number: person for item, person in zip(fresh, made, strict=True)}
    people |= {item.row.number: item.person_id for item in added if item.person_id is not None}
    today = local_day(now, chapter.tz)
    await queries.save_spells(
        [
            NewSpell(
                person_id=people[item.row.number],
                chapter_id=chapter.id,
                joined_on=item.row.joined_on or today,
                source="import",
                precision=item.row.precision,
                consent_origin=item.row.consent,
            )
            for item in added
        ],
        now,
    )
    await queries.save_stores(
        [
            (people[item.row.number], item.row.store_id, item.row.store_name or item.row.store_id)
            for item in added
            if item.link_store and item.row.store_id
        ],
        now,
    )
    report = _report(reading, planned)
    await audit.record(
        actor_id,
        "member.import.commit",
        ("chapter", chapter.id),
        now=now,
        chapter_id=chapter.id,
        detail={"rows": report.row_count, "added": report.added},
        actor_kind="person" if actor_id else "system",
    )
    await tell_rangers(chapter, actor_id, "members/imported", {"count": report.added}, now)
    return report


async def import_members(slug: str, content: bytes, *, commit: bool, now: datetime) -> Report:
    """For the operator at the command line: look, and if `commit` and without faults carry out at once."""
    async with atomic():
        chapter = await chapters.lock_by_slug(slug)
        reading, planned = await _prepare(chapter, content, now)
        if not commit or reading.errors:
            return _report(reading, planned)
        return await _carry_out(chapter, reading, planned, None, now)


async def forget_contents(*, now: datetime) -> int:
    """Files older than a day lose their content, carried out or not."""
    return await queries.forget_contents(now - CONTENT_LASTS)

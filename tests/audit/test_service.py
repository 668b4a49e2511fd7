"""No row, no deed; each row sealed once; one changed row is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from community.audit import service
from community.kit.db import DB, atomic, first, rows
from community.kit.ids import uuid7
from tests.factories import make_person

THING = ("event", "AAAA2222")


@asynccontextmanager
async def owner() -> AsyncIterator[asyncpg.Connection]:
    """A connection with the rights an attacker on the database machine would have."""
    connection = await asyncpg.connect(**{key: value for key, value in DB.config.items() if key != "server_settings"})
    try:
        yield connection
    finally:
        await connection.close()


async def count(table: str) -> int:
    found = await first(f"select count(*) as n from {table}")
    assert found is not None
    return int(found["n"])


async def test_a_deed_and_its_row_are_one(db: None, now: datetime) -> None:
    actor, chapter = await make_person(), uuid7()

    entry_id = await service.record(actor, "event.publish", THING, now=now, chapter_id=chapter, detail={"count": 2})

    found = await first("select * from audit_entry where id = {}", entry_id)
    assert found is not None
    assert (found["actor_id"], found["action"], found["object_id"]) == (actor, "event.publish", "AAAA2222")
    assert (found["at"], found["chapter_id"], found["detail"]) == (now, chapter, '{"count": 2}')


async def test_a_failing_row_rolls_the_deed_back(db: None, now: datetime) -> None:
    person_id = await make_person("Bob Contoh")

    with pytest.raises(asyncpg.PostgresError):
        async with atomic():
            await rows("update person set name = 'Lain' where id = {}", person_id)
            await service.record(person_id, "x" * 61, THING, now=now)

    found = await first("select name from person where id = {}", person_id)
    assert found == {"name": "Bob Contoh"}


async def test_personal_values_are_refused_before_anything_is_written(db: None, now: datetime) -> None:
    with pytest.raises(ValueError, match="audit detail"):
        await service.record(None, "x", THING, now=now, actor_kind="job", detail={"to": "bob@contoh.example"})

    assert await count("audit_entry") == 0


@pytest.mark.parametrize(
    "statement", ["update audit_entry set action = 'x'", "delete from audit_seal", "truncate audit_entry"]
)
async def test_the_application_can_change_or_remove_nothing(committed: None, now: datetime, statement: str) -> None:
    await service.record(None, "x", THING, now=now, actor_kind="job")
    await service.seal()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(statement)


async def test_25_writers_and_2_sealers_seal_each_row_once(committed: None, now: datetime) -> None:
    async def write(writer: int) -> None:
        for number in range(40):
            async with atomic():
                await service.record(None, "x", THING, now=now, actor_kind="job", detail={"n": number})
                if number % 10 == writer % 10:
                    await asyncio.sleep(0.02)  # commits late, with an older id than what others have committed by then

    writers = [asyncio.create_task(write(number)) for number in range(25)]

    async def keep_sealing() -> None:
        while not all(task.done() for task in writers):
            await service.seal()

    await asyncio.gather(keep_sealing(), keep_sealing(), *writers)
    await service.seal()

    assert await count("audit_entry") == 1000
    found = await first("select count(*) as n, count(distinct entry_id) as once, max(seq) as last from audit_seal")
    assert found == {"n": 1000, "once": 1000, "last": 1000}
    check = await service.verify()
    assert (check.seals, check.faults) == (1000, ())


async def test_reading_from_the_last_id_on_would_lose_late_commits(committed: None, now: datetime) -> None:
    """The control: a sealer that asks for `id > last` never sees the row that was written first and committed last."""
    reached, release = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with atomic():
            await service.record(None, "late", THING, now=now, actor_kind="job")
            reached.set()
            await release.wait()

    task = asyncio.create_task(late())
    await reached.wait()
    await service.record(None, "early", THING, now=now, actor_kind="job")
    await service.seal()
    last = await first("select entry_id from audit_seal")
    assert last is not None
    release.set()
    await task

    assert await rows("select action from audit_entry where id > {}", last["entry_id"]) == []
    assert await service.seal() == 1


async def test_one_changed_row_is_found(committed: None, now: datetime) -> None:
    for number in range(30):
        await service.record(None, "x", THING, now=now, actor_kind="job", detail={"n": number})
    await service.seal()
    async with owner() as connection:
        await connection.execute(
            "update audit_entry set action = 'y' where id = (select entry_id from audit_seal where seq = 17)"
        )

    check = await service.verify()

    assert [(fault.seq, fault.what) for fault in check.faults] == [(17, "changed")]
    assert (await service.verify_and_report()).faults == check.faults
    assert await service.check_invariants(now=now) == ["audit chain: changed at seal 17"]


async def test_one_removed_row_is_found(committed: None, now: datetime) -> None:
    for _ in range(3):
        await service.record(None, "x", THING, now=now, actor_kind="job")
    await service.seal()
    async with owner() as connection:
        await connection.execute("delete from audit_entry where id = (select entry_id from audit_seal where seq = 2)")

    assert [(fault.seq, fault.what) for fault in (await service.verify()).faults] == [(2, "missing")]


async def test_many_rows_are_sealed_in_several_batches(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 7)
    for _ in range(20):
        await service.record(None, "x", THING, now=now, actor_kind="job")

    assert await service.seal() == 20
    assert await service.seal() == 0
    assert (await service.verify()).seals == 20


async def test_each_minute_looks_two_days_back_and_each_night_all_the_way(db: None, now: datetime) -> None:
    await service.record(None, "x", THING, now=now, actor_kind="job")
    written = datetime.now(UTC)

    assert await service.seal(now=written + timedelta(days=3)) == 0
    assert await service.seal(now=written + timedelta(days=1)) == 1
    await service.record(None, "y", THING, now=now, actor_kind="job")
    assert await service.seal(now=written + timedelta(days=3)) == 0
    assert (await service.verify_and_report()).seals == 2


async def test_old_unsealed_rows_raise_an_alarm(db: None, now: datetime) -> None:
    await service.record(None, "x", THING, now=now - timedelta(minutes=11), actor_kind="job")

    assert len(await service.check_invariants(now=now)) == 1
    assert len(await service.overdue(now=now)) == 1
    assert await service.overdue(now=now + timedelta(days=3)) == []
    await service.seal()
    assert await service.check_invariants(now=now) == []


async def test_who_looked_leaves_out_oneself_and_others(db: None, now: datetime) -> None:
    alice, bob = await make_person("Alice Contoh"), await make_person("Bob Contoh")
    await service.record(alice, "member.phone.read", ("person", bob), now=now, subject_id=bob)
    await service.record(bob, "me.export", ("person", bob), now=now, subject_id=bob)
    await service.record(bob, "member.phone.read", ("person", alice), now=now, subject_id=alice)

    assert [(entry.actor_id, entry.action) for entry in await service.entries_about(bob)] == [
        (alice, "member.phone.read")
    ]


async def test_an_export_holds_looks_and_own_deeds(db: None, now: datetime) -> None:
    alice, bob = await make_person("Alice Contoh"), await make_person("Bob Contoh")
    await service.record(alice, "member.phone.read", ("person", bob), now=now, subject_id=bob)
    await service.record(bob, "event.publish", THING, now=now)

    export = await service.export_person(bob)

    assert [row["action"] for row in export["who_looked"]] == ["member.phone.read"]
    assert [row["action"] for row in export["own_deeds"]] == ["event.publish"]


async def test_who_read_a_list_looked_at_everybody_on_it_while_they_were(db: None, now: datetime) -> None:
    alice, bob, hour = await make_person("Alice Contoh"), await make_person("Bob Contoh"), timedelta(hours=1)
    roster = ("event", uuid7())
    for hours, action in (
        (-2, "event.roster.read"),
        (0, "event.roster.read"),
        (1, "event.publish"),
        (3, "member.export"),
    ):
        await service.record(alice, action, roster, now=now + hours * hour)
    await service.record(alice, "event.roster.read", ("event", uuid7()), now=now)
    await service.record(bob, "event.roster.read", roster, now=now)
    on = service.Listed("event", str(roster[1]), now - hour, now + 2 * hour)

    assert await service.entries_about(bob) == []
    seen = await service.entries_about(bob, listed=[on])
    assert [(entry.actor_id, entry.action, entry.at) for entry in seen] == [(alice, "event.roster.read", now)]
    still_on = service.Listed("event", str(roster[1]), now - hour)
    assert [entry.action for entry in await service.entries_about(bob, listed=[still_on])] == [
        "member.export",
        "event.roster.read",
    ]

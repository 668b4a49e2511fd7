"""Promises that no single room can keep alone: limits over HTTP, what is in mails, looks and exports, columns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from community.accounts import service as accounts
from community.accounts.deeds import door
from community.audit import service as audit
from community.kit import csrf
from community.kit.db import first, rows
from community.kit.limits import LIMITS
from community.kit.mail import Mail, Outcome, Verdict, build_message
from community.kit.privacy import REGISTER
from community.kit.settings import settings
from community.notifications import service as notifications
from tests.factories import NOW, make_chapter, make_event, make_person
from tests.signing import sign_in

EMAIL, PASSWORD = "bob@contoh.example", "tiga kuda di kebun"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ANSWER_SECONDS", 0.0)


def stamped(path: str, **fields: str) -> dict[str, str]:
    return {"_stamp": csrf.new_stamp(path, "", now=NOW - timedelta(seconds=10)), **fields}


def client_at(app: Any, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url=settings().base_url, headers={"Origin": settings().base_url})


async def knock(client: httpx.AsyncClient, **headers: str) -> int:
    fields = stamped("/sign-in", email=EMAIL, password="salah sama sekali")
    return (await client.post("/sign-in", data=fields, headers=headers)).status_code


async def test_a10_a_forged_forwarded_header_buys_no_try(db: None, app: Any) -> None:
    async with client_at(app, "203.0.113.9") as client:
        told = [
            await knock(client, **{"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"})
            for n in range(8)
        ]

    assert told == [400] * 5 + [429] * 3


async def test_a10_parallel_tries_get_exactly_the_cap(committed: None, app: Any) -> None:
    async with client_at(app, "203.0.113.9") as client:
        told = await asyncio.gather(*(knock(client) for _ in range(15)))

    assert sorted(told) == [400] * 5 + [429] * 10


async def test_a10_a_refusal_says_when_to_come_back_and_keeps_what_was_typed(db: None, app: Any) -> None:
    async with client_at(app, "203.0.113.9") as client:
        for _ in range(5):
            await knock(client)
        answer = await client.post("/sign-in", data=stamped("/sign-in", email=EMAIL, password="salah sama sekali"))

    assert answer.status_code == 429
    assert 170 <= int(answer.headers["retry-after"]) <= 180
    assert EMAIL in answer.text
    assert "salah sama sekali" not in answer.text


async def test_a10_forty_guests_of_one_cafe_get_in(db: None, app: Any) -> None:
    event = await make_event(await make_chapter(), code="EVENTAAA", capacity=60)
    path = "/events/EVENTAAA/rsvp"
    async with client_at(app, "203.0.113.9") as client:
        for n in range(40):
            guest = stamped(path, name=f"Tamu Contoh {n}", contact=f"tamu{n}@contoh.example", consent="yes")
            answer = await client.post(path, data=guest)
            assert answer.status_code == 303, answer.text

    assert await first("select count(*) as n from rsvp where event = {} and state = 'going'", event) == {"n": 40}
    assert LIMITS["rsvp.guest_network"].capacity == 40


class Notes:
    """A sender that keeps the bytes a server would get."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> Outcome:
        self.mails.append(mail)
        return Outcome(Verdict.SENT)

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    "name", ["Bob\r\nBcc: semua@contoh.example", "Bob\nSubject: x", "Bob\r\n\r\n<b>isi</b>", "Bob\x00"]
)
async def test_a16_a_line_break_in_a_name_reaches_no_mail_header(client: httpx.AsyncClient, name: str) -> None:
    """Refused where it is typed; and were it in the table already, the mail would still have its own headers only."""
    fields = stamped("/sign-up", name=name, email=EMAIL, adult="yes")
    assert (await client.post("/sign-up", data=fields)).status_code == 400

    if "\x00" in name:
        return  # PostgreSQL itself has no such character
    await make_person(name, email=EMAIL)
    assert (await client.post("/reset", data=stamped("/reset", email=EMAIL))).status_code == 303
    sender = Notes()
    await notifications.deliver(now=NOW, sender=sender)

    [mail] = sender.mails
    parsed = message_from_bytes(build_message(mail).as_bytes(), policy=default)
    assert parsed["Bcc"] is None
    assert parsed.get_all("Subject") == ["Buat kata sandi baru"]
    assert parsed.get_all("To") == [EMAIL]


@pytest.mark.parametrize(
    "email", ["bob@contoh.example\r\nBcc: a@b.example", "bob@contoh.example,a@b.example", "a b@c.example"]
)
async def test_a16_an_address_with_more_in_it_is_refused(client: httpx.AsyncClient, email: str) -> None:
    for path, fields in (("/reset", {}), ("/sign-up", {"name": "Bob", "adult": "yes"})):
        assert (await client.post(path, data=stamped(path, email=email, **fields))).status_code == 400


async def test_p02_without_its_audit_row_a_deed_is_not_done(
    db: None, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await make_person("Bob Contoh")
    client = await as_person(bob)

    async def broken(*given: object, **options: object) -> UUID:
        raise asyncpg.DiskFullError("no space left")

    monkeypatch.setattr(audit, "record", broken)
    answer = await client.post("/me/profile", data={"name": "Lain", "version": "1"})

    assert answer.status_code == 503
    assert (await accounts.show_person(bob)).name == "Bob Contoh"


async def test_p02_one_export_is_one_row(db: None, as_person: Any, as_token: Any) -> None:
    bob = await make_person("Bob Contoh")
    assert (await (await as_person(bob)).post("/me/export")).status_code == 200
    assert (await (await as_token(bob)).post("/api/v1/me/export")).status_code == 200

    found = await rows("select action from audit_entry where actor_id = {} and action = 'account.export'", bob)
    assert len(found) == 2


async def test_p02_a_member_reads_who_read_the_lists_they_stand_on(world: dict[str, str], client_for: Any) -> None:
    alice, bob = await client_for("R"), await client_for("M")
    before = (await bob.get("/me/looks")).text
    assert "Alice Contoh" not in before

    assert (await alice.get(f"/chapters/{world['chapter']}/members")).status_code == 200
    assert (await alice.get(f"/events/{world['event']}/people")).status_code == 200

    after = (await bob.get("/me/looks")).text
    assert "Daftar anggota dibuka" in after
    assert "Daftar peserta dibuka" in after
    assert after.count("Alice Contoh") == 2
    assert "Daftar anggota dibuka" not in (await (await client_for("C")).get("/me/looks")).text


async def test_a12_secrets_are_nowhere_in_the_database(db: None, client: httpx.AsyncClient) -> None:
    """A copy of every table holds no password, cookie, link or token one could use."""
    bob = await accounts.make_account("Bob Contoh", email=EMAIL, verified=True, password=PASSWORD, now=NOW)
    cookie, _sign_in_id = await sign_in(bob)
    token = await accounts.create_token(bob, "laporan", scopes=["read"], chapter_id=None, days=1, now=NOW)
    await client.post("/reset", data=stamped("/reset", email=EMAIL))
    sender = Notes()
    await notifications.deliver(now=NOW, sender=sender)
    link = sender.mails[0].text.split("/reset/")[1][:43]

    copied = ""
    for table in await rows("select tablename from pg_tables where schemaname = 'public'"):
        copied += repr(await rows(f'select to_jsonb(t)::text as r from "{table["tablename"]}" t'))

    assert EMAIL in copied
    for secret in (PASSWORD, cookie, token, token[13:], link):
        assert secret not in copied


async def test_p04_no_column_of_the_database_is_unclassified(db: None) -> None:
    found = await rows(
        "select table_name, column_name from information_schema.columns where table_schema = 'public' "
        "and table_name in (select tablename from pg_tables where schemaname = 'public') and table_name <> 'migration'"
    )
    there: dict[str, set[str]] = {}
    for column in found:
        there.setdefault(column["table_name"], set()).add(column["column_name"])

    assert {table: columns - set(REGISTER[table].columns) for table, columns in there.items() if table in REGISTER} == {
        table: set() for table in there
    }
    assert all(entry.purpose and entry.keep for entry in REGISTER.values())

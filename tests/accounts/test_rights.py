"""Role spells, API tokens, consents, and what a person may take away."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec
import pytest

from community.accounts import service
from community.accounts.deeds import consents, own
from community.accounts.errors import NotYourRight, TokenNotFound
from community.audit import service as audit
from community.kit import i18n
from community.kit.db import first, rows
from community.kit.errors import NotFound, TooMany
from community.kit.ids import uuid7
from community.kit.viewer import Grant, Viewer
from tests.accounts.conftest import Mails
from tests.factories import make_chapter, make_member, make_person, make_ranger, make_role

DAY = timedelta(days=1)


async def actions(subject: UUID) -> list[str]:
    found = await rows("select action from audit_entry where subject_id = {} order by id", subject)
    return [row["action"] for row in found]


async def test_a_role_is_a_spell_from_now_on_and_audited(db: None, now: datetime) -> None:
    chapter, bob, by = await make_chapter(), await make_person("Bob Contoh"), await make_person()

    assert await service.give_role(bob, "ranger", chapter, now=now, by=by)
    assert not await service.give_role(bob, "ranger", chapter, now=now, by=by)
    assert await service.roles_of(bob, now=now) == {Grant("ranger", chapter)}
    assert await service.roles_of(bob, now=now - DAY) == frozenset()
    assert await service.list_holders("ranger", chapter, now=now) == [bob]

    assert await service.end_role(bob, "ranger", chapter, now=now + DAY, by=by)
    assert not await service.end_role(bob, "ranger", chapter, now=now + DAY, by=by)
    assert await service.roles_of(bob, now=now + DAY) == frozenset()
    assert await actions(bob) == ["role.gain", "role.end"]


@pytest.mark.parametrize(("role", "scoped"), [("ranger", False), ("deputy", False), ("king", True), ("hq", True)])
async def test_a_role_needs_its_kind_of_scope(db: None, now: datetime, role: str, scoped: bool) -> None:
    with pytest.raises(ValueError, match="role"):
        await service.give_role(await make_person(), role, uuid7() if scoped else None, now=now, by=None)


async def make_token(person_id: UUID, now: datetime, **options: object) -> str:
    given: dict[str, object] = {"scopes": ["read"], "chapter_id": None, "days": 30} | options
    return await service.create_token(person_id, "laporan", now=now, **given)  # type: ignore[arg-type]


async def test_a_token_is_kept_as_a_hash_and_speaks_for_its_holder(db: None, now: datetime) -> None:
    chapter = await make_chapter()
    alice = await make_ranger(chapter, "Alice Contoh")
    token = await make_token(alice, now, scopes=["write", "read"], chapter_id=chapter)

    viewer = await service.resolve_bearer(token, now=now)

    assert viewer is not None
    assert (viewer.person_id, viewer.via, viewer.scopes) == (alice, "token", {"read", "write"})
    assert viewer.roles == {Grant("ranger", chapter)}
    assert viewer.proved_at is None
    row = await first("select * from api_token")
    assert row is not None
    assert token[13:] not in repr(row)
    assert (token[:4], token[12], len(token)) == ("rgr_", "_", 56)


async def test_a_token_has_its_holders_rights_of_now_not_of_then(db: None, now: datetime) -> None:
    chapter = await make_chapter()
    alice = await make_ranger(chapter, "Alice Contoh")
    token = await make_token(alice, now, chapter_id=chapter)
    await service.end_role(alice, "ranger", chapter, now=now, by=None)

    viewer = await service.resolve_bearer(token, now=now)

    assert viewer is not None
    assert viewer.roles == frozenset()


async def test_a_token_without_network_leaves_headquarters_out(db: None, now: datetime) -> None:
    hana = await make_person("Hana Contoh")
    await make_role(hana, "hq")

    own_data, network = await make_token(hana, now), await make_token(hana, now, scopes=["network"])

    seen = [await service.resolve_bearer(token, now=now) for token in (own_data, network)]
    assert [viewer and viewer.roles for viewer in seen] == [frozenset(), {Grant("hq")}]


@pytest.mark.parametrize(
    "options", [{"scopes": []}, {"scopes": ["root"]}, {"scopes": ["network"]}, {"days": 0}, {"days": 366}]
)
async def test_nobody_gives_a_token_more_than_they_have(db: None, now: datetime, options: dict[str, object]) -> None:
    chapter = await make_chapter()
    bob = await make_member(chapter)

    with pytest.raises(NotYourRight):
        await make_token(bob, now, **options)
    with pytest.raises(NotYourRight):
        await make_token(bob, now, chapter_id=chapter)


async def test_an_expired_revoked_or_invented_token_is_nobody(db: None, now: datetime) -> None:
    bob, charlie = await make_person("Bob Contoh"), await make_person("Charlie Contoh")
    token = await make_token(bob, now, days=1)
    assert await service.resolve_bearer(token, now=now + DAY) is None
    for invented in ("", "x", token[:-1] + "!", "rgr_" + token[4:12] + "_" + "x" * 43, token.upper()):
        assert await service.resolve_bearer(invented, now=now) is None

    [view] = await service.list_tokens(bob, now=now)
    with pytest.raises(TokenNotFound):
        await service.revoke_token(charlie, view.id, now=now)
    await service.revoke_token(bob, view.id, now=now)
    assert await service.resolve_bearer(token, now=now) is None
    assert await service.list_tokens(bob, now=now) == []
    with pytest.raises(NotFound):
        await make_token(uuid7(), now)


async def test_the_last_use_is_written_at_most_every_five_minutes(db: None, now: datetime) -> None:
    bob = await make_person("Bob Contoh")
    token = await make_token(bob, now)
    for minutes in (0, 3, 6):
        await service.resolve_bearer(token, now=now + timedelta(minutes=minutes))

    [view] = await service.list_tokens(bob, now=now)
    assert view.last_used_at == now + timedelta(minutes=6)


async def test_consent_counts_for_one_purpose_and_one_scope(db: None, now: datetime, mails: Mails) -> None:
    chapter, other = await make_chapter(), await make_chapter()
    bob = await make_member(chapter)
    assert await service.record_consent(bob, "news", chapter, channel="web", now=now)
    assert not await service.record_consent(bob, "news", chapter, channel="web", now=now)

    assert await service.has_consent(bob, "news", chapter)
    assert not await service.has_consent(bob, "news", other)
    assert not await service.has_consent(bob, "news")
    assert not await service.has_consent(bob, "contact", chapter)
    assert await service.list_consenting([bob, uuid7()], "news", chapter) == {bob}


async def test_a_withdrawal_works_at_once_and_cancels_what_was_queued(db: None, now: datetime, mails: Mails) -> None:
    chapter = await make_chapter()
    bob = await make_member(chapter)
    await service.record_consent(bob, "news", chapter, channel="web", now=now)

    assert await service.withdraw_consent(bob, "news", chapter, now=now)
    assert not await service.withdraw_consent(bob, "news", chapter, now=now)

    assert not await service.has_consent(bob, "news", chapter)
    assert mails.cancelled == [{"now": now, "person_id": bob, "chapter_id": chapter, "categories": ("news",)}]
    assert await actions(bob) == ["consent.give", "consent.withdraw"]
    assert await service.record_consent(bob, "news", chapter, channel="web", now=now + DAY)
    assert [view.withdrawn_at for view in await service.list_consents(bob)] == [None, now]


async def test_a_withdrawal_that_cannot_cancel_does_not_happen(
    db: None, now: datetime, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await make_person("Bob Contoh")
    await service.record_consent(bob, "contact", channel="web", now=now)

    async def broken(**asked: object) -> int:
        raise OSError("away")

    service.use_cancel(broken)
    with pytest.raises(OSError, match="away"):
        await service.withdraw_consent(bob, "contact", now=now)

    assert await service.has_consent(bob, "contact")


async def test_ones_own_consent_only(db: None, now: datetime, mails: Mails) -> None:
    bob, charlie = await make_person("Bob Contoh"), await make_person("Charlie Contoh")
    await service.record_consent(bob, "news", channel="web", now=now)
    [view] = await service.list_consents(bob)

    with pytest.raises(NotFound):
        await service.withdraw_own(charlie, view.id, now=now)
    await service.withdraw_own(bob, view.id, now=now)
    await service.withdraw_own(bob, view.id, now=now)

    assert not await service.has_consent(bob, "news")


@pytest.mark.parametrize("purpose", ["membership", "contact", "news", "rsvp_record", "partner_request", "conduct"])
async def test_every_purpose_has_its_words_in_both_languages(db: None, purpose: str) -> None:
    indonesian = await service.consent_text(purpose)
    with i18n.use_locale("en"):
        english = await service.consent_text(purpose)

    assert (indonesian.version, english.version) == ("1", "1")
    assert len({indonesian.text, english.text, ""}) == 3
    assert purpose not in consents.CANCELS or set(consents.CANCELS[purpose]) <= {"news", "ask", "reminder"}


async def test_a_purpose_without_words_is_none(db: None) -> None:
    with pytest.raises(NotFound):
        await service.consent_text("anything")


async def test_an_export_holds_every_row_of_ones_own_and_nobody_elses(
    db: None, now: datetime, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await make_chapter()
    alice = await make_ranger(chapter, "Alice Contoh", phone="+6281200003333")
    charlie = await make_person("Charlie Kenari", email="kenari@contoh.example")
    for person in (alice, charlie):
        await service.start_sign_in(person, strength="password", now=now, address="203.0.113.9")
        await service.record_consent(person, "news", channel="web", now=now)
        await make_token(person, now)
    await rows("update person set merged_into = {} where id = {}", alice, await make_person("Alice Tamu", kind="guest"))
    looker = await make_person("Rudi Contoh")
    await audit.record(looker, "member.phone.read", ("person", alice), now=now, subject_id=alice)
    monkeypatch.setattr(own, "_exports", [("accounts", service.export_person), ("audit", audit.export_person)])

    found = await service.export_everything(alice, now=now)

    text = msgspec.json.encode(found, enc_hook=str).decode()
    mine = found["rooms"]["accounts"]
    assert {name: len(listed) for name, listed in mine.items()} == {
        "person": 2,
        "sign_in": 1,
        "role_spell": 1,
        "consent": 1,
        "api_token": 1,
        "mailed_link": 0,
    }
    assert [look["action"] for look in found["rooms"]["audit"]["who_looked"]] == ["member.phone.read"]
    assert [look["who"] for look in found["who_looked"]] == ["Rudi Contoh"]
    assert "Kenari" not in text
    assert "kenari@" not in text
    assert "hash" not in text


async def test_an_export_is_one_audit_row_and_ten_a_day(db: None, now: datetime, mails: Mails) -> None:
    bob = await make_person("Bob Contoh")
    for _ in range(10):
        await service.export_everything(bob, now=now)

    assert await actions(bob) == ["account.export"] * 10
    with pytest.raises(TooMany):
        await service.export_everything(bob, now=now)


async def test_without_its_audit_row_there_is_no_export(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*given: object, **options: object) -> UUID:
        raise asyncpg.PostgresError("disk")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(asyncpg.PostgresError):
        await service.export_everything(await make_person(), now=now)


async def test_who_looked_is_told_in_words(db: None, now: datetime) -> None:
    alice, bob = await make_person("Alice Contoh"), await make_person("Bob Contoh")
    await audit.record(alice, "member.phone.read", ("person", bob), now=now, subject_id=bob)
    await audit.record(None, "something.new", ("person", bob), now=now, subject_id=bob, actor_kind="job")

    told = [(look.who, look.words) for look in await service.who_looked(bob)]

    assert sorted(told, key=str) == [("Alice Contoh", "Nomor HP Anda dibuka"), (None, "Data Anda dibuka atau diubah")]


async def test_who_looked_knows_the_lists_of_the_rooms_above(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob, event = await make_person("Alice Contoh"), await make_person("Bob Contoh"), uuid7()
    await audit.record(alice, "event.roster.read", ("event", event), now=now)

    async def listed(person_id: UUID) -> list[audit.Listed]:
        return [audit.Listed("event", str(event), now - DAY)] if person_id == bob else []

    monkeypatch.setattr(own, "_listings", [listed])
    assert [(look.who, look.words) for look in await service.who_looked(bob)] == [
        ("Alice Contoh", "Daftar hadir dibuka")
    ]
    assert await service.who_looked(alice) == []
    exported = await service.export_everything(bob, now=now)
    assert [look["action"] for look in exported["who_looked"]] == ["event.roster.read"]


async def test_consents_are_listed_with_their_chapters_name(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await make_chapter()
    alice = await make_ranger(chapter)
    await service.record_consent(alice, "membership", chapter, channel="web", now=now)

    async def named(ids: object) -> dict[UUID, str]:
        return {chapter: "Komunitas Contoh"}

    monkeypatch.setattr(own, "_chapter_names", [named])
    page = await service.consent_page(alice)
    viewer = Viewer(person_id=alice, roles=frozenset({Grant("ranger", chapter)}))

    assert page.chapter_names == {chapter: "Komunitas Contoh"}
    assert [(group.words, len(group.consents)) for group in page.groups] == [("Bergabung dengan komunitas", 1)]
    assert (await service.account_page(alice, None, now=now)).live_consents == 1
    assert await service.token_chapters(viewer) == [(chapter, "Komunitas Contoh")]

"""People: merges followed, contacts found, guests made by the thousand, sign-ups forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from community.accounts import service
from community.accounts.errors import ContactTaken, PasswordRefused
from community.accounts.tables import Person
from community.kit.db import first, rows
from community.kit.errors import NotFound, StaleVersion
from community.kit.ids import uuid7
from tests.factories import make_person, make_role

PHONE, EMAIL = "+6281200001111", "sama@contoh.example"


async def merge(source: object, target: object) -> None:
    await rows("update person set merged_into = {} where id = {}", target, source)


async def test_a_merge_is_followed_to_its_end(db: None, now: datetime) -> None:
    a, b, c = await make_person("A Contoh"), await make_person("B Contoh"), await make_person("C Contoh")
    await merge(a, b)
    await merge(b, c)

    found = await service.find_person(a)

    assert found is not None
    assert (found.id, found.name) == (c, "C Contoh")
    assert await service.resolve(b) == c
    assert await service.names([a, b, c]) == {a: "C Contoh", b: "C Contoh", c: "C Contoh"}


async def test_a_circle_of_merges_ends(db: None) -> None:
    a, b = await make_person(), await make_person()
    await merge(a, b)
    await merge(b, a)

    assert await service.find_person(a) is None


async def test_nobody_is_found_by_an_unknown_id(db: None) -> None:
    assert await service.find_person(uuid7()) is None
    assert await service.names([uuid7()]) == {}
    assert await service.names([]) == {}
    with pytest.raises(NotFound):
        await service.resolve(uuid7())


async def test_families_share_a_phone_and_the_verified_one_comes_first(db: None, now: datetime) -> None:
    guest = await service.make_guest("Tamu Contoh", phone=PHONE, now=now - timedelta(days=9))
    unverified = await make_person("Akun Contoh", phone=PHONE, email=None, email_verified_at=None, created_at=now)
    verified = await make_person("Yakin Contoh", phone=PHONE, phone_verified_at=now, email=None, created_at=now)

    assert [view.id for view in await service.list_by_contacts(phones=[PHONE])] == [verified, unverified, guest]
    best = await service.person_by_contact("0812-0000-1111")
    assert best is not None
    assert best.id == verified


async def test_an_address_is_found_however_it_is_written(db: None, now: datetime) -> None:
    guest = await service.make_guest("Tamu Contoh", email="Sama@Contoh.Example", now=now)

    found = await service.person_by_contact(" sama@contoh.example ")

    assert found is not None
    assert (found.id, found.email) == (guest, "Sama@Contoh.Example")


@pytest.mark.parametrize("text", ["", "bukan nomor", "0812", "nobody@contoh.example"])
async def test_what_is_no_contact_finds_nobody(db: None, text: str) -> None:
    assert await service.person_by_contact(text) is None


async def test_guests_are_made_by_the_thousand_in_order(db: None, now: datetime) -> None:
    made = await service.make_guests([(f"Tamu {n}", None, None) for n in range(2_500)], now=now)

    names = await service.names(made)
    assert [names[person_id] for person_id in made] == [f"Tamu {n}" for n in range(2_500)]


async def test_an_account_with_a_verified_address_is_the_only_one(db: None, now: datetime) -> None:
    await service.make_account("Satu Contoh", email=EMAIL, verified=True, now=now)

    with pytest.raises(ContactTaken):
        await service.make_account("Dua Contoh", email=EMAIL.upper(), verified=True, now=now)
    await service.make_account("Tiga Contoh", email=EMAIL, now=now)
    assert await first("select count(*) as n from person") == {"n": 2}


@pytest.mark.parametrize("password", ["pendek", "password123", "x" * 200])
async def test_a_weak_password_makes_no_account(db: None, now: datetime, password: str) -> None:
    with pytest.raises(PasswordRefused):
        await service.make_account("Satu Contoh", email=EMAIL, password=password, now=now)

    assert await first("select count(*) as n from person") == {"n": 0}


async def test_a_new_phone_number_is_unverified_and_the_same_one_stays_verified(db: None, now: datetime) -> None:
    person_id = await make_person("Bob Contoh", phone=PHONE, phone_verified_at=now)

    await service.edit_profile(person_id, name="Bob Baru", phone=PHONE, version=1, now=now)
    kept = await service.show_person(person_id)
    await service.edit_profile(person_id, name="Bob Baru", phone="+6281200002222", version=2, now=now)
    changed = await service.show_person(person_id)

    assert (kept.name, kept.phone_verified_at, kept.version) == ("Bob Baru", now, 2)
    assert (changed.phone, changed.phone_verified_at, changed.version) == ("+6281200002222", None, 3)


async def test_the_slower_of_two_edits_is_told_so(db: None, now: datetime) -> None:
    person_id = await make_person("Bob Contoh")
    await service.edit_profile(person_id, name="Satu", phone=None, version=1, now=now)

    with pytest.raises(StaleVersion) as stale:
        await service.edit_profile(person_id, name="Dua", phone=None, version=1, now=now)

    assert stale.value.current == {"version": 2, "name": "Satu"}
    assert (await service.show_person(person_id)).name == "Satu"


async def test_a_sign_up_nobody_confirmed_is_forgotten_after_a_week(db: None, now: datetime) -> None:
    old = now - timedelta(days=8)
    unconfirmed = {"email_verified_at": None, "created_at": old}
    gone = await make_person("Lupa Contoh", **unconfirmed)
    young = await make_person("Baru Contoh", email_verified_at=None, created_at=now - timedelta(days=6))
    confirmed = await make_person("Yakin Contoh", created_at=old)
    with_right = await make_person("Peran Contoh", **unconfirmed)
    await make_role(with_right, "hq")
    await service.record_consent(gone, "news", channel="web", now=old)

    await service.sweep(now=now)

    names = await service.names([gone, young, confirmed, with_right])
    assert [names[person_id] for person_id in (gone, young, confirmed, with_right)] == [
        "-",
        "Baru Contoh",
        "Yakin Contoh",
        "Peran Contoh",
    ]
    left = await Person.select(Person.email).where(Person.id == gone).first()
    assert left == {"email": None}
    assert not await service.has_consent(gone, "news")

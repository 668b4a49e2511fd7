"""The door: known and unknown look alike, links work once, no stranger locks anybody out."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from community.accounts import service
from community.accounts.deeds import door
from community.accounts.errors import ContactTaken, LinkUsedUp, PasswordRefused, TooManyTries, WrongPassword
from community.accounts.queries import signing
from community.kit import passwords
from community.kit.db import first, rows
from community.kit.errors import TooMany, Unavailable
from community.kit.ids import token_hash
from community.kit.limits import LIMITS, bucket_key
from community.kit.viewer import PROOF_LASTS, ProofNeeded, Viewer
from tests.accounts.conftest import Mails
from tests.factories import make_person, make_role

EMAIL, PASSWORD = "bob@contoh.example", "tiga kuda di kebun"
HERE, THERE = service.Browser("203.0.113.9"), service.Browser("198.51.100.7")
MINUTE = timedelta(minutes=1)


async def make_bob(now: datetime, **given: object) -> UUID:
    values: dict[str, object] = {"email": EMAIL, "verified": True, "password": PASSWORD} | given
    return await service.make_account("Bob Contoh", now=now, **values)  # type: ignore[arg-type]


async def enter(
    now: datetime, password: str = PASSWORD, *, email: str = EMAIL, browser: service.Browser = HERE
) -> Viewer:
    token = await service.sign_in_by_password(email, password, browser, now=now)
    viewer = await service.resolve_cookie(token, now=now)
    assert viewer is not None
    return viewer


async def test_the_right_password_opens_however_the_address_is_written(db: None, now: datetime) -> None:
    bob = await make_bob(now)

    viewer = await enter(now, email=" BOB@Contoh.Example ")

    assert (viewer.person_id, viewer.strength, viewer.proved_at) == (bob, "password", now)


async def test_hashes_are_made_at_the_owasp_minimum(db: None, now: datetime) -> None:
    bob = await make_bob(now)

    row = await first("select password_hash from person where id = {}", bob)
    assert row is not None
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_other_parameters_is_renewed_at_sign_in(db: None, now: datetime) -> None:
    bob = await make_bob(now, password=None)
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    await rows("update person set password_hash = {} where id = {}", old, bob)

    await enter(now)

    row = await first("select password_hash from person where id = {}", bob)
    assert row is not None
    assert not passwords.needs_rehash(row["password_hash"])
    await enter(now)


async def refusal(now: datetime, email: str, password: str, browser: service.Browser = HERE) -> list[object]:
    with pytest.raises(WrongPassword) as refused:
        await service.sign_in_by_password(email, password, browser, now=now)
    return [refused.value.status, refused.value.code, *refused.value.errors]


async def test_wrong_and_unknown_get_the_same_words_for_the_same_work(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_bob(now)
    await service.make_account("Belum Contoh", email="belum@contoh.example", password=PASSWORD, now=now)
    await service.make_account("Tanpa Contoh", email="tanpa@contoh.example", verified=True, now=now)
    await service.make_guest("Tamu Contoh", email="tamu@contoh.example", now=now)
    verified: list[str] = []
    verify = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda stored, given: verified.append(stored) or verify(stored, given))
    asked = ["bob@contoh.example", "siapa@contoh.example", "belum@contoh.example", "tanpa@contoh.example"]

    told = [await refusal(now, email, "salah sama sekali") for email in [*asked, "tamu@contoh.example"]]
    # The unverified account's own password opens nothing either.
    told.append(await refusal(now, "belum@contoh.example", PASSWORD))
    told.append(await refusal(now, "tanpa@contoh.example", "nobody's password"))

    assert all(words == told[0] for words in told)
    assert len(verified) == len(told)


async def test_five_failures_from_one_place_then_a_pause_there_only(db: None, now: datetime) -> None:
    await make_bob(now)
    for _ in range(5):
        await refusal(now, EMAIL, "salah sama sekali")

    with pytest.raises(TooManyTries) as refused:
        await enter(now)
    assert 175 <= refused.value.retry_after_seconds <= 180
    assert (await enter(now, browser=THERE)).signed_in

    key = bucket_key("sign_in.account_network", EMAIL, "203.0.113.9/32")
    await rows("update rate_bucket set at = at - make_interval(secs => 181) where key = {}", key)
    assert (await enter(now)).signed_in


async def test_a_right_password_costs_no_try(db: None, now: datetime) -> None:
    await make_bob(now)

    for _ in range(12):
        assert (await enter(now)).signed_in


async def test_a_stranger_with_many_networks_cannot_lock_the_owner_out(db: None, now: datetime) -> None:
    await make_bob(now)
    await enter(now)
    for number in range(5):
        for _ in range(4):
            await refusal(now, EMAIL, "salah sama sekali", service.Browser(f"198.51.{number}.1"))

    with pytest.raises(TooManyTries):
        await enter(now, browser=service.Browser("192.0.2.1"))
    assert (await enter(now)).signed_in  # from where Bob has been before


async def test_the_pause_looks_the_same_for_an_unknown_address(db: None, now: datetime) -> None:
    for _ in range(5):
        await refusal(now, "siapa@contoh.example", "salah sama sekali")

    with pytest.raises(TooManyTries):
        await service.sign_in_by_password("siapa@contoh.example", "salah", HERE, now=now)


async def test_twenty_wait_and_the_rest_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify", lambda stored, given: time.sleep(0.02) or True)

    answers = await asyncio.gather(*(passwords.verify_password("x", "y") for _ in range(40)), return_exceptions=True)

    assert sum(answer is True for answer in answers) == passwords.AT_ONCE + passwords.WAITING_MAX
    assert all(isinstance(answer, Unavailable) for answer in answers if answer is not True)
    assert await passwords.verify_password("x", "y")


async def test_a_mailed_link_signs_in_once(db: None, now: datetime, mails: Mails) -> None:
    bob = await make_bob(now)
    await service.ask_for_link(EMAIL, HERE, next_path="/events", now=now)
    person_id, template, params, options = mails.sent[0]
    assert (person_id, template, options["address"]) == (bob, "accounts/sign_in_link", EMAIL)
    assert params["valid_for"] == 30

    for _ in range(5):
        await service.look_at_link(mails.token(), "sign_in", now=now)  # previews and scanners
    entered = await service.sign_in_by_link(mails.token(), HERE, now=now + 29 * MINUTE)

    assert entered.next_path == "/events"
    viewer = await service.resolve_cookie(entered.token, now=now + 29 * MINUTE)
    assert viewer is not None
    assert (viewer.person_id, viewer.strength) == (bob, "link")
    with pytest.raises(LinkUsedUp):
        await service.sign_in_by_link(mails.token(), HERE, now=now)
    with pytest.raises(LinkUsedUp):
        await service.look_at_link(mails.token(), "sign_in", now=now)


async def test_a_link_is_kept_as_a_hash(db: None, now: datetime, mails: Mails) -> None:
    await make_bob(now)
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)

    assert mails.token() not in repr(await rows("select * from mailed_link"))
    assert len(mails.token()) >= 43


async def test_an_old_link_or_one_for_something_else_opens_nothing(db: None, now: datetime, mails: Mails) -> None:
    await make_bob(now)
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)

    with pytest.raises(LinkUsedUp):
        await service.sign_in_by_link(mails.token(), HERE, now=now + 30 * MINUTE)
    with pytest.raises(LinkUsedUp):
        await service.reset_password(mails.token(), PASSWORD, HERE, now=now)
    with pytest.raises(LinkUsedUp):
        await service.confirm_email(mails.token(), None, HERE, now=now)
    with pytest.raises(LinkUsedUp):
        await service.sign_in_by_link("x" * 43, HERE, now=now)


async def test_one_link_pressed_twenty_times_at_once_opens_once(committed: None, now: datetime, mails: Mails) -> None:
    await make_bob(now)
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)

    answers = await asyncio.gather(
        *(service.sign_in_by_link(mails.token(), HERE, now=now) for _ in range(20)), return_exceptions=True
    )

    assert sum(isinstance(answer, service.Entered) for answer in answers) == 1
    assert sum(isinstance(answer, LinkUsedUp) for answer in answers) == 19


async def test_looking_first_and_using_up_after_would_open_it_more_than_once(
    committed: None, now: datetime, mails: Mails
) -> None:
    """The control: the same twenty without the single statement."""
    await make_bob(now)
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)

    async def look_then_use() -> bool:
        link = await signing.find_link(token_hash(mails.token()), "sign_in", now)
        if link is None:
            return False
        await rows("update mailed_link set used_at = {} where id = {}", now, link["id"])
        return True

    assert sum(await asyncio.gather(*(look_then_use() for _ in range(20)))) > 1


@pytest.mark.parametrize("deed", ["link", "reset", "sign_up"])
async def test_an_unknown_address_gets_the_same_silence(db: None, now: datetime, mails: Mails, deed: str) -> None:
    """The sign-up of an unknown address is what sends a mail there; the other two send none."""
    await make_bob(now)

    async def ask(email: str) -> None:
        if deed == "link":
            return await service.ask_for_link(email, HERE, next_path=None, now=now)
        if deed == "reset":
            return await service.ask_for_reset(email, HERE, now=now)
        return await service.sign_up("Siapa Contoh", email, HERE, locale="id", now=now)

    assert await ask(EMAIL) is None
    assert await ask("siapa@contoh.example") is None
    expected = {"link": ["sign_in_link"], "reset": ["reset_password"], "sign_up": ["already_here", "verify_email"]}
    assert mails.templates == [f"accounts/{name}" for name in expected[deed]]


async def test_every_question_about_an_address_takes_the_same_time(
    db: None, now: datetime, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "ANSWER_SECONDS", 0.15)
    await make_bob(now)

    async def seconds(email: str) -> float:
        began = time.perf_counter()
        await service.ask_for_link(email, HERE, next_path=None, now=now)
        return time.perf_counter() - began

    known, unknown = await seconds(EMAIL), await seconds("siapa@contoh.example")

    assert min(known, unknown) >= 0.15
    assert 0.8 <= known / unknown <= 1.25


async def test_three_mails_an_hour_and_five_a_day_known_or_not(db: None, now: datetime, mails: Mails) -> None:
    await make_bob(now)
    for email in (EMAIL, "siapa@contoh.example"):
        for _ in range(3):
            await service.ask_for_link(email, HERE, next_path=None, now=now)
        with pytest.raises(TooMany):
            await service.ask_for_link(email.upper(), THERE, next_path=None, now=now)

    assert len(mails.sent) == 3
    assert LIMITS["mail.day"].capacity == 5


async def test_signing_up_proves_the_address_first_and_sets_the_password_then(
    db: None, now: datetime, mails: Mails
) -> None:
    await service.sign_up(
        "Bob Contoh", EMAIL, HERE, consents=["news", "anything"], locale="en", next_path="/events", now=now
    )
    person_id = mails.sent[0][0]
    assert mails.templates == ["accounts/verify_email"]
    assert await service.has_consent(person_id, "news")
    assert not await service.has_consent(person_id, "contact")
    assert (await service.show_person(person_id)).email_verified_at is None

    entered = await service.confirm_email(mails.token(), PASSWORD, HERE, now=now + MINUTE)

    person = await service.show_person(person_id)
    assert (person.email_verified_at, person.locale, entered.next_path) == (now + MINUTE, "en", "/events")
    assert (await enter(now)).person_id == person_id


async def test_a_stranger_cannot_prepare_an_account_for_somebody_elses_address(
    db: None, now: datetime, mails: Mails
) -> None:
    """Signing up asks for no password, so the owner's click cannot open the door to whoever signed up first."""
    await service.sign_up("Jahat Contoh", EMAIL, THERE, locale="id", now=now)
    row = await first("select password_hash from person")

    assert row == {"password_hash": None}
    with pytest.raises(WrongPassword):
        await enter(now, browser=THERE)


async def test_signing_up_twice_makes_one_account(db: None, now: datetime, mails: Mails) -> None:
    await service.sign_up("Bob Contoh", EMAIL, HERE, locale="id", now=now)
    await service.sign_up("Bob Contoh", EMAIL.upper(), HERE, locale="id", now=now)

    assert await first("select count(*) as n from person") == {"n": 1}
    assert mails.templates == ["accounts/verify_email"] * 2
    await service.confirm_email(mails.token(0), None, HERE, now=now)
    await service.confirm_email(mails.token(1), None, HERE, now=now)


async def test_of_two_accounts_with_one_address_the_first_to_prove_it_has_it(
    db: None, now: datetime, mails: Mails
) -> None:
    await service.sign_up("Bob Contoh", EMAIL, HERE, locale="id", now=now)
    await make_bob(now)

    with pytest.raises(ContactTaken):
        await service.confirm_email(mails.token(), None, HERE, now=now)


async def test_a_new_address_counts_once_its_own_link_is_pressed(db: None, now: datetime, mails: Mails) -> None:
    bob = await make_bob(now)
    new = "baru@contoh.example"
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)
    await service.ask_for_new_email(bob, new, HERE, now=now)
    assert mails.sent[1][3]["address"] == new
    assert (await service.show_person(bob)).email == EMAIL

    await service.confirm_new_email(mails.token(1), now=now + MINUTE)

    person = await service.show_person(bob)
    assert (person.email, person.email_verified_at) == (new, now + MINUTE)
    assert (mails.templates[-1], mails.sent[-1][3]["address"]) == ("accounts/email_changed", EMAIL)
    assert (await enter(now, email=new)).person_id == bob
    await refusal(now, EMAIL, PASSWORD)
    for token, deed in ((mails.token(0), "sign_in"), (mails.token(1), "new_email")):
        with pytest.raises(LinkUsedUp):
            await service.look_at_link(token, deed, now=now + MINUTE)


async def test_an_address_of_somebody_else_is_not_taken_over(db: None, now: datetime, mails: Mails) -> None:
    bob = await make_bob(now)
    await make_person("Charlie Contoh", email="charlie@contoh.example")
    await service.ask_for_new_email(bob, "Charlie@contoh.example", HERE, now=now)

    with pytest.raises(ContactTaken):
        await service.confirm_new_email(mails.token(), now=now)
    assert (await service.show_person(bob)).email == EMAIL


async def test_a_weak_password_leaves_the_link_good(db: None, now: datetime, mails: Mails) -> None:
    await service.sign_up("Bob Contoh", EMAIL, HERE, locale="id", now=now)

    with pytest.raises(PasswordRefused):
        await service.confirm_email(mails.token(), "password123", HERE, now=now)
    await service.confirm_email(mails.token(), PASSWORD, HERE, now=now)


async def test_a_reset_ends_every_sign_in_and_every_older_link(db: None, now: datetime, mails: Mails) -> None:
    bob = await make_bob(now)
    old = await service.sign_in_by_password(EMAIL, PASSWORD, HERE, now=now)
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)
    await service.ask_for_reset(EMAIL, HERE, now=now)

    entered = await service.reset_password(mails.token(1), "empat kuda di kebun", HERE, now=now)

    assert await service.resolve_cookie(old, now=now) is None
    assert await service.resolve_cookie(entered.token, now=now) is not None
    with pytest.raises(LinkUsedUp):
        await service.sign_in_by_link(mails.token(0), HERE, now=now)
    await refusal(now, EMAIL, PASSWORD)
    assert (await enter(now, "empat kuda di kebun")).person_id == bob
    assert mails.templates[-1] == "accounts/password_changed"


async def test_changing_the_password_signs_the_other_devices_out(db: None, now: datetime, mails: Mails) -> None:
    bob = await make_bob(now)
    other = await service.sign_in_by_password(EMAIL, PASSWORD, THERE, now=now)
    mine = await enter(now)
    browser = service.Browser("203.0.113.9", replaces=mine.sign_in_id)

    token = await service.change_password(bob, "empat kuda di kebun", browser, now=now)

    assert await service.resolve_cookie(other, now=now) is None
    fresh = await service.resolve_cookie(token, now=now)
    assert fresh is not None
    assert fresh.sign_in_id != mine.sign_in_id


async def test_proving_lasts_half_an_hour(db: None, now: datetime) -> None:
    await make_bob(now)
    token = await service.sign_in_by_password(EMAIL, PASSWORD, HERE, now=now)
    later = now + PROOF_LASTS + MINUTE
    viewer = await service.resolve_cookie(token, now=later)
    assert viewer is not None
    with pytest.raises(ProofNeeded):
        viewer.require_proof(later)

    with pytest.raises(WrongPassword):
        await service.prove(viewer, "salah sama sekali", HERE, now=later)
    await service.prove(viewer, PASSWORD, HERE, now=later)

    proved = await service.resolve_cookie(token, now=later)
    assert proved is not None
    assert proved.require_proof(later + PROOF_LASTS) == viewer.person_id


async def test_a_link_alone_proves_nothing_for_headquarters(db: None, now: datetime, mails: Mails) -> None:
    hana = await make_person("Hana Contoh", email=EMAIL)
    await make_role(hana, "hq")
    await service.ask_for_link(EMAIL, HERE, next_path=None, now=now)

    entered = await service.sign_in_by_link(mails.token(), HERE, now=now)

    viewer = await service.resolve_cookie(entered.token, now=now)
    assert viewer is not None
    with pytest.raises(ProofNeeded):
        viewer.require_proof(now)


@pytest.mark.nightly
async def test_wrong_and_unknown_take_the_same_time_over_300_pairs(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from statistics import median

    await make_bob(now)

    async def seconds(email: str, number: int) -> float:
        browser = service.Browser(f"10.{number // 200}.{number % 200}.1")
        await rows("delete from rate_bucket")
        began = time.perf_counter()
        await refusal(now, email, "salah sama sekali", browser)
        return time.perf_counter() - began

    pairs = [(await seconds(EMAIL, n), await seconds(f"x{n}@contoh.example", n)) for n in range(300)]

    ratio = median(known for known, _unknown in pairs) / median(unknown for _known, unknown in pairs)
    assert 0.8 <= ratio <= 1.25

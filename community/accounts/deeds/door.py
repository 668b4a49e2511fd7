"""The door: by password, by mailed link, signing up, a forgotten password. Known and unknown addresses look alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from community.accounts.deeds.consents import consent_text, record_consent
from community.accounts.deeds.mail import mail_link, tell
from community.accounts.deeds.people import hash_new_password, make_account, show_person
from community.accounts.deeds.signing import start_sign_in
from community.accounts.errors import ContactTaken, LinkUsedUp, TooManyTries, WrongPassword
from community.accounts.queries import people as people_queries
from community.accounts.queries import signing as queries
from community.accounts.rules.passwords import normal
from community.accounts.rules.people import normal_email
from community.audit import service as audit
from community.kit import limits, passwords
from community.kit.db import atomic
from community.kit.errors import SignInNeeded, TooMany
from community.kit.ids import token_hash
from community.kit.limits import network_of, wide_network_of
from community.kit.viewer import Viewer

ANSWER_SECONDS = 0.25
"""Every question about an address is answered after the same time: a mail queued or not must not show."""
KNOWN_FOR = timedelta(days=90)
SIGN_UP_CONSENTS = ("contact", "news")


@dataclass(frozen=True)
class Browser:
    """Where a sign-in comes from. `replaces`: the sign-in this browser had until now."""

    address: str
    device: str = ""
    replaces: UUID | None = None


@asynccontextmanager
async def even_time() -> AsyncIterator[None]:
    """The block ends no sooner than ANSWER_SECONDS after it began, however it ends."""
    clock = asyncio.get_running_loop().time
    until = clock() + ANSWER_SECONDS
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, until - clock()))


async def sign_in_by_password(email: str, password: str, browser: Browser, *, now: datetime) -> str:
    """The new cookie token. Raises WrongPassword (known or not alike), TooManyTries, Unavailable."""
    address = normal_email(email)
    account = await people_queries.find_account_by_email(address)
    taken = await _take_tries(address, account["id"] if account else None, browser, now)
    usable = account is not None and account["email_verified_at"] is not None
    stored = account["password_hash"] if account and usable else None
    if not await passwords.verify_password(stored, normal(password)) or account is None:
        raise WrongPassword
    for name, subject in taken:
        await limits.give_back(name, *subject)
    if passwords.needs_rehash(account["password_hash"]):
        await people_queries.save_password(account["id"], await passwords.hash_password(normal(password)))
    return await _start(account["id"], "password", browser, now)


async def _take_tries(
    address: str, person_id: UUID | None, browser: Browser, now: datetime
) -> list[tuple[str, tuple[str, ...]]]:
    """Tight by account and network, looser by account, wide by network; given back when the password was right.

    A network the person has signed in from lately does not count against the account: no stranger can lock it.
    """
    network = network_of(browser.address)
    wide = wide_network_of(browser.address)
    nobody = UUID(int=0)
    known = await queries.find_known_network(person_id or nobody, wide, now - KNOWN_FOR)
    tries: list[tuple[str, tuple[str, ...]]] = [
        ("sign_in.network", (network,)),
        ("sign_in.account_network", (address, network)),
    ]
    if not known:
        tries.append(("sign_in.account", (address,)))
    try:
        for name, subject in tries:
            await limits.take(name, *subject)
    except TooMany as denied:
        raise TooManyTries(denied.retry_after_seconds) from denied
    return tries


async def _start(person_id: UUID, strength: str, browser: Browser, now: datetime) -> str:
    return await start_sign_in(
        person_id,
        strength=strength,
        now=now,
        address=browser.address,
        device=browser.device,
        replaces=browser.replaces,
    )


async def ask_for_link(email: str, browser: Browser, *, next_path: str | None, now: datetime) -> None:
    """Mail a sign-in link if the address is an account's; the caller cannot tell. Raises TooMany."""
    async with even_time():
        await _take_mails(email, browser)
        account = await people_queries.find_account_by_email(normal_email(email))
        if account is not None:
            async with atomic():
                await _mail(account, "sign_in", next_path, now)


async def ask_for_reset(email: str, browser: Browser, *, now: datetime) -> None:
    """The same for a forgotten password."""
    async with even_time():
        await _take_mails(email, browser)
        account = await people_queries.find_account_by_email(normal_email(email))
        if account is not None:
            async with atomic():
                await _mail(account, "reset", None, now)


async def _take_mails(email: str, browser: Browser) -> None:
    await limits.take("mail.network", network_of(browser.address))
    await limits.take("mail.hour", normal_email(email))
    await limits.take("mail.day", normal_email(email))


PATHS = {
    "sign_in": ("sign_in_link", "/sign-in/link"),
    "reset": ("reset_password", "/reset"),
    "verify_email": ("verify_email", "/verify"),
    "new_email": ("new_email", "/verify/new"),
}


async def _mail(account: dict[str, Any], purpose: str, next_path: str | None, now: datetime) -> None:
    """An address nobody has proved yet gets the link that proves it, whatever was asked for."""
    wanted = purpose if account["email_verified_at"] is not None else "verify_email"
    template, path = PATHS[wanted]
    await mail_link(account["id"], account["email"], wanted, template=template, path=path, next_path=next_path, now=now)


async def sign_up(
    name: str,
    email: str,
    browser: Browser,
    *,
    consents: Collection[str] = (),
    locale: str,
    next_path: str | None = None,
    now: datetime,
) -> None:
    """Mail a link that proves the address; an address with an account gets a sign-in link. Raises TooMany.

    No password is asked before the address is proved: otherwise a stranger could set one and wait for the owner to
    click.
    """
    async with even_time():
        await limits.take("sign_up.network", network_of(browser.address))
        await _take_mails(email, browser)
        account = await people_queries.find_account_by_email(normal_email(email))
        async with atomic():
            if account is not None and account["email_verified_at"] is not None:
                await mail_link(
                    account["id"],
                    account["email"],
                    "sign_in",
                    template="already_here",
                    path="/sign-in/link",
                    next_path=next_path,
                    now=now,
                )
                return
            if account is None:
                person_id = await make_account(name, email=email, locale=locale, now=now)
                account = {"id": person_id, "email": email, "email_verified_at": None}
            for purpose in sorted(set(consents) & set(SIGN_UP_CONSENTS)):
                words = await consent_text(purpose)
                await record_consent(account["id"], purpose, text_version=words.version, channel="web", now=now)
            await _mail(account, "verify_email", next_path, now)


async def look_at_link(token: str, purpose: str, *, now: datetime) -> str:
    """The address it was mailed to, for the page behind it: nothing is used up. Raises LinkUsedUp."""
    link = await queries.find_link(token_hash(token), purpose, now)
    if link is None:
        raise LinkUsedUp
    return str(link["email"])


@dataclass(frozen=True)
class Entered:
    """A cookie token, and where the person wanted to go."""

    token: str
    next_path: str | None


async def sign_in_by_link(token: str, browser: Browser, *, now: datetime) -> Entered:
    """Uses the link up. Raises LinkUsedUp."""
    async with atomic():
        link = await _claim(token, "sign_in", now)
        made = await _start(link["person"], "link", browser, now)
    return Entered(made, link["next_path"])


async def confirm_email(token: str, password: str | None, browser: Browser, *, now: datetime) -> Entered:
    """Proves the address, signs in, and sets a password if one was chosen.

    Raises LinkUsedUp, PasswordRefused (the link stays good), or ContactTaken if another account was faster.
    """
    await look_at_link(token, "verify_email", now=now)
    stored = await hash_new_password(password) if password else None
    try:
        async with atomic():
            link = await _claim(token, "verify_email", now)
            if not await people_queries.save_email_verified(link["person"], link["email"], now):
                raise LinkUsedUp
            if stored is not None:
                await people_queries.save_password(link["person"], stored)
            await _record(link["person"], "account.confirm_email", now)
            made = await _start(link["person"], "link" if stored is None else "password", browser, now)
    except asyncpg.UniqueViolationError as taken:
        raise ContactTaken from taken
    return Entered(made, link["next_path"])


async def ask_for_new_email(person_id: UUID, email: str, browser: Browser, *, now: datetime) -> None:
    """Mail a link to the new address; until it is pressed everything stays as it was. Raises TooMany."""
    async with even_time():
        await _take_mails(email, browser)
        template, path = PATHS["new_email"]
        async with atomic():
            await mail_link(person_id, email, "new_email", template=template, path=path, next_path="/me", now=now)


async def confirm_new_email(token: str, *, now: datetime) -> None:
    """The address changes, older links stop, and the old address is told. Raises LinkUsedUp, ContactTaken."""
    try:
        async with atomic():
            link = await _claim(token, "new_email", now)
            before = await show_person(link["person"])
            await people_queries.save_new_email(before.id, link["email"], now)
            await queries.end_links(before.id, now)
            await _record(before.id, "account.change_email", now)
            if before.email:
                await tell(before.id, "email_changed", {"at": now}, now=now, address=before.email)
    except asyncpg.UniqueViolationError as taken:
        raise ContactTaken from taken


async def _claim(token: str, purpose: str, now: datetime) -> dict[str, Any]:
    link = await queries.claim_link(token_hash(token), purpose, now)
    if link is None:
        raise LinkUsedUp
    return link


async def reset_password(token: str, password: str, browser: Browser, *, now: datetime) -> Entered:
    """Ends every sign-in and every other link. Raises LinkUsedUp, PasswordRefused (the link stays good)."""
    await look_at_link(token, "reset", now=now)
    stored = await hash_new_password(password)
    async with atomic():
        link = await _claim(token, "reset", now)
        made = await _set_password(link["person"], stored, browser, now)
    return Entered(made, None)


async def change_password(person_id: UUID, password: str, browser: Browser, *, now: datetime) -> str:
    """A new token for this browser; all others are signed out. Raises PasswordRefused, Unavailable."""
    stored = await hash_new_password(password)
    async with atomic():
        return await _set_password(person_id, stored, browser, now)


async def _set_password(person_id: UUID, stored: str, browser: Browser, now: datetime) -> str:
    person = await show_person(person_id)
    await people_queries.save_password(person.id, stored)
    await queries.end_all_sign_ins(person.id, "password_changed", now)
    await queries.end_links(person.id, now)
    await _record(person.id, "account.change_password", now)
    await tell(person.id, "password_changed", {"at": now}, now=now)
    return await _start(person.id, "password", browser, now)


async def prove(viewer: Viewer, password: str, browser: Browser, *, now: datetime) -> None:
    """The password once more, for deeds that matter. Raises SignInNeeded, WrongPassword, TooManyTries, Unavailable."""
    person_id, sign_in_id = viewer.person(), viewer.sign_in_id
    if sign_in_id is None:
        raise SignInNeeded
    subject = (str(person_id), network_of(browser.address))
    try:
        await limits.take("sign_in.account_network", *subject)
    except TooMany as denied:
        raise TooManyTries(denied.retry_after_seconds) from denied
    stored = await people_queries.find_password_hash(person_id)
    if not await passwords.verify_password(stored, normal(password)):
        raise WrongPassword
    await limits.give_back("sign_in.account_network", *subject)
    await queries.save_proved(sign_in_id, now)


async def has_password(person_id: UUID) -> bool:
    return await people_queries.find_password_hash(person_id) is not None


async def _record(person_id: UUID, action: str, now: datetime) -> None:
    await audit.record(person_id, action, ("person", person_id), now=now, subject_id=person_id)

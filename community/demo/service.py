"""Fills an empty database with the demo and knows a database of the demo when it sees one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email import message_from_string
from email.policy import default as mail_policy
from time import perf_counter
from uuid import UUID
from zoneinfo import ZoneInfo

from community.accounts import service as accounts
from community.chapters import service as chapters
from community.demo import queries
from community.demo.errors import NotADemoDatabase
from community.demo.rules import plan as rules
from community.demo.rules import shapes, words
from community.demo.rules.roles import PARTS, Part
from community.events import service as events
from community.kit.db import atomic
from community.kit.errors import NotFound
from community.kit.settings import settings
from community.kit.viewer import Viewer
from community.notifications import service as notifications
from community.places import service as places
from community.sessions import service as sessions

GUESTS = 6
FEW = 4
DOOR_OPEN_UNTIL = 21
"""Hour after which "tonight" is tomorrow, so that the door of the demo always stands open or is about to."""


_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Choice:
    """A role to sign in as; `name` is the invented person behind it."""

    part: Part
    name: str


@dataclass(frozen=True)
class Mail:
    """A mail as its reader would see it; `links` are the addresses in it, without the host where they are ours."""

    recipient: str
    subject: str
    at: datetime
    text: str
    links: list[str]


def choices() -> list[Choice]:
    return [Choice(part, words.ROLES[part.role][0]) for part in PARTS]


async def sign_in(role: str, *, now: datetime, address: str) -> str:
    """The token of a new sign-in as this role's invented person. Raises NotFound for a role not in the demo."""
    if role not in words.ROLES:
        raise NotFound(role)
    person = await accounts.person_by_contact(words.ROLES[role][1])
    if person is None or not person.is_demo:
        raise NotFound(role)
    return await accounts.demo_sign_in(person.id, now=now, address=address)


async def mails(limit: int = 100) -> list[notifications.DemoMail]:
    """What would have been sent, newest first."""
    return await notifications.demo_mails(limit)


async def show_mail(mail_id: UUID) -> Mail:
    """Raises NoticeNotFound."""
    kept = await notifications.demo_mail(mail_id)
    message = message_from_string(kept.source, policy=mail_policy)
    part = message.get_body(("plain",))
    text = str(part.get_content()) if part else ""
    links = [link.removeprefix(settings().base_url) or "/" for link in _LINK.findall(text)]
    return Mail(kept.recipient, kept.subject, kept.at, text, list(dict.fromkeys(links)))


async def is_empty() -> bool:
    anybody, _of_demo = await queries.find_holding()
    return not anybody


async def is_demo() -> bool:
    """Rows of the demo get into a database only while it is empty, so one of them marks it as the demo's own."""
    _anybody, of_demo = await queries.find_holding()
    return of_demo


async def is_over(*, now: datetime) -> bool:
    """Whether hardly any of its events are still ahead, weeks after it was filled."""
    return len(await events.next_public(now=now, limit=FEW)) < FEW


async def fill(*, now: datetime, seed: int = rules.SEED, tell: Callable[[str], None]) -> None:
    """Everything in one transaction. Raises NotADemoDatabase unless the database is empty."""
    if not await is_empty():
        raise NotADemoDatabase
    began = perf_counter()
    async with atomic():
        plan = _plan(seed, now)
        for table, rows in plan.rows.items():
            await queries.copy_rows(table, shapes.COLUMNS[table].split(), rows)
        await _act(plan, now)
        counts = ", ".join(f"{len(plan.rows[table]):,} {table}s" for table in ("chapter", "person", "event", "rsvp"))
        tell(f"Demo: {counts} ({perf_counter() - began:.1f} s)")
    await queries.analyse(list(plan.rows))


async def _act(plan: shapes.Plan, now: datetime) -> None:
    """The newest kopdar comes about as in life: a Ranger publishes it, people answer, and their mails go out."""
    ranger, member = await _viewer(plan, "ranger", now), await _viewer(plan, "member", now)
    here = now.astimezone(ZoneInfo("Asia/Jakarta"))
    day = here.date() + timedelta(days=10)
    day += timedelta(days=(5 - day.weekday()) % 7)  # a Saturday
    starts_at = datetime.combine(day, time(19), ZoneInfo("Asia/Jakarta"))
    planned = events.Plan(
        title=f"Kopdar #{plan.next_number}: Foto produk pakai HP",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place_name="Pendopo Kenanga",
        patokan="Seberang lapangan, pintu hijau",
        address="Jalan Contoh Kenanga 1, Yogyakarta",
        body="Bawa HP dan satu produk. Kita memotret bersama di dekat jendela.",
        topic="product_photography",
        capacity=30,
    )
    chapter = await chapters.find_chapter(ranger.chapters()[0])
    draft = await events.create(ranger, chapter.slug, planned, now=now)
    speaker = sessions.Speaking(ranger.name, words.ROLES["ranger"][1], consent=True)
    session = sessions.Plan("Foto produk pakai HP", "product_photography", 60, speakers=(speaker,))
    await sessions.add(ranger, draft.code, session, now=now)
    event = await events.publish(ranger, draft.code, now=now)
    await events.rsvp(member, event.code, now=now)
    for number in range(GUESTS):
        guest = events.GuestAsk(words.name_of(9_000 + number), None, f"tamu.{number + 1}@demo.example", network="demo")
        await events.rsvp_as_guest(event.code, guest, now=now)


async def _viewer(plan: shapes.Plan, role: str, now: datetime) -> Viewer:
    person_id, (name, _email) = plan.people[role], words.ROLES[role]
    return Viewer(person_id, name=name, roles=await accounts.roles_of(person_id, now=now), via="cookie", is_demo=True)


async def empty() -> None:
    """Remove every row of a demo database. Raises NotADemoDatabase where the rows are not the demo's."""
    anybody, of_demo = await queries.find_holding()
    if anybody and not of_demo:
        raise NotADemoDatabase
    await queries.empty_all()


def _plan(seed: int, now: datetime) -> shapes.Plan:
    here = now.astimezone(ZoneInfo("Asia/Jakarta"))
    tonight = here.date() + timedelta(days=here.hour >= DOOR_OPEN_UNTIL)
    return rules.make_plan(seed, here.date(), tonight, [_city(code) for code in words.CITY_CODES])


def _city(code: str) -> shapes.City:
    region = places.show(code)
    return shapes.City(code, region.name, region.latitude, region.longitude, region.time_zone)

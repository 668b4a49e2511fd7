"""The room's SQL."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.kit.db import first, rows
from community.kit.ids import uuid7
from community.notifications.tables import DemoMail

READERS = "(select id from person where id = {} or merged_into = {})"
SHOWN = (
    "not n.private and n.not_before <= {} and (n.expires_at is null or n.expires_at > n.not_before) "
    f"and n.person in {READERS}"
)


@dataclass(frozen=True)
class Reader:
    """Whom a notice reaches today: the person, or whom they were merged into."""

    id: UUID
    name: str
    email: str | None
    email_verified: bool
    locale: str


@dataclass(frozen=True)
class Claim:
    id: UUID
    attempts: int


@dataclass(frozen=True)
class Taken:
    """A delivery this worker holds, with its notice."""

    id: UUID
    attempts: int
    address: str
    given: bool
    notice_id: UUID
    person_id: UUID
    template: str
    params: dict[str, Any]
    category: str
    subject: tuple[str, UUID] | None
    chapter_id: UUID | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Line:
    """A notice in somebody's inbox."""

    id: UUID
    template: str
    params: dict[str, Any]
    category: str
    at: datetime
    read_at: datetime | None


async def find_reader(person_id: UUID) -> Reader | None:
    found = await first(
        "with recursive chain as ("
        " select id, merged_into, name, email, email_verified_at, locale from person where id = {}"
        " union select p.id, p.merged_into, p.name, p.email, p.email_verified_at, p.locale"
        " from person p join chain c on p.id = c.merged_into) "
        "select * from chain where merged_into is null",
        person_id,
    )
    if found is None:
        return None
    verified = found["email_verified_at"] is not None
    return Reader(found["id"], found["name"], found["email"], verified, found["locale"] or "id")


async def save_notice(*, delivery_id: UUID, address: str | None, due_at: datetime | None, **values: Any) -> bool:
    """The notice, and its mail to `address` or else to the verified one, in one statement; no `due_at`, no mail.

    False where the same was told before. A twin still being written by another deed is waited for.
    """
    values["params"] = json.dumps(values["params"])
    names = ", ".join(values)
    marks = ", ".join("{}::jsonb" if name == "params" else "{}" for name in values)
    told = await first(
        f"with recursive told as (insert into notice ({names}) values ({marks}) "  # noqa: S608
        " on conflict (dedupe_key) do nothing returning id, person),"
        " chain as (select p.id, p.merged_into, p.email, p.email_verified_at from told t join person p"
        "  on p.id = t.person"
        "  union select p.id, p.merged_into, p.email, p.email_verified_at from person p join chain c"
        "  on p.id = c.merged_into),"
        " posted as (insert into delivery (id, notice, channel, address, given, state, due_at, attempts)"
        "  select {}, t.id, 'email', coalesce({}::text, c.email), {}, 'pending', {}, 0 from told t, chain c"
        "  where c.merged_into is null and {}::timestamptz is not null"
        "  and ({}::text is not null or c.email is not null and c.email_verified_at is not null) returning id) "
        "select id from told",
        *values.values(),
        *(delivery_id, address, address is not None, due_at, due_at, address),
    )
    return told is not None


async def cancel_deliveries(
    *,
    now: datetime,
    person_id: UUID | None,
    subject: tuple[str, UUID] | None,
    chapter_id: UUID | None,
    categories: Collection[str] | None,
) -> int:
    """Mails that have not left, and inbox lines that have not appeared yet. A null asks for any."""
    kind, subject_id = subject or (None, None)
    wanted = (
        "({}::uuid is null or n.person = {}) and ({}::text is null or n.subject_kind = {} and n.subject_id = {}) "
        "and ({}::uuid is null or n.chapter_id = {}) and ({}::text[] is null or n.category = any({}::text[]))"
    )
    listed = list(categories) if categories is not None else None
    given = (person_id, person_id, kind, kind, subject_id, chapter_id, chapter_id, listed, listed)
    stopped = await rows(
        "update delivery d set state = 'cancelled', lease_until = null from notice n "  # noqa: S608
        f"where n.id = d.notice and d.state in ('pending', 'leased') and {wanted} returning d.id",
        *given,
    )
    await rows(
        f"update notice n set expires_at = {{}} where n.not_before > {{}} and {wanted} returning n.id",  # noqa: S608
        *(now, now, *given),
    )
    return len(stopped)


async def claim_due(*, now: datetime, until: datetime, limit: int) -> list[Claim]:
    """Due mails nobody works on, oldest first, held until `until`. Other workers' claims are passed over."""
    claimed = await rows(
        "with due as ("
        " select id from delivery where state in ('pending', 'leased') and due_at <= {}"
        " and (state = 'pending' or lease_until <= {}) order by due_at, id limit {} for update skip locked) "
        "update delivery d set state = 'leased', lease_until = {}, attempts = d.attempts + 1 from due "
        "where d.id = due.id returning d.id, d.attempts, d.due_at",
        *(now, now, limit, until),
    )
    claimed.sort(key=lambda row: (row["due_at"], row["id"]))
    return [Claim(row["id"], row["attempts"]) for row in claimed]


async def take_delivery(delivery_id: UUID, attempts: int, *, until: datetime) -> Taken | None:
    """Hold the mail a while longer, just before sending it; None if it was cancelled or claimed by another since."""
    row = await first(
        "update delivery d set lease_until = {} from notice n "
        "where d.id = {} and d.attempts = {} and d.state = 'leased' and n.id = d.notice "
        "returning d.id, d.attempts, d.address, d.given, n.id as notice_id, n.person, n.template, n.params, "
        "n.category, n.subject_kind, n.subject_id, n.chapter_id, n.expires_at",
        *(until, delivery_id, attempts),
    )
    if row is None:
        return None
    subject = (row["subject_kind"], row["subject_id"]) if row["subject_id"] is not None else None
    return Taken(
        **{key: row[key] for key in ("id", "attempts", "address", "given", "notice_id", "template", "category")},
        person_id=row["person"],
        params=_loaded(row["params"]),
        subject=subject,
        chapter_id=row["chapter_id"],
        expires_at=row["expires_at"],
    )


async def save_outcome(
    delivery_id: UUID,
    attempts: int,
    state: str,
    *,
    due_at: datetime | None = None,
    sent_at: datetime | None = None,
    error: str | None = None,
    size: int | None = None,
) -> bool:
    """Only the worker of the latest try may say how it ended: an older one wakes up too late and changes nothing."""
    marked = await first(
        "update delivery set state = {}, due_at = coalesce({}, due_at), sent_at = {}, error = {}, size = {}, "
        "lease_until = null where id = {} and attempts = {} returning id",
        *(state, due_at, sent_at, error, size, delivery_id, attempts),
    )
    return marked is not None


async def wipe_private(delivery_id: UUID) -> None:
    """A link that signs somebody in has left or never will: nothing keeps it."""
    await rows(
        "update notice n set params = {}::jsonb from delivery d "
        "where d.id = {} and n.id = d.notice and n.private returning n.id",
        *("{}", delivery_id),
    )


async def count_overdue(before: datetime, *, now: datetime) -> int:
    """Mails due before `before` that are neither sent nor given up nor held by a living worker; and those that wait for
    a server nobody has reached in three tries."""
    found = await first(
        "select count(*) as n from delivery where state in ('pending', 'leased') "
        "and (lease_until is null or lease_until < {}) "
        "and (due_at < {} or attempts >= 3 and error like 'unreachable:%')",
        *(now, before),
    )
    return int(found["n"]) if found else 0


async def remove_old(*, deliveries_before: datetime, notices_before: datetime, limit: int) -> tuple[int, int]:
    """What nobody needs any more, at most `limit` rows of each kind; how many deliveries and notices went."""
    sent = await rows(
        "delete from delivery where id in (select d.id from delivery d join notice n on n.id = d.notice "
        "where n.created_at < {} and d.state not in ('pending', 'leased') limit {}) returning id",
        *(deliveries_before, limit),
    )
    told = await rows(
        "delete from notice where id in (select n.id from notice n where n.created_at < {} "
        "and not exists (select 1 from delivery d where d.notice = n.id) limit {}) returning id",
        *(notices_before, limit),
    )
    return len(sent), len(told)


async def count_contradictions() -> dict[str, int]:
    """What the rows must never say, and how many do."""
    found = await first(
        "select count(*) filter (where state = 'sent' and sent_at is null) as unsaid, "
        "count(*) filter (where state = 'leased' and lease_until is null) as unheld, "
        "count(*) filter (where state in ('sent', 'failed') and attempts = 0) as untried from delivery"
    )
    words = {"unsaid": "mails are sent, nobody knows when", "unheld": "mails are held by nobody, for ever"}
    words["untried"] = "mails ended without a try"
    return {sentence: int(found[name]) for name, sentence in words.items()} if found else {}


async def oldest_due(now: datetime) -> datetime | None:
    found = await first(
        "select min(due_at) as at from delivery where state in ('pending', 'leased') and due_at <= {}", now
    )
    return found["at"] if found else None


async def list_inbox(person_id: UUID, *, now: datetime, before: tuple[datetime, UUID] | None, limit: int) -> list[Line]:
    """Newest first."""
    at, notice_id = before or (None, None)
    found = await rows(
        f"select n.id, n.template, n.params, n.category, n.not_before as at, n.read_at from notice n where {SHOWN} "  # noqa: S608
        "and ({}::timestamptz is null or (n.not_before, n.id) < ({}, {})) "
        "order by n.not_before desc, n.id desc limit {}",
        *(now, person_id, person_id, at, at, notice_id, limit),
    )
    return [Line(**{**row, "params": _loaded(row["params"])}) for row in found]


async def count_unread(person_id: UUID, *, now: datetime) -> int:
    found = await first(
        f"select count(*) as n from notice n where n.read_at is null and {SHOWN}",  # noqa: S608
        *(now, person_id, person_id),
    )
    return int(found["n"]) if found else 0


async def find_notice(person_id: UUID, notice_id: UUID, *, now: datetime) -> Line | None:
    """The person's own, else None."""
    row = await first(
        "select n.id, n.template, n.params, n.category, n.not_before as at, n.read_at from notice n "  # noqa: S608
        f"where n.id = {{}} and {SHOWN}",
        *(notice_id, now, person_id, person_id),
    )
    return Line(**{**row, "params": _loaded(row["params"])}) if row else None


async def save_read(notice_id: UUID, read_at: datetime | None) -> None:
    await rows("update notice set read_at = {} where id = {} returning id", read_at, notice_id)


async def save_all_read(person_id: UUID, *, now: datetime) -> int:
    read = await rows(
        f"update notice n set read_at = {{}} where n.read_at is null and {SHOWN} returning n.id",  # noqa: S608
        *(now, now, person_id, person_id),
    )
    return len(read)


async def has_consent(person_id: UUID, purpose: str, scope_id: UUID | None) -> bool:
    found = await first(
        "select 1 as live from consent where person = {} and purpose = {} and scope_id is not distinct from {}::uuid "
        "and withdrawn_at is null",
        *(person_id, purpose, scope_id),
    )
    return found is not None


async def list_opt_outs(person_id: UUID) -> frozenset[str]:
    return frozenset(row["category"] for row in await rows("select category from opt_out where person = {}", person_id))


async def save_opt_out(person_id: UUID, category: str, *, now: datetime) -> None:
    await rows(
        "insert into opt_out (id, person, category, at) values ({}, {}, {}, {}) "
        "on conflict (person, category) do nothing returning id",
        *(uuid7(), person_id, category, now),
    )


async def remove_opt_out(person_id: UUID, category: str) -> None:
    await rows("delete from opt_out where person = {} and category = {} returning id", person_id, category)


async def save_demo_mail(message_id: str, recipient: str, subject: str, source: str, *, at: datetime) -> None:
    mail = DemoMail(id=uuid7(), message_id=message_id, recipient=recipient, subject=subject[:300], source=source, at=at)
    await DemoMail.insert(mail)


async def list_demo_mails(limit: int) -> list[dict[str, Any]]:
    return await rows("select id, recipient, subject, at from demo_mail order by at desc, id desc limit {}", limit)


async def find_demo_mail(mail_id: UUID) -> dict[str, Any] | None:
    return await first("select id, recipient, subject, source, at from demo_mail where id = {}", mail_id)


async def list_person_notices(person_id: UUID) -> list[dict[str, Any]]:
    return await rows(
        "select n.template, n.category, n.created_at, n.read_at, d.address, d.state, d.sent_at "
        "from notice n left join delivery d on d.notice = n.id where n.person = {} order by n.id",
        person_id,
    )


def _loaded(value: Any) -> dict[str, Any]:
    loaded = json.loads(value) if isinstance(value, str) else value
    return dict(loaded)

"""From the outbox to the mail server, with a lease: at least once, and twice only after a crash."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from community.kit import metrics
from community.kit.db import atomic
from community.kit.log import logger
from community.kit.mail import (
    SEND_SECONDS,
    Mail,
    Outcome,
    Sender,
    SmtpSender,
    Verdict,
    build_message,
    one_line,
    parse_smtp_url,
)
from community.kit.messages import BROKEN, render_mail
from community.kit.settings import settings
from community.kit.templates import SITE_NAME
from community.notifications import queries, rules
from community.notifications.deeds.stopping import make_unsubscribe_token

Check = Callable[..., Awaitable[bool]]
ROUND_SECONDS = 45.0
NOTHING_TO_SEND_WITH = (
    "Mails wait, and no mail server is configured: set SMTP_URL, e.g. smtp://user:password@mail.example.org:587"
)

log = logger("community.notifications")
_checks: dict[str, Check] = {}


def use_checks(checks: Mapping[str, Check]) -> None:
    """The roof hands in each room's `still_true`, by the room's name."""
    _checks.clear()
    _checks.update(checks)


class DemoSender:
    """Keeps mails in a table that the demo's outbox page shows; nothing leaves this computer."""

    def __init__(self, at: Callable[[], datetime]) -> None:
        self._at = at

    async def send(self, mail: Mail) -> Outcome:
        try:
            source = build_message(mail).as_string()
        except ValueError as error:
            return Outcome(Verdict.REFUSED, str(error))
        await queries.save_demo_mail(mail.message_id, mail.recipient, one_line(mail.subject), source, at=self._at())
        return Outcome(Verdict.SENT)

    async def close(self) -> None:
        """Nothing is held open."""


class _Watch:
    """`now` of the job, moving on while it works."""

    def __init__(self, now: datetime) -> None:
        self._now, self._started = now, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def __call__(self) -> datetime:
        return self._now + timedelta(seconds=self.seconds)


def mail_sender(at: Callable[[], datetime]) -> Sender | None:
    """A demo never writes to anybody; without demo and SMTP_URL mails wait."""
    if settings().demo:
        return DemoSender(at)
    url = settings().smtp_url
    return SmtpSender(parse_smtp_url(url)) if url else None


async def deliver(*, now: datetime, sender: Sender | None = None) -> Counter[str]:
    """Send what is due, for at most 45 s; returns how many ended how. Any number of workers may do this at once."""
    watch = _Watch(now)
    chosen = sender or mail_sender(watch)
    tally: Counter[str] = Counter()
    if chosen is None:
        return tally
    try:
        while watch.seconds < ROUND_SECONDS:
            claims = await _claim(watch)
            if not await _deliver_batch(claims, chosen, watch, tally) or len(claims) < rules.BATCH:
                break
    finally:
        await chosen.close()
        for outcome, count in tally.items():
            metrics.deliveries.labels(outcome).inc(count)
    return tally


async def _claim(watch: _Watch) -> list[queries.Claim]:
    async with atomic():
        return await queries.claim_due(now=watch(), until=watch() + rules.LEASE, limit=rules.BATCH)


async def _deliver_batch(claims: list[queries.Claim], sender: Sender, watch: _Watch, tally: Counter[str]) -> bool:
    """One after the other, each marked before the next is sent: a kill repeats one mail at most. False: server gone."""
    gone: Outcome | None = None
    for claim in claims:
        outcome = gone or await _try(claim, sender, watch)
        if outcome is None:
            tally["taken"] += 1
            continue
        if outcome.unreachable:
            gone = outcome
        tally[await _mark(claim, outcome, watch())] += 1
    return gone is None


async def _try(claim: queries.Claim, sender: Sender, watch: _Watch) -> Outcome | None:
    """One mail from its row to the server. None: cancelled, or another worker's by now."""
    taken = await queries.take_delivery(claim.id, claim.attempts, until=watch() + rules.LEASE)
    if taken is None:
        return None
    try:
        mail = await _prepare(taken, watch())
    except BROKEN as error:
        log.exception("message is broken", template=taken.template, delivery=taken.id)
        return Outcome(Verdict.REFUSED, f"broken: {type(error).__name__}")
    return await _send(mail, sender, taken) if isinstance(mail, Mail) else Outcome(Verdict.REFUSED, mail)


async def _send(mail: Mail, sender: Sender, taken: queries.Taken) -> Outcome:
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await sender.send(mail)
    except TimeoutError:
        return Outcome(Verdict.RETRY, "no answer in time", unreachable=True)
    except Exception as error:  # one mail must not keep the others from leaving, whatever it is
        log.exception("mail failed", template=taken.template, delivery=taken.id)
        return Outcome(Verdict.RETRY, type(error).__name__)


async def _prepare(taken: queries.Taken, now: datetime) -> Mail | str:
    """The mail, or why it must not leave any more: the world may have changed since it was written."""
    if taken.expires_at is not None and now >= taken.expires_at:
        return "expired"
    reader = await queries.find_reader(taken.person_id)
    if reader is None:
        return "cancelled: no such person"
    address = taken.address if taken.given else reader.email if reader.email_verified else None
    if not address:
        return "cancelled: no verified address"
    if not await _wants(reader.id, taken.category, taken.chapter_id):
        return "cancelled: not wanted"
    if not await _still_true(taken, now):
        return "cancelled: no longer true"
    return _compose(taken, reader, address, now)


def _compose(taken: queries.Taken, reader: queries.Reader, address: str, now: datetime) -> Mail:
    config = settings()
    unsubscribe_url = None
    if taken.category != "essential":
        token = make_unsubscribe_token(reader.id, taken.category, taken.chapter_id)
        unsubscribe_url = f"{config.base_url}/u/{token}"
    rendered = render_mail(
        taken.template,
        taken.params,
        base_url=config.base_url,
        locale=reader.locale,
        reader=one_line(reader.name),
        unsubscribe_url=unsubscribe_url,
    )
    return Mail(
        message_id=f"{taken.id}@{config.mail_domain}",
        sender=config.mail_from,
        sender_name=SITE_NAME,
        recipient=address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        at=now,
        unsubscribe_url=unsubscribe_url,
    )


async def _wants(person_id: UUID, category: str, chapter_id: UUID | None) -> bool:
    if category == "essential":
        return True
    if category in await queries.list_opt_outs(person_id):
        return False
    return category != "news" or await queries.has_consent(person_id, "news", chapter_id)


async def _still_true(taken: queries.Taken, now: datetime) -> bool:
    check = _checks.get(taken.template.split("/", 1)[0])
    if check is None or taken.subject is None:
        return True
    return await check(taken.template, taken.subject, taken.person_id, now=now)


async def _mark(claim: queries.Claim, outcome: Outcome, now: datetime) -> str:
    """Write down how the try ended; returns the state's name, or `late` where another try has begun meanwhile."""
    state, due_at = _state_after(outcome, claim.attempts, now)
    async with atomic():
        mine = await queries.save_outcome(
            claim.id,
            claim.attempts,
            state,
            due_at=due_at,
            sent_at=now if state == "sent" else None,
            error=_reason(outcome),
        )
        if mine and state != "pending":
            await queries.wipe_private(claim.id)
    return state if mine else "late"


def _reason(outcome: Outcome) -> str | None:
    """What `count_overdue` looks for is in front."""
    return (f"unreachable: {outcome.reason}" if outcome.unreachable else outcome.reason)[:300] or None


def _state_after(outcome: Outcome, attempts: int, now: datetime) -> tuple[str, datetime | None]:
    if outcome.verdict is Verdict.SENT:
        return "sent", None
    if outcome.verdict is Verdict.UNKNOWN:
        return "unknown", None
    if outcome.verdict is Verdict.RETRY:
        again = rules.retry_at(attempts, now)
        return ("pending", again) if again else ("failed", None)
    for state in ("expired", "cancelled"):
        if outcome.reason.startswith(state):
            return state, None
    return "failed", None


async def count_overdue(now: datetime) -> int:
    """Mails that should have left more than five minutes ago; for the auditor."""
    return await queries.count_overdue(now - rules.OVERDUE_AFTER, now=now)


async def outbox_age(now: datetime) -> timedelta:
    """How long the oldest due mail has been waiting."""
    oldest = await queries.oldest_due(now)
    return now - oldest if oldest else timedelta()


async def outbox_problem(now: datetime) -> str | None:
    """What an operator should know about mails, in words; None if all is well."""
    late = await count_overdue(now)
    if not late:
        return None
    if mail_sender(lambda: now) is None:
        return NOTHING_TO_SEND_WITH
    return f"{late} mails are more than 5 minutes overdue: does a worker run, and does the mail server answer?"
